/** Tensors that leave a sweep, without its marks: these are its own. */

import type { Elements } from "../graph/dtype.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "./arithmetic.ts";
import { isMark } from "./marks.ts";

/** x as it leaves a sweep: what was dropped is a plain 0. */
export function unmarked(x: Tensor): Tensor {
  const { storage } = x;
  // A sum with 0 passes every later cotangent on, as x itself does.
  return storage === null || (typeof storage === "number" ? isMark(storage) : hasMark(storage)) ? add(x, 0) : x;
}

/** The word of 32 bits in which a float64 has its sign. */
const SIGNED = new Int32Array(new Float64Array([-0]).buffer)[1] === 0 ? 0 : 1;

/** A view of words takes as long as looking at so many numbers. */
const FEW = 64;

/**
 * True if there is a -0, whose word with the sign has no other bit: whole numbers are compared quicker than floats are.
 */
export function hasMark(numbers: Elements): boolean {
  if (numbers.length < FEW) return numbers.some(isMark);
  const step = numbers.BYTES_PER_ELEMENT / 4;
  const words = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length * step);
  for (let i = step === 1 ? 0 : SIGNED; i < words.length; i += step) {
    if (words[i] === -(2 ** 31) && isMark(numbers[i >> (step - 1)]!)) return true;
  }
  return false;
}
