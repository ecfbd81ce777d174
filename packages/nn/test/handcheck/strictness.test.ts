// What scales or turns everything: read as a convention, in a sentence that says when it would be a mistake; and a
// mistake for whoever says so.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import type { Hand, Report } from "../../src/handcheck/report.ts";
import { bp1, backprop, byLayer, handOf, times, total, type Problem, type State } from "./plain.ts";
import { dataOf, draw, networkOf, RAGGED, recipe, SQUARE } from "./problems.ts";

const problems = [
  ["square", SQUARE],
  ["ragged", RAGGED],
].map(([name, sizes]) => [name as string, draw(recipe("quadratic", sizes as number[], "sigmoid"))] as const);
const check = (p: Problem, hand: Hand): Report => {
  count("checks", 1);
  return handcheck(networkOf(p), dataOf(p), hand);
};
const roots = ({ roots: all }: Report): string[] => all.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`);
/** The output error multiplied by c, and everything below computed from it; δ as each sample's own. */
function multiplied(p: Problem, c: number): Hand {
  const s = backprop(p, [{ equation: "BP1", layer: p.sizes.length - 1, wrong: (state) => times(bp1(state), () => c) }]);
  return perSample(s);
}
function perSample(s: State): Hand {
  const hand = handOf(s);
  return { ...hand, delta: byLayer(s.delta.map((rows, l) => (l === 0 ? [] : times(rows, () => s.N)))) };
}
const costOf = (p: Problem): number => {
  const s = backprop(p);
  return total(s.N, (n) => total(p.sizes[s.L]!, (j) => 0.5 * (s.v[s.L]![n]![j]! - p.t[n]![j]!) ** 2)) / s.N;
};

describe.each(problems)("a factor on everything, %s", (_, p) => {
  const last = p.sizes.length - 1;

  it("of 2 is the cost without its ½, or mistake A4, and the report says so", () => {
    const found = check(p, multiplied(p, 2));
    expect(found.verdict).toBe("correct");
    expect(found.convention.used.half).toBe(false);
    expect(found.convention.note.en).toMatch(
      /read as the cost without its ½.*; if your cost has its ½, it is mistake A4/,
    );
    expect(found.convention.note.zh).toMatch(/读作.*½.*A4/);
  });

  it("of 2 is decided by a cost that was handed in, and by a convention that was told", () => {
    expect(roots(check(p, { ...multiplied(p, 2), cost: costOf(p) }))).toEqual([`A4 BP1@${last}`]);
    expect(check(p, { ...multiplied(p, 2), cost: 2 * costOf(p) }).verdict).toBe("correct");
    expect(roots(check(p, { ...multiplied(p, 2), convention: { half: true } }))).toEqual([`A4 BP1@${last}`]);
    const told = check(p, { ...multiplied(p, 2), convention: { half: false } });
    expect(told.verdict).toBe("correct");
    expect(told.convention.note.en).not.toMatch(/mistake/);
  });

  it("of N is a sum for a mean, or mistake A6, and the report says so", () => {
    const found = check(p, multiplied(p, p.x.length));
    const told = check(p, {
      ...handOf(backprop(p, [{ equation: "BP1", layer: last, wrong: (s) => times(bp1(s), () => s.N) }])),
    });
    expect(roots(found)).toEqual([`A6 BP1@${last}`]);
    expect(told.verdict).toBe("correct");
    expect(told.convention.note.en).toMatch(
      /read as gradients of the sum.*; if your cost is the mean, it is mistake A6/,
    );
    expect(told.convention.note.zh).toMatch(/读作.*之和.*A6/);
  });

  it("of −1 on δ is Haykin's sign, or mistake A1, and the report says so", () => {
    const hand = perSample(backprop(p));
    const minus = Object.fromEntries(
      Object.entries(hand.delta!).map(([l, rows]) => [l, times(rows as number[][], () => -1)]),
    );
    const found = check(p, { ...hand, delta: minus });
    expect(found.verdict).toBe("correct");
    expect(found.convention.note.en).toMatch(/Haykin.*; if your δ is ∂C\/∂u, it is mistake A1/);
  });

  it("is a mistake in every case for whoever says that the convention is ours", () => {
    expect(roots(check(p, { ...multiplied(p, 2), convention: "ours" }))).toEqual([`A4 BP1@${last}`]);
    expect(roots(check(p, { ...multiplied(p, p.x.length), convention: "ours" }))).toEqual([`A6 BP1@${last}`]);
    expect(roots(check(p, { ...multiplied(p, 1 / p.x.length), convention: "ours" }))).toEqual([`A7 BP1@${last}`]);
    expect(roots(check(p, { ...multiplied(p, -1), convention: "ours" }))).toEqual([`A1 BP1@${last}`]);
    expect(check(p, { ...perSample(backprop(p)), convention: "ours" }).verdict).toBe("correct");
  });
});
