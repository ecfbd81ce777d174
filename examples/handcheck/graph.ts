/**
 * Gradients of named values, derived line by line: `npx pnpm@10 --silent chainrule check examples/handcheck/graph.ts`.
 */

import { logSoftmax, matmul, mul, sum, tanh, tensor, add, neg, type Tensor } from "@chainrule/autograd";
import type { Graph } from "@chainrule/nn/handcheck";

const x = [
  [0.5, -1.2, 0.3],
  [1.1, 0.4, -0.7],
  [-0.2, 0.9, 1.3],
  [0.8, -0.6, 0.1],
];
const t = [
  [1, 0],
  [0, 1],
  [0, 1],
  [1, 0],
];

export const inputs = {
  W1: [
    [0.2, -0.4],
    [0.7, 0.1],
    [-0.3, 0.5],
  ],
  b1: [0.1, -0.2],
  W2: [
    [0.6, -0.5],
    [0.3, 0.8],
  ],
};

/** Every value that has a name can have its gradient checked. */
export const graph: Graph = ({ W1, b1, W2 }, tap) => {
  const hpre = tap("hpre", add(matmul(tensor(x), W1!) as Tensor, b1!) as Tensor);
  const h = tap("h", tanh(hpre));
  const logits = tap("logits", matmul(h, W2!) as Tensor);
  return neg(sum(mul(mul(logSoftmax(logits), tensor(t)) as Tensor, 1 / x.length) as Tensor)) as Tensor;
};

const transposed = (a: number[][]) => a[0]!.map((_, j) => a.map((row) => row[j]!));
const product = (a: number[][], b: number[][]) =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((total, v, k) => total + v * b[k]![j]!, 0)));

/** The gradients by hand. */
export const hand = ({ W1, b1, W2 }: typeof inputs) => {
  const h = product(x, W1).map((row) => row.map((v, j) => Math.tanh(v + b1[j]!)));
  const p = product(h, W2).map((row) => row.map((v) => Math.exp(v) / row.reduce((total, u) => total + Math.exp(u), 0)));
  const dlogits = p.map((row, n) => row.map((v, k) => (v - t[n]![k]!) / x.length));
  const dh = product(dlogits, transposed(W2));
  // The square of tanh' = 1 − h² is forgotten here.
  const dhpre = dh.map((row, n) => row.map((v, j) => v * (1 - h[n]![j]!)));
  return {
    dlogits,
    dW2: product(transposed(h), dlogits),
    dh,
    dhpre,
    dW1: product(transposed(x), dhpre),
    db1: transposed(dhpre).map((column) => column.reduce((total, v) => total + v, 0)),
  };
};
