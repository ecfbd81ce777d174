/** The two-layer network of the course's first assignment, 4-10-3 with five samples, drawn as its notebook draws it. */

import type { Matrix } from "../../handcheck/equations/network.ts";
import type { PlainParameters } from "../../handcheck/judge/probe.ts";
import type { Hand } from "../../handcheck/report.ts";
import { NumpyRandomState } from "../../random-legacy.ts";
import type { Example } from "./example.ts";

const drawn = (random: NumpyRandomState, rows: number, columns: number, scale: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => scale * random.randn()));

const transposed = (matrix: Matrix): number[][] =>
  Array.from(matrix[0]!, (_, k) => Array.from(matrix, (row) => row[k]!));

/** scores, softmax, dscores / N, hidden, as the notebook's usual solution; its W is in × out. */
function backward(p: PlainParameters, x: number[][], t: number[][]): Hand {
  const [W1, W2] = [transposed(p.W1!), transposed(p.W2!)];
  const dot = (rows: number[][], matrix: number[][]): number[][] =>
    rows.map((row) => matrix[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * matrix[k]![j]!, 0)));
  const pre = dot(x, W1).map((row) => row.map((value, j) => value + p.b1![j]!));
  const hidden = pre.map((row) => row.map((value) => Math.max(0, value)));
  const scores = dot(hidden, W2).map((row) => row.map((value, j) => value + p.b2![j]!));
  const probs = scores.map((row) => {
    const powers = row.map((score) => Math.exp(score - Math.max(...row)));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
  const dscores = probs.map((row, n) => row.map((p, j) => (p - t[n]![j]!) / x.length));
  const dhidden = dot(dscores, transposed(W2)).map((row, n) => row.map((value, j) => (pre[n]![j]! > 0 ? value : 0)));
  const sum = (rows: number[][]): number[] => rows[0]!.map((_, j) => rows.reduce((total, row) => total + row[j]!, 0));
  return {
    delta: { 1: dhidden, 2: dscores },
    gradW: { 1: dot(transposed(x), dhidden), 2: dot(transposed(hidden), dscores) },
    gradB: { 1: sum(dhidden), 2: sum(dscores) },
  };
}

/** `np.random.seed(0)` draws the weights, `np.random.seed(1)` the inputs; the classes are 0, 1, 2, 2, 1. */
export function cs231n(): Example {
  const weights = new NumpyRandomState(0);
  const [W1, W2] = [drawn(weights, 4, 10, 0.1), drawn(weights, 10, 3, 0.1)];
  const zeros = (length: number): number[] => new Array<number>(length).fill(0);
  return {
    network: {
      sizes: [4, 10, 3],
      activations: ["relu", "linear"],
      cost: "softmaxCrossEntropy",
      parameters: { W1: transposed(W1), b1: zeros(10), W2: transposed(W2), b2: zeros(3) },
    },
    data: {
      x: drawn(new NumpyRandomState(1), 5, 4, 10),
      t: [0, 1, 2, 2, 1].map((c) => [0, 1, 2].map((k) => (k === c ? 1 : 0))),
    },
    given: { kind: "backward", backward },
  };
}
