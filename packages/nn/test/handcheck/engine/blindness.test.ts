// The account of what data cannot reveal, over the three networks on which the typical mistakes are counted.
import { describe, expect, it } from "vitest";
import { blindness } from "../../../src/handcheck/judge/blindness.ts";
import { settle, type Problem } from "../../../src/handcheck/claims/setting.ts";
import { problemOf } from "./support.ts";

const sizes = [4, 4, 4, 4, 3];
const sigmoids = ["sigmoid", "sigmoid", "sigmoid", "sigmoid"] as const;
const quadratic = problemOf(sizes, sigmoids, "quadratic", 7);
const crossEntropy = problemOf(sizes, sigmoids, "crossEntropy", 7);
const softmax = problemOf(sizes, ["sigmoid", "sigmoid", "sigmoid", "softmax"], "categoricalCrossEntropy", 7);
const full = { epsilon: Number.EPSILON, usual: { by: "nothing" } } as const;

/** The mistakes that belong to one of the three networks: all but A3 and A11 to A14 to the first. */
function count(change: (problem: Problem) => Problem): { readonly missed: string[]; readonly equations: string[] } {
  const [missed, equations]: [string[], string[]] = [[], []];
  const all = [
    [quadratic, (id: string) => !/^A(3|11|12|13|14)$/.test(id)],
    [crossEntropy, (id: string) => id === "A3"],
    [softmax, (id: string) => /^A1[1-4]$/.test(id)],
  ] as const;
  for (const [problem, belongs] of all) {
    const found = blindness(settle(change(problem), { lambda: 0.7 }), full);
    const own = found.missed.filter(({ id }) => belongs(id));
    missed.push(...own.map(({ id }) => id));
    equations.push(...own.map(({ equation }) => equation));
  }
  return { missed, equations };
}

const zero = (rows: readonly (readonly number[])[]): number[][] => rows.map((row) => row.map(() => 0));

describe("what the data could not have revealed", () => {
  it("is nothing for generic numbers", () => {
    expect(count((p) => p).missed).toEqual([]);
  });

  it("is 11 of the 54 for one sample", () => {
    const { missed } = count((p) => ({ ...p, x: p.x.slice(0, 1), t: p.t.slice(0, 1) }));
    expect(missed.sort()).toEqual(["A6", "A7", "B13", "C1", "C2", "C4", "D5", "D6", "D7", "D7", "E2"]);
  });

  it("is 39 of the 54 for zero weights and biases: all but the output's", () => {
    const { missed, equations } = count((p) => ({ ...p, W: p.W.map(zero), b: zero(p.b) }));
    expect(missed.length).toBe(39);
    expect(equations).not.toContain("BP1");
  });

  it("is the transpose for symmetric weights", () => {
    const symmetric = (rows: readonly (readonly number[])[]): number[][] =>
      rows.map((row, j) => row.map((w, k) => (rows.length === row.length ? (w + rows[k]![j]!) / 2 : w)));
    expect(count((p) => ({ ...p, W: p.W.map(symmetric) })).missed).toEqual(["B2"]);
  });
});
