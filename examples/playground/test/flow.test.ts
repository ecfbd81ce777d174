/**
 * Watch it flow: what a step shows, how steps and weights are reached by keys, that numbers are typed and the address
 * keeps all of it.
 */

import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describePage, expectOpenToAll, expectToFitAPhone, open, untilTrue, visit } from "./browser.ts";

const says = (page: Page): Promise<string> => page.locator(".watched [role=status]").innerText();
const told = (page: Page, text: RegExp): Promise<void> =>
  page.locator(".watched [role=status]", { hasText: text }).waitFor({ state: "attached" });
const shows = ".formulas math";
/** Milliseconds in which a step is surely over. */
const PACE = 5000;
const net = "net=2-2-2:tanh,sigmoid";

describePage("watch it flow", () => {
  it("goes step by step, by buttons, keys and the slider, with numbers in each formula", async () => {
    const { page, said } = await visit(`#flow?${net}`, shows);
    await told(page, /^Step 1 of 13\. Forward: Layer 1, neuron 1\. u = /);
    await page.getByRole("button", { name: "Next step" }).click();
    await told(page, /^Step 2 of 13/);
    await page.getByRole("slider").focus();
    await page.keyboard.press("End");
    await told(page, /^Step 13 of 13\. BP3, BP4: Layer 1, neuron 2\. derivative by the bias/);
    expect(await page.locator(".step-card math").count()).toBe(3);
    for (let k = 0; k < 4; k++) await page.keyboard.press("ArrowLeft");
    await told(page, /^Step 9 of 13\. BP3, BP4: Layer 2, neuron 2/);
    await page.reload();
    await told(page, /^Step 9 of 13/);
    expect(said).toEqual([]);
  });

  it("plays to the end and stops there, but not for whoever wants it still", async () => {
    const { context, page } = await open("#flow?net=1-1:sigmoid", { until: shows });
    await page.clock.install();
    await page.getByRole("button", { name: "Play" }).click();
    const chosen = page.getByRole("radio", { name: "Nielsen" });
    await chosen.check();
    while (!(await says(page)).startsWith("Step 4 of 4")) await page.clock.fastForward(PACE);
    await page.getByRole("button", { name: "Play" }).waitFor();
    // What was chosen on the way stays chosen.
    expect(await chosen.isChecked()).toBe(true);
    await context.close();
    const still = await visit(`#flow?${net}`, shows, { reducedMotion: "reduce" });
    expect(await still.page.getByRole("button", { name: "Play" }).count()).toBe(0);
    expect(await still.page.evaluate("document.getAnimations().length")).toBe(0);
  });

  it("lights the paths of a weight that is chosen by keys, one of them or all", async () => {
    const { page } = await visit(`#flow?${net}`, shows);
    await page.locator(".hit[tabindex='0']").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "From the weight of layer 1, to 1 from 2" }).waitFor();
    expect(await page.locator(".edge.lit").count()).toBe(5);
    await page.locator(".paths button").first().click();
    await untilTrue(page, "document.querySelectorAll('.edge.lit').length === 3");
    const other = await open(new URL(page.url()).hash, { until: ".paths" });
    await other.page.locator(".hit[aria-pressed=true]").focus();
    await other.page.keyboard.press("Escape");
    await other.page.locator(".paths").waitFor({ state: "detached" });
    await other.context.close();
  });

  it("follows numbers that are typed, and takes them back", async () => {
    const { page } = await visit("#flow?net=1-1:linear", shows);
    const type = async (label: string, value: string): Promise<void> => {
      await page.getByLabel(label, { exact: true }).fill(value);
      await page.keyboard.press("Tab");
    };
    await type("Input 1", "3");
    await type("Weight of layer 1, to 1 from 1", "0.5");
    await type("Bias of layer 1, neuron 1", "-1");
    await type("Target 1", "2");
    await told(page, /u = 0\.5, v = 0\.5\./);
    await page.getByRole("slider").focus();
    await page.keyboard.press("End");
    await told(page, /derivative by the bias −1\.5, by the weights −4\.5/);
    await page.getByRole("button", { name: "Take back what I typed" }).click();
    await untilTrue(page, "document.querySelector('.sample input').value !== '3'");
    expect(await says(page)).not.toContain("−4.5");
    await page.goBack();
    await told(page, /−4\.5/);
  });

  it("leaves what is being typed where an answer comes", async () => {
    const { page } = await visit("#flow?net=1-1:linear", shows);
    const before = await says(page);
    await page.evaluate(`{
      const [first, second] = document.querySelectorAll(".sample input");
      const type = (field, value) => {
        field.focus();
        field.value = value;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      };
      type(first, "3");
      first.dispatchEvent(new Event("change", { bubbles: true }));
      type(second, "0.25");
    }`);
    await untilTrue(page, `document.querySelector(".watched [role=status]").textContent !== ${JSON.stringify(before)}`);
    const fields = page.locator(".sample input");
    expect([await fields.nth(0).inputValue(), await fields.nth(1).inputValue()]).toEqual(["3", "0.25"]);
    await fields.nth(1).dispatchEvent("change");
    await page.waitForURL(/x\.0.*3.*t\.0.*0\.25/);
  });

  it("is open to everybody", async () => {
    await expectOpenToAll([
      ["#flow?flow=step%3D9%26weight%3D1.0.0", ".paths"],
      ["#differences", ".ways"],
    ]);
  });

  it("fits a narrow phone, with text that can be read", async () => {
    await expectToFitAPhone(
      "#flow?net=5-7-3:tanh,softmax&cost=categoricalCrossEntropy&flow=step%3D12%26weight%3D1.0.0",
      shows,
    );
    await expectToFitAPhone("#differences", ".ways");
  });

  it("shows how far differences are off, and counts what they ask for", async () => {
    const { page, said } = await visit("#differences?net=2-3-1:tanh,sigmoid", ".ways");
    expect(await page.locator(".way dd", { hasText: "=" }).allInnerTexts()).toEqual(
      expect.arrayContaining(["n + 1 = 14", "2n = 26", "n = 13"]),
    );
    await page.getByRole("slider").focus();
    await page.keyboard.press("Home");
    await page.locator(".epsilon output", { hasText: "1e−16" }).waitFor();
    await page.reload();
    await page.locator(".epsilon output", { hasText: "1e−16" }).waitFor();
    await page.getByText("The curves as a table").click();
    expect(await page.locator(".curve-table tbody tr").count()).toBe(17);
    await page.locator(".plot .field").click({ position: { x: 5, y: 40 } });
    await page.locator(".epsilon output", { hasText: /1e−16|1\.8e−16|3\.2e−16/ }).waitFor();
    expect(said).toEqual([]);
  });

  it("puts the numbers of the sample into the derivation", async () => {
    const { page } = await visit(
      "#derivation?net=1-1:linear&flow=own%3Dx.0%3A3+W1.0.0%3A0.5+b1.0%3A-1",
      ".derivation math",
    );
    expect(await page.locator(".derivation").innerText()).not.toContain("0.5");
    await page.getByRole("radio", { name: "with numbers too" }).check();
    await page
      .locator(".derivation mn", { hasText: /^0\.5$/ })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Other numbers" }).click();
    await untilTrue(page, "!location.hash.includes('own')");
  });
});
