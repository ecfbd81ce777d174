/** In which machine type the numbers of each dtype are computed, and how wide they lie in memory. */

import type { DType } from "../../graph/dtype.ts";
import type { LaneType } from "./lanes.ts";

/** The bytes of one number. */
export function bytesOf(dtype: DType): 1 | 4 | 8 {
  return dtype === "float64" ? 8 : dtype === "bool" ? 1 : 4;
}

/** The type whose operations numbers of a dtype go through; a bool is a condition in any of them. */
export function laneTypeOf(dtype: DType): LaneType {
  return dtype === "float64" ? "f64" : dtype === "float32" ? "f32" : "i32";
}

/** How many numbers of a type a vector holds. */
export const laneCount: Readonly<Record<LaneType, number>> = { f32: 4, f64: 2, i32: 4 };

/** The name of a vector type in instructions. */
export const laneShape: Readonly<Record<LaneType, string>> = { f32: "f32x4", f64: "f64x2", i32: "i32x4" };
