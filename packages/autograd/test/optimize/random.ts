/** Random numbers, vectors and matrices for these tests, the same for the same seed. */

import { seed } from "../size.ts";

export interface Random {
  /** Between -1 and 1. */
  next(): number;
  vector(n: number): Float64Array;
  /** Q Λ Qᵀ of the given eigenvalues, row by row. */
  symmetric(values: readonly number[]): Float64Array;
}

/** mulberry32 */
export function randomOf(more: number): Random {
  let state = (seed + more * 0x9e3779b9) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
  const vector = (n: number): Float64Array => Float64Array.from({ length: n }, next);
  /** The matrix after reflections of both sides, which leave its eigenvalues as they are. */
  const symmetric = (values: readonly number[]): Float64Array => {
    const n = values.length;
    let matrix = new Float64Array(n * n);
    values.forEach((value, i) => (matrix[i * n + i] = value));
    for (let count = 0; count < n; count++) {
      const v = vector(n);
      const size = v.reduce((sum, x) => sum + x * x, 0);
      const q = Float64Array.from(
        { length: n * n },
        (_, at) => (Math.floor(at / n) === at % n ? 1 : 0) - (2 * v[Math.floor(at / n)]! * v[at % n]!) / size,
      );
      matrix = multiply(multiply(q, matrix, n), q, n);
    }
    return matrix.map((_, at) => 0.5 * (matrix[at]! + matrix[(at % n) * n + Math.floor(at / n)]!));
  };
  return { next, vector, symmetric };
}

/** The product of square matrices by the definition. */
export function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: n * n }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[Math.floor(at / n) * n + k]! * b[k * n + (at % n)]!;
    return sum;
  });
}

/** The product of a matrix and a vector by the definition. */
export function apply(a: Float64Array, v: Float64Array): Float64Array {
  return v.map((_, i) => v.reduce((sum, x, j) => sum + a[i * v.length + j]! * x, 0));
}
