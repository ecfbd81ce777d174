/**
 * Builds the site into `site/dist`: the pages, the API reference, the playground (`--playground FOLDER` where it is
 * built already); a link that leads nowhere ends it.
 */

import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeApi } from "./api.ts";
import { deadLinks } from "./links.ts";
import { root } from "./pages.ts";
import { writePages } from "./write.ts";

const {
  values: { outdir, playground },
} = parseArgs({
  options: { outdir: { type: "string", default: join(root, "site/dist") }, playground: { type: "string" } },
});

/** The folder that holds the playground: one that `page:build` has left, or one that is made here and taken away. */
function withPlayground(use: (built: string) => void): void {
  if (playground !== undefined) {
    use(resolve(root, playground));
    return;
  }
  const builder = createRequire(import.meta.url).resolve("@chainrule/playground/build/build.mjs");
  const { status } = spawnSync(process.execPath, [builder, "--outdir", join(outdir, "built")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("the playground is not built");
  use(join(outdir, "built"));
  rmSync(join(outdir, "built"), { recursive: true });
}

function writePlayground(built: string): void {
  cpSync(join(built, "page"), join(outdir, "playground"), { recursive: true });
  cpSync(join(built, "page.html"), join(outdir, "playground/offline.html"));
}

rmSync(outdir, { recursive: true, force: true });
writePages(outdir);
withPlayground(writePlayground);
await writeApi(join(outdir, "api"), join(root, "site/src/api.css"));
const dead = deadLinks(outdir);
for (const { page, href } of dead) console.error(`${page}: ${href} leads nowhere`);
if (dead.length > 0) process.exit(1);
console.log(`${outdir}  for any static host`);
