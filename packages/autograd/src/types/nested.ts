/** The shape of a number, or of arrays of numbers within arrays, read off the literal that a call is given. */

import type { IsLiteral, Shape, ShapeMismatch } from "./shape.ts";

/** The argument of `tensor`: a number, a boolean, or nested lists of them. */
export type NestedNumbers = number | boolean | readonly NestedNumbers[];

/** A union of values, `3 | [3]`, has the union of their shapes. */
export type ShapeOf<T extends NestedNumbers> = T extends readonly NestedNumbers[]
  ? Levels<T>
  : T extends number | boolean
    ? []
    : never;

/**
 * One step for each level, not for each row: `Rows` is the union of all arrays of a level, so that their lengths are
 * compared at once and a literal of many rows costs little more than one row.
 */
type Levels<Rows extends readonly NestedNumbers[], Out extends number[] = []> =
  IsRagged<Rows["length"]> extends true
    ? ShapeMismatch<`tensor: rows at level ${Out["length"]} have different lengths`>
    : [Rows[number]] extends [number | boolean]
      ? [...Out, Rows["length"]]
      : [Rows[number]] extends [readonly NestedNumbers[]]
        ? Levels<Rows[number], [...Out, Rows["length"]]>
        : MixedLevel<Extract<Rows[number], readonly NestedNumbers[]>["length"], Out["length"]>;

/** `number` beside a literal is a row whose length only the run knows: no contradiction. */
type IsRagged<Length extends number> = number extends Length ? false : IsLiteral<Length> extends true ? false : true;

/** Numbers beside arrays: surely wrong in a literal, undecided in a type such as `number | number[]`. */
type MixedLevel<Length extends number, Level extends number> = number extends Length
  ? Shape
  : ShapeMismatch<`tensor: level ${Level} has numbers beside arrays`>;
