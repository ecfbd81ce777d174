/** NumPy's broadcasting of two shapes: axes aligned from the end, a 1 stretches, a missing axis counts as 1. */

import type { Agree, IsLiteral, IsUnknownRank, Result, Shape, ShapeMismatch, Show, ShowDimension } from "./shape.ts";

/** One question after the other: an unknown shape decides even beside one that is still a type parameter. */
export type Broadcast<A extends Shape, B extends Shape> =
  IsUnknownRank<A> extends true
    ? Shape
    : IsUnknownRank<B> extends true
      ? Shape
      : Align<A, B> extends infer R
        ? R extends string
          ? ShapeMismatch<`broadcast: ${R} in ${Show<A>} and ${Show<B>}`>
          : R
        : never;

/**
 * The shape of an operation's result; beside a scalar it is `A` itself, so that `x.mul(2)` keeps a type parameter's
 * shape.
 */
export type BroadcastResult<A extends Shape, B extends Shape> = [B] extends [readonly []] ? A : Result<Broadcast<A, B>>;

/**
 * The broadcast shape in front of the axes already in `Out`, or a string that names the first axis that does not fit.
 * Counting from the end names the same axis in operands of different ranks.
 */
export type Align<A extends Shape, B extends Shape, Out extends number[] = []> = A extends readonly [
  ...infer RestA extends Shape,
  infer DimA extends number,
]
  ? B extends readonly [...infer RestB extends Shape, infer DimB extends number]
    ? [BroadcastDimension<DimA, DimB>] extends [never]
      ? `axis -${[...Out, 1]["length"]} is ${ShowDimension<DimA>} and ${ShowDimension<DimB>}`
      : Align<RestA, RestB, [BroadcastDimension<DimA, DimB>, ...Out]>
    : [...A, ...Out]
  : [...B, ...Out];

/** `number` beside a literal above 1 is that literal or a 1 that stretches to it; beside a 1 it stays unknown. */
type BroadcastDimension<A extends number, B extends number> = [A] extends [1]
  ? B
  : [B] extends [1]
    ? A
    : [IsLiteral<A>, IsLiteral<B>] extends [true, true]
      ? Agree<A, B>
      : IsLiteral<A> extends true
        ? A
        : IsLiteral<B> extends true
          ? B
          : number;
