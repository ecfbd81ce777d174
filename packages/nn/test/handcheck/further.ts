// Mistakes beyond the 54 typical ones, as the wrong formulas that somebody would write down.
import {
  back,
  bp1,
  bp2,
  bp3,
  bp4,
  decay,
  slopes,
  table,
  times,
  total,
  type Equation,
  type Problem,
  type Rows,
  type State,
} from "./plain.ts";
import type { Row } from "./mutants.ts";

const last = (p: Problem): number => p.sizes.length - 1;
const always = (): boolean => true;
const quadratic = (p: Problem): boolean => p.cost === "quadratic" && p.activations[last(p)] !== "softmax";
const softmaxCross = (p: Problem): boolean =>
  p.cost === "categoricalCrossEntropy" && p.activations[last(p)] === "softmax";
const sigmoidCross = (p: Problem): boolean => p.cost === "crossEntropy" && p.activations[last(p)] === "sigmoid";
const wide = (p: Problem, l: number): boolean => p.sizes[l]! > 1 && p.sizes[l - 1]! > 1;
const alike = (p: Problem, l: number): boolean => p.sizes[l] === p.sizes[l - 1];

/** (v − t′) / N with other targets t′. */
function towards(s: State, target: (t: number) => number): Rows {
  return table(s.N, s.problem.sizes[s.L]!, (n, j) => (s.v[s.L]![n]![j]! - target(s.problem.t[n]![j]!)) / s.N);
}
const outputsOf = (s: State): number => s.problem.sizes[s.L]!;

/** Softmax down the columns: over the samples. */
function sideways(s: State): Rows {
  const powers = s.u[s.L]!.map((row) => row.map(Math.exp));
  return table(
    s.N,
    outputsOf(s),
    (n, j) => (powers[n]![j]! / total(s.N, (m) => powers[m]![j]!) - s.problem.t[n]![j]!) / s.N,
  );
}

/** The entries in reading order, with as many columns as are asked for. */
function refilled(entries: readonly number[], rows: number, columns: number): Rows {
  return table(rows, columns, (r, c) => entries[r * columns + c]!);
}
const turned = (rows: Rows): Rows => rows[0]!.map((_, c) => rows.map((row) => row[c]!));

const outputs: readonly Row[] = [
  ["A5", "K", "quadratic", null, (p) => p.sizes[last(p)]! > 2, (s) => times(bp1(s), () => outputsOf(s))],
  ["A16", "softmax over the samples", "softmax", null, softmaxCross, sideways],
  [
    "A17",
    "the sign of the error",
    "quadratic",
    null,
    quadratic,
    (s) =>
      times(
        towards(s, (t) => t).map((row) => row.map((e) => Math.sign(e) / s.N)),
        slopes(s, s.L),
      ),
  ],
  [
    "A18",
    "labels smoothed by 0.1",
    "softmax",
    null,
    softmaxCross,
    (s) => towards(s, (t) => 0.9 * t + 0.1 / outputsOf(s)),
  ],
  [
    "A18",
    "0.1 and 0.9",
    "quadratic",
    null,
    quadratic,
    (s) =>
      times(
        towards(s, (t) => 0.1 + 0.8 * t),
        slopes(s, s.L),
      ),
  ],
  ["A18", "1 − t", "crossEntropy", null, sigmoidCross, (s) => towards(s, (t) => 1 - t)],
  ["A18", "labels smoothed by 0.07", "crossEntropy", null, sigmoidCross, (s) => towards(s, (t) => 0.93 * t + 0.035)],
  ["A18", "log₂", "crossEntropy", null, sigmoidCross, (s) => times(bp1(s), () => 1 / Math.LN2)],
  ["A18", "log₁₀", "softmax", null, softmaxCross, (s) => times(bp1(s), () => 1 / Math.LN10)],
];

const backward: readonly Row[] = [
  [
    "B12",
    "max(0, ∂C/∂v) ⊙ σ′",
    "quadratic",
    null,
    always,
    (s, l) =>
      times(
        back(s, l).map((row) => row.map((one) => Math.max(0, one))),
        slopes(s, l),
      ),
  ],
  [
    "B22",
    "W left out",
    "quadratic",
    null,
    (p, l) => l < last(p) && p.sizes[l] === p.sizes[l + 1],
    (s, l) => times(s.delta[l + 1]!, slopes(s, l)),
  ],
  ["B21", "twice", "quadratic", null, always, (s, l) => times(bp2(s, l), () => 2)],
  ["B21", "half", "quadratic", null, always, (s, l) => times(bp2(s, l), () => 0.5)],
  ["B21", "N", "quadratic", null, always, (s, l) => times(bp2(s, l), () => s.N)],
  ["B21", "K", "quadratic", null, always, (s, l) => times(bp2(s, l), () => outputsOf(s))],
];

const biases: readonly Row[] = [
  ["C7", "⊙ b", "quadratic", null, always, (s, l) => bp3(s, l).map((one, j) => one * s.problem.b[l]![j]!)],
  [
    "C7",
    "σ′ again",
    "quadratic",
    null,
    always,
    (s, l) => table(1, s.problem.sizes[l]!, (_, j) => total(s.N, (n) => s.delta[l]![n]![j]! * slopes(s, l)(n, j)))[0]!,
  ],
  [
    "C10",
    "Σ ∂C/∂W",
    "quadratic",
    null,
    (p, l) => p.sizes[l - 1]! > 1,
    (s, l) => bp4(s, l).map((row) => total(row.length, (k) => row[k]!)),
  ],
  ["C9", "sign", "quadratic", null, always, (s, l) => bp3(s, l).map((one) => -one)],
  ["C9", "K", "quadratic", null, always, (s, l) => bp3(s, l).map((one) => one * outputsOf(s))],
];

const weights: readonly Row[] = [
  ["B16", "δ ⊙ v", "quadratic", null, alike, (s, l) => times(s.delta[l]!, (n, j) => s.v[l - 1]![n]![j]!)],
  [
    "B16",
    "Σₙ δ ⊙ v",
    "quadratic",
    null,
    alike,
    (s, l) => table(1, s.problem.sizes[l]!, (_, j) => total(s.N, (n) => s.delta[l]![n]![j]! * s.v[l - 1]![n]![j]!)),
  ],
  ["D8", "half", "quadratic", null, always, (s, l) => times(bp4(s, l), () => 0.5)],
  ["D8", "K", "quadratic", null, always, (s, l) => times(bp4(s, l), () => outputsOf(s))],
  [
    "D11",
    "read by columns",
    "quadratic",
    null,
    wide,
    (s, l) => {
      const g = bp4(s, l);
      return refilled(turned(g).flat(), g.length, g[0]!.length);
    },
  ],
  [
    "D11",
    "filled by columns",
    "quadratic",
    null,
    wide,
    (s, l) => {
      const g = bp4(s, l);
      return turned(refilled(g.flat(), g[0]!.length, g.length));
    },
  ],
];

const decays: readonly Row[] = [
  [
    "E4",
    "(λ/n) sign w",
    "decay",
    null,
    always,
    (s, l) =>
      s.gradW[l]!.map((row, j) =>
        row.map((one, k) => one + (s.problem.lambda / s.N) * Math.sign(s.problem.W[l]![j]![k]!)),
      ),
  ],
  ["E2", "λ/n²", "decay", null, always, (s, l) => decay(s, l, 1 / s.N)],
];

/** The second list, by equation. */
export const further: readonly (readonly [Equation, readonly Row[]])[] = [
  ["BP1", outputs],
  ["BP2", backward],
  ["BP3", biases],
  ["BP4", weights],
  ["REG", decays],
];
