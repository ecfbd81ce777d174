/** The elementary functions of plain numbers, for kernels written by hand: the same formulas, in float64 and in float32. */

import * as elementary from "./lanes/elementary.ts";
import type { LaneFormula } from "./lanes/lanes.ts";
import { makeFunction, type NumberFunction } from "./loops.ts";

/** A function of one number that is made when it is first called. */
function lazily(type: "f32" | "f64", formula: LaneFormula): (x: number) => number {
  let made: NumberFunction | null = null;
  return (x) => (made ??= makeFunction({ type, operands: ["number"], read: (l, [a]) => ({ value: formula(l, (a as { value: never }).value) }) }))(x);
}

/** eˣ in float64. */
export const exp64 = lazily("f64", elementary.exp);
/** eˣ of a float32, rounded to it after every operation. */
export const exp32 = lazily("f32", elementary.exp);
/** ln x in float64. */
export const log64 = lazily("f64", elementary.log);
/** ln x of a float32. */
export const log32 = lazily("f32", elementary.log);
