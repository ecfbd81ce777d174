/**
 * Types in the signatures of transforms: which argument is meant, what its derivative is, and that a loss is one
 * number.
 */

import type { Tensor } from "../graph/tensor.ts";
import type { IsUnknownRank, Shape, ShapeMismatch, Show } from "../types/shape.ts";
import type { Lifted, Loose } from "./tree.ts";

/** A position among the arguments, or several; negative ones count from the end. */
export type Argnums = number | readonly number[];

/** The argument at a position; the last ones are -1, -2, … */
export type ArgumentAt<P extends readonly unknown[], N extends number> = number extends P["length"]
  ? P[number]
  : `${N}` extends `-${infer FromEnd}`
    ? Last<P, FromEnd>
    : P[N];

type Last<
  P extends readonly unknown[],
  FromEnd extends string,
  Seen extends readonly unknown[] = [unknown],
> = P extends readonly [...infer Rest, infer End]
  ? `${Seen["length"]}` extends FromEnd
    ? End
    : Last<Rest, FromEnd, [...Seen, unknown]>
  : never;

/** The gradient by the positions asked for: a single tree, or a list of them. */
export type GradientOf<P extends readonly unknown[], N> = N extends readonly number[]
  ? { -readonly [K in keyof N]: N[K] extends number ? Lifted<ArgumentAt<P, N[K]>> : never }
  : N extends number
    ? Lifted<ArgumentAt<P, N>>
    : never;

/** A direction for the arguments at the positions asked for. */
export type DirectionOf<P extends readonly unknown[], N> = N extends readonly number[]
  ? { readonly [K in keyof N]: N[K] extends number ? Loose<ArgumentAt<P, N[K]>> : never }
  : N extends number
    ? Loose<ArgumentAt<P, N>>
    : never;

/**
 * All derivatives of a tensor of shape `Out` by the arguments at the positions asked for: one tensor, or a list of
 * them.
 */
export type JacobianOf<P extends readonly unknown[], Out extends Shape, N> = N extends readonly number[]
  ? { -readonly [K in keyof N]: N[K] extends number ? Block<Out, ArgumentAt<P, N[K]>> : never }
  : N extends number
    ? Block<Out, ArgumentAt<P, N>>
    : never;

/** All second derivatives by the arguments at the positions asked for: one tensor, or a list of rows of them. */
export type HessianOf<P extends readonly unknown[], N> = N extends readonly number[]
  ? { -readonly [K in keyof N]: N[K] extends number ? JacobianOf<P, ShapeAt<P, N[K]>, N> : never }
  : N extends number
    ? JacobianOf<P, ShapeAt<P, N>, N>
    : never;

type ShapeAt<P extends readonly unknown[], N extends number> =
  Lifted<ArgumentAt<P, N>> extends Tensor<infer S> ? S : Shape;

type Block<Out extends Shape, Argument> = Lifted<Argument> extends Tensor<infer In> ? Tensor<Joined<Out, In>> : Tensor;

type Joined<A extends Shape, B extends Shape> = true extends IsUnknownRank<A> | IsUnknownRank<B> ? Shape : [...A, ...B];

/** The shape of a tensor that a function gives. */
export type ShapeOfResult<R> = R extends Tensor<infer S> ? S : Shape;

/** Joined to the result of a loss: refuses one that is known to be no scalar tensor. */
export type LossGuard<R> = unknown extends R
  ? unknown
  : R extends Tensor<infer S>
    ? [] extends S
      ? unknown
      : ShapeMismatch<`the loss has shape ${Show<S>}: sum or average it, or take jacobian or vjp`>
    : R extends number
      ? ShapeMismatch<"the loss is a number, which has left the graph: return a tensor, x.mul(2) and not x.item() * 2">
      : R extends Promise<unknown>
        ? ShapeMismatch<"the loss is a Promise: await before you differentiate">
        : ShapeMismatch<"the loss is no tensor">;

/** The same for a function that gives a loss and something else. */
export type LossAndExtraGuard<R, Aux> = Aux extends true
  ? R extends readonly [infer Loss, unknown]
    ? readonly [LossGuard<Loss>, unknown]
    : unknown
  : LossGuard<R>;
