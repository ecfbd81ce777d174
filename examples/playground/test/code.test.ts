/** A backward pass as a function: checked while it is typed, in the sandbox, by the judge of the page. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isCode } from "../src/code/is-code.ts";
import { describePage, edit, holdScripts, open, server, until, visit } from "./browser.ts";

const template = readFileSync(new URL("../../../packages/nn/templates/with-typescript.ts", import.meta.url), "utf8");

it("knows a function of JavaScript from formulas, Python and Octave", () => {
  for (const text of [
    template,
    "function backward(p, x, t) {}",
    "export default (p, x, t) => ({})",
    "const backward = (p) => 1",
  ])
    expect(isCode(text), text).toBe(true);
  for (const text of [
    "",
    "dZ2 = A2 - Y",
    "def backward(W1):",
    "function [J, grad] = cost(theta)",
    "# export the gradients",
    "delta1 = (W2.T @ delta2)",
    "const = 3",
  ])
    expect(isCode(text), text).toBe(false);
});

describePage("a backward pass as a function", () => {
  it("is judged as it is typed, with TypeScript's types, and given away as a report", async () => {
    const { page, said } = await visit("#yours", ".banner.quiet");
    await edit(page).click();
    await page.keyboard.insertText(template);
    await until(page, "Right");
    await edit(page).click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(template.replace(" * (1 - v * v)", ""));
    await until(page, "One mistake: BP2 at layer 1.");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "JSON", exact: true }).click(),
    ]);
    const report = JSON.parse(readFileSync(await download.path(), "utf8")) as { readonly verdict: string };
    expect(report.verdict).toBe("mistake");
    await edit(page).click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(
      "export const network = { sizes: [2, 1], activations: 'sigmoid', cost: 'quadratic' };\nexport function backward(p, x, t) {\n  return p.V1[0];\n}\n",
    );
    await until(page, "It cannot be judged yet");
    expect(await page.locator(".report").innerText()).toMatch(/line 3: TypeError: .*V1|line 3: TypeError: .*undefined/);
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("export function backward() { for (;;); }\n");
    // A machine that is slow enough may end it by itself before the button is found.
    await page
      .locator(".verdict button.end, .banner", { hasText: /End it|took more/ })
      .first()
      .waitFor();
    await page.evaluate("document.querySelector('.verdict button.end')?.click()");
    await until(page, "You ended it.|took more than 10 s");
    expect(said).toEqual([]);
  });

  it("waits where a link brings it, and reaches no network when it runs", async () => {
    const text = template
      .replace("const v1", `importAll();\n  const v1`)
      .concat(
        `\nfunction importAll() { try { importScripts("${server().address}reached"); } catch {} fetch("${server().address}reached").catch(() => 0); }\n`,
      );
    const { context, page, said } = await open(`#yours?${new URLSearchParams([["text", text]]).toString()}`, {
      until: ".banner.quiet",
    });
    await until(page, "This code came with a link");
    expect(await page.locator("iframe").count()).toBe(0);
    // It is ended before it has begun, and runs once something is typed.
    const release = await holdScripts(page);
    await page.getByRole("button", { name: "Run it" }).click();
    await page.locator(".verdict button.end").click();
    await until(page, "You ended it.");
    release();
    await edit(page).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Enter");
    await until(page, "Right");
    expect(server().asked.filter((path) => path.includes("reached"))).toEqual([]);
    expect(said.filter((one) => !one.includes("Content Security Policy"))).toEqual([]);
    await context.close();
  });
});
