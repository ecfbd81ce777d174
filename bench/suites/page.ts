/**
 * The playground in a browser: how soon a verdict follows the last key, how soon the page can be used, what moves on
 * it, and how a fit follows data that are dragged.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { drags, fitting, there, type Drag } from "./refit.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** What one figure is about, and what it should not exceed. */
interface Row {
  readonly name: string;
  readonly unit: "ms" | "";
  readonly values: readonly number[];
  readonly reach: number;
  /** A remark beside the figure. */
  readonly note?: string;
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

function build(): string {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-page-"));
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "examples/playground/build/build.mjs"), "--outdir", folder],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`page: it is not built: ${stderr}`);
  return folder;
}

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = join(folder, "page", pathname === "/" ? "index.html" : pathname);
    if (!existsSync(file)) response.writeHead(404).end();
    else
      response
        .writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" })
        .end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return server;
}

const verdict = ".report .banner";

/** A page in a context of its own, with nothing kept from before. */
async function opened(browser: Browser, address: string, shows = verdict): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, serviceWorkers: "block" });
  const page = await context.newPage();
  await page.addInitScript(
    `window.shifts = 0; new PerformanceObserver((list) => { for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifts += value; }).observe({ type: "layout-shift", buffered: true });`,
  );
  await page.goto(address);
  await page.locator(shows).first().waitFor();
  return page;
}

/** Milliseconds from a key to the frame that shows another report, measured in the page. */
const keyed = (key: string): string => `new Promise((resolve) => {
  const report = document.querySelector(".verdict");
  const line = [...document.querySelectorAll(".cm-line")].at(-1);
  getSelection().selectAllChildren(line);
  getSelection().collapseToEnd();
  const begun = performance.now();
  const observer = new MutationObserver(() => {
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - begun));
  });
  observer.observe(report, { childList: true, subtree: true, characterData: true });
  document.execCommand("insertText", false, ${JSON.stringify(key)});
})`;

/** Lines of NumPy for two layers; what is typed behind them makes and mends a slip in turns. */
const work =
  "dZ2 = A2 - Y\ndW2 = dZ2 @ A1.T\ndb2 = np.sum(dZ2, axis=1)\ndZ1 = (W2.T @ dZ2) * A1 * (1 - A1)\ndW1 = dZ1 @ X.T\ndb1 = np.sum(dZ1, axis=1)";

async function verdicts(browser: Browser, address: string, net: string, rounds: number): Promise<number[]> {
  const fragment = new URLSearchParams({ net, cost: "crossEntropy", text: work }).toString();
  const page = await opened(browser, `${address}#yours?${fragment}`);
  const times: number[] = [];
  // The first change warms the check up.
  for (let round = 0; round <= rounds; round++) {
    const time = await page.evaluate<number>(keyed(round % 2 === 0 ? " * 2" : " / 2"));
    if (round > 0) times.push(time);
    if (!/BP3/.test(await page.locator(verdict).first().innerText()) && round % 2 === 0)
      throw new Error(`page: ${net}: the slip that was typed is not said; nothing is timed`);
  }
  await page.context().close();
  return times;
}

interface Opening {
  readonly ready: number;
  readonly shifts: number;
}

async function openings(browser: Browser, address: string, rounds: number): Promise<Opening[]> {
  const found: Opening[] = [];
  for (let round = 0; round < rounds; round++) {
    const page = await opened(browser, address);
    const ready = await page.evaluate<number>(
      "new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())))",
    );
    await page.waitForTimeout(500);
    found.push({ ready, shifts: await page.evaluate<number>("window.shifts") });
    await page.context().close();
  }
  return found;
}

/** Milliseconds until the derivation of another network stands there. */
async function derivations(browser: Browser, address: string, rounds: number): Promise<number[]> {
  const page = await opened(browser, address);
  await page.evaluate('location.hash = "#derivation?net=64-30-10:sigmoid,sigmoid"');
  await page.locator(".derivation math").first().waitFor();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const units = 29 - (round % 2);
    times.push(
      await page.evaluate<number>(`new Promise((resolve) => {
      const begun = performance.now();
      const look = () => (document.querySelector(".derivation h1")?.textContent.includes("64-${units}-10") ? resolve(performance.now() - begun) : requestAnimationFrame(look));
      location.hash = "#derivation?net=64-${units}-10:sigmoid,sigmoid";
      look();
    })`),
    );
  }
  await page.context().close();
  return times;
}

async function refits(browser: Browser, address: string, rounds: number): Promise<readonly Drag[]> {
  const page = await opened(browser, address + fitting, there);
  const found = await drags(page, rounds);
  await page.context().close();
  return found;
}

function refitRows(all: readonly Drag[]): Row[] {
  const frames = all.flatMap((drag) => drag.frames);
  const steps = frames.reduce((sum, frame) => sum + frame.steps, 0) / frames.length;
  return [
    {
      name: "refit of 12 peaks that are dragged: work in a frame",
      unit: "ms",
      values: frames.map(({ spent }) => spent),
      reach: 16,
      note: `${steps.toFixed(1)} steps a frame`,
    },
    {
      name: "refit of 12 peaks: converged after the release",
      unit: "ms",
      values: all.map(({ after }) => after),
      reach: 200,
      note: `${median(all.map(({ stepsAfter }) => stepsAfter))} steps`,
    },
  ];
}

const shown = ({ name, unit, values, reach, note }: Row): string => {
  const middle = median(values);
  const digits = unit === "ms" ? middle.toFixed(0) : middle.toFixed(3);
  const most = unit === "ms" ? `, at most ${Math.max(...values).toFixed(0)}` : "";
  const more = note === undefined ? "" : `, ${note}`;
  return `  ${name}\n      ${digits} ${unit}${most}, ${values.length} times${more}  ${middle <= reach ? "within" : "ABOVE"} ${reach} ${unit}`.trimEnd();
};

/** Builds the page and measures it where there is a Chromium. */
export async function runPage(smoke: boolean): Promise<void> {
  if (!existsSync(executablePath)) {
    console.log(
      `\npage: no browser at ${executablePath}, so that nothing is measured; apt-get install chromium, or set CHROMIUM`,
    );
    return;
  }
  const folder = build();
  const server = await serve(folder);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"], timeout: 0 });
  const address = `http://localhost:${(server.address() as AddressInfo).port}/`;
  const [keys, loads] = smoke ? [2, 1] : [20, 9];
  try {
    const found = await openings(browser, address, loads);
    const rows: Row[] = [
      {
        name: "the first verdict is there, from nothing",
        unit: "ms",
        values: found.map(({ ready }) => ready),
        reach: 1000,
      },
      {
        name: "layout shift until then and half a second after",
        unit: "",
        values: found.map(({ shifts }) => shifts),
        reach: 0,
      },
      {
        name: "verdict after the last key, 4-5-1",
        unit: "ms",
        values: await verdicts(browser, address, "4-5-1:sigmoid,sigmoid", keys),
        reach: 100,
      },
      {
        name: "verdict after the last key, 64-30-10",
        unit: "ms",
        values: await verdicts(browser, address, "64-30-10:sigmoid,sigmoid", keys),
        reach: 100,
      },
      {
        name: "derivation of another network, 64-30-10",
        unit: "ms",
        values: await derivations(browser, address, keys),
        reach: 1000,
      },
      ...refitRows(await refits(browser, address, smoke ? 1 : 8)),
    ];
    console.log(
      smoke
        ? `\npage: ${rows.length} figures were taken; those of a smoke run say nothing.`
        : `\nThe page, in Chromium ${browser.version()}\n${rows.map(shown).join("\n")}`,
    );
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}
