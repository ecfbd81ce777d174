/** The pages of the site, as files. */

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { htmlOf } from "./markdown.ts";
import { allPages, home, root } from "./pages.ts";
import { pageOf } from "./template.ts";

/** The README without what the first page says above it. */
const belowHero = (readme: string): string => readme.replace(/^# chainrule\n/, "");

/** Writes all pages into a folder, with their pictures and their style. */
export function writePages(outdir: string): void {
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
