// Which wrong formulas digits must rule out before an equation is right: one slip, typical, and not one that its record
// excepts.
import { describe, expect, it } from "vitest";
import { catalogue, mistakeOf } from "../../../src/handcheck/catalogue/catalogue.ts";
import { wrongFormulas } from "../../../src/handcheck/catalogue/grammar.ts";
import { sceneAt, type Candidate } from "../../../src/handcheck/catalogue/mistake.ts";
import { trueDeltas } from "../../../src/handcheck/claims/local.ts";
import { settle } from "../../../src/handcheck/claims/setting.ts";
import { problemOf } from "./support.ts";

const settings = [
  settle(problemOf([4, 4, 4, 4], ["relu", "tanh", "softmax"], "categoricalCrossEntropy", 5), { lambda: 0.1, eta: 0.5 }),
  settle(problemOf([4, 4, 4, 4], ["sigmoid", "silu", "relu"], "quadratic", 5), { lambda: 0.1, eta: 0.5 }),
];
const all: readonly Candidate[] = settings.flatMap((setting) => {
  const deltas = trueDeltas(setting);
  return [1, 2, 3].flatMap((l) =>
    ([l === 3 ? "BP1" : "BP2", "BP3", "BP4"] as const).flatMap((rule) =>
      wrongFormulas(rule, sceneAt(setting, l, deltas)),
    ),
  );
});

describe("a wrong formula", () => {
  it("is asked about if it is one typical slip", () => {
    const slips = all.filter(({ edits }) => edits === 1);
    const expected = catalogue
      .filter(
        ({ id, typical, unasked }) => typical !== undefined && unasked !== true && slips.some((one) => one.id === id),
      )
      .map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(35);
    expect(new Set(slips.filter(({ asked }) => asked).map(({ id }) => id))).toEqual(new Set(expected));
    expect(all.filter(({ asked, edits }) => asked && edits > 1)).toEqual([]);
  });

  it("is not where digits do not show it, and where nobody writes it", () => {
    const excepted = all
      .filter(({ id, edits, asked }) => edits === 1 && !asked && mistakeOf(id).typical !== undefined)
      .map(({ id, key }) => `${id} ${key}`);
    const reasons = [
      /^B7 eta/u,
      /^(?:A10|B11) .*\|(?:leakyRelu|gelu)'\(u\)/u,
      /^(?:B6|D4) .*d\/s/u,
      /^A14 .*1\[u > 0\]/u,
      // One from the midst of five samples, of four units.
      /^(?:C2|D5) sample [123]/u,
      /^B8 only [12]\|/u,
      // A formula in v, where σ' is none, or is another one.
      /^(?:A9|A14) .*(?:u\(1 − u\)|1 − \(u\)²)/u,
      /^B9 .*v/u,
    ];
    expect(excepted.filter((one) => !reasons.some((reason) => reason.test(one)))).toEqual([]);
    expect(reasons.filter((reason) => !excepted.some((one) => reason.test(one)))).toEqual([]);
  });

  it("is where σ' is a formula in v, of which it is a part", () => {
    const asked = new Set(all.filter((one) => one.asked).map(({ id, key }) => `${id} ${key}`));
    for (const one of [
      "B9 W'd|v|1",
      "B9 W'd|(1 − v)|1",
      "A9 W'd|u(1 − u)|1",
      "A9 W'd|(1 − (u)²)|1",
      "C2 sample last ",
      "C2 sample 0 /N",
      "B8 last|σ'(u)|1",
      "B8 only 0|σ'(u)|1",
    ])
      expect(asked).toContain(one);
  });
});
