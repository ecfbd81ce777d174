/** The functions of one number that formulas name, and their derivatives. */

import {
  activationsNamed,
  isFault,
  neuronOf,
  type ActivationName,
  type ElementwiseName,
} from "../../network/activation.ts";
import { softmax } from "../equations/activations.ts";
import type { Activation } from "../equations/network.ts";
import { neuron } from "../equations/neurons.ts";
import type { CallNode, FunctionName } from "./ast.ts";
import { grid, map, transpose, type Grid } from "./grid.ts";

/** Functions that are no activations. */
const others: Readonly<
  Record<
    Exclude<FunctionName, ActivationName | "activation" | "hardSigmoid">,
    readonly [value: (x: number) => number, slope: (x: number) => number]
  >
> = {
  exp: [Math.exp, Math.exp],
  log: [Math.log, (x) => 1 / x],
  sqrt: [Math.sqrt, (x) => 0.5 / Math.sqrt(x)],
  abs: [Math.abs, Math.sign],
  sign: [Math.sign, () => 0],
};

/** A function that softmax is not: each result depends on one number. */
type Pointwise = keyof typeof others | ElementwiseName;

const isOther = (name: string): name is keyof typeof others => Object.hasOwn(others, name);

/** A function and its derivative. */
export function pointwise(name: Pointwise): readonly [value: (x: number) => number, slope: (x: number) => number] {
  if (isOther(name)) return others[name];
  const { value, slope } = neuron(name);
  return [value, slope];
}

/** The derivative in terms of the output y; of an activation that has none, sigmoid's, as most code has it. */
function ofOutput(name: Pointwise | "softmax"): (y: number) => number {
  const own = name === "softmax" || isOther(name) ? undefined : neuronOf(name).ofOutput;
  return own ?? neuronOf("sigmoid").ofOutput!;
}

/** The function that a call means in a layer: its own σ, with the parameter that the layer has. */
export function meantBy(name: FunctionName, activation: Activation): Pointwise | "softmax" {
  if (name === "activation" || activation === name || activation.startsWith(`${name}(`)) return activation;
  // Of the hard sigmoids the one that is in use most.
  if (name === "hardSigmoid") {
    const meant = activationsNamed(name);
    return isFault(meant) ? activation : meant[0]!;
  }
  return name;
}

/** σ or σ′ of a matrix; softmax goes down the columns, or along the rows where the samples are rows. */
export function applied(
  { name, prime, form, axis }: Pick<CallNode, "name" | "prime" | "form" | "axis">,
  activation: Activation,
  x: Grid,
  hasRows: boolean,
): Grid {
  // Of one sample there is only one way to run.
  const samplesAreRows = axis === undefined || x.rows === 1 || x.cols === 1 ? hasRows : axis === 1;
  const actual = meantBy(name, activation);
  if (form === "output") return map(x, ofOutput(actual));
  if (actual !== "softmax") return map(x, pointwise(actual)[prime ? 1 : 0]);
  const rows = samplesAreRows ? x : transpose(x);
  const shares = Array.from({ length: rows.rows }, (_, i) =>
    softmax(rows.data.subarray(i * rows.cols, (i + 1) * rows.cols)),
  );
  // σ′ of a softmax, taken neuron by neuron, is the diagonal of its Jacobian.
  const result = grid(rows.rows, rows.cols, (i, j) => (prime ? shares[i]![j]! * (1 - shares[i]![j]!) : shares[i]![j]!));
  return samplesAreRows ? result : transpose(result);
}
