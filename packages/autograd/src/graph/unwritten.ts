/**
 * Memory for results that a kernel writes to the last entry. Where it is not small it comes without zeros, which would
 * be written only to be overwritten, and where it is large from pages that former results have left.
 */

import { allocate, type DType, type Elements } from "./dtype.ts";

/** A giver of memory without zeros; Node and its like have one, pages have none. */
interface Source {
  allocUnsafeSlow(bytes: number): { readonly buffer: ArrayBuffer };
}

const makers = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** Of fewer entries an array of zeros is made as fast. */
const WORTHWHILE = 512;
/** From so many bytes on it counts whether the pages are those of former results. */
export const LARGE = 2 ** 17;
/**
 * The C library of Linux gives freed memory back to the system at once where it is larger than any that was freed
 * before, up to 32 MiB, and the pages of the next result then come one by one. A block of nearly that size, let go and
 * never touched, has it keep them.
 */
const LARGEST_KEPT = 2 ** 25 - 2 ** 16;

let keeps = false;

/** Memory for `size` numbers that holds anything at first: the caller must write every entry. */
export function allocateUnwritten(dtype: DType, size: number): Elements {
  const source = size < WORTHWHILE ? undefined : (globalThis as { readonly Buffer?: Source }).Buffer;
  if (source === undefined) return allocate(dtype, size);
  const maker = makers[dtype];
  const bytes = size * maker.BYTES_PER_ELEMENT;
  if (bytes >= LARGE && !keeps) {
    keeps = true;
    source.allocUnsafeSlow(LARGEST_KEPT);
  }
  return new maker(source.allocUnsafeSlow(bytes).buffer, 0, size);
}
