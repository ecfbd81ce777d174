// Backprop as Nielsen, Ng, Haykin, CS231n and the document write it: layouts, signs and scales of the same numbers.
import { Random, type ActivationName, type CostName } from "../../src/index.ts";
import type { Convention, Hand } from "../../src/handcheck/report.ts";
import { byLayer, type Problem, type Rows, type State } from "./plain.ts";
import { draw } from "./problems.ts";

const flipped = (rows: Rows): Rows => rows[0]!.map((_, c) => rows.map((row) => row[c]!));
const scaled = (rows: Rows, by: number): Rows => rows.map((row) => row.map((one) => one * by));
const vector = (row: readonly number[], by: number): number[] => row.map((one) => one * by);
const each = <T, U>(list: readonly T[], change: (one: T, l: number) => U): Record<number, U> =>
  byLayer(list.map((one, l) => (l === 0 ? undefined : change(one, l)) as U));
const moved = (W: readonly Rows[], by: readonly Rows[], eta: number): Rows[] =>
  W.map((rows, l) => rows.map((row, j) => row.map((w, k) => w + eta * (by[l]?.[j]?.[k] ?? 0))));

export interface Style {
  readonly name: string;
  readonly hand: (s: State) => Hand;
  /** What must be said of the convention where the numbers show it. */
  readonly shows: Partial<Convention>;
}

export const styles: readonly Style[] = [
  {
    name: "Nielsen",
    // Column vectors, gradients summed over the batch, lists that start at 0 for the first layer of weights.
    hand: (s) => ({
      delta: from0(each(s.delta, (rows) => flipped(scaled(rows, s.N)))),
      gradW: from0(each(s.gradW, (rows) => scaled(rows, s.N))),
      gradB: from0(each(s.gradB as number[][], (row) => vector(row, s.N))),
    }),
    shows: { weights: "out×in", samples: "columns", layerBase: 0, deltaSign: 1, reduction: "sum", delta: "perSample" },
  },
  {
    name: "Ng",
    // dZ = A - Y for each sample in a column, dW = (1/m) dZ Aᵀ, db = (1/m) Σ dZ as a column.
    hand: (s) => ({
      delta: each(s.delta, (rows) => flipped(scaled(rows, s.N))),
      gradW: each(s.gradW, (rows) => scaled(rows, 1)),
      gradB: each(s.gradB as number[][], (row) => row.map((one) => [one])),
    }),
    shows: { weights: "out×in", samples: "columns", layerBase: 1, deltaSign: 1, reduction: "mean", delta: "perSample" },
  },
  {
    name: "Haykin",
    // δ = -∂E/∂u for each sample, and a step that adds: Δw = +η δ v.
    hand: (s) => ({
      delta: each(s.delta, (rows) => scaled(rows, -s.N)),
      next: {
        W: byLayer(
          moved(
            s.problem.W,
            s.gradW.map((rows) => scaled(rows, -s.N)),
            s.problem.eta,
          ),
        ),
        b: each(s.problem.b, (row, l) => row.map((b, j) => b - s.problem.eta * s.N * (s.gradB[l] as number[])[j]!)),
      },
      eta: s.problem.eta,
    }),
    shows: { deltaSign: -1, reduction: "sum", delta: "perSample" },
  },
  {
    name: "CS231n",
    // Samples in rows, W in × out, the mean already in δ, db as one row.
    hand: (s) => ({
      delta: each(s.delta, (rows) => rows),
      gradW: each(s.gradW, flipped),
      gradB: each(s.gradB as number[][], (row) => [row]),
    }),
    shows: { weights: "in×out", samples: "rows", layerBase: 1, deltaSign: 1, reduction: "mean", delta: "reduced" },
  },
  {
    name: "the document's first half",
    // w_ij from i to j, one case after the other: Δw_ij = -η v_i δ_j summed over the cases.
    hand: (s) => ({
      delta: each(s.delta, (rows) => scaled(rows, s.N)),
      gradW: each(s.gradW, (rows) => flipped(scaled(rows, s.N))),
      gradB: each(s.gradB as number[][], (row) => vector(row, s.N)),
    }),
    shows: { weights: "in×out", samples: "rows", layerBase: 1, deltaSign: 1, reduction: "sum", delta: "perSample" },
  },
];

function from0<T>(record: Record<number, T>): Record<number, T> {
  return Object.fromEntries(Object.entries(record).map(([l, value]) => [Number(l) - 1, value]));
}

const ends: readonly (readonly [ActivationName, CostName])[] = [
  ["sigmoid", "quadratic"],
  ["tanh", "quadratic"],
  ["linear", "quadratic"],
  ["relu", "quadratic"],
  ["softmax", "quadratic"],
  ["sigmoid", "crossEntropy"],
  ["softmax", "categoricalCrossEntropy"],
  ["linear", "softmaxCrossEntropy"],
];
const insides: readonly ActivationName[] = ["sigmoid", "tanh", "relu", "linear"];

/** A random network and batch: widths and samples 1 to 8, 1 to 4 layers, every activation and cost. */
export function anyProblem(index: number, lambda = 0): Problem {
  const random = new Random("conventions").split(index);
  const [output, cost] = ends[index % ends.length]!;
  const hidden = insides[Math.floor(index / ends.length) % insides.length]!;
  const sizes = Array.from({ length: 2 + random.integer(4) }, () => 1 + random.integer(8));
  return draw({ sizes, hidden, output, cost, N: 1 + random.integer(8), lambda, seed: index });
}
