/** For developers: a loss that is typed, run apart from the page; and what a link brings. */

import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describePage, expectOpenToAll, expectToFitAPhone, holdScripts, open, server, visit } from "./browser.ts";

const code = (page: Page) => page.getByRole("textbox", { name: /TypeScript/ });
const told = (page: Page, text: string | RegExp): Promise<void> => page.locator(".told", { hasText: text }).waitFor();

async function write(page: Page, text: string): Promise<void> {
  await code(page).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

const fragmentOf = (text: string): string =>
  `#developers?${new URLSearchParams([["developers", new URLSearchParams([["loss", text]]).toString()]]).toString()}`;

/** What code can try at once, as a text of what it reached; requests go out as well, and the server counts them. */
const attempts = (address: string, who: string): string => `
const reached = [];
const attempt = (name, f) => { try { if (f()) reached.push(name); } catch {} };
for (const name of ["document", "window", "parent", "localStorage", "sessionStorage", "cookieStore"]) attempt(name, () => typeof self[name] !== "undefined");
attempt("indexedDB", () => indexedDB.open("kept"));
attempt("caches", () => { const kept = caches; kept.open("kept").catch(() => undefined); return true; });
attempt("eval", () => new Function("return 1")() === 1);
attempt("import", () => { importScripts("${address}${who}-import.js"); return true; });
attempt("request", () => { const r = new XMLHttpRequest(); r.open("GET", "${address}${who}-request", false); r.send(); return r.status > 0; });
attempt("", () => { fetch("${address}${who}-fetch", { mode: "no-cors" }).catch(() => undefined); });
attempt("", () => { new WebSocket("${address.replace("http", "ws")}${who}-socket"); });
attempt("", () => { new EventSource("${address}${who}-events"); });
attempt("", () => { new Worker("${address}${who}-worker.js"); });
attempt("", () => { new BroadcastChannel("heard").postMessage("heard"); });
attempt("", () => { postMessage({ message: "<img src=x onerror=window.touched=1>" }); });
`;

describePage("for developers", () => {
  it("differentiates what is typed, names the line of an error, and keeps it in the address", async () => {
    const { page, said } = await visit("#developers", ".told .value");
    await told(page, "times as fast");
    await write(
      page,
      "import type { Tensor } from '@chainrule/autograd';\nexport const point = [3, 5];\nexport function loss(x: Tensor<[]>, y: Tensor<[]>) {\n  return x.mul(x).mul(y);\n}\n",
    );
    await told(page, /value\s*45/);
    expect(await page.locator(".told .numbers:not(.hessian) tbody tr").allInnerTexts()).toEqual([
      "x\t3\t30",
      "y\t5\t9",
    ]);
    expect(await page.locator(".told .hessian tbody tr").allInnerTexts()).toEqual(["x\t10\t6", "y\t6\t0"]);
    expect(await page.locator(".graph-of img").getAttribute("src")).toContain("svg");
    await write(
      page,
      "import { add, tensor } from '@chainrule/autograd';\nexport const point = [1];\n\nexport const loss = (x) =>\n  add(tensor([1, 2]), tensor([1, 2, 3]));\n",
    );
    await told(page, /line 5: .*add: .*\[2\].*\[3\]/);
    expect(await page.locator(".unread").first().innerText()).toContain("add(tensor");
    await write(page, "export const point = [1];\nexport const loss = (x) => ((x;\n");
    await told(page, "line 2: ");
    expect(said).toEqual([]);
  });

  it("ends what does not end, by hand and by itself", async () => {
    const endless = "export const point = [1];\nexport function loss(x) { for (;;); }\n";
    const { context, page, said } = await open(fragmentOf(endless), { until: ".told .banner" });
    // What runs it is still to be loaded when it is ended.
    const release = await holdScripts(page);
    await page.getByRole("button", { name: "Run it" }).click();
    await page.locator(".work .end").click();
    await told(page, "You ended it.");
    release();
    await write(page, `${endless}\n`);
    // A machine that is slow enough may end it by itself before the button is found.
    await page.locator(".work .end, .told .banner.mistake").first().waitFor();
    await page.evaluate("document.querySelector('.work .end')?.click()");
    await told(page, /You ended it\.|took more than 5 s/);
    await page.clock.install();
    await write(page, "export const point = [2];\nexport function loss(x) { for (;;); }\n");
    await page
      .locator(".work .end, .told .banner", { hasText: /End it|took more/ })
      .first()
      .waitFor();
    await page.clock.fastForward(5000);
    await told(page, "took more than 5 s");
    await write(page, "export const point = [4];\nexport const loss = (x) => x.mul(x);\n");
    await told(page, /value\s*16/);
    expect(await page.locator("iframe").count()).toBeLessThanOrEqual(1);
    expect(said).toEqual([]);
    await context.close();
  });

  it("lets code reach neither the page, nor what it keeps, nor the network", async () => {
    const { context, page } = await open("#developers", { until: ".told .value" });
    await page.evaluate("localStorage.setItem('kept', 'secret')");
    // In a worker of the page's own the same attempts reach what they look for.
    const there = await page.evaluate<string[]>(`new Promise((resolve) => {
      const channel = new BroadcastChannel("heard");
      const heard = new Promise((tell) => { channel.onmessage = () => { globalThis.heard = 0; tell(); }; });
      const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(`${attempts(server().address, "page")}\npostMessage(reached);`)}])));
      const told = new Promise((tell) => { worker.onmessage = ({ data }) => { if (Array.isArray(data)) tell(data); }; });
      void Promise.all([told, heard]).then(([reached]) => {
        channel.onmessage = () => { globalThis.heard++; };
        resolve(reached);
      });
    })`);
    expect(there).toEqual(expect.arrayContaining(["indexedDB", "caches"]));
    await write(
      page,
      `${attempts(server().address, "stranger")}\nexport const point = [1];\nexport const loss = () => { throw new Error("reached: " + JSON.stringify(reached)); };\n`,
    );
    await told(page, /reached: \[.*\]/);
    expect(await page.locator(".told .said").innerText()).toMatch(/: reached: \[\]$/);
    expect(server().asked.filter((path) => path.includes("stranger"))).toEqual([]);
    expect(await page.evaluate("[globalThis.heard, typeof globalThis.touched, localStorage.getItem('kept')]")).toEqual([
      0,
      "undefined",
      "secret",
    ]);
    await context.close();
  });

  it("shows a stranger's code, and runs and keeps nothing of it before it is told to", async () => {
    const strange = "// stranger\nexport const point = [6];\nexport const loss = (x) => x.mul(7);\n";
    const { context, page, said } = await open(fragmentOf(strange), { until: ".told .banner" });
    expect(await code(page).innerText()).toContain("// stranger");
    await code(page).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("// read");
    await page.waitForURL(/read/);
    expect(await page.locator("iframe").count()).toBe(0);
    await page.reload();
    await told(page, "This code came with a link");
    const kept = await page.evaluate<string>(
      "(async () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, await indexedDB.databases()]))()",
    );
    expect(kept).toBe('[{},{},"",[]]');
    await page.getByRole("button", { name: "Run it" }).click();
    await told(page, /value\s*42/);
    expect(said).toEqual([]);
    await context.close();
  });

  it("runs from disk as well", async () => {
    const { context, page, said } = await open("#developers", { until: ".told .value", address: server().fileAddress });
    await told(page, "times as fast");
    expect(said).toEqual([]);
    await context.close();
  });

  it("can be read and reached by everybody, and fits a phone", async () => {
    await expectOpenToAll([["#developers", ".graph-of img"]]);
    await expectToFitAPhone("#developers", ".graph-of img");
  });
});
