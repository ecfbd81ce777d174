/** The pages of the site in a browser: nothing on them keeps somebody out, and no table is wider than a phone. */

import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isTried } from "../../packages/autograd/test/size.ts";
import { allPages } from "../src/pages.ts";
import { writePages } from "../src/write.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIOLATIONS =
  "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))";

describe.skipIf(!existsSync(executablePath))("a page of the site", () => {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-site-axe-"));
  let browser: Browser;
  beforeAll(async () => {
    writePages(folder);
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"], timeout: 0 });
  });
  afterAll(() => browser.close());

  const tried = allPages()
    .map(({ to }) => to)
    .filter((to) => to === "index.html" || isTried(12, to));

  it.each(tried)("%s is open to all, in light and dark colors, on a phone", async (to) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, bypassCSP: true });
    context.setDefaultTimeout(0);
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, to)).href);
    await page.evaluate(axe);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await page.evaluate(VIOLATIONS), colorScheme).toEqual([]);
      const { scrollWidth, clientWidth } = await page.evaluate<{ scrollWidth: number; clientWidth: number }>(
        "({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })",
      );
      expect(scrollWidth, colorScheme).toBeLessThanOrEqual(clientWidth);
    }
    await context.close();
  });
});
