/** Algebra that changes no bit: what a map of values is worth before it is made. */

import type { ElementwiseOp } from "../../graph/op.ts";
import { absorb, absorbBoth, div, mul, neg, pow, sub } from "../../ops/arithmetic.ts";
import { where } from "../../ops/comparison.ts";
import type { Shape } from "../../types/shape.ts";
import type { Builder } from "./builder.ts";
import type { Value } from "./value.ts";

/** Whether all numbers are known to be finite, and not 0 where that matters. */
function isKnownFinite({ definition }: Value, nonzero: boolean): boolean {
  const fits = (x: number): boolean => Number.isFinite(x) && !(nonzero && x === 0);
  if (definition.kind === "scalar") return fits(definition.number);
  return definition.kind === "constant" && definition.elements.every(fits);
}

/**
 * A simpler value with the same bits, NaN and signed zeros included; `null` where there is none.
 *
 * @param numbers - for each input its number, where it is a constant
 */
export function simplify(builder: Builder, op: ElementwiseOp, inputs: readonly Value[], numbers: readonly (number | null)[], shape: Shape): Value | null {
  const [a, b, c] = inputs;
  const [x, y] = numbers;
  const as = (value: Value): Value => builder.inShape(value, shape);
  switch (op) {
    case mul.op:
      // 1 · a = a
      if (x === 1) return as(b!);
      return y === 1 ? as(a!) : null;
    case div.op:
      // a / 1 = a
      return y === 1 ? as(a!) : null;
    case sub.op:
      // a - 0 = a, also for a = -0
      return Object.is(y, 0) ? as(a!) : null;
    case neg.op:
      return a!.definition.kind === "map" && a!.definition.op === neg.op ? a!.definition.inputs[0]! : null;
    case absorb.op:
      // A finite factor multiplies by 0 as IEEE 754 says, and one other than 0 multiplies by anything so.
      return isKnownFinite(b!, false) || isKnownFinite(a!, true) ? builder.map(mul.op, a!, b!) : null;
    case absorbBoth.op:
      if (isKnownFinite(a!, true) || isKnownFinite(b!, true)) return builder.map(mul.op, a!, b!);
      // Only the zeros of a finite factor can meet what is not finite.
      if (isKnownFinite(a!, false)) return builder.map(absorb.op, a!, b!);
      return isKnownFinite(b!, false) ? builder.map(absorb.op, b!, a!) : null;
    case pow.op:
      if (y === 1) return as(a!);
      if (y === 2) return builder.map(mul.op, a!, a!);
      if (y === 0) return builder.inShape(builder.scalar(1, a!.dtype), shape);
      return null;
    case where.op:
      if (x !== null && x !== undefined) return as(x !== 0 ? b! : c!);
      return b === c ? as(b!) : null;
    default:
      return null;
  }
}
