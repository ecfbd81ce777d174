/** Builds the page, serves it, and opens it in a browser; where none opens, the address is there to be copied. */

import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { config } from "./config.mjs";

const form = config("folder", fileURLToPath(new URL("../dist/page", import.meta.url)));
await build(form);
const server = await preview({ ...form, preview: { open: true } });
console.log(`The page is at ${server.resolvedUrls.local[0]}  (Ctrl-C ends it)`);
