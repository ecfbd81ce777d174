/**
 * Numbers as the bytes of float64 in base64, so that every bit arrives; what comes back through a pipe is not believed
 * to be any.
 */

import { bufferOf, isArray, swapped, textOf } from "./untouched.ts";

const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The bytes of an array, of 8 for each number. */
export function bytesOf(data: Float64Array): string {
  const bytes = bufferOf(new Float64Array(data).buffer);
  return textOf(isLittle ? bytes : swapped(bytes), "base64");
}

/** So many numbers; `null` where the text holds anything else. */
export function numbersIn(text: unknown, count: number): Float64Array | null {
  if (typeof text !== "string" || !Number.isSafeInteger(count)) return null;
  const bytes = bufferOf(text, "base64");
  if (bytes.length !== 8 * count) return null;
  const data = new Float64Array(count);
  new Uint8Array(data.buffer).set(isLittle ? bytes : swapped(bytes));
  return data;
}

/** How many numbers a shape holds; `null` for what is none. */
export function countIn(shape: unknown): number | null {
  if (!isArray(shape) || shape.length > 64) return null;
  let count = 1;
  for (let k = 0; k < shape.length; k++) {
    const size = shape[k];
    if (typeof size !== "number" || !Number.isInteger(size) || size < 0) return null;
    count *= size;
  }
  return count;
}
