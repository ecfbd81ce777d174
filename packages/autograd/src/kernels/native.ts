/** The matrix products of a library of the system: none until one is asked for, since its last bits are its own. */

/** Numbers of one type, where they lie. */
export type Floats = Float32Array | Float64Array;

/** The operands that are read and written in place. */
export interface NativeOperands {
  readonly out: Floats;
  readonly a: Floats;
  readonly b: Floats;
}

/** A library that multiplies matrices. */
export interface NativeProducts {
  /** Who made it: `"OpenBLAS"`. */
  readonly library: string;
  /**
   * The fewest terms m · k · n for which it is faster, at least one: where operands are tensors, and inside a program.
   */
  readonly leastWork: number;
  readonly leastWorkInProgram: number;
  /** C = op(A) op(B), of m × n with k products to a sum; no size is 0, and all operands are of one type. */
  multiply(operands: NativeOperands, m: number, k: number, n: number, transposeA: boolean, transposeB: boolean): void;
  /** How many products it has computed. */
  products(): number;
}

let present: NativeProducts | null = null;

/** The library in use; `null` where there is none. */
export function nativeProducts(): NativeProducts | null {
  return present;
}

/** Makes products go to a library, or to none; returns the former one. */
export function setNativeProducts(next: NativeProducts | null): NativeProducts | null {
  const former = present;
  present = next;
  return former;
}

/** Sizes are 32-bit integers there. */
const MOST = 2 ** 31 - 1;

/** True if a product is one for the library: large enough for it, and not too large for its integers. */
export function isNative(least: number, m: number, k: number, n: number): boolean {
  return m * k * n >= least && m <= MOST && k <= MOST && n <= MOST;
}
