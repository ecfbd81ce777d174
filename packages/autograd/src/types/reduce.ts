/** The shape that is left when axes are summed, averaged or maximized away. */

import type { AreLiteralAxes, AxisIndices } from "./axis.ts";
import type { Anonymous, IsLiteral, IsUnknownRank, Shape, ShapeMismatch, Show } from "./shape.ts";

/** One axis, several, or `undefined` for all of them. */
export type Axes = number | readonly number[] | undefined;

/** The shape after reducing the given axes: dropped, or kept with size 1. */
export type Reduce<S extends Shape, X extends Axes = undefined, KeepDims extends boolean = false> = S extends Shape
  ? [X] extends [undefined]
    ? ReduceAll<S, KeepDims>
    : [X] extends [number]
      ? IsLiteral<X> extends true
        ? ReduceListed<S, [X], KeepDims>
        : ReduceOneUnknown<S, KeepDims>
      : [X] extends [readonly number[]]
        ? AreLiteralAxes<X> extends true
          ? ReduceListed<S, X, KeepDims>
          : [KeepDims] extends [true]
            ? Anonymous<S>
            : Shape
        : Shape
  : never;

type ReduceAll<S extends Shape, KeepDims extends boolean> = [KeepDims] extends [false]
  ? []
  : [KeepDims] extends [true]
    ? IsUnknownRank<S> extends true
      ? Shape
      : { -readonly [I in keyof S]: 1 }
    : Shape;

type ReduceListed<S extends Shape, X extends Shape, KeepDims extends boolean> =
  IsUnknownRank<S> extends true
    ? Shape
    : AxisIndices<S, X> extends infer Indices
      ? [Indices] extends [number]
        ? boolean extends KeepDims
          ? Shape
          : Without<S, Indices, KeepDims>
        : [Indices] extends [string]
          ? ShapeMismatch<`reduce: ${Indices} in ${Show<S>}`>
          : never
      : never;

/** Some one axis goes: the rank is known, the dimensions that stay are not. */
type ReduceOneUnknown<S extends Shape, KeepDims extends boolean> =
  IsUnknownRank<S> extends true
    ? Shape
    : [KeepDims] extends [true]
      ? Anonymous<S>
      : [KeepDims] extends [false]
        ? S extends readonly [number, ...infer Rest extends Shape]
          ? Anonymous<Rest>
          : Shape
        : Shape;

type Without<
  S extends Shape,
  Indices extends number,
  KeepDims extends boolean,
  Seen extends unknown[] = [],
  Out extends number[] = [],
> = S extends readonly [infer D extends number, ...infer Rest extends Shape]
  ? Seen["length"] extends Indices
    ? Without<Rest, Indices, KeepDims, [...Seen, D], KeepDims extends true ? [...Out, 1] : Out>
    : Without<Rest, Indices, KeepDims, [...Seen, D], [...Out, D]>
  : Out;
