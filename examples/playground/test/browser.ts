/** A browser and the built page in it, as all tests of the page use them. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { serve, type Served } from "./served.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const present = existsSync(executablePath);

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let served: Served;

/** The server of the page, once the tests run. */
export const server = (): Served => served;

/** Tests that need the page in a browser; they are skipped, and say so, where there is none. */
export function describePage(name: string, tests: () => void): void {
  if (!present)
    console.log(
      `${name}: no browser at ${executablePath}, so that the page is not opened; apt-get install chromium, or set CHROMIUM`,
    );
  describe.skipIf(!present)(name, () => {
    beforeAll(async () => {
      [browser, served] = await Promise.all([chromium.launch({ executablePath, args, timeout: 0 }), serve()]);
    });
    afterAll(async () => {
      await browser.close();
      served.close();
    });
    tests();
  });
}

export interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the console said, and errors that nobody caught. */
  readonly said: string[];
}

export interface Opening extends NonNullable<Parameters<Browser["newContext"]>[0]> {
  /** What is on the page once it can be used. */
  readonly until?: string;
  readonly address?: string;
}

/** The page at a fragment of its address, in a context of its own. */
export async function open(
  fragment = "",
  { until: shown = ".report .banner", address = served.address, ...options }: Opening = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  context.setDefaultTimeout(0);
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  await page.goto(address + fragment);
  await page.locator(shown).first().waitFor();
  return { context, page, said };
}

/** The editor of the work. */
export const edit = (page: Page): Locator => page.getByRole("textbox", { name: /Your work|你的推导/ });

/** Waits until the verdict says so. */
export const until = (page: Page, text: string): Promise<void> =>
  page.locator(".report .banner", { hasText: new RegExp(text) }).waitFor();

const VIOLATIONS =
  "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))";

/**
 * One page in these colors goes to each fragment in both languages; nothing is found there that keeps somebody out.
 * `all` are pairs of a fragment and what it shows.
 */
export async function expectOpenToAll(
  all: readonly (readonly [fragment: string, shows: string])[],
  colorScheme: "light" | "dark",
): Promise<void> {
  const { context, page } = await open("", { colorScheme, bypassCSP: true, reducedMotion: "reduce" });
  await page.evaluate(axe);
  for (const [fragment, shows] of all) {
    await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);
    await page.locator(`html[lang=${fragment.includes("lang=zh") ? "zh-Hans" : "en"}]`).waitFor();
    await page.locator(shows).first().waitFor();
    expect(await page.evaluate(VIOLATIONS), fragment).toEqual([]);
  }
  await context.close();
}

/** Every text of a drawing that is seen has at least 11 px, and nothing is wider than a narrow phone. */
export async function expectToFitAPhone(fragment: string, shows: string): Promise<void> {
  const { context, page } = await open(fragment, {
    until: shows,
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  expect(await page.evaluate("document.documentElement.scrollWidth"), fragment).toBe(360);
  const sizes = await page.evaluate<number[]>(`[...document.querySelectorAll("main svg text")]
    .filter((text) => text.getBoundingClientRect().height > 0)
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)`);
  expect(Math.min(...sizes, 11), fragment).toBeGreaterThanOrEqual(11);
  await context.close();
}
