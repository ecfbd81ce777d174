/** The places of the values of a program in memory. */

import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import type { Value } from "./value.ts";

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
