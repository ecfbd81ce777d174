/** Bundles the benchmarks with the packages as they are published, and runs them: what runs TypeScript as it is slows small calls down. */

import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = (path) => join(here, "..", "packages", path);
const outdir = join(here, "dist");

rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: [{ in: "run.ts", out: "run" }, { in: "suites/first-call.ts", out: "first-call" }],
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "es2022",
  alias: {
    "@chainrule/autograd/blas": source("autograd/src/blas/index.ts"),
    "@chainrule/autograd/check": source("autograd/src/check/index.ts"),
    "@chainrule/autograd": source("autograd/src/index.ts"),
    "@chainrule/nn/equations": source("nn/src/handcheck/equations/index.ts"),
    "@chainrule/nn": source("nn/src/index.ts"),
  },
  external: ["@jax-js/*", "@tensorflow/*", "benny", "koffi"],
  logLevel: "warning",
});
await import("./dist/run.js");
