/** The fits for developers: what the worker answers, and the page that drags the data. */

import { expect, it } from "vitest";
import { fit } from "../src/parts/developers/fit/answer.ts";
import { first, moved, peaksOf, roughly, wordOf } from "../src/parts/developers/fit/peaks.ts";
import { nist } from "../src/parts/developers/nist/answer.ts";
import { parted } from "../src/parts/developers/nist/certified.tsx";
import { atOf, heldOf } from "../src/parts/developers/state.ts";
import { describePage, expectOpenToAll, expectToFitAPhone, visit } from "./browser.ts";

const asked = { kind: "fit", truth: first, statistics: false } as const;

it("goes on from where it was: one step where there is no time, all of them where there is", () => {
  const one = fit({ ...asked, start: roughly(first), milliseconds: 0 });
  expect([one.steps, one.converged, one.deviations]).toEqual([1, false, []]);
  const whole = fit({ ...asked, start: one.parameters, milliseconds: Infinity, statistics: true });
  expect(whole.converged).toBe(true);
  expect(whole.sum).toBeLessThan(one.sum);
  // What the data were made of lies within what their noise leaves open.
  whole.parameters.forEach((value, j) => {
    expect(Math.abs(value - first[j]!)).toBeLessThan(5 * whole.deviations[j]!);
  });
  const next = moved(first, 5, 47, 1.5);
  const followed = fit({ ...asked, truth: next, start: whole.parameters, milliseconds: Infinity });
  expect(Math.abs(followed.parameters[20]! - 47)).toBeLessThan(0.1);
});

it("holds in the address what was moved, and keeps it within the plot", () => {
  expect(wordOf(first)).toBeUndefined();
  const peaks = moved(moved(first, 3, 31.25, 2), 11, 200, -1);
  expect(wordOf(peaks)).toBe("3:31.25:2,11:100:0.1");
  expect(peaksOf(wordOf(peaks))).toEqual(peaks);
  for (const odd of [undefined, "", "99:1:1", "1:x:2", "<img>"]) expect(peaksOf(odd)).toEqual(first);
  const held = { tab: "nist", kept: { nist: "Misra1a,2", loss: "a&b=c" } } as const;
  expect(heldOf(atOf(held))).toEqual(held);
});

it("fits a certified set step by step, to nine digits and more", () => {
  const { sets, fit: found } = nist({ kind: "nist", name: "Misra1a", start: 0 });
  expect(sets.length).toBe(27);
  const { trail, certified, y, deviationDigits } = found!;
  expect(Math.min(...trail.at(-1)!.digits, ...deviationDigits)).toBeGreaterThanOrEqual(9);
  expect(trail[0]!.parameters).toEqual([500, 0.0001]);
  expect(trail.at(-1)!.curve.length).toBe(y.length);
  expect(parted(trail.at(-1)!.parameters[0]!, 11)[0]).toBe(String(certified[0]));
  expect(nist({ kind: "nist", name: null, start: 0 }).fit).toBeNull();
});

it("parts a number after the digits that are right", () => {
  expect(parted(-2523.5058043, 4)).toEqual(["−2523", ".5058043"]);
  expect(parted(0.012345678901, 2.99)).toEqual(["0.0123", "45678901"]);
  expect(parted(1.5, 0)).toEqual(["", "1.5000000000"]);
  expect(parted(100.25, 4)).toEqual(["100.2", "5000000"]);
});

describePage("fits for developers", () => {
  it("refits while peaks are dragged, by pointer and by keys, and keeps them in the address", async () => {
    const { page, said } = await visit("#developers?developers=tab%3Dfit", ".says.there");
    const peak = page.getByRole("button", { name: /^Peak 5:/ });
    const box = (await peak.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y + 40, { steps: 4 });
    await page.mouse.up();
    expect(await peak.getAttribute("aria-label")).not.toContain("center 36.80");
    await page.waitForURL(/fit%3D4/);
    await page.getByRole("button", { name: /^Peak 2:/ }).focus();
    await page.keyboard.press("Shift+ArrowRight");
    expect(await page.getByRole("button", { name: "Peak 2: center 13.20" }).count()).toBe(1);
    await page.locator(".says.there").waitFor();
    await page.getByText("What was fitted").click();
    await page.locator(".numbers tbody tr:nth-child(2)", { hasText: /13\.[12]\d* ± / }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Peak 2: center 13.20" }).waitFor();
    expect(said).toEqual([]);
  });

  it("shows certified digits, of a set that is chosen", async () => {
    const { page, said } = await visit("#developers?developers=tab%3Dnist", ".fitted .good", {
      reducedMotion: "reduce",
    });
    await page.getByRole("button", { name: /^Misra1b from start 2:/ }).click();
    await page.getByRole("heading", { name: "Misra1b" }).waitFor();
    await page.locator(".fitted .good", { hasText: /(9|10|11) of 11 digits/ }).waitFor();
    await page.getByRole("button", { name: /^Misra1b from start 2: (9|10|11) digits/ }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Eckerle4" }).waitFor();
    expect(said).toEqual([]);
  });

  it("can be read and reached by everybody, and fits a phone", async () => {
    const [following, certified] = ["tab%3Dfit", "tab%3Dnist"] as const;
    await expectOpenToAll([
      [`#developers?developers=${following}`, ".says.there"],
      [`#developers?developers=${certified}`, ".fitted .good"],
    ]);
    await expectToFitAPhone(`#developers?developers=${following}`, ".says.there");
    await expectToFitAPhone(`#developers?developers=${certified}&lang=zh`, ".fitted .good");
  });
});
