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
