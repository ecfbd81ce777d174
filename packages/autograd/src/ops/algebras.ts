/**
 * The algebras in which the sweeps read a local derivative: plain numbers of both float types, recorded tensors, and
 * lanes.
 */

import type { Algebra } from "../graph/algebra.ts";
import type { ElementwiseOp } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { readForms, type LaneOperand } from "../kernels/lanes/forms.ts";
import type { Lanes } from "../kernels/lanes/lanes.ts";
import { abs, add, div, mul, neg, pow, sign, sub } from "./arithmetic.ts";
import {
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
  where,
} from "./comparison.ts";
import { absorb, annul } from "./marks.ts";
import { cos, exp, gaussian, log, sigmoid, sin, sqrt, tan, tanh } from "./transcendental.ts";

const members = {
  add,
  sub,
  mul,
  div,
  pow,
  absorb,
  annul,
  neg,
  exp,
  log,
  sqrt,
  abs,
  sign,
  sin,
  cos,
  tan,
  tanh,
  sigmoid,
  gaussian,
  greater,
  greaterEqual,
  less,
  lessEqual,
  equal,
  notEqual,
  and: logicalAnd,
  or: logicalOr,
  not: logicalNot,
  where,
} as const;

const ops: readonly (readonly [string, ElementwiseOp])[] = Object.entries(members).map(([name, { op }]) => [name, op]);

type NumberFunctions = Record<string, (...inputs: number[]) => number>;

/**
 * The functions of the ops. An op may replace its own by a made one when it is first called; after that it is called
 * directly.
 */
function numeric(which: "value" | "narrow"): Algebra<number> {
  const functions: NumberFunctions = {};
  for (const [name, op] of ops) {
    functions[name] = (...inputs) => {
      const y = op[which](...(which === "value" ? inputs : inputs.map(Math.fround)));
      functions[name] = which === "value" ? op.value : roundingFirst(op.narrow, op.partials.length);
      return y;
    };
  }
  return functions as NumberFunctions & Algebra<number>;
}

/** A function of float32 whose operands may be constants of a formula, which are written in float64. */
function roundingFirst(f: (...inputs: number[]) => number, arity: number): (...inputs: number[]) => number {
  const { fround } = Math;
  switch (arity) {
    case 1:
      return (a) => f(fround(a!));
    case 2:
      return (a, b) => f(fround(a!), fround(b!));
    default:
      return (a, b, c) => f(fround(a!), fround(b!), fround(c!));
  }
}

/** Every operation is its op's value in float64. */
export const numbers: Algebra<number> = numeric("value");

/** Likewise in float32. */
export const narrowNumbers: Algebra<number> = numeric("narrow");

/** Every operation is the op itself, recorded where a derivative may be asked of it. */
export const tensors: Algebra<Tensor> = members;

/** Every operation is the formula of its op. */
export function laneAlgebra<V, M>(l: Lanes<V, M>): Algebra<LaneOperand<V, M>> {
  const operand = (x: LaneOperand<V, M> | number): LaneOperand<V, M> =>
    typeof x === "number" ? { value: l.constant(x) } : x;
  const read =
    (op: ElementwiseOp) =>
    (...inputs: (LaneOperand<V, M> | number)[]): LaneOperand<V, M> =>
      readForms(op.lanes, l, inputs.map(operand));
  return Object.fromEntries(ops.map(([name, op]) => [name, read(op)])) as unknown as Algebra<LaneOperand<V, M>>;
}
