/**
 * The same with one factor forgotten, the most common slip of all: `npx pnpm@10 --silent chainrule check
 * examples/handcheck/forgotten.ts`.
 */

import type { Backward } from "@chainrule/nn/handcheck";

/** What was differentiated. Numbers for the weights and the data are drawn by the check. */
export const network = { sizes: [3, 4, 2], activations: "sigmoid", cost: "quadratic" } as const;

const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));

/** W is out × in, one sample stands in each row of x and t. */
export const backward: Backward = ({ W1, b1, W2, b2 }, x, t) => {
  const layer = (W: number[][], b: number[], v: number[][]) =>
    v.map((row) => W.map((weights, j) => sigmoid(weights.reduce((sum, w, k) => sum + w * row[k]!, b[j]!))));
  const v1 = layer(W1!, b1!, x);
  const v2 = layer(W2!, b2!, v1);

  // BP1: δ² = (v² − t) ⊙ σ'(u²), where σ'(u) = v (1 − v)
  const delta2 = v2.map((row, n) => row.map((v, j) => (v - t[n]![j]!) * v * (1 - v)));
  // BP2, without its ⊙ σ'(u¹)
  const delta1 = v1.map((row, n) => row.map((_, k) => delta2[n]!.reduce((sum, d, j) => sum + W2![j]![k]! * d, 0)));

  // BP3 and BP4, as means over the samples
  const mean = (delta: number[][], entry: (n: number, j: number) => number) =>
    delta[0]!.map((_, j) => delta.reduce((sum, __, n) => sum + entry(n, j), 0) / delta.length);
  const outer = (delta: number[][], v: number[][]) =>
    delta[0]!.map((_, j) =>
      v[0]!.map((__, k) => delta.reduce((sum, row, n) => sum + row[j]! * v[n]![k]!, 0) / delta.length),
    );
  return {
    delta: { 1: delta1, 2: delta2 },
    gradB: { 1: mean(delta1, (n, j) => delta1[n]![j]!), 2: mean(delta2, (n, j) => delta2[n]![j]!) },
    gradW: { 1: outer(delta1, x), 2: outer(delta2, v1) },
  };
};
