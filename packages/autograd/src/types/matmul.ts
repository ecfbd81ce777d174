/**
 * The shapes of products that contract an axis: matrix products with NumPy's rules for vectors and batches, dot, outer.
 */

import type { Align } from "./broadcast.ts";
import type { Agree, IsLiteral, IsUnknownRank, Shape, ShapeMismatch, Show, ShowDimension } from "./shape.ts";

/** The shape of a matrix product, operands transposed as said; a mismatch where the inner sizes differ. */
export type MatMul<
  A extends Shape,
  B extends Shape,
  TransposeA extends boolean = false,
  TransposeB extends boolean = false,
> =
  IsUnknownRank<A> extends true
    ? Shape
    : IsUnknownRank<B> extends true
      ? Shape
      : true extends IsUndecided<TransposeA> | IsUndecided<TransposeB>
        ? Shape
        : Contract<SwapLast<A, TransposeA>, SwapLast<B, TransposeB>> extends infer R
          ? R extends string
            ? ShapeMismatch<`matmul: ${R} in ${ShowOperand<A, TransposeA>} and ${ShowOperand<B, TransposeB>}`>
            : R
          : never;

/** The shape of a dot product: a scalar, or a mismatch. */
export type Dot<A extends Shape, B extends Shape> = true extends IsUnknownRank<A> | IsUnknownRank<B>
  ? []
  : [A, B] extends [readonly [infer N extends number], readonly [infer M extends number]]
    ? [Contracted<N, M>] extends [never]
      ? ShapeMismatch<`dot: ${Show<A>} and ${Show<B>} have different lengths`>
      : []
    : ShapeMismatch<`dot: ${Show<A>} and ${Show<B>} are not both vectors`>;

/** The shape of an outer product of two vectors: `[m, n]`. */
export type Outer<A extends Shape, B extends Shape> = [A, B] extends [
  readonly [infer M extends number],
  readonly [infer N extends number],
]
  ? [M, N]
  : true extends IsUnknownRank<A> | IsUnknownRank<B>
    ? [number, number]
    : ShapeMismatch<`outer: ${Show<A>} and ${Show<B>} are not both vectors`>;

/**
 * The product's shape, or a string that says what does not fit. A vector on the left is a row, on the right a column,
 * and that axis is dropped.
 */
type Contract<A extends Shape, B extends Shape> = A extends readonly [
  ...infer BatchA extends Shape,
  infer M extends number,
  infer K extends number,
]
  ? B extends readonly [...infer BatchB extends Shape, infer L extends number, infer N extends number]
    ? WhenContracted<K, L, Align<BatchA, BatchB, [M, N]>>
    : B extends readonly [infer L extends number]
      ? WhenContracted<K, L, [...BatchA, M]>
      : NoAxis
  : A extends readonly [infer K extends number]
    ? B extends readonly [...infer BatchB extends Shape, infer L extends number, infer N extends number]
      ? WhenContracted<K, L, [...BatchB, N]>
      : B extends readonly [infer L extends number]
        ? WhenContracted<K, L, []>
        : NoAxis
    : NoAxis;

type NoAxis = "a scalar has no axis to contract";

type WhenContracted<K extends number, L extends number, R> = [Contracted<K, L>] extends [never]
  ? `inner axes are ${ShowDimension<K>} and ${ShowDimension<L>}`
  : R;

type Contracted<K extends number, L extends number> = [IsLiteral<K>, IsLiteral<L>] extends [true, true]
  ? Agree<K, L>
  : number;

/** As in the kernels, transposing exchanges the last two axes and leaves a vector alone. */
type SwapLast<S extends Shape, Swap extends boolean> = Swap extends true
  ? S extends readonly [...infer Batch extends Shape, infer M extends number, infer N extends number]
    ? [...Batch, N, M]
    : S
  : S;

type IsUndecided<Flag extends boolean> = boolean extends Flag ? true : false;

type ShowOperand<S extends Shape, Swap extends boolean> = Swap extends true ? `${Show<S>} transposed` : Show<S>;
