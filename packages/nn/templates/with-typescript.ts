/**
 * A backprop by hand, for `chainrule check backprop.ts`. Replace what stands in `backward` by yours; the names say what
 * is what.
 */

export const network = { sizes: [2, 3, 1], activations: ["tanh", "sigmoid"], cost: "crossEntropy" };

type Matrix = number[][];

const mean = (columns: Matrix): number[] => columns[0]!.map((_, j) => columns.reduce((sum, row) => sum + row[j]!, 0) / columns.length);

/** The mean over the samples of δ vᵀ. */
const outer = (delta: Matrix, v: Matrix): Matrix =>
  delta[0]!.map((_, j) => v[0]!.map((__, k) => delta.reduce((sum, row, n) => sum + row[j]! * v[n]![k]!, 0) / delta.length));

export function backward({ W1, b1, W2, b2 }: { W1: Matrix; b1: number[]; W2: Matrix; b2: number[] }, x: Matrix, t: Matrix) {
  const layer = (W: Matrix, b: number[], v: Matrix, f: (u: number) => number): Matrix =>
    v.map((row) => W.map((weights, j) => f(weights.reduce((sum, w, k) => sum + w * row[k]!, b[j]!))));
  const v1 = layer(W1, b1, x, Math.tanh);
  const v2 = layer(W2, b2, v1, (u) => 1 / (1 + Math.exp(-u)));
  const delta2 = v2.map((row, n) => row.map((v, j) => v - t[n]![j]!));
  const delta1 = v1.map((row, n) => row.map((v, k) => delta2[n]!.reduce((sum, d, j) => sum + W2[j]![k]! * d, 0) * (1 - v * v)));
  return { dW1: outer(delta1, x), db1: mean(delta1), dW2: outer(delta2, v1), db2: mean(delta2) };
}
