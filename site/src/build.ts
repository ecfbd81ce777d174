/**
 * Builds the site into `site/dist`: the pages, the API reference, the playground; a link that leads nowhere ends it.
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { writeApi } from "./api.ts";
import { deadLinks } from "./links.ts";
import { htmlOf } from "./markdown.ts";
import { allPages, home, root } from "./pages.ts";
import { pageOf } from "./template.ts";

const {
  values: { outdir },
} = parseArgs({ options: { outdir: { type: "string", default: join(root, "site/dist") } } });

/** The README without what the first page says above it. */
const belowHero = (readme: string): string => readme.replace(/^# chainrule\n/, "");

function writePages(): void {
  const pages = allPages();
  for (const page of pages) {
    const isHome = page === home;
    const text = readFileSync(join(root, page.from), "utf8");
    const file = join(outdir, page.to);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, pageOf(page, htmlOf(isHome ? belowHero(text) : text, page, pages), { isHome }));
  }
  cpSync(join(root, "docs/images"), join(outdir, "docs/images"), { recursive: true });
  const colors = readFileSync(join(root, "examples/playground/src/style/colors.css"), "utf8");
  writeFileSync(join(outdir, "site.css"), colors + readFileSync(join(root, "site/src/site.css"), "utf8"));
}

function writePlayground(): void {
  const builder = createRequire(import.meta.url).resolve("@chainrule/playground/build/build.mjs");
  const { status } = spawnSync(process.execPath, [builder, "--outdir", join(outdir, "built")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("the playground is not built");
  cpSync(join(outdir, "built/page"), join(outdir, "playground"), { recursive: true });
  cpSync(join(outdir, "built/page.html"), join(outdir, "playground/offline.html"));
  rmSync(join(outdir, "built"), { recursive: true });
}

rmSync(outdir, { recursive: true, force: true });
writePages();
writePlayground();
await writeApi(join(outdir, "api"), join(root, "site/src/api.css"));
const dead = deadLinks(outdir);
for (const { page, href } of dead) console.error(`${page}: ${href} leads nowhere`);
if (dead.length > 0) process.exit(1);
console.log(`${outdir}  for any static host`);
