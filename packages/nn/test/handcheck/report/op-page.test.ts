/**
 * The page of a kernel in a browser: its numbers by pointer, by keys and as a table; formulas as mathematics; what was
 * compared.
 */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkOp, type CheckOpOptions, type Kernel } from "../../../src/handcheck/index.ts";

type M = number[][];

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(executablePath);
if (!present)
  console.log(
    `op-page.test.ts: no browser at ${executablePath}, so that the page is not opened; apt-get install chromium, or set CHROMIUM`,
  );

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));

/** a b + b², with another db than that. */
const product = (db: (g: number, a: number, b: number) => unknown): Kernel => ({
  name: "product",
  forward: (a: M, b: M) => each(a, (v, i, j) => v * b[i]![j]! + b[i]![j]! ** 2),
  backward: (g: M, a: M, b: M) => ({
    da: each(g, (v, i, j) => v * b[i]![j]!),
    db: g.map((row, i) => row.map((v, j) => db(v, a[i]![j]!, b[i]![j]!))),
  }),
});
const options: CheckOpOptions = {
  shapes: [
    [3, 4],
    [3, 4],
  ],
  names: ["a", "b"],
};
const wrong = checkOp(
  product((g, a) => g * a),
  options,
).toHtml();

describe("the page of a kernel", () => {
  it("sets formulas as mathematics, and sentences as they are", () => {
    expect(wrong).toContain('<math aria-label="db = g a">');
    // The factors of a product stay apart.
    expect(wrong).toContain('<mi>g</mi><mspace width="0.25em"/><mi>a</mi>');
    const dropout: Kernel = { name: "relu", forward: (x: M) => each(x, (v) => Math.max(0, v)), backward: (g: M) => g };
    expect(checkOp(dropout, { family: "relu" }).toHtml()).toContain("<code>g where x &#62; 0, 0 elsewhere</code>");
    const norm = checkOp(
      { name: "norm", forward: (x: M) => x, backward: (g: M) => g },
      { family: "batchNorm" },
    ).toHtml();
    expect(norm).not.toContain('<mo stretchy="false">\u0302</mo>');
  });

  it("says of a right gradient that it agrees, and of one that does not fit that nothing was compared", () => {
    expect(wrong).toContain("agrees within rounding");
    expect(wrong).not.toContain("0.0e+0");
    expect(
      checkOp(
        product(() => NaN),
        options,
      ).toHtml(),
    ).toContain("no difference was taken");
    expect(
      checkOp(
        product((g, a) => g * a),
        options,
      ).toHtml({ lang: "zh" }),
    ).toContain("在舍入误差内一致");
  });

  it("stands in a page of one's own as well, without style and script", () => {
    const part = checkOp(
      product((g, a) => g * a),
      options,
    ).toPart();
    expect(wrong).toContain(part);
    expect(part).not.toMatch(/<style|<script/);
  });
});

describe.skipIf(!present)("its numbers", () => {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-op-page-"));
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args, timeout: 0 });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(): Promise<Page> {
    const file = join(folder, "page.html");
    writeFileSync(file, wrong);
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  it("are reached by keys", async () => {
    const page = await open();
    const article = page.locator("#gradient-db");
    const readout = article.locator(".readout");
    const first = await readout.textContent();
    await article.locator("svg.heat").first().focus();
    const seen: (string | null)[] = [];
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home"]) {
      await page.keyboard.press(key);
      seen.push(/\[\d+, \d+\]/.exec((await readout.textContent())!)![0]);
    }
    expect(seen).toEqual(["[0, 0]", "[0, 1]", "[1, 1]", "[1, 0]", "[0, 0]", "[2, 3]", "[0, 0]"]);
    expect(await article.locator("rect.here").count()).toBe(1);
    // One stop for each map, and what stood there before comes back behind it.
    await page.keyboard.press("Tab");
    expect(await page.evaluate('document.activeElement.classList.contains("heat")')).toBe(true);
    expect(await readout.textContent()).toBe(first);
    await page.close();
  });

  it("stand in a table as well", async () => {
    const page = await open();
    const article = page.locator("#gradient-db");
    await article.locator("summary").click();
    const rows = article.locator("table tbody tr");
    expect(await rows.count()).toBe(12);
    const [yours, correct] = [
      await rows.first().locator("td").nth(0).textContent(),
      await rows.first().locator("td").nth(1).textContent(),
    ];
    expect(Math.abs(Number(yours) - Number(correct))).toBeGreaterThan(0.1);
    expect(await article.locator("thead th").allTextContents()).toEqual(["at", "yours", "correct", "yours / correct"]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await page.close();
  });
});
