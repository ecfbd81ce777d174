// What data cannot reveal: counted here by planting all 54 mistakes, and told by the check before anybody trusts a
// pass.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import type { Blindness } from "../../src/handcheck/report.ts";
import { backprop, handOf, type Problem, type State } from "./plain.ts";
import { dataOf, draw, fiftyFour, networkOf, OWN, recipe, run, SQUARE } from "./problems.ts";

type Change = (problem: Problem) => Problem;

const oneSample: Change = (p) => ({ ...p, x: p.x.slice(0, 1), t: p.t.slice(0, 1) });
const zeroStart: Change = (p) => ({
  ...p,
  W: p.W.map((rows) => rows.map((row) => row.map(() => 0))),
  b: p.b.map((row) => row.map(() => 0)),
});
/** Every square W made equal to its transpose. */
const symmetric: Change = (p) => ({
  ...p,
  W: p.W.map((rows) =>
    rows.map((row, j) => row.map((w, k) => (rows.length === row.length ? (w + rows[k]![j]!) / 2 : w))),
  ),
});

/**
 * Whether two gradients look alike to somebody who compares with numbers repeated where shapes differ, as NumPy does.
 */
function alike(a: unknown, b: unknown, close: (x: number, y: number) => boolean): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    const [deepA, deepB] = [Array.isArray(a[0]), Array.isArray(b[0])];
    if (deepA && !deepB) return a.every((row) => alike(row, b, close));
    if (deepB && !deepA) return b.every((row) => alike(a, row, close));
    return a.length === b.length && a.every((one, i) => alike(one, b[i], close));
  }
  return close(a as number, b as number);
}

/** The mistakes that leave every gradient of weights and biases as it should be. */
function unseen(change: Change, closeness: (right: State) => (x: number, y: number) => boolean): string[] {
  return fiftyFour(change)
    .filter((planted) => {
      const [right, wrong] = [backprop(planted.problem), run(planted)];
      const close = closeness(right);
      const layers = right.gradW.map((_, l) => l).filter((l) => l > 0);
      return layers.every(
        (l) => alike(wrong.gradW[l], right.gradW[l], close) && alike(wrong.gradB[l], right.gradB[l], close),
      );
    })
    .map(({ label }) => label);
}

const exactly =
  () =>
  (x: number, y: number): boolean =>
    Math.abs(x - y) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y));

describe("comparing the gradients of weights and biases", () => {
  it.each([
    ["a generic batch", 0, (p: Problem) => p],
    ["one sample", 11, oneSample],
    ["zero weights and biases", 39, zeroStart],
    ["symmetric weights", 1, symmetric],
  ] as const)("on %s misses %d of the 54", (name, expected, change) => {
    const missed = unseen(change, exactly);
    count(
      "planted mistakes",
      54,
      `${name}: ${missed.length} of 54 mistakes leave every gradient as it should be (prototype: ${expected})`,
    );
    expect(missed.length, missed.join("\n")).toBe(expected);
  });

  it("within an absolute 0.01 misses mistakes on generic data too", () => {
    const missed = unseen(
      (p) => p,
      () => (x, y) => Math.abs(x - y) <= 0.01,
    );
    count(
      "planted mistakes",
      54,
      `absolute tolerance 0.01: ${missed.length} of 54 mistakes pass (prototype, other random numbers: 27)`,
    );
    expect(missed.length).toBeGreaterThanOrEqual(15);
  });
});

/** What the check itself says about data, with right numbers handed in. */
function told(change: Change, setting: Parameters<typeof recipe>[0] = "quadratic", sizes = SQUARE): Blindness {
  const problem = change(draw(recipe(setting, sizes, "sigmoid")));
  const found = handcheck(networkOf(problem), dataOf(problem), { ...handOf(backprop(problem)), convention: OWN });
  expect(found.verdict).toBe("correct");
  return found.blindness;
}

const ids = ({ missed }: Blindness): Set<string> => new Set(missed.map(({ id }) => id));

describe("the check's own account of what its data cannot reveal", () => {
  it("is empty, or nearly, for a generic batch", () => {
    const { tried, missed } = told((p) => p);
    count(
      "planted mistakes",
      tried,
      `the check's own account, generic batch: ${missed.length} of ${tried} mistakes tried`,
    );
    expect(tried).toBeGreaterThanOrEqual(40);
    expect(missed).toEqual([]);
  });

  it("names the mistakes of the batch for one sample, and asks for a second", () => {
    const blindness = told(oneSample);
    count(
      "planted mistakes",
      blindness.tried,
      `the check's own account, one sample: ${blindness.missed.length} of ${blindness.tried} mistakes tried`,
    );
    expect([...ids(blindness)]).toEqual(expect.arrayContaining(["A6", "A7", "B13", "C1", "C2", "D5", "D6", "D7"]));
    expect(ids(blindness).has("B1")).toBe(false);
    expect(blindness.advice.map(({ en }) => en).join(" ")).toMatch(/sample/);
  });

  it("names nearly all of BP2 for zero weights", () => {
    const blindness = told(zeroStart);
    count(
      "planted mistakes",
      blindness.tried,
      `the check's own account, zero weights: ${blindness.missed.length} of ${blindness.tried} mistakes tried`,
    );
    expect([...ids(blindness)]).toEqual(expect.arrayContaining(["B1", "B2", "B3", "B4", "B10", "B13", "B14"]));
    expect(ids(blindness).has("A2")).toBe(false);
    expect(blindness.advice.length).toBeGreaterThan(0);
  });

  it("names the transpose for symmetric weights", () => {
    const blindness = told(symmetric);
    count(
      "planted mistakes",
      blindness.tried,
      `the check's own account, symmetric weights: ${blindness.missed.length} of ${blindness.tried} mistakes tried`,
    );
    expect([...ids(blindness)]).toEqual(["B2"]);
  });

  // From 32 inputs on mistakes in ∂C/∂W¹ are looked for in the first eight columns, and in all of it where these show
  // nothing.
  it.each([
    ["generic inputs", (p: Problem): Problem => p],
    ["first inputs of 0", (p: Problem): Problem => ({ ...p, x: p.x.map((row) => row.map((x, k) => (k < 8 ? 0 : x))) })],
    ["inputs that are all 0", (p: Problem): Problem => ({ ...p, x: p.x.map((row) => row.map(() => 0)) })],
    ["one sample", oneSample],
  ])("is the same of many inputs as of few: %s", (_, change) => {
    const [many, few] = [
      [32, 4, 3],
      [31, 4, 3],
    ].map((sizes) => told(change, "quadratic", sizes));
    expect([many!.tried, [...ids(many!)]]).toEqual([few!.tried, [...ids(few!)]]);
  });
});
