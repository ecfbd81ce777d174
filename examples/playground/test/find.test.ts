/** Find the bug and the gallery: every level is solved by the check, and both are for pointer, keys and phone. */

import { namedMistakes } from "@chainrule/nn/handcheck";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { sized } from "../../../packages/autograd/test/size.ts";
import { bases } from "../src/levels/bases.ts";
import { judgeKernel } from "../src/levels/kernels.ts";
import { levels } from "../src/levels/levels.ts";
import { published, publishedNames } from "../src/levels/published.ts";
import { publishedKernels, type KernelName } from "../src/levels/published-kernels.ts";
import { poseLevel, poseSeed, type Posed } from "../src/levels/puzzle.ts";
import { besides, spotOf } from "../src/parts/find/where-at.ts";
import { describePage, expectOpenToAll, expectToFitAPhone, open, visit } from "./browser.ts";

/** What must hold of everything that is posed: the right place can be chosen, and the right name is offered once. */
function expectSolvable({ puzzle: { slips, places, lines, numbers, net }, report }: Posed, key: string): void {
  expect(report.verdict, key).toBe("mistake");
  expect(slips.length, key).toBeGreaterThan(0);
  for (const { id, options, place } of slips) {
    expect(options.filter((one) => one.id === id).length, key).toBe(1);
    expect(new Set(options.map((one) => one.id)).size, key).toBe(options.length);
    expect(options.length, key).toBeGreaterThanOrEqual(3);
    expect(
      places.map((one) => one.key),
      key,
    ).toContain(place);
    expect(["root", "shape"], key).toContain(places.find((one) => one.key === place)!.status);
    const offered = lines.length > 0 ? lines.flatMap((line) => line.places) : numbers.map((one) => one.place);
    expect(offered, key).toContain(place);
    if (!net.includes("softmax"))
      expect(
        options.some((one) => /softmax/.test(one.says.en)),
        key,
      ).toBe(false);
  }
  expect(
    lines.filter((line) => line.places.length === 0).map((line) => line.text),
    key,
  ).toEqual([]);
}

describe("the fixed levels", () => {
  it("are at least fifty, each with a name and a work of its own kind, from easy to hard", () => {
    expect(levels.length).toBeGreaterThanOrEqual(50);
    expect(new Set(levels.map(({ key }) => key)).size).toBe(levels.length);
    expect(new Set(levels.map(({ net, text }) => `${net} ${text}`)).size).toBe(levels.length);
    expect(levels.map(({ rank }) => rank)).toEqual(levels.map(({ rank }) => rank).sort());
  });

  it.each(levels.map((level) => [level.key, level] as const))("%s is solved by the check itself", (key, level) => {
    const posed = poseLevel(level);
    expect(posed.report.roots.map(({ equation, layer, id }) => `${equation}@${layer} ${id}`)).toEqual(level.roots);
    expectSolvable(posed, key);
  });

  it("have slips that the catalogue names, put into passes that are right", () => {
    const names = new Set(namedMistakes.map(({ id }) => id));
    for (const { roots } of levels) for (const root of roots) expect(names.has(root.split(" ")[1]!), root).toBe(true);
    for (const [key, base] of Object.entries(bases)) {
      expect(poseLevel({ key, ...base }).report.verdict, key).toBe("correct");
    }
  });

  it("say in both languages where their kind was published, each shown by a level of its own", () => {
    for (const name of publishedNames) {
      const { level, where, says } = published[name];
      expect(levels.find(({ key }) => key === level)?.published, name).toBe(name);
      for (const words of [where, says]) expect(words.zh, name).not.toBe(words.en);
    }
  });
});

describe("published slips of operations", () => {
  it.each(Object.keys(publishedKernels) as KernelName[])("%s is named by the check", (name) => {
    const { verdict, roots, contract } = judgeKernel(name);
    const named = [...roots.map(({ id }) => id), ...contract.map(({ en }) => en.split(" ")[0]!)];
    expect(verdict).not.toBe("correct");
    expect(named.some((id) => id === publishedKernels[name].id)).toBe(true);
  });
});

describe("levels by seed", () => {
  it("are solved by the check, without end", () => {
    for (let k = 0; k < sized(8, 300); k++) expectSolvable(poseSeed(k * 7919), `seed ${k * 7919}`);
  });

  it("stand in the address as levels do", () => {
    expect(spotOf("")).toEqual({ level: levels[0]!.key, seed: null, index: 0 });
    expect(spotOf(levels[4]!.key)).toEqual({ level: levels[4]!.key, seed: null, index: 4 });
    expect(spotOf("seed-12")).toEqual({ level: "", seed: 12, index: -1 });
    const odd = ["nowhere", "seed-", "seed-1e3", "seed--1", "seed-99999999999"];
    for (const one of odd) expect(spotOf(one).index).toBe(0);
    expect([besides(spotOf(""), -1), besides(spotOf(""), 1)]).toEqual([null, levels[1]!.key]);
    expect(besides(spotOf(levels.at(-1)!.key), 1)).toBe(null);
    expect([besides(spotOf("seed-0"), -1), besides(spotOf("seed-3"), 1)]).toEqual([null, "seed-4"]);
  });
});

const screens = [
  ["find?find=gate-lost", ".claim-lines"],
  ["find?find=seed-2", ".claim-numbers"],
  ["gallery?gallery=scratch", ".report .banner"],
] as const;

const say = (page: Page): Promise<string> => page.locator(".said").first().innerText();
const line = (page: Page, text: string) => page.locator(".claim-lines button", { hasText: text });

describePage("find the bug and the gallery", () => {
  it("tells at once what was named, keeps the score, and goes on by keys and address", async () => {
    const { context, page, said } = await open("#find?find=slope-above", { until: ".claim-lines" });
    await line(page, "db2 = delta2").click();
    expect(await say(page)).toBe("∂C/∂b² is right.");
    await line(page, "db1 = delta1").click();
    expect(await say(page)).toContain("passes on what is wrong further up");
    await line(page, "delta1 =").focus();
    await page.keyboard.press("Enter");
    expect(await say(page)).toBe("Yes: δ¹, BP2 at layer 1.");
    const options = await page.locator(".names button").allInnerTexts();
    const wrong = options.findIndex((text) => !text.includes("neighboring layer"));
    await page.locator(".names button").nth(wrong).click();
    await page.locator(".names .wrong").waitFor();
    await page.locator(".names button", { hasText: "neighboring layer" }).click();
    expect(await page.locator(".solved-card").innerText()).toContain("Implementing a Neural Network from Scratch");
    expect(await page.locator(".solved-card .wrong").innerText()).toBe("δ¹ = ((W²)ᵀ δ²) ⊙ σ'(u²)");
    const solved = page.locator(".level-map .solved");
    expect(await solved.count()).toBe(1);
    await page.locator("button.main").click();
    await page.locator("h2", { hasText: "Level" }).first().waitFor();
    await page.reload();
    await page.locator(".claim-lines").waitFor();
    expect(await solved.count()).toBe(1);
    await page.goBack();
    await page.locator(".claim-lines", { hasText: "s'(z2)" }).waitFor();
    await page.getByRole("radio", { name: "the report" }).check();
    await page.locator(".report article.root").first().waitFor();
    expect(said).toEqual([]);
    await context.close();
  });

  it("draws numbers by seed, of which the wrong equation can be found", async () => {
    const { page, said } = await visit("#find?find=seed-5", ".claim-numbers");
    const {
      puzzle: { places, slips },
    } = poseSeed(5);
    expect(await page.locator(".claim-numbers button.of").count()).toBe(places.length);
    const root = places.findIndex(({ key }) => key === slips[0]!.place);
    const names = await page.locator(".claim-numbers .of b").allInnerTexts();
    await page.locator(".claim-numbers button.of").nth(names.indexOf(places[root]!.name)).click();
    expect(await say(page)).toContain(`Yes: ${places[root]!.name}`);
    await page.getByRole("button", { name: "Next", exact: true }).click();
    await page.locator(".note h2", { hasText: "seed 6" }).waitFor();
    expect(said).toEqual([]);
  });

  it("shows what was published with the verdict of the check, and leads to levels and to the editor", async () => {
    const { page, said } = await visit("#gallery?gallery=stepByStep", ".report .banner");
    expect(await page.locator(".exhibit cite").innerText()).toBe("A Step by Step Backpropagation Example");
    expect(await page.locator(".report .banner").innerText()).toContain("BP2 at layer 1");
    expect(await page.locator(".claim-lines .row.root").innerText()).toContain("W2 - eta dW2");
    const all = publishedNames.length + Object.keys(publishedKernels).length;
    expect(await page.locator(".exhibits li").count()).toBe(all);
    await page.locator(".exhibits button", { hasText: "deep Q network" }).click();
    await page.locator(".report .banner", { hasText: "dx" }).waitFor();
    await page.goBack();
    await page.locator(".claim-lines .row.root").waitFor();
    await page.getByRole("button", { name: "Play levels" }).click();
    await page.locator(".claim-lines button").first().waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Change it yourself" }).click();
    await page.locator(".cm-content", { hasText: "W2 - eta dW2" }).waitFor();
    expect(said).toEqual([]);
  });

  it("can be read and reached by everybody", async () => {
    await expectOpenToAll(screens.map(([at, shows]) => [`#${at}`, shows]));
  });

  it("fits a narrow phone", async () => {
    await expectToFitAPhone("#find", ".claim-lines");
    await expectToFitAPhone("#find?find=seed-3", ".claim-numbers");
    await expectToFitAPhone("#gallery?gallery=codeBook&lang=zh", ".report .banner");
  });
});
