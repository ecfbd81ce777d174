/** Where the values of a program lie in memory, and how wide their numbers are. */

import type { DType } from "../../graph/dtype.ts";
import type { LaneType } from "../../kernels/lanes/lanes.ts";
import type { Value } from "./value.ts";

/** The bytes of one number. */
export function bytesOf(dtype: DType): 1 | 4 | 8 {
  return dtype === "float64" ? 8 : dtype === "bool" ? 1 : 4;
}

/** The lanes in which numbers of a type are computed; conditions have none of their own. */
export function laneTypeOf(dtype: Exclude<DType, "bool">): LaneType {
  return dtype === "float64" ? "f64" : dtype === "float32" ? "f32" : "i32";
}

/** Every buffer begins at a multiple of this, and as much lies behind it: vectors may reach over the end. */
export const PADDING = 64;

/** The memory of a value, padded. */
export function sizeOf(value: Value): number {
  return padded(value.count * bytesOf(value.dtype));
}

/** A number of bytes with room for a vector that reaches over the end. */
export function padded(bytes: number): number {
  return (Math.ceil(bytes / PADDING) + 1) * PADDING;
}

/** The address of each value that is kept in memory. */
export type Addresses = (value: Value) => number;
