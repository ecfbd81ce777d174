/** The functions of one number that formulas name, and their derivatives. */

import { LEAK } from "../equations/activations.ts";
import { activateOne, sigmoid, slope, softmax, type Activation } from "../equations/index.ts";
import type { CallNode, FunctionName } from "./ast.ts";
import { grid, map, transpose, type Grid } from "./grid.ts";

/** A function that softmax is not: each result depends on one number. */
export type Pointwise = Exclude<FunctionName, "activation" | "softmax"> | Exclude<Activation, "softmax">;

const known = (name: Exclude<Activation, "softmax">): readonly [(x: number) => number, (x: number) => number] => [(x) => activateOne(name, x), (x) => slope(name, x)];

export const pointwise: Readonly<Record<Pointwise, readonly [value: (x: number) => number, slope: (x: number) => number]>> = {
  sigmoid: [sigmoid, (x) => slope("sigmoid", x)],
  tanh: [Math.tanh, (x) => slope("tanh", x)],
  relu: known("relu"), leakyRelu: known("leakyRelu"), elu: known("elu"), silu: known("silu"), softplus: known("softplus"),
  linear: [(x) => x, () => 1],
  exp: [Math.exp, Math.exp],
  log: [Math.log, (x) => 1 / x],
  sqrt: [Math.sqrt, (x) => 0.5 / Math.sqrt(x)],
  abs: [Math.abs, Math.sign],
  sign: [Math.sign, () => 0],
};

/** The derivatives written in terms of the output y. */
const ofOutput: Readonly<Partial<Record<Pointwise, (y: number) => number>>> = {
  sigmoid: (y) => y * (1 - y), tanh: (y) => 1 - y * y, relu: (y) => (y > 0 ? 1 : 0), linear: () => 1,
  leakyRelu: (y) => (y > 0 ? 1 : LEAK), elu: (y) => (y > 0 ? 1 : y + 1), softplus: (y) => -Math.expm1(-y),
};

/** σ or σ′ of a matrix; softmax goes down the columns, or along the rows where the samples are rows. */
export function applied({ name, prime, form, axis }: Pick<CallNode, "name" | "prime" | "form" | "axis">, activation: Activation, x: Grid, hasRows: boolean): Grid {
  // Of one sample there is only one way to run.
  const samplesAreRows = axis === undefined || x.rows === 1 || x.cols === 1 ? hasRows : axis === 1;
  const actual = name === "activation" ? activation : name;
  if (form === "output") return map(x, (actual === "softmax" ? undefined : ofOutput[actual]) ?? ofOutput.sigmoid!);
  if (actual !== "softmax") return map(x, pointwise[actual][prime ? 1 : 0]);
  const rows = samplesAreRows ? x : transpose(x);
  const shares = Array.from({ length: rows.rows }, (_, i) => softmax(rows.data.subarray(i * rows.cols, (i + 1) * rows.cols)));
  // σ′ of a softmax, taken neuron by neuron, is the diagonal of its Jacobian.
  const result = grid(rows.rows, rows.cols, (i, j) => (prime ? shares[i]![j]! * (1 - shares[i]![j]!) : shares[i]![j]!));
  return samplesAreRows ? result : transpose(result);
}
