/** Takes the pictures of the README: the page on a desk, on a phone, and a slip of the exercise as it is told. */

import { createServer } from "node:http";
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build } from "vite";
import { config } from "./config.mjs";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const pictures = fileURLToPath(new URL("../../../docs/images", import.meta.url));

/** The built folder, on a port of its own. */
async function served() {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-pictures-"));
  await build(config("folder", folder));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = join(folder, pathname === "/" ? "index.html" : pathname);
    if (!existsSync(file)) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, resolve));
  return server;
}

const desk = { viewport: { width: 1280, height: 860 } };
const phone = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/**
 * Each picture: how wide the window is, where the page stands, and what of it is taken; all of the window where nothing
 * is said.
 */
const shots = [
  { name: "playground", options: desk, fragment: "" },
  { name: "playground-phone", options: phone, fragment: "" },
  { name: "playground-exercise", options: desk, fragment: "", of: ".verdict section:has(article.root:not([id]))" },
];

mkdirSync(pictures, { recursive: true });
const server = await served();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
for (const { name, options, fragment, of } of shots) {
  const context = await browser.newContext({ ...options, colorScheme: "light", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`http://localhost:${server.address().port}/${fragment}`);
  await page.locator(".report .banner").first().waitFor();
  const path = join(pictures, `${name}.png`);
  if (of === undefined) await page.screenshot({ path });
  else await page.locator(of).first().screenshot({ path });
  console.log(path);
  await context.close();
}
await browser.close();
server.close();
