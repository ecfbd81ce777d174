/** Bundles a package for publishing, run in its folder: what `publishConfig` names becomes a file, what these share becomes chunks. */

import { readFileSync } from "node:fs";
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
const published = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)];
const names = [...published.map((path) => path.replace(/^\.\/dist\//, "").replace(/\.js$/, "")), ...positionals];

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
  sourcemap: true,
  logLevel: "warning",
});
