/** Algebra that changes no bit: what a map of values is worth before it is made. */

import type { ElementwiseOp } from "../../graph/op.ts";
import { absorb, absorbBoth, div, mul, neg, pow, sub } from "../../ops/arithmetic.ts";
import { where } from "../../ops/comparison.ts";
import type { Builder } from "./builder.ts";
import type { Value } from "./value.ts";

/** Whether all numbers are known to be finite, and not 0 where that matters. */
function isKnownFinite({ definition }: Value, nonzero: boolean): boolean {
  const fits = (x: number): boolean => Number.isFinite(x) && !(nonzero && x === 0);
  if (definition.kind === "scalar") return fits(definition.number);
  return definition.kind === "constant" && definition.elements.every(fits);
}

/** What an op on some inputs is replaced by. */
export interface Rewrite {
  /** The identity, for tests: each must be reached by one. */
  readonly name: string;
  readonly op: ElementwiseOp;
  /**
   * A simpler value with the same bits, NaN and signed zeros included; `null` where there is none. Its shape may be smaller than
   * that of the op's result: `Builder.map` broadcasts it.
   *
   * @param numbers - for each input its number, where all its entries are the same constant
   */
  readonly give: (builder: Builder, inputs: readonly Value[], numbers: readonly (number | null)[]) => Value | null;
}

/** All of them; the first that gives something is taken. */
export const rewrites: readonly Rewrite[] = [
  { name: "1 · a = a", op: mul.op, give: (_, [, a], [x]) => (x === 1 ? a! : null) },
  { name: "a · 1 = a", op: mul.op, give: (_, [a], [, y]) => (y === 1 ? a! : null) },
  { name: "a / 1 = a", op: div.op, give: (_, [a], [, y]) => (y === 1 ? a! : null) },
  // Also for a = -0.
  { name: "a - 0 = a", op: sub.op, give: (_, [a], [, y]) => (Object.is(y, 0) ? a! : null) },
  { name: "-(-a) = a", op: neg.op, give: (_, [a]) => (a!.definition.kind === "map" && a!.definition.op === neg.op ? a!.definition.inputs[0]! : null) },
  // A finite factor multiplies by 0 as IEEE 754 says, and one other than 0 multiplies by anything so.
  {
    name: "absorb(a, b) = a b",
    op: absorb.op,
    give: (builder, [a, b]) => (isKnownFinite(b!, false) || isKnownFinite(a!, true) ? builder.map(mul.op, a!, b!) : null),
  },
  {
    name: "absorbBoth(a, b) = a b",
    op: absorbBoth.op,
    give: (builder, [a, b]) => (isKnownFinite(a!, true) || isKnownFinite(b!, true) ? builder.map(mul.op, a!, b!) : null),
  },
  // Only the zeros of a finite factor can meet what is not finite.
  { name: "absorbBoth(a, b) = absorb(a, b)", op: absorbBoth.op, give: (builder, [a, b]) => (isKnownFinite(a!, false) ? builder.map(absorb.op, a!, b!) : null) },
  { name: "absorbBoth(a, b) = absorb(b, a)", op: absorbBoth.op, give: (builder, [a, b]) => (isKnownFinite(b!, false) ? builder.map(absorb.op, b!, a!) : null) },
  { name: "a ^ 1 = a", op: pow.op, give: (_, [a], [, y]) => (y === 1 ? a! : null) },
  { name: "a ^ 2 = a a", op: pow.op, give: (builder, [a], [, y]) => (y === 2 ? builder.map(mul.op, a!, a!) : null) },
  { name: "a ^ 0 = 1", op: pow.op, give: (builder, [a], [, y]) => (y === 0 ? builder.scalar(1, a!.dtype) : null) },
  { name: "where(true, a, b) = a", op: where.op, give: (_, [, a], [x]) => (x !== null && x !== 0 ? a! : null) },
  { name: "where(false, a, b) = b", op: where.op, give: (_, [, , b], [x]) => (x === 0 ? b! : null) },
  { name: "where(c, a, a) = a", op: where.op, give: (_, [, a, b]) => (a === b ? a! : null) },
];

const byOp = new Map<ElementwiseOp, Rewrite[]>();
for (const rewrite of rewrites) byOp.set(rewrite.op, [...(byOp.get(rewrite.op) ?? []), rewrite]);

/** A simpler value than an op on some inputs, which broadcasts to the same shape; `null` where there is none. */
export function simplify(builder: Builder, op: ElementwiseOp, inputs: readonly Value[], numbers: readonly (number | null)[]): Value | null {
  for (const { give } of byOp.get(op) ?? []) {
    const simpler = give(builder, inputs, numbers);
    if (simpler !== null) return simpler;
  }
  return null;
}
