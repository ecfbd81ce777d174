/**
 * Bundles a package as Node loads it, run in its folder: each entry of `publishConfig` for Node becomes a file, what these share
 * becomes chunks. Bundlers are given the modules one by one, as tsc writes them, so that they can leave out what a page does not use.
 */

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    outdir: { type: "string", default: "dist" },
    // A chunk lies as deep as the modules in it that ask where they are.
    chunks: { type: "string", default: "." },
  },
});

const { publishConfig: { exports, bin = {} } } = JSON.parse(readFileSync("package.json", "utf8"));
const published = [...Object.values(exports).flatMap((entry) => entry.node ?? []), ...Object.values(bin)];
const names = [...published.map((path) => path.replace(/^\.\/dist\//, "").replace(/\.js$/, "")), ...positionals];

// Chunks are named by what is in them: those of an earlier build would be published too.
rmSync(values.outdir, { recursive: true, force: true });
/** What `markLibrary` does, said without it: a file may be read before the one that has it. */
const mark = (edge) => `(globalThis[Symbol.for("chainrule.marks")]??=[]).push({edge:"${edge}",error:new Error});`;

await build({
  entryPoints: names.map((name) => ({ in: join("src", `${name}.ts`), out: name })),
  outdir: values.outdir,
  chunkNames: join(values.chunks, "[name]-[hash]"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  // Other packages, and Node's own, stay what they are.
  packages: "external",
  external: ["node:*"],
  // Errors tell the library's code from the user's by these, once a bundler has put both into one file.
  banner: { js: mark("begin") },
  footer: { js: mark("end") },
  sourcemap: true,
  // The sources are published beside the bundles.
  sourcesContent: false,
  logLevel: "warning",
});
