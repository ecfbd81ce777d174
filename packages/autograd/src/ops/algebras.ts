/** The two algebras in which the sweeps read a local derivative: plain numbers, and recorded tensors. */

import type { Algebra } from "../graph/algebra.ts";
import type { Tensor } from "../graph/tensor.ts";
import { abs, absorb, add, div, mul, neg, pow, sign, sub } from "./arithmetic.ts";
import { equal, greater, greaterEqual, less, lessEqual, logicalAnd, logicalNot, logicalOr, notEqual, where } from "./comparison.ts";
import { cos, exp, gaussian, log, sigmoid, sin, sqrt, tan, tanh } from "./transcendental.ts";

const members = {
  add, sub, mul, div, pow, absorb, neg, exp, log, sqrt, abs, sign, sin, cos, tan, tanh, sigmoid, gaussian,
  greater, greaterEqual, less, lessEqual, equal, notEqual, and: logicalAnd, or: logicalOr, not: logicalNot, where,
} as const;

type Numeric = { [K in keyof Algebra<number>]: (...numbers: number[]) => number };

/** Every operation is the definition of its op. */
export const numbers: Algebra<number> = Object.fromEntries(
  Object.entries(members).map(([name, member]) => [name, member.op.value]),
) as Numeric;

/** Every operation is the op itself, recorded where a derivative may be asked of it. */
export const tensors: Algebra<Tensor> = members;
