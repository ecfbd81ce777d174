/** Algebraic simplification that changes no bit: what a map of values is worth before it is made. */

import type { ElementwiseOp } from "../../graph/op.ts";
import { add, div, mul, neg, pow, sub } from "../../ops/arithmetic.ts";
import { where } from "../../ops/comparison.ts";
import { absorb, absorbBoth, annul, pass, portion } from "../../ops/marks.ts";
import type { Builder } from "./builder.ts";
import { isAtLeastOne } from "./unmarked.ts";
import type { Value } from "./value.ts";

/** x + 0, in which a computed -0 is +0. */
export function withoutMark(builder: Builder, x: Value): Value {
  return x.unmarked ? x : builder.map(add.op, x, builder.scalar(0, x.dtype));
}

/** A rewrite of an op on some inputs. */
export interface Rewrite {
  /** The identity, for tests: each must be reached by one. */
  readonly name: string;
  readonly op: ElementwiseOp;
  /** True if it asks for an operand that is a constant: there mostly is none. */
  readonly constant?: true;
  /**
   * A simpler value with the same bits, NaN and signed zeros included; `null` where there is none. Its shape may be
   * smaller than that of the op's result: `Builder.map` broadcasts it.
   *
   * @param numbers - for each input its number, where all its entries are the same constant
   */
  readonly give: (builder: Builder, inputs: readonly Value[], numbers: readonly (number | null)[]) => Value | null;
}

/** All of them; the first that gives something is taken. */
export const rewrites: readonly Rewrite[] = [
  { name: "1 · a = a", op: mul.op, constant: true, give: (_, [, a], [x]) => (x === 1 ? a! : null) },
  { name: "a · 1 = a", op: mul.op, constant: true, give: (_, [a], [, y]) => (y === 1 ? a! : null) },
  { name: "a / 1 = a", op: div.op, constant: true, give: (_, [a], [, y]) => (y === 1 ? a! : null) },
  // Also for a = -0.
  { name: "a - 0 = a", op: sub.op, constant: true, give: (_, [a], [, y]) => (Object.is(y, 0) ? a! : null) },
  {
    name: "-(-a) = a",
    op: neg.op,
    give: (_, [a]) => (a!.definition.kind === "map" && a!.definition.op === neg.op ? a!.definition.inputs[0]! : null),
  },
  { name: "a + -0 = a", op: add.op, constant: true, give: (_, [a], [, y]) => (Object.is(y, -0) ? a! : null) },
  { name: "-0 + a = a", op: add.op, constant: true, give: (_, [, a], [x]) => (Object.is(x, -0) ? a! : null) },
  {
    name: "(a + 0) + 0 = a + 0",
    op: add.op,
    constant: true,
    give: (_, [a], [, y]) => (Object.is(y, 0) && a!.unmarked ? a! : null),
  },
  {
    name: "annul(annul(a)) = annul(a)",
    op: annul.op,
    give: (_, [a]) => (a!.definition.kind === "map" && a!.definition.op === annul.op ? a! : null),
  },
  { name: "absorb(-0, a) = -0", op: absorb.op, constant: true, give: (_, [g], [x]) => (Object.is(x, -0) ? g! : null) },
  // A factor of at least 1 lets nothing vanish, and leaves the sign of a zero as it is.
  {
    name: "absorb(a, c) = a c",
    op: absorb.op,
    give: (builder, [g, p]) => (isAtLeastOne(p!) ? builder.map(mul.op, g!, p!) : null),
  },
  {
    name: "absorb(c, a) = c a + 0",
    op: absorb.op,
    give: (builder, [g, p]) => (g!.unmarked ? withoutMark(builder, builder.map(mul.op, g!, p!)) : null),
  },
  {
    name: "absorbBoth(-0, a) = -0",
    op: absorbBoth.op,
    constant: true,
    give: (_, [g], [x]) => (Object.is(x, -0) ? g! : null),
  },
  {
    name: "absorbBoth(a, -0) = -0",
    op: absorbBoth.op,
    constant: true,
    give: (_, [, h], [, y]) => (Object.is(y, -0) ? h! : null),
  },
  {
    name: "absorbBoth(a, c) = absorb(a, c)",
    op: absorbBoth.op,
    give: (builder, [g, h]) => (h!.unmarked ? builder.map(absorb.op, g!, h!) : null),
  },
  {
    name: "absorbBoth(c, a) = absorb(a, c)",
    op: absorbBoth.op,
    give: (builder, [g, h]) => (g!.unmarked ? builder.map(absorb.op, h!, g!) : null),
  },
  { name: "portion(a, 1) = a", op: portion.op, constant: true, give: (_, [g], [, y]) => (y === 1 ? g! : null) },
  {
    name: "portion(c, a) = c / a + 0",
    op: portion.op,
    give: (builder, [g, n]) => (g!.unmarked ? withoutMark(builder, builder.map(div.op, g!, n!)) : null),
  },
  { name: "a ^ 1 = a", op: pow.op, constant: true, give: (_, [a], [, y]) => (y === 1 ? a! : null) },
  {
    name: "a ^ 2 = a a",
    op: pow.op,
    constant: true,
    give: (builder, [a], [, y]) => (y === 2 ? builder.map(mul.op, a!, a!) : null),
  },
  {
    name: "a ^ 0 = 1",
    op: pow.op,
    constant: true,
    give: (builder, [a], [, y]) => (y === 0 ? builder.scalar(1, a!.dtype) : null),
  },
  {
    name: "where(true, a, b) = a",
    op: where.op,
    constant: true,
    give: (_, [, a], [x]) => (x !== null && x !== 0 ? a! : null),
  },
  { name: "where(false, a, b) = b", op: where.op, constant: true, give: (_, [, , b], [x]) => (x === 0 ? b! : null) },
  { name: "where(c, a, a) = a", op: where.op, give: (_, [, a, b]) => (a === b ? a! : null) },
  {
    name: "pass(true, a) = a",
    op: pass.op,
    constant: true,
    give: (_, [, a], [x]) => (x !== null && x !== 0 ? a! : null),
  },
  { name: "pass(false, a) = -0", op: pass.op, constant: true, give: (_, [, , rest], [x]) => (x === 0 ? rest! : null) },
  { name: "pass(c, -0) = -0", op: pass.op, give: (_, [, a, rest]) => (a === rest ? a! : null) },
];

const byOp = new Map<ElementwiseOp, Rewrite[]>();
for (const rewrite of rewrites) byOp.set(rewrite.op, [...(byOp.get(rewrite.op) ?? []), rewrite]);

/** Stands for the numbers of operands of which none is a constant. */
export const NO_NUMBERS: readonly (number | null)[] = [];

/** A simpler value than an op on some inputs, which broadcasts to the same shape; `null` where there is none. */
export function simplify(
  builder: Builder,
  op: ElementwiseOp,
  inputs: readonly Value[],
  numbers: readonly (number | null)[],
): Value | null {
  const rules = byOp.get(op);
  if (rules === undefined) return null;
  const isConstant = numbers !== NO_NUMBERS;
  for (let k = 0; k < rules.length; k++) {
    const { constant, give } = rules[k]!;
    if (constant === true && !isConstant) continue;
    const simpler = give(builder, inputs, numbers);
    if (simpler !== null) return simpler;
  }
  return null;
}
