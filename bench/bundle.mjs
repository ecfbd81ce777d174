/**
 * Bundles benchmarks with the packages of a checkout, as they are published: what runs TypeScript as it is slows small
 * calls down.
 */

import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The folder of the benchmarks, and that of the checkout around it. */
export const here = dirname(fileURLToPath(import.meta.url));
export const checkout = join(here, "..");

/**
 * Writes bundles of entry points `{ in, out }` into a folder, which is emptied.
 *
 * @param root - the checkout whose packages are bundled; the benchmarks are this one's
 */
export async function bundle(entryPoints, outdir, root = checkout, logLevel = "warning") {
  const source = (path) => join(root, "packages", path);
  // Node has the kernels in vectors whatever a program imports; a bundle has them where `compile` is imported, or this.
  const vectors = source("autograd/src/vectors.ts");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    inject: existsSync(vectors) ? [vectors] : [],
    absWorkingDir: here,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    alias: {
      "@chainrule/autograd/blas": source("autograd/src/blas/index.ts"),
      "@chainrule/autograd/check": source("autograd/src/check/index.ts"),
      "@chainrule/autograd/optimize": source("autograd/src/optimize/index.ts"),
      "@chainrule/autograd/vmap": source("autograd/src/vmap/index.ts"),
      "@chainrule/autograd": source("autograd/src/index.ts"),
      "@chainrule/nn/equations": source("nn/src/handcheck/equations/index.ts"),
      "@chainrule/nn": source("nn/src/index.ts"),
    },
    external: ["@jax-js/*", "@tensorflow/*", "benny", "koffi", "playwright-core"],
    logLevel,
  });
}
