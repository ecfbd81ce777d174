/** Which axis of a shape a number means: a negative one counts from the end. */

import type { IsLiteral, Shape } from "./shape.ts";

/** The index from the front of a literal axis, or `never` where the shape has no such axis. */
export type AxisIndex<S extends Shape, Axis extends number> = `${Axis}` extends keyof S
  ? Axis
  : `${Axis}` extends `-${infer FromEnd extends number}`
    ? DropFirst<S, FromEnd>["length"]
    : never;

/** The indices of a list of literal axes as a union, or a string that names the first axis at fault. */
export type AxisIndices<S extends Shape, Axes extends Shape, Found extends number = never> = Axes extends readonly [
  infer Axis extends number,
  ...infer Rest extends Shape,
]
  ? [AxisIndex<S, Axis>] extends [never]
    ? `axis ${Axis} is out of range`
    : AxisIndex<S, Axis> extends Found
      ? `axis ${Axis} is repeated`
      : AxisIndices<S, Rest, Found | AxisIndex<S, Axis>>
  : Found;

/** True for a tuple of which every member is one literal axis. */
export type AreLiteralAxes<Axes extends Shape> = number extends Axes["length"]
  ? false
  : false extends { [I in keyof Axes]: IsLiteral<Axes[I]> }[number]
    ? false
    : true;

/** The rest behind the first `Count` axes; `never` where there are fewer, so that its length is `never` too. */
type DropFirst<S extends Shape, Count extends number, Dropped extends unknown[] = []> = Dropped["length"] extends Count
  ? S
  : S extends readonly [number, ...infer Rest extends Shape]
    ? DropFirst<Rest, Count, [...Dropped, unknown]>
    : never;
