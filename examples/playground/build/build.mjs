/**
 * Builds the page into `dist/page`, a folder for any static host, and `dist/page.html`, one file that opens from disk.
 */

import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "vite";
import { config, oneFile } from "./config.mjs";

const { values: { outdir } } = parseArgs({ options: { outdir: { type: "string", default: fileURLToPath(new URL("../dist", import.meta.url)) } } });

await build(config("folder", `${outdir}/page`));
await build(config("file", `${outdir}/file`));
writeFileSync(`${outdir}/page.html`, oneFile(`${outdir}/file`));
rmSync(`${outdir}/file`, { recursive: true });
console.log(`${outdir}/page       for any static host\n${outdir}/page.html  opens from disk`);
