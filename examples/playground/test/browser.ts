/**
 * A browser and the built page in it, as all tests of the page use them: one browser for all files of a process, and in
 * it a page that stays, which goes from fragment to fragment as by links.
 */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout } from "node:timers/promises";
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from "playwright-core";
import { beforeAll, describe, expect, onTestFailed } from "vitest";
import { nightly, seed } from "../../../packages/autograd/test/size.ts";
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

let begun: Promise<readonly [Browser, Served]> | undefined;
let browser: Browser;
let served: Served;

/** The server of the page, once the tests run. */
export const server = (): Served => served;

/** The browser and the server stay for the files that come behind, and end with the process. */
const begin = (): Promise<readonly [Browser, Served]> =>
  (begun ??= Promise.all([chromium.launch({ executablePath, args, timeout: 0 }), serve()]));

/** Tests that need the page in a browser; they are skipped, and say so, where there is none. */
export function describePage(name: string, tests: () => void): void {
  if (!present)
    console.log(
      `${name}: no browser at ${executablePath}, so that the page is not opened; apt-get install chromium, or set CHROMIUM`,
    );
  describe.skipIf(!present)(name, () => {
    beforeAll(async () => {
      [browser, served] = await begin();
    });
    tests();
  });
}

interface Shown {
  readonly page: Page;
  /** What the console said, and errors that nobody caught. */
  readonly said: string[];
}

export interface Opened extends Shown {
  readonly context: BrowserContext;
}

export interface Opening extends NonNullable<Parameters<Browser["newContext"]>[0]> {
  /** What is on the page once it can be used. */
  readonly until?: string;
  readonly address?: string;
  /** True where the page keeps itself for when there is no network: it loads all of its files for that. */
  readonly keeps?: boolean;
}

/** The page at a fragment of its address as a new visitor has it, in a context of its own. */
export async function open(
  fragment = "",
  { until: shown = ".report .banner", address = served.address, keeps = false, ...options }: Opening = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  context.setDefaultTimeout(0);
  // As in a browser that has none.
  if (!keeps) await context.addInitScript("delete Navigator.prototype.serviceWorker");
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  await page.goto(address + fragment);
  await page.locator(shown).first().waitFor();
  return { context, page, said };
}

type Media = NonNullable<Parameters<Page["emulateMedia"]>[0]>;

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } as const;
const staying = new Map<"desk" | "phone", Opened>();

/** Two screens that ask for little; behind the one that is not about to be shown nothing stands of what was before. */
const between = [
  ["#differences?net=1-1:linear", ".ways"],
  ["#class?class=form%3Dformulas%26net%3D1-1%253Alinear", ".steps pre"],
] as const;

const go = (page: Page, fragment: string): Promise<unknown> =>
  page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);

/**
 * The page that stays, gone to a fragment as by a link; it is loaded anew behind a test that fails. What is to be tried
 * with a page that is loaded, or that keeps something, takes `open`.
 */
export async function visit(
  fragment: string,
  shown: string,
  { on = "desk", ...media }: Media & { readonly on?: "desk" | "phone" } = {},
): Promise<Shown> {
  const [blank, blankShows] = between[fragment.startsWith("#differences") ? 1 : 0];
  let there = staying.get(on);
  if (there === undefined) {
    there = await open(blank, { until: blankShows, ...(on === "phone" ? phone : {}) });
    staying.set(on, there);
  } else {
    await go(there.page, blank);
    await there.page.locator(blankShows).waitFor();
  }
  const { context, page, said } = there;
  onTestFailed(async () => {
    staying.delete(on);
    await context.close();
  });
  said.length = 0;
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference", ...media });
  await go(page, fragment);
  await page.locator(`html[lang=${fragment.includes("lang=zh") ? "zh-Hans" : "en"}]`).waitFor();
  await page.locator(shown).first().waitFor();
  return { page, said };
}

const TURN = 50;

/**
 * Waits until an expression is true in the page. It is asked again and again: the page's policy lets nothing that waits
 * within it evaluate a text.
 */
export async function untilTrue(page: Page, expression: string): Promise<void> {
  while ((await page.evaluate(expression)) !== true) await setTimeout(TURN);
}

/** Holds back the scripts that the page asks for from now on, until what is returned is called. */
export async function holdScripts(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/*.js", async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** The editor of the work. */
export const edit = (page: Page): Locator => page.getByRole("textbox", { name: /Your work|你的推导/ });

/** Waits until the verdict says so. */
export const until = (page: Page, text: string): Promise<void> =>
  page.locator(".report .banner", { hasText: new RegExp(text) }).waitFor();

const VIOLATIONS =
  "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))";

const ways = (["desk", "phone"] as const).flatMap((on) =>
  (["light", "dark"] as const).flatMap((colorScheme) => ["en", "zh"].map((lang) => ({ on, colorScheme, lang }))),
);

/**
 * Nothing is found on these screens that keeps somebody out, at a desk and on a phone, in light and in dark colors, in
 * both languages: at night in all of these, with each commit in one, another one each day.
 *
 * @param screens - pairs of a fragment without a language and what it shows
 */
export async function expectOpenToAll(screens: readonly (readonly [fragment: string, shows: string])[]): Promise<void> {
  for (const [fragment, shows] of screens) {
    const today = (seed + fragment.length) % ways.length;
    for (const { lang, ...media } of nightly ? ways : [ways[today]!]) {
      const at = `${fragment}${fragment.includes("?") ? "&" : "?"}lang=${lang}`;
      const { page } = await visit(at, shows, { ...media, reducedMotion: "reduce" });
      if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(axe);
      expect(await page.evaluate(VIOLATIONS), `${at} ${media.on} ${media.colorScheme}`).toEqual([]);
    }
  }
}

/** Every text of a drawing that is seen has at least 11 px, and nothing is wider than a narrow phone. */
export async function expectToFitAPhone(fragment: string, shows: string): Promise<void> {
  const { page } = await visit(fragment, shows, { on: "phone" });
  expect(await page.evaluate("document.documentElement.scrollWidth"), fragment).toBe(360);
  const sizes = await page.evaluate<number[]>(`[...document.querySelectorAll("main svg text")]
    .filter((text) => text.getBoundingClientRect().height > 0)
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)`);
  expect(Math.min(...sizes, 11), fragment).toBeGreaterThanOrEqual(11);
}
