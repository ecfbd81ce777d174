/** The element-wise ops as functions of scalars: value and derivative are the declarations of `ops/`. */

import type { ElementwiseOp } from "../graph/op.ts";
import * as arithmetic from "../ops/arithmetic.ts";
import * as comparison from "../ops/comparison.ts";
import * as transcendental from "../ops/transcendental.ts";
import { apply, type Scalar } from "./scalar.ts";

interface Declared {
  readonly op: ElementwiseOp;
}

type Operand = Scalar | number;
type One = (x: Operand) => Scalar;
type Two = (a: Operand, b: Operand) => Scalar;

/* @__NO_SIDE_EFFECTS__ */
function one(f: Declared): One {
  return (x) => apply(f.op, [x]);
}

/* @__NO_SIDE_EFFECTS__ */
function two(f: Declared): Two {
  return (a, b) => apply(f.op, [a, b]);
}

/** a + b. */
export const add: Two = two(arithmetic.add);
/** a - b. */
export const sub: Two = two(arithmetic.sub);
/** a · b. */
export const mul: Two = two(arithmetic.mul);
/** a / b. */
export const div: Two = two(arithmetic.div);
/** a to the power b. */
export const pow: Two = two(arithmetic.pow);
/** -x. */
export const neg: One = one(arithmetic.neg);
/** |x|; the derivative at 0 is 0. */
export const abs: One = one(arithmetic.abs);
/** 1, -1 or 0. */
export const sign: One = one(arithmetic.sign);
/** The larger of a and b; equal ones share the gradient. */
export const maximum: Two = two(arithmetic.maximum);
/** The smaller of a and b; equal ones share the gradient. */
export const minimum: Two = two(arithmetic.minimum);

/** eˣ. */
export const exp: One = one(transcendental.exp);
/** The natural logarithm. */
export const log: One = one(transcendental.log);
/** √x. */
export const sqrt: One = one(transcendental.sqrt);
/** sin x, x in radians. */
export const sin: One = one(transcendental.sin);
/** cos x, x in radians. */
export const cos: One = one(transcendental.cos);
/** tan x, x in radians. */
export const tan: One = one(transcendental.tan);
/** The hyperbolic tangent. */
export const tanh: One = one(transcendental.tanh);
/** The logistic function 1 / (1 + e⁻ˣ). */
export const sigmoid: One = one(transcendental.sigmoid);
/** max(x, 0); the derivative at 0 is 0. */
export const relu: One = one(transcendental.relu);
/** ln(1 + eˣ). */
export const softplus: One = one(transcendental.softplus);
/** ln(1 / (1 + e⁻ˣ)). */
export const logSigmoid: One = one(transcendental.logSigmoid);
/** The error function. */
export const erf: One = one(transcendental.erf);

/** True if a > b, a condition. */
export const greater: Two = two(comparison.greater);
/** True if a ≥ b, a condition. */
export const greaterEqual: Two = two(comparison.greaterEqual);
/** True if a < b, a condition. */
export const less: Two = two(comparison.less);
/** True if a ≤ b, a condition. */
export const lessEqual: Two = two(comparison.lessEqual);
/** True if a = b, a condition. */
export const equal: Two = two(comparison.equal);
/** True if a ≠ b, a condition. */
export const notEqual: Two = two(comparison.notEqual);
/** True if both conditions hold. */
export const logicalAnd: Two = two(comparison.logicalAnd);
/** True if at least one condition holds. */
export const logicalOr: Two = two(comparison.logicalOr);
/** True if a condition does not hold. */
export const logicalNot: One = one(comparison.logicalNot);

/** `a` where the condition holds, else `b`; nothing of the branch not taken reaches the gradient. */
export function where(condition: Scalar | boolean, a: Operand, b: Operand): Scalar {
  return apply(comparison.where.op, [condition, a, b]);
}
