/**
 * What a page loads: each file of `sizes/` bundled and minified by esbuild, then gzipped; within its bound, and what
 * README says.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** In kB of 1000 bytes; `null` where none was promised. */
const bounds = { scalar: 15, main: 40, compile: null, optimize: null, vmap: null, check: 190, handcheck: null };
/** README is in whole kB; a change of less than one, or a twentieth, need not touch it. */
const slackOf = (size) => Math.max(1, size / 20);

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const readme = readFileSync(at("../README.md"), "utf8");
let failures = 0;

for (const [name, bound] of Object.entries(bounds)) {
  const { outputFiles } = await build({
    entryPoints: [at(`sizes/${name}.js`)],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  const size = gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000;
  const said = Number(new RegExp(`sizes/${name}\\.js.*?\\| *(\\d+) kB`).exec(readme)?.[1]);
  const faults = [
    ...(bound !== null && size > bound ? [`more than the ${bound} kB that are promised`] : []),
    ...(Math.abs(size - said) <= slackOf(size) ? [] : [`README says ${said} kB`]),
  ];
  failures += faults.length;
  console.log(`${name.padEnd(8)} ${size.toFixed(1).padStart(6)} kB${faults.map((fault) => `: ${fault}`).join("")}`);
}
if (failures > 0) process.exit(1);
