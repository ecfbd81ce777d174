// Which wrong formulas digits must rule out before an equation is right: one slip, typical, and not one that its record excepts.
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
  return [1, 2, 3].flatMap((l) => ([l === 3 ? "BP1" : "BP2", "BP3", "BP4"] as const).flatMap((rule) => wrongFormulas(rule, sceneAt(setting, l, deltas))));
});

describe("a wrong formula", () => {
  it("is asked about if it is one typical slip", () => {
    const slips = all.filter(({ edits }) => edits === 1);
    const expected = catalogue.filter(({ id, typical, unasked }) => typical !== undefined && unasked !== true && slips.some((one) => one.id === id)).map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(35);
    expect(new Set(slips.filter(({ asked }) => asked).map(({ id }) => id))).toEqual(new Set(expected));
    expect(all.filter(({ asked, edits }) => asked && edits > 1)).toEqual([]);
  });

  it("is not where digits do not show it, and where nobody writes it", () => {
    const excepted = all.filter(({ id, edits, asked }) => edits === 1 && !asked && mistakeOf(id).typical !== undefined).map(({ id, key }) => `${id} ${key}`);
    expect(new Set(excepted)).toEqual(new Set([
      "B7 eta", "B7 eta N", "B7 eta/N", "A14 v-t|1[u > 0]|1", "A10 v-t|leakyRelu'(u)|1", "B11 W'd|leakyRelu'(u)|1", "B11 W'd|gelu'(u)|1", "B6 W'(d/s)|σ'(u)|1", "D4 d/s|1",
    ]));
  });
});
