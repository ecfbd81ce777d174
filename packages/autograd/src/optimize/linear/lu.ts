/** Linear systems by elimination with pivots: P A = L U, of the matrix and of its transpose. */

/** A factored square matrix. */
export interface Factored {
  /** False where a pivot is 0 beside the others: no solution means anything. */
  readonly isRegular: boolean;
  /** A⁻¹ b */
  solve(b: Float64Array): Float64Array;
  /** A⁻ᵀ b */
  solveTransposed(b: Float64Array): Float64Array;
}

/**
 * Factors a matrix whose rows were scaled to a largest entry of 1, so that pivots compare.
 *
 * @param matrix - n² numbers, row by row
 */
export function factor(matrix: Float64Array, n: number): Factored {
  const lu = matrix.slice();
  const weight = Float64Array.from(
    { length: n },
    (_, i) => 1 / Math.max(...lu.subarray(i * n, (i + 1) * n).map(Math.abs), Number.MIN_VALUE),
  );
  const rows = Array.from({ length: n }, (_, i) => i);
  let [least, most] = [Infinity, 0];
  for (let k = 0; k < n; k++) {
    exchange(lu, rows, weight, k, n);
    const pivot = lu[rows[k]! * n + k]!;
    const size = Math.abs(pivot) * weight[rows[k]!]!;
    [least, most] = [Math.min(least, size), Math.max(most, size)];
    for (let i = k + 1; i < n && pivot !== 0; i++) {
      const at = rows[i]! * n;
      const factor = (lu[at + k]! /= pivot);
      if (factor !== 0) for (let j = k + 1; j < n; j++) lu[at + j]! -= factor * lu[rows[k]! * n + j]!;
    }
  }
  return {
    isRegular: n === 0 || least > n * Number.EPSILON * most,
    solve(b) {
      const x = Float64Array.from(rows, (row) => b[row]!);
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) x[i]! -= lu[rows[i]! * n + j]! * x[j]!;
      for (let i = n - 1; i >= 0; i--) {
        for (let j = i + 1; j < n; j++) x[i]! -= lu[rows[i]! * n + j]! * x[j]!;
        x[i]! /= lu[rows[i]! * n + i]!;
      }
      return x;
    },
    solveTransposed(b) {
      const y = b.slice();
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) y[i]! -= lu[rows[j]! * n + i]! * y[j]!;
        y[i]! /= lu[rows[i]! * n + i]!;
      }
      for (let i = n - 1; i >= 0; i--) for (let j = i + 1; j < n; j++) y[i]! -= lu[rows[j]! * n + i]! * y[j]!;
      const x = new Float64Array(n);
      rows.forEach((row, i) => (x[row] = y[i]!));
      return x;
    },
  };
}

/** Brings the row with the largest entry of a column, as they are weighted, to the place of the pivot. */
function exchange(lu: Float64Array, rows: number[], weight: Float64Array, k: number, n: number): void {
  let best = k;
  const sizeAt = (i: number): number => Math.abs(lu[rows[i]! * n + k]!) * weight[rows[i]!]!;
  for (let i = k + 1; i < n; i++) if (sizeAt(i) > sizeAt(best)) best = i;
  [rows[k], rows[best]] = [rows[best]!, rows[k]!];
}
