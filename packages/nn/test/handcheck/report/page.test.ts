/**
 * The page in a browser: badges that lead to their equations, nothing requested, nothing complained of, on screen and
 * on paper.
 */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { derive, reportHtml, type HtmlOptions } from "../../../src/handcheck/index.ts";
import type { AnyReport } from "../../../src/handcheck/report.ts";
import { network } from "../../../src/index.ts";
import { contract, mistake, reports } from "./reports.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(executablePath);
if (!present)
  console.log(
    `page.test.ts: no browser at ${executablePath}, so that the page is not opened; apt-get install chromium, or set CHROMIUM`,
  );

const folder = mkdtempSync(join(tmpdir(), "chainrule-page-"));
let browser: Browser;

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const rows = (height: number, width: number, value: (i: number, j: number) => number): number[][] =>
  Array.from({ length: height }, (_, i) => Array.from({ length: width }, (__, j) => value(i, j)));

const tensors: HtmlOptions["tensors"] = [
  { equation: "BP2", layer: 1, yours: [[0.03635, 0.04137]], correct: [[0.008771, 0.009954]] },
  {
    equation: "BP4",
    layer: 1,
    yours: rows(30, 784, (i, j) => Math.sin(i * j) * (j === 400 ? 3 : 1)),
    correct: rows(30, 784, (i, j) => Math.sin(i * j)),
  },
];

/** Opens a report; gives the page and what it asked for or complained of. */
async function open(
  report: AnyReport,
  options: HtmlOptions = {},
  colorScheme: "light" | "dark" = "light",
): Promise<{ page: Page; seen: string[] }> {
  const file = join(folder, `${Math.random()}.html`);
  writeFileSync(file, reportHtml(report, options));
  const page = await browser.newPage({ colorScheme });
  page.setDefaultTimeout(0);
  const seen: string[] = [];
  page.on("console", (message) => seen.push(message.text()));
  page.on("pageerror", (error) => seen.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file).href) seen.push(request.url().slice(0, 100));
  });
  await page.goto(pathToFileURL(file).href);
  return { page, seen };
}

describe.skipIf(!present)("the page", () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args, timeout: 0 });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  it.each(Object.entries(reports))("of %s opens without a request or a complaint", async (_, report) => {
    const { page, seen } = await open(report);
    expect(await page.locator("article[id]").count()).toBe(report.lines.length);
    expect(await page.locator("h1").count()).toBe(1);
    expect(seen).toEqual([]);
    await page.close();
  });

  it("has a badge for each equation, which leads to it", async () => {
    const { page, seen } = await open(mistake, { tensors });
    const badges = page.locator("a.badge");
    expect(await badges.allTextContents()).toEqual(
      expect.arrayContaining([
        expect.stringContaining("BP2 δ¹ ✗"),
        expect.stringContaining("BP1 δ² ✓"),
        expect.stringContaining("BP4 W ↳"),
      ]) as unknown,
    );
    for (const badge of await badges.all()) {
      const href = (await badge.getAttribute("href"))!;
      expect(await page.locator(href).count(), href).toBe(1);
    }
    await page.locator(".graph.wide a.badge.root").click();
    expect(await page.evaluate('document.querySelector(":target")?.id')).toBe("BP2-1");
    expect(seen).toEqual([]);
    await page.close();
  });

  it("shows the numbers around the worst entry, and the one under the pointer", async () => {
    const { page } = await open(mistake, { tensors });
    const article = page.locator("#BP4-1");
    expect(await article.locator("svg.heat").count()).toBe(3);
    // Only a part of 30 × 784 is drawn, with the worst entry in it.
    expect(await article.locator("svg.heat").first().locator("rect").count()).toBe(24 * 24 + 1);
    const readout = article.locator(".readout");
    expect(await readout.textContent()).toMatch(/30 × 784, .*\[1, 0\] yours/);
    await article.locator("svg.heat rect").nth(5).hover();
    expect(await readout.textContent()).toMatch(/^yours \[\d+, \d+\] -?[\d.]+/);
    await page.close();
  });

  it("carries the report as data, whatever its strings hold", async () => {
    const words = { en: "</script><script>alert(1)</script><img src=x onerror=alert(2)>", zh: "" };
    const { page, seen } = await open({ ...contract, contract: [words] }, { file: "<b>&.ts" });
    const data = JSON.parse((await page.locator("#report").textContent())!) as { contract: unknown };
    expect(data.contract).toEqual([words]);
    expect(await page.locator("img").count()).toBe(0);
    expect(seen).toEqual([]);
    await page.close();
  });

  it("is readable in light and in dark", async () => {
    const colors: string[] = [];
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await open(mistake, {}, scheme);
      colors.push(await page.evaluate<string>("getComputedStyle(document.body).backgroundColor"));
      await page.close();
    }
    expect(colors).toEqual(["rgb(255, 255, 255)", "rgb(13, 17, 23)"]);
  });

  it("prints on A4, in light colors and within the paper", async () => {
    const { page } = await open(mistake, { tensors, derivation: derive(network({ sizes: [2, 2, 2] })) }, "dark");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    // 182 mm of text width at 96 dots an inch.
    await page.setViewportSize({ width: 688, height: 1000 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(688);
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    expect(paper).toMatch(/\/MediaBox \[0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\]/);
    await page.close();
  });

  it.each([320, 375, 400])("fits a screen of %d pixels, its drawing in letters that can be read", async (width) => {
    const { page } = await open(mistake, { tensors, derivation: derive(network({ sizes: [2, 2, 2] })) });
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    expect(await page.locator(".graph.wide").isVisible()).toBe(false);
    // Letters of 14 units, in pixels.
    const size = await page.evaluate<number>(
      '(({ viewBox, clientWidth }) => 14 * clientWidth / viewBox.baseVal.width)(document.querySelector(".graph.tall"))',
    );
    expect(size).toBeGreaterThan(11);
    expect(await page.locator(".graph.tall a.badge").count()).toBe(await page.locator(".graph.wide a.badge").count());
    await page.close();
  });

  it("draws networks that do not fit side by side one layer below the other", async () => {
    const sizes = [3, 9, 4, 4, 4, 4, 2];
    const { page } = await open({
      ...mistake,
      network: { ...mistake.network, sizes, activations: sizes.slice(1).map(() => "tanh") },
    });
    expect(await page.locator("svg.graph").count()).toBe(1);
    expect(await page.locator(".graph.alone").isVisible()).toBe(true);
    expect(await page.locator(".graph .count").allTextContents()).toEqual(["9"]);
    await page.close();
  });
});
