/**
 * The page in a browser: what the first minute shows, what is typed, shared, kept and read out, and that nothing leaves
 * the machine.
 */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { network } from "@chainrule/nn";
import { formulas, reportHtml } from "@chainrule/nn/handcheck";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { exercise } from "../src/exercise/exercise.ts";
import {
  describePage,
  edit,
  expectOpenToAll,
  expectToFitAPhone,
  holdScripts,
  open,
  server,
  until,
  untilTrue,
  visit,
} from "./browser.ts";

/** Every screen, with what it shows when it is there. */
const screens = [
  ["exercise", ".report article.root"],
  ["yours", ".banner.quiet"],
  ["yours?text=d%20%3D%20(", ".banner.inconclusive"],
  ["derivation", ".derivation math"],
] as const;

/** One layer 2-2 of sigmoids whose σ′ is forgotten, as somebody prints it. */
const printed = "W1 = [[1, 2], [3, 4]]\nb1 = [0, 0]\nx = [[1, 0]]\nt = [[1, 0]]\ndelta1 = [[-0.26894142, 0.95257413]]";
/** δ = (v − t) v (1 − v) of a sigmoid. */
const delta = (u: number, t: number): number => {
  const v = 1 / (1 + Math.exp(-u));
  return (v - t) * v * (1 - v);
};
/** The same as tables, with σ′. */
const tables = { W1: "1,2\n3,4", b1: "0\n0", x: "1,0", t: "1,0", delta1: `${delta(1, 1)},${delta(3, 0)}` };

/** The parts of the page that have moved so far without anybody's doing, and a moment later. */
const SHIFTS = `new Promise((resolve) => {
  const moved = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources } of list.getEntries()) if (!hadRecentInput) moved.push(...sources.map(({ node }) => node?.nodeName + "." + node?.className));
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(moved), 500);
})`;

const headline = (page: Page): Promise<string> => page.locator(".report .banner :is(h1, h2)").innerText();

describePage("the playground", () => {
  it("shows the exercise with its two mistakes before anything is clicked", async () => {
    const { context, page, said } = await open();
    expect(await page.locator("h1").first().innerText()).toContain(exercise.checker);
    expect(await headline(page)).toBe("2 mistakes: BP4 at layer 2, BP3 at layer 1.");
    expect(await page.locator(".report article[id] .state").count()).toBe(15);
    const signs = await page.locator(".signs .sign.root").count();
    expect(signs).toBe(2);
    expect(said).toEqual([]);
    await context.close();
  });

  it.each([
    ["", 1280],
    ["#yours?lang=zh", 360],
  ])("moves nothing that stands there when the rest of %s comes, %i px wide", async (fragment, width) => {
    const { context, page } = await open(fragment, { viewport: { width, height: 860 } });
    expect(await page.evaluate(SHIFTS)).toEqual([]);
    await context.close();
  });

  it("checks what is typed and pasted, says where it cannot be read, and follows the network", async () => {
    const { page, said } = await visit("#yours", ".banner.quiet");
    await until(page, "Nothing to check yet");
    await edit(page).click();
    await page.keyboard.type("dZ2 = (A2 - Y) * A2 * (1 - A2)");
    await until(page, "Right");
    await page.keyboard.press("Enter");
    await page.keyboard.insertText("dZ1 = W2.T @ dZ2");
    await until(page, "One mistake: BP2 at layer 1.");
    expect(await page.locator(".cm-line.judged.root").innerText()).toBe("dZ1 = W2.T @ dZ2");
    await page.keyboard.type(" * (");
    await until(page, "This cannot be read yet");
    for (let k = 0; k < 4; k++) await page.keyboard.press("Backspace");
    await page.getByRole("combobox", { name: "Activation of layer 1" }).selectOption("linear");
    await until(page, "Right");
    await page.getByRole("button", { name: "one unit more" }).first().click();
    await until(page, "4-4-2");
    expect(said).toEqual([]);
  });

  it("keeps everything over reload, back and forward, and in a link", async () => {
    const { page } = await visit("", ".report .banner");
    await page.getByRole("radio", { name: "Paste yours" }).check();
    await edit(page).click();
    await page.keyboard.insertText("dZ2 = A2 - Y");
    await page.getByRole("radio", { name: "which equation" }).check();
    await until(page, "One mistake");
    await page.reload();
    await until(page, "One mistake");
    expect(await edit(page).innerText()).toBe("dZ2 = A2 - Y");
    const other = await open(new URL(page.url()).hash);
    expect(await headline(other.page)).toBe(await headline(page));
    await other.context.close();
    await page.goBack();
    await page.goBack();
    await until(page, "2 mistakes");
    expect(await page.locator(".cm-content").innerText()).toContain("dW2 = 1./m * dZ2 @ A1.T * 2");
    await page.goForward();
    await page.goForward();
    await until(page, "One mistake");
  });

  it("keeps over a reload what the address says only since that was asked for", async () => {
    const { page } = await visit("#yours?net=2-2%3Asigmoid", ".banner.quiet");
    // A reload goes to the address as it was when it was asked for; the page writes another one before it goes.
    const leave = `(dispatchEvent(new PageTransitionEvent("pagehide")), sessionStorage.getItem("left"))`;
    expect(await page.evaluate(leave)).toBeNull();
    await page.getByRole("button", { name: "one unit more" }).first().click();
    await page.waitForURL(/net=3-2/);
    expect(await page.evaluate(leave)).toContain("net=3-2");
    await page.evaluate("sessionStorage.clear()");
  });

  it("goes where a link leads, however soon after a change", async () => {
    const { page } = await visit("#yours?net=2-2:sigmoid", ".banner.quiet");
    // The address is about to be written as the page writes it: when the link is followed, the time for that has come.
    const there = await page.evaluate(`new Promise((resolve) => {
      location.hash = "#yours?net=3-2:sigmoid";
      requestAnimationFrame(() => setTimeout(() => {
        for (const begin = performance.now(); performance.now() - begin < 400; );
        location.hash = "#find?find=gate-lost";
        setTimeout(() => setTimeout(() => resolve(location.hash)));
      }, 100));
    })`);
    expect(there).toBe("#find?find=gate-lost");
    await page.locator(".claim-lines").waitFor();
  });

  it("tells no more than it is asked to", async () => {
    const { page } = await visit("#exercise?hints=0", ".report .banner");
    expect(await headline(page)).toBe("Not right.");
    expect(await page.locator(".signs .sign.root").count()).toBe(0);
    await page.getByRole("radio", { name: "which equation" }).check();
    await until(page, "2 mistakes");
    expect(await page.locator(".report").innerText()).not.toContain("a constant factor");
  });

  it("asks for nothing once it is loaded, and needs no network after the first visit", async () => {
    const { context, page, said } = await open("", { keeps: true });
    await page.evaluate("navigator.serviceWorker.ready");
    const before = server().asked.length;
    await page.getByRole("radio", { name: "中文" }).check();
    await until(page, "发现 2 处错误");
    await page.getByRole("radio", { name: "粘贴你的" }).check();
    await edit(page).click();
    await page.keyboard.insertText("dZ2 = A2 - Y");
    await until(page, "发现 1 处错误");
    expect(server().asked.slice(before)).toEqual([]);
    await context.setOffline(true);
    await page.reload();
    await until(page, "发现 1 处错误");
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-Hans");
    // A new visit may ask whether there is a new version.
    expect(
      server()
        .asked.slice(before)
        .filter((path) => path !== "/sw.js"),
    ).toEqual([]);
    expect(said).toEqual([]);
    await context.close();
  });

  it("opens from disk as one file", async () => {
    const { context, page, said } = await open("#exercise?lang=zh", { address: server().fileAddress });
    await until(page, "发现 2 处错误");
    expect(said).toEqual([]);
    await context.close();
  });

  it("can be read and reached by everybody", async () => {
    await expectOpenToAll(screens.map(([screen, shows]) => [`#${screen}`, shows]));
  });

  it("reads numbers as they were printed, names the mistake, and shows the entries by keys", async () => {
    const { page, said } = await visit("#yours?net=2-2:sigmoid", ".banner.quiet");
    await edit(page).click();
    await page.keyboard.insertText(printed);
    await until(page, "One mistake: BP1 at layer 1.");
    await page.locator("svg.heat").first().focus();
    await page.keyboard.press("End");
    expect(await page.locator("#BP1-1 .readout").innerText()).toContain("[0, 1]");
    await page.keyboard.press("Home");
    expect(await page.locator("#BP1-1 .readout").innerText()).toContain("[0, 0]");
    expect(said).toEqual([]);
  });

  it("takes files that are dropped or chosen, and keeps them over a reload", async () => {
    const { page, said } = await visit("#yours?net=2-2:sigmoid", ".banner.quiet");
    await page.evaluate(`{
      const files = new DataTransfer();
      files.items.add(new File([${JSON.stringify(printed)}], "work.txt"));
      document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    }`);
    await until(page, "BP1 at layer 1");
    expect(await edit(page).innerText()).toContain("delta1");
    await page.locator("input[type=file]").setInputFiles(
      Object.entries(tables).map(([name, text]) => ({
        name: `${name}.csv`,
        mimeType: "text/csv",
        buffer: Buffer.from(text),
      })),
    );
    await page.locator(".attached li").first().waitFor();
    await until(page, "Right");
    await page.reload();
    await until(page, "Right");
    expect(await page.locator(".attached li").count()).toBe(Object.keys(tables).length);
    expect(said).toEqual([]);
  });

  it("says in Chinese what cannot be read of a file", async () => {
    const { page, said } = await visit("#yours?net=2-2:sigmoid&lang=zh", ".banner.quiet");
    await page
      .locator("input[type=file]")
      .setInputFiles([{ name: "W1.csv", mimeType: "text/csv", buffer: Buffer.from("1,2\n3") }]);
    await until(page, "这一行有 1 个数，上面各行有 2 个：数组各行的长度必须相同");
    expect(await page.locator(".report").innerText()).not.toContain("a row of");
    expect(said).toEqual([]);
  });

  it("gives the report away as the command writes it", async () => {
    const { page } = await visit("", ".report .banner");
    for (const [name, begin] of [
      ["HTML", "<!doctype html>"],
      ["LaTeX", "\\documentclass"],
      ["JSON", "{"],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name, exact: true }).click(),
      ]);
      const text = readFileSync(await download.path(), "utf8");
      expect(text.slice(0, begin.length)).toBe(begin);
      if (name === "HTML")
        expect(text).toBe(
          reportHtml(
            formulas(
              network({ sizes: [4, 5, 3, 1], activations: ["relu", "relu", "sigmoid"], cost: "crossEntropy" }),
              exercise.text,
            ),
          ),
        );
    }
  });

  it("derives the network in the notation that is chosen", async () => {
    const { page, said } = await visit("#yours?net=2-3-1:tanh,sigmoid", ".banner.quiet");
    await page.getByRole("link", { name: "Derivation" }).click();
    await page.locator(".derivation h1", { hasText: "2-3-1" }).waitFor();
    await page.getByRole("radio", { name: "Nielsen" }).check();
    await page.locator(".derivation h1", { hasText: "Nielsen" }).waitFor();
    await page.getByRole("button", { name: "one unit more" }).first().click();
    await page.locator(".derivation h1", { hasText: "3-3-1" }).waitFor();
    expect(await page.locator(".derivation math").count()).toBeGreaterThan(10);
    expect(said).toEqual([]);
  });

  it("fits a narrow phone, with text that can be read", async () => {
    await expectToFitAPhone("", ".report .banner");
    await expectToFitAPhone("#yours?text=dZ2%20%3D%20A2%20-%20Y&net=4-5-3-1:relu,relu,sigmoid", ".report .banner");
    await expectToFitAPhone("#derivation", ".derivation math");
  });

  it("lets keys reach a formula that is wider than a phone from the moment that it stands there", async () => {
    const { page } = await visit("", ".report .banner", { on: "phone" });
    await page.evaluate(`{
      window.wide = 0;
      window.unreached = 0;
      new MutationObserver(() => {
        for (const formula of document.querySelectorAll('.derivation math[display="block"]'))
          if (formula.scrollWidth > formula.clientWidth) {
            wide++;
            if (formula.tabIndex !== 0) unreached++;
          }
      }).observe(document.body, { childList: true, subtree: true });
    }`);
    await page.evaluate("location.hash = '#derivation'");
    await page.locator(".derivation math").first().waitFor();
    await untilTrue(page, "wide > 0");
    expect(await page.evaluate("unreached")).toBe(0);
  });

  it("leads past what stands above while a part is still on its way", async () => {
    const { context, page } = await open();
    const release = await holdScripts(page);
    await page.evaluate("location.hash = '#differences'");
    await page.locator("main [aria-busy]").first().waitFor();
    await page.locator("a.skip").focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.localName")).toBe("main");
    release();
    await page.locator(".ways").waitFor();
    await page.locator("a.skip").focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("verdict");
    await context.close();
  });

  it("runs nothing that a link brings", async () => {
    const evil = encodeURIComponent("dZ2 = <img src=x onerror=window.ran=1> - Y # <script>window.ran=1</script>");
    const { context, page } = await open(
      `#yours?text=${evil}&net=${encodeURIComponent("2-2:<img src=x onerror=window.ran=1>")}&cost=${encodeURIComponent("<img src=x onerror=window.ran=1>")}`,
    );
    expect(await page.evaluate("typeof window.ran")).toBe("undefined");
    expect(await page.locator("img, .report script").count()).toBe(0);
    await context.close();
  });

  it("weighs at most 300 kB until the first verdict", async () => {
    const from = server().asked.length;
    const { context } = await open();
    const loaded = [...new Set(server().asked.slice(from))];
    expect(loaded.some((path) => path.includes("worker"))).toBe(true);
    const bytes = loaded.reduce((sum, path) => sum + gzipSync(server().file(path), { level: 9 }).length, 0);
    expect(bytes).toBeLessThanOrEqual(300_000);
    await context.close();
  });
});
