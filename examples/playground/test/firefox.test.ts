/**
 * The page in Firefox, over WebDriver BiDi: what is typed, pasted, dropped, shared and kept, without a network too, and
 * on a narrow screen.
 */

import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve, type Served } from "./served.ts";

const executablePath = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";
const present = existsSync(executablePath);
if (!present)
  console.log(
    `the page in Firefox: no browser at ${executablePath}, so that it is not opened there; apt-get install firefox-esr, or set FIREFOX`,
  );

const arrays = (delta: string): string =>
  `W1 = [[1, 2], [3, 4]]\nb1 = [0, 0]\nx = [[1, 0]]\nt = [[1, 0]]\ndelta1 = ${delta}`;

/** δ = (v − t) v (1 − v) of a sigmoid. */
const delta = (u: number, t: number): number => {
  const v = 1 / (1 + Math.exp(-u));
  return (v - t) * v * (1 - v);
};
const right = `[[${delta(1, 1)}, ${delta(3, 0)}]]`;

const TURN = 50;

/**
 * Waits until the verdict says so. It is asked again and again, since the page's policy lets nothing else wait in it.
 */
async function until(page: Page, text: string): Promise<void> {
  const says = (): Promise<unknown> => page.evaluate('document.querySelector(".report .banner")?.textContent ?? ""');
  while (!String(await says()).includes(text)) await setTimeout(TURN);
}

/** Clicks into the editor, once it is loaded. */
async function clickEditor(page: Page): Promise<void> {
  while ((await page.$(".cm-content")) === null) await setTimeout(TURN);
  await page.click(".cm-content");
}

/** Goes to a fragment as a link of the page does. */
const go = (page: Page, fragment: string): Promise<unknown> =>
  page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);

/** A key with Control. */
async function press(page: Page, key: "a" | "x" | "v"): Promise<void> {
  await page.keyboard.down("Control");
  await page.keyboard.press(key);
  await page.keyboard.up("Control");
}

describe.skipIf(!present)("the playground in Firefox", () => {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    const launch = { browser: "firefox", executablePath, headless: true, timeout: 0, protocolTimeout: 0 } as const;
    [browser, served] = await Promise.all([puppeteer.launch(launch), serve()]);
  });
  afterAll(async () => {
    await browser.close();
    served.close();
  });

  it("checks what is typed, pasted and dropped, keeps and shares it, and needs no network afterwards", async () => {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    await page.setViewport({ width: 1280, height: 860 });
    await page.goto(served.address);
    await until(page, "2 mistakes: BP4 at layer 2, BP3 at layer 1.");
    await go(page, "#yours");
    await until(page, "Nothing to check yet");
    await clickEditor(page);
    await page.keyboard.type("dZ2 = A2 - Y");
    await until(page, "One mistake");
    await page.reload();
    await until(page, "One mistake");
    const shared = await browser.newPage();
    await shared.goto(page.url());
    await until(shared, "One mistake");
    await shared.close();
    await clickEditor(page);
    await press(page, "a");
    await press(page, "x");
    await until(page, "Nothing to check yet");
    await press(page, "v");
    await until(page, "One mistake");
    await go(page, "#yours?net=2-2:sigmoid");
    await until(page, "Nothing to check yet");
    await page.evaluate(`{
      const files = new DataTransfer();
      files.items.add(new File([${JSON.stringify(arrays(right))}], "work.txt"));
      document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    }`);
    await until(page, "Right");
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
    served.close();
    await page.setViewport({ width: 360, height: 740 });
    await page.reload();
    await until(page, "Right");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    expect(said).toEqual([]);
    await page.close();
  });
});
