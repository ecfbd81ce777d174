/**
 * Functions that show what a compiler does beyond ops one by one: products, straight code, equal parts, states,
 * threads.
 */

import {
  add,
  at,
  cast,
  concat,
  div,
  exp,
  gather,
  grad,
  greater,
  logSoftmax,
  matmul,
  max,
  maximum,
  mean,
  mul,
  relu,
  scatterAdd,
  sigmoid,
  slice,
  softmax,
  sqrt,
  stack,
  sub,
  sum,
  tanh,
  transpose,
  valueAndGrad,
  variable,
  where,
  hessian,
  type Tensor,
} from "../../src/index.ts";
import { filled } from "./operands.ts";

/** A function, arguments for it, and how many threads its program is made for. */
export interface ReplayProgram {
  readonly f: (...args: Tensor[]) => unknown;
  readonly args: readonly Tensor[];
  readonly threads?: number;
}

type Loss = (...args: Tensor[]) => Tensor<[]>;

const withGradient = (loss: Loss, count: number): ReplayProgram["f"] => {
  const argnums = Array.from({ length: count }, (_, k) => k);
  return (...args) => valueAndGrad(loss, { argnums })(...args);
};

/** Two layers and the cross-entropy of a batch. */
const network: Loss = (w1, b1, w2, b2, x, y) => {
  const hidden = relu(add(matmul(x!, w1!), b1!));
  return mul(mean(sum(mul(y!, logSoftmax(add(matmul(hidden, w2!), b2!), -1)), -1)), -1) as Tensor<[]>;
};

const networkArgs = (
  batch: number,
  sizes: readonly [number, number, number],
  dtype: "float64" | "float32",
): Tensor[] => {
  const [a, b, c] = sizes;
  return [[a, b], [b], [b, c], [c], [batch, a], [batch, c]].map((shape, k) => filled(shape, dtype, k));
};

const attention: Loss = (q, k, v) =>
  sum(matmul(softmax(div(matmul(q!, transpose(k!, [0, 2, 1])), 3), -1), v!)) as Tensor<[]>;

/** Springs and repulsion between points of the plane, all numbers by themselves. */
const energy = (points: number): Loss => {
  return (p) => {
    const numbers = Array.from({ length: 2 * points }, (_, k) => at(p!, k) as Tensor);
    let total: Tensor = mul(numbers[0]!, 0);
    for (let i = 0; i < points; i++)
      for (let j = i + 1; j < points; j++) {
        const [dx, dy] = [sub(numbers[2 * i]!, numbers[2 * j]!), sub(numbers[2 * i + 1]!, numbers[2 * j + 1]!)];
        const square = add(mul(dx, dx), mul(dy, dy));
        total = add(total, j === i + 1 ? sub(sqrt(add(square, 0.01)), 1) : div(1, add(square, 0.1)));
      }
    return total as Tensor<[]>;
  };
};

/** Windows of a signal, each through the same formula. */
const windows: Loss = (x, w) => {
  const parts = Array.from({ length: 9 }, (_, k) => {
    const one = slice(x!, { 0: [3 * k, 3 * k + 4] });
    return tanh(add(matmul(w!, one), k / 3));
  });
  return sum(mul(concat(parts, 0), 2)) as Tensor<[]>;
};

const momentum = variable(filled([6, 5]));
const weights = variable(filled([6, 5], "float64", 2));
const step = (x: Tensor): Tensor => {
  const loss = (w: Tensor): Tensor<[]> => mean(mul(sub(matmul(x, w), 1), sub(matmul(x, w), 1))) as Tensor<[]>;
  const gradient = grad(loss)(weights.read() as Tensor) as Tensor;
  momentum.assign(add(mul(momentum.read(), 0.9), gradient));
  weights.assign(sub(weights.read(), mul(momentum.read(), 0.1)));
  return loss(weights.read() as Tensor);
};

const rows = (x: Tensor): Tensor => {
  const centered = sub(x, mean(x, -1, { keepDims: true }));
  return div(centered, sqrt(add(mean(mul(centered, centered), -1, { keepDims: true }), 1e-5)));
};

const columns = (x: Tensor): Tensor[] => [sum(x, 0), max(x, 0), mean(mul(x, x), 1)];

const picks: Loss = (x, y) => {
  const places = cast(where(greater(y!, 0), 3, 1), "int32");
  const summed = scatterAdd(x!, places, mul(y!, 2));
  return add(sum(mul(summed, summed)), sum(mul(gather(x!, places), sigmoid(y!)))) as Tensor<[]>;
};

const many = (xs: Tensor): Tensor => {
  const parts = Array.from({ length: 12 }, (_, k) => at(xs, k) as Tensor);
  return stack(parts.map((x, k) => maximum(mul(exp(x), k - 3), k / 7))) as Tensor;
};

const product = (a: Tensor, b: Tensor): Tensor => matmul(a, b);

export const programs: Readonly<Record<string, ReplayProgram>> = {
  "network, float64": { f: withGradient(network, 4), args: networkArgs(32, [20, 16, 10], "float64") },
  "network, float32": { f: withGradient(network, 4), args: networkArgs(32, [20, 16, 10], "float32") },
  "network, 3 threads": { f: withGradient(network, 4), args: networkArgs(128, [128, 96, 10], "float64"), threads: 3 },
  "network, float32, 4 threads": {
    f: withGradient(network, 4),
    args: networkArgs(128, [128, 96, 10], "float32"),
    threads: 4,
  },
  attention: { f: withGradient(attention, 3), args: [0, 1, 2].map((k) => filled([3, 17, 9], "float64", k)) },
  "products, small": { f: product, args: [filled([3, 5]), filled([5, 2])] },
  "products, float32": { f: product, args: [filled([70, 65], "float32"), filled([65, 33], "float32")] },
  "products, deep": { f: product, args: [filled([5, 600]), filled([600, 7])] },
  "products, a vector": { f: product, args: [filled([130, 70]), filled([70])] },
  "products, a batch, 4 threads": { f: product, args: [filled([8, 64, 48]), filled([8, 48, 40])], threads: 4 },
  rows: { f: rows, args: [filled([40, 33])] },
  "rows, 4 threads": { f: rows, args: [filled([512, 256], "float32")], threads: 4 },
  columns: { f: columns as ReplayProgram["f"], args: [filled([70, 9])] },
  "columns, 4 threads": { f: columns as ReplayProgram["f"], args: [filled([700, 300])], threads: 4 },
  picks: { f: withGradient(picks, 2), args: [filled([5]), filled([40])] },
  "straight code": { f: withGradient(energy(14), 1), args: [filled([28])] },
  "straight code, float32": { f: withGradient(energy(9), 1), args: [filled([18], "float32")] },
  "equal parts": { f: withGradient(windows, 2), args: [filled([40]), filled([4, 4])] },
  "numbers of their own": { f: many, args: [filled([12])] },
  "second derivatives": { f: (x) => hessian((y: Tensor) => windows(y, filled([4, 4])))(x!), args: [filled([40])] },
  states: { f: step, args: [filled([7, 6])] },
  "elementwise, 4 threads": { f: (x) => mul(tanh(x!), sigmoid(x!)), args: [filled([300, 301])], threads: 4 },
};
