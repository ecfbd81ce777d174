// At a corner every subgradient is right and the one chosen is printed; what is none is not; noise across a corner is
// not rounding.
import { abs, max, mul, relu, sum, tensor, type Tensor } from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import { checkOp, handcheckGraph, type Kernel } from "../../../src/handcheck/index.ts";
import type { Graph } from "../../../src/handcheck/ops/graph/flows.ts";

type M = number[][];

const T = (x: unknown): Tensor => x as Tensor;
const weights = [
  [1.5, -2, 0.7, 3],
  [-0.4, 2.5, 1.2, -1.1],
  [0.9, 1.3, -2.2, 0.6],
].map((row) => row.map((v) => (v === -2 ? v : v * 1.0123456789)));
const X = [
  [0.5, 0, -1.2, 2],
  [0, 1.1, -0.3, 0],
  [-2, 0.4, 0, 1],
];

/** y = f(x), C = Σ w y; x = 2 z. */
const over =
  (f: (x: Tensor) => unknown): Graph =>
  ({ z }, tap) => {
    const y = tap("y", T(f(tap("x", T(mul(z!, 2))))));
    return T(sum(T(mul(y, tensor(y.shape[1] === 1 ? weights.map((row) => [row[0]!]) : weights)))));
  };

const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
/** dx of ReLU with a slope at 0, and what follows from it. */
const gated = (slope: number, below = 0): { dy: M; dx: M; dz: M } => {
  const dx = each(X, (v, i, j) => weights[i]![j]! * (v > 0 ? 1 : v < 0 ? below : slope));
  return { dy: weights, dx, dz: each(dx, (v) => 2 * v) };
};

describe("a corner of ReLU or of |x| in a graph", () => {
  it.each([[0], [0.5], [1]])("accepts the slope %d at 0, and prints it", (slope) => {
    const report = handcheckGraph(over(relu), { z: X }, gated(slope));
    expect(report.roots).toEqual([]);
    expect([report.verdict, report.exitCode]).toEqual(["correct", 0]);
    const notes = report.notes.map(({ en }) => en).join(" ");
    expect(notes).toContain("[I5]");
    expect(notes).toContain(`at [0, 1] any value from -2 to 0 is right, yours is ${-2 * slope + 0}`);
    expect(report.toText()).toContain("∠ kink");
  });

  it("refuses what lies outside, and what is wrong elsewhere", () => {
    for (const slope of [-0.5, 1.5])
      expect(handcheckGraph(over(relu), { z: X }, gated(slope)).roots.map((root) => root.of.join())).toEqual(["dx"]);
    const off = gated(0);
    const wrong = { ...off, dx: each(off.dx, (v, i, j) => (i === 0 && j === 0 ? 1.01 * v : v)) };
    expect(handcheckGraph(over(relu), { z: X }, wrong).roots.map((root) => root.of.join())).toEqual(["dx"]);
    // Upstream of an accepted choice only what follows from it is right.
    const broken = { ...gated(1), dz: each(gated(1).dz, (v) => 1.1 * v) };
    expect(handcheckGraph(over(relu), { z: X }, broken).roots.map((root) => root.of.join())).toEqual(["dz"]);
  });

  it("of |x| has slopes from −1 to 1", () => {
    for (const slope of [-1, -0.3, 0, 1])
      expect(handcheckGraph(over(abs), { z: X }, gated(slope, -1)).verdict).toBe("correct");
    expect(handcheckGraph(over(abs), { z: X }, gated(1.2, -1)).roots.map((root) => root.of.join())).toEqual(["dx"]);
  });

  it("does not make a small mistake look like rounding", () => {
    const right = gated(0);
    const slightly = { ...right, dy: each(right.dy, (v, i, j) => (i === 2 && j === 3 ? v * (1 + 1e-6) : v)) };
    expect(handcheckGraph(over(relu), { z: X }, slightly).verdict).toBe("mistake");
  });
});

describe("a tie of a maximum in a graph", () => {
  const tied = [
    [1, 3, 3, 0],
    [2, -1, 0.5, 2],
    [0.1, 0.2, 0.3, 0.4],
  ];
  const largest = over((x) => max(x, 1, { keepDims: true }));
  const shares = (first: number, second: number): { dx: M } => ({
    dx: each(
      tied,
      (_, i, j) =>
        weights[i]![0]! *
        [
          [0, first, second, 0],
          [first, 0, 0, second],
          [0, 0, 0, 1],
        ][i]![j]!,
    ),
  });

  it("accepts any shares that sum to 1", () => {
    for (const [a, b] of [
      [1, 0],
      [0, 1],
      [0.5, 0.5],
      [0.2, 0.8],
    ] as const)
      expect([a, handcheckGraph(largest, { z: tied }, shares(a, b)).verdict]).toEqual([a, "correct"]);
  });

  it("refuses the whole for each, and nothing for both", () => {
    for (const [a, b] of [
      [1, 1],
      [0, 0],
      [1.5, -0.5],
    ] as const)
      expect([a, handcheckGraph(largest, { z: tied }, shares(a, b)).roots.length]).toEqual([a, 1]);
  });
});

describe("a kernel at its corner", () => {
  const kernel = (slope: number, below = 0): Kernel => ({
    name: "corner",
    forward: (x: M): M => each(x, (v) => (v > 0 ? v : below * v)),
    backward: (g: M, x: M) => each(g, (v, i, j) => (x[i]![j]! > 0 ? v : x[i]![j]! < 0 ? below * v : slope * v)),
  });

  it("prints which slope it takes", () => {
    expect(checkOp(kernel(0.5), { family: "relu" }).toText().replace(/\n\s*/g, " ")).toContain(
      "every slope from 0 to 1 is a subgradient; yours is 0.5 [I5]",
    );
    expect(checkOp(kernel(-1, -1), { family: "abs" }).toText().replace(/\n\s*/g, " ")).toContain(
      "every slope from −1 to 1 is a subgradient; yours is -1 [I5]",
    );
    expect(checkOp(kernel(2), { family: "relu" }).roots.map(({ id }) => id)).toEqual(["I5"]);
    expect(checkOp(kernel(-1.5, -1), { family: "abs" }).roots.map(({ id }) => id)).toEqual(["I5"]);
  });

  it("is accepted on numbers of one's own as well, beside a reference that chose otherwise", () => {
    const options = { inputs: [X], like: (x: Tensor) => relu(x) };
    for (const slope of [0, 0.5, 1]) {
      const report = checkOp(kernel(slope), options);
      expect([slope, report.verdict]).toEqual([slope, "correct"]);
      expect(report.lines[0]!.status).toBe("kink");
    }
    expect(checkOp(kernel(1.5), options).verdict).toBe("mistake");
  });
});
