/** The shapes of operations that move elements and compute nothing: transpose, reshape, broadcastTo, concat, stack. */

import type { Add, ElementCount, Quotient } from "./arithmetic.ts";
import type { AreLiteralAxes, AxisIndex, AxisIndices } from "./axis.ts";
import type {
  Agree,
  Anonymous,
  IsLiteral,
  IsUnknownRank,
  Mutable,
  Shape,
  ShapeMismatch,
  Show,
  ShowDimension,
} from "./shape.ts";

/** The old axis for each new one, or `undefined` to reverse them all. */
export type Permutation = readonly number[] | undefined;

/** The shape with its axes permuted; reversed where no permutation is given. */
export type Transpose<S extends Shape, Perm extends Permutation = undefined> = S extends Shape
  ? [Perm] extends [undefined]
    ? IsUnknownRank<S> extends true
      ? Shape
      : Reverse<S>
    : [Perm] extends [Shape]
      ? Permute<S, Perm>
      : Anonymous<S>
  : never;

type Reverse<S extends Shape, Out extends number[] = []> = S extends readonly [
  infer D extends number,
  ...infer Rest extends Shape,
]
  ? Reverse<Rest, [D, ...Out]>
  : Out;

type Permute<S extends Shape, Perm extends Shape> =
  IsUnknownRank<S> extends true
    ? Anonymous<Perm>
    : AreLiteralAxes<Perm> extends false
      ? Anonymous<S>
      : [Perm["length"], AxisIndices<S, Perm>] extends [S["length"], number]
        ? { -readonly [I in keyof Perm]: S[AxisIndex<S, Perm[I]>] }
        : ShapeMismatch<`transpose: ${Show<Perm>} is not a permutation of the axes of ${Show<S>}`>;

/** One `-1` in `To` stands for what the element count leaves over. */
export type Reshape<S extends Shape, To extends Shape> = S extends Shape
  ? IsUnknownRank<To> extends true
    ? Shape
    : Holes<To> extends readonly []
      ? SameCount<Cancel<S, To>> extends false
        ? ShapeMismatch<`reshape: ${Show<S>} has another number of elements than ${Show<To>}`>
        : Mutable<To>
      : Holes<To> extends readonly [-1]
        ? [HoleSize<Cancel<S, FillHole<To, 1>>>] extends [never]
          ? ShapeMismatch<`reshape: the elements of ${Show<S>} do not fill ${Show<To>}`>
          : FillHole<To, HoleSize<Cancel<S, FillHole<To, 1>>>>
        : ShapeMismatch<`reshape: ${Show<To>} has more than one -1 or another negative dimension`>
  : never;

/** The negative dimensions. */
type Holes<S extends Shape, Out extends number[] = []> = S extends readonly [
  infer D extends number,
  ...infer Rest extends Shape,
]
  ? Holes<Rest, IsLiteral<D> extends true ? (`${D}` extends `-${string}` ? [...Out, D] : Out) : Out>
  : Out;

type FillHole<S extends Shape, Size extends number> = { -readonly [I in keyof S]: S[I] extends -1 ? Size : S[I] };

/**
 * Both shapes without the dimensions they share, for most reshapes keep an axis, and what is gone need not be
 * multiplied.
 */
type Cancel<S extends Shape, To extends Shape, Kept extends number[] = []> = To extends readonly [
  infer D extends number,
  ...infer Rest extends Shape,
]
  ? CancelOne<S, D> extends infer Fewer extends Shape
    ? Cancel<Fewer, Rest, Kept>
    : Cancel<S, Rest, [...Kept, D]>
  : [S, Kept];

/** `undefined` where the dimension does not occur. A zero stays: nothing follows from dividing by it. */
type CancelOne<S extends Shape, D extends number, Before extends number[] = []> = D extends 0
  ? undefined
  : S extends readonly [infer Head extends number, ...infer Rest extends Shape]
    ? [IsLiteral<Head>, Head] extends [true, D]
      ? IsLiteral<D> extends true
        ? [...Before, ...Rest]
        : undefined
      : CancelOne<Rest, D, [...Before, Head]>
    : undefined;

type SameCount<Pair extends [Shape, Shape]> = [ElementCount<Pair[0]>, ElementCount<Pair[1]>] extends [
  infer A extends string,
  infer B extends string,
]
  ? A extends B
    ? true
    : false
  : true;

type HoleSize<Pair extends [Shape, Shape]> = [ElementCount<Pair[0]>, ElementCount<Pair[1]>] extends [
  infer Total extends string,
  infer Known extends string,
]
  ? Quotient<Total, Known>
  : number;

/** The target shape where `S` broadcasts to it, else a mismatch. */
export type BroadcastTo<S extends Shape, To extends Shape> = S extends Shape
  ? IsUnknownRank<To> extends true
    ? Shape
    : IsUnknownRank<S> extends true
      ? Mutable<To>
      : Stretch<S, To> extends infer R
        ? R extends string
          ? ShapeMismatch<`broadcastTo: ${R} in ${Show<S>} and ${Show<To>}`>
          : R
        : never
  : never;

type Stretch<S extends Shape, To extends Shape, Out extends number[] = []> = S extends readonly [
  ...infer RestS extends Shape,
  infer D extends number,
]
  ? To extends readonly [...infer RestTo extends Shape, infer T extends number]
    ? [StretchDimension<D, T>] extends [never]
      ? `axis -${[...Out, 1]["length"]} is ${ShowDimension<D>} and ${ShowDimension<T>}`
      : Stretch<RestS, RestTo, [StretchDimension<D, T>, ...Out]>
    : "the target has fewer axes"
  : [...To, ...Out];

type StretchDimension<D extends number, T extends number> = [D] extends [1]
  ? T
  : IsLiteral<D> extends true
    ? IsLiteral<T> extends true
      ? Agree<D, T>
      : D
    : T;

/**
 * The shapes of a list joined along an axis that all of them have: the other dimensions agree, along the axis they add
 * up.
 */
export type Concat<Shapes extends readonly Shape[], Axis extends number = 0> =
  ListLength<Shapes> extends "unknown"
    ? JoinedMany<Shapes[number], Axis>
    : Shapes extends readonly [infer Head extends Shape, ...infer Rest extends readonly Shape[]]
      ? true extends IsUnknownRank<Shapes[number]>
        ? Shape
        : IsLiteral<Axis> extends true
          ? [AxisIndex<Head, Axis>] extends [never]
            ? ShapeMismatch<`concat: axis ${Axis} is out of range in ${Show<Head>}`>
            : JoinAll<"concat", Rest, Head, AxisIndex<Head, Axis>, Head>
          : Anonymous<Head>
      : ShapeMismatch<"concat: the list is empty">;

/** The shapes of a list joined along a new axis: all dimensions agree, the new one counts the list. */
export type Stack<Shapes extends readonly Shape[], Axis extends number = 0> =
  ListLength<Shapes> extends "unknown"
    ? StackedMany<Shapes[number], number, Axis>
    : Shapes extends readonly [infer Head extends Shape, ...infer Rest extends readonly Shape[]]
      ? true extends IsUnknownRank<Shapes[number]>
        ? Shape
        : JoinAll<"stack", Rest, Head, never, Head> extends infer Common
          ? Common extends Shape
            ? StackedMany<Common, Shapes["length"], Axis>
            : Common
          : never
      : ShapeMismatch<"stack: the list is empty">;

type ListLength<Shapes extends readonly Shape[]> = number extends Shapes["length"] ? "unknown" : "known";

/** A list of unknown length holds tensors of one type: along the axis nothing is known. */
type JoinedMany<S extends Shape, Axis extends number> = S extends Shape
  ? IsUnknownRank<S> extends true
    ? Shape
    : IsLiteral<Axis> extends true
      ? [AxisIndex<S, Axis>] extends [never]
        ? ShapeMismatch<`concat: axis ${Axis} is out of range in ${Show<S>}`>
        : { -readonly [I in keyof S]: I extends `${AxisIndex<S, Axis>}` ? number : S[I] }
      : Anonymous<S>
  : never;

/** The new axis is counted in the result, which has one more than the operands. */
type StackedMany<S extends Shape, Count extends number, Axis extends number> = S extends Shape
  ? IsUnknownRank<S> extends true
    ? Shape
    : IsLiteral<Axis> extends true
      ? AxisIndex<[Count, ...S], Axis> extends infer Index extends number
        ? [Index] extends [never]
          ? ShapeMismatch<`stack: axis ${Axis} is out of range for ${Show<S>} and a new axis`>
          : InsertAt<S, Index, Count>
        : never
      : Anonymous<[Count, ...S]>
  : never;

/** A shape with a dimension put in at a place. */
export type InsertAt<
  S extends Shape,
  Index extends number,
  D extends number,
  Before extends number[] = [],
> = Before["length"] extends Index
  ? [...Before, D, ...S]
  : S extends readonly [infer Head extends number, ...infer Rest extends Shape]
    ? InsertAt<Rest, Index, D, [...Before, Head]>
    : never;

type JoinAll<
  Op extends string,
  Shapes extends readonly Shape[],
  Joined extends Shape,
  Index extends number,
  Head extends Shape,
> = Shapes extends readonly [infer Next extends Shape, ...infer Rest extends readonly Shape[]]
  ? Join<Joined, Next, Index> extends infer R
    ? R extends Shape
      ? JoinAll<Op, Rest, R, Index, Head>
      : ShapeMismatch<`${Op}: ${R & string} in ${Show<Head>} and ${Show<Next>}`>
    : never
  : Mutable<Joined>;

/**
 * Two shapes that agree but for the axis `Index`, where they add up; `never` for `Index` asks for agreement everywhere.
 */
type Join<A extends Shape, B extends Shape, Index extends number> = A["length"] extends B["length"]
  ? JoinAxes<A, B, Index>
  : "ranks differ";

type JoinAxes<A extends Shape, B extends Shape, Index extends number, Out extends number[] = []> = [A, B] extends [
  readonly [infer DimA extends number, ...infer RestA extends Shape],
  readonly [infer DimB extends number, ...infer RestB extends Shape],
]
  ? [Out["length"]] extends [Index]
    ? JoinAxes<RestA, RestB, Index, [...Out, Add<DimA, DimB>]>
    : [Agree<DimA, DimB>] extends [never]
      ? `axis ${Out["length"]} is ${ShowDimension<DimA>} and ${ShowDimension<DimB>}`
      : JoinAxes<RestA, RestB, Index, [...Out, Agree<DimA, DimB>]>
  : Out;
