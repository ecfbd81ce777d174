/**
 * Batches as the compiler knows them: an axis of N examples put into the shape of each argument, and into that of each
 * result.
 */

import type { Tensor } from "../graph/tensor.ts";
import type { AxisIndex } from "../types/axis.ts";
import type { InsertAt } from "../types/movement.ts";
import type { IsLiteral, IsUnknownRank, Shape, ShapeMismatch } from "../types/shape.ts";
import type { Loose } from "../transforms/tree.ts";
import type { Axes } from "./axes.ts";

/** A shape with an axis of N put in; negative axes count from the end of the shape with it. */
type WithAxis<S extends Shape, Axis extends number, N extends number> =
  IsUnknownRank<S> extends true
    ? Shape
    : IsLiteral<Axis> extends true
      ? AxisIndex<[N, ...S], Axis> extends infer Index extends number
        ? [Index] extends [never]
          ? never
          : InsertAt<S, Index, N>
        : never
      : number[];

/** A tensor or a tree of them with the examples along an axis, or along a tree of axes. */
export type InBatch<T, N extends number, Axis> = Axis extends null
  ? T
  : T extends Tensor<infer S>
    ? Axis extends number
      ? Tensor<WithAxis<S, Axis, N>>
      : never
    : T extends number
      ? Axis extends number
        ? Tensor<[N]>
        : never
      : T extends (...args: never[]) => unknown
        ? T
        : { readonly [K in keyof T]: InBatch<T[K], N, AxisAt<Axis, K>> };

/** The axis of an entry of a tree: that of the tree where there is one for all of it. */
type AxisAt<Axis, K> = Axis extends number ? Axis : K extends keyof Axis ? Axis[K] : never;

/** The arguments of a batch, all of one size. */
export type BatchedArguments<P extends readonly unknown[], N extends number, In extends Axes> = In extends number
  ? { [K in keyof P]: Loose<InBatch<P[K], N, In>> & OneSize<N> }
  : { [K in keyof P]: Loose<InBatch<P[K], N, K extends keyof In ? In[K] : 0>> & OneSize<N> };

/** Joined to an argument: of batches of several sizes, the compiler infers all of these. */
type OneSize<N extends number> = number extends N
  ? unknown
  : IsLiteral<N> extends true
    ? unknown
    : ShapeMismatch<`vmap: arguments have ${N} examples`>;

/** The result of a batch. */
export type BatchedResult<R, N extends number, Out extends Axes> = OutOfBatch<R, N, Out>;

type OutOfBatch<R, N extends number, Axis> =
  R extends Tensor<infer S>
    ? Axis extends null
      ? R
      : Axis extends number
        ? Tensor<WithAxis<S, Axis, N>>
        : never
    : R extends number
      ? Axis extends null
        ? Tensor<[]>
        : Tensor<[N]>
      : unknown extends R
        ? R
        : { -readonly [K in keyof R]: OutOfBatch<R[K], N, Axis extends null ? null : AxisAt<Axis, K>> };
