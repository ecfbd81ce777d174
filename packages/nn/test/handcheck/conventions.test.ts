// Right backprop in other people's layouts, signs and scales is right: no convention raises a false alarm.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { Random, type ActivationName, type CostName } from "../../src/index.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import { exitCode, type Convention, type Hand, type Report } from "../../src/handcheck/report.ts";
import { backprop, byLayer, type Problem, type Rows, type State } from "./plain.ts";
import { dataOf, draw, networkOf } from "./problems.ts";

const NETWORKS = 2000;

const flipped = (rows: Rows): Rows => rows[0]!.map((_, c) => rows.map((row) => row[c]!));
const scaled = (rows: Rows, by: number): Rows => rows.map((row) => row.map((one) => one * by));
const vector = (row: readonly number[], by: number): number[] => row.map((one) => one * by);
const each = <T, U>(list: readonly T[], change: (one: T, l: number) => U): Record<number, U> =>
  byLayer(list.map((one, l) => (l === 0 ? undefined : change(one, l)) as U));
const moved = (W: readonly Rows[], by: readonly Rows[], eta: number): Rows[] =>
  W.map((rows, l) => rows.map((row, j) => row.map((w, k) => w + eta * (by[l]?.[j]?.[k] ?? 0))));

interface Style {
  readonly name: string;
  readonly hand: (s: State) => Hand;
  /** What must be said of the convention where the numbers show it. */
  readonly shows: Partial<Convention>;
}

const styles: readonly Style[] = [
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
        W: byLayer(moved(s.problem.W, s.gradW.map((rows) => scaled(rows, -s.N)), s.problem.eta)),
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
  ["sigmoid", "quadratic"], ["tanh", "quadratic"], ["linear", "quadratic"], ["relu", "quadratic"], ["softmax", "quadratic"],
  ["sigmoid", "crossEntropy"], ["softmax", "categoricalCrossEntropy"], ["linear", "softmaxCrossEntropy"],
];
const insides: readonly ActivationName[] = ["sigmoid", "tanh", "relu", "linear"];

function anyProblem(index: number): Problem {
  const random = new Random("conventions").split(index);
  const [output, cost] = ends[index % ends.length]!;
  const hidden = insides[Math.floor(index / ends.length) % insides.length]!;
  const sizes = Array.from({ length: 2 + random.integer(4) }, () => 1 + random.integer(8));
  return draw({ sizes, hidden, output, cost, N: 1 + random.integer(8), seed: index });
}

/** Whether these numbers could not mean anything else: no dimension equal to another, several samples, something to see. */
function decidable({ sizes, x, activations }: Problem): boolean {
  const all = [...sizes, x.length];
  return new Set(all).size === all.length && Math.min(...all) > 1 && !activations.includes("relu");
}

function disagreement(found: Report, shows: Partial<Convention>): string[] {
  return (Object.keys(shows) as (keyof Convention)[]).filter((key) => found.convention.used[key] !== shows[key]);
}

describe(`${NETWORKS.toLocaleString("en-US")} random right networks`, () => {
  const tally = new Map(styles.map(({ name }) => [name, { alarms: [] as string[], decidable: 0, misread: [] as string[] }]));

  it("pass in each of five conventions, which nobody told", () => {
    for (let index = 0; index < NETWORKS; index++) {
      const problem = anyProblem(index);
      const net = networkOf(problem);
      const right = backprop(problem);
      const title = `${index}: ${problem.sizes.join("-")} ${problem.activations.slice(1).join(",")} ${problem.cost}, ${right.N} samples`;
      for (const { name, hand, shows } of styles) {
        const seen = tally.get(name)!;
        const found = handcheck(net, dataOf(problem), hand(right));
        if (found.verdict !== "correct" || exitCode(found.verdict) !== 0 || found.roots.length > 0) {
          seen.alarms.push(`${name} ${title}: ${found.verdict} ${found.roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`).join(", ")}`);
        } else if (decidable(problem)) {
          seen.decidable += 1;
          const off = disagreement(found, shows);
          if (off.length > 0) seen.misread.push(`${name} ${title}: ${off.join(", ")}`);
        }
      }
    }
    for (const [name, { alarms, decidable: sure, misread }] of tally) {
      count("conventions", NETWORKS, `right backprop as ${name} writes it: ${alarms.length} false alarms on ${NETWORKS} networks, convention read rightly on ${sure - misread.length} of ${sure} that show it`);
    }
    expect([...tally.values()].flatMap(({ alarms }) => alarms)).toEqual([]);
    expect([...tally.values()].flatMap(({ misread }) => misread)).toEqual([]);
  });
});
