/** C = A·B for one matrix each, any of them transposed, as plain loops; float32 sums in float64. */

import type { Elements } from "../graph/dtype.ts";

/** Where a matrix lies and how it is walked. */
export interface Matrix {
  readonly elements: Elements;
  readonly offset: number;
}

/** The operands whose exact zeros have no influence, even on factors that are not finite. */
export type Absorbing = "left" | "right" | "both" | null;

/** out[m, n] = Σ_k A[m, k] B[k, n], row of sums by row of sums; the inner loop walks rows of B in memory order. */
function rowByRow(out: Elements, outAt: number, a: Matrix, stepRow: number, stepInner: number, b: Matrix, m: number, k: number, n: number): void {
  const { elements: A } = a;
  const { elements: B } = b;
  // float64 results are summed in place; narrower ones in a float64 row, rounded once.
  const wide = out instanceof Float64Array;
  const sums = wide ? out : new Float64Array(n);
  for (let row = 0; row < m; row++) {
    const at = wide ? outAt + row * n : 0;
    if (!wide) sums.fill(0);
    const aRow = a.offset + row * stepRow;
    let inner = 0;
    for (; inner + 3 < k; inner += 4) {
      const a0 = A[aRow + inner * stepInner]!;
      const a1 = A[aRow + (inner + 1) * stepInner]!;
      const a2 = A[aRow + (inner + 2) * stepInner]!;
      const a3 = A[aRow + (inner + 3) * stepInner]!;
      const b0 = b.offset + inner * n;
      const b1 = b0 + n;
      const b2 = b1 + n;
      const b3 = b2 + n;
      for (let j = 0; j < n; j++) sums[at + j]! += a0 * B[b0 + j]! + a1 * B[b1 + j]! + (a2 * B[b2 + j]! + a3 * B[b3 + j]!);
    }
    for (; inner < k; inner++) {
      const factor = A[aRow + inner * stepInner]!;
      const bRow = b.offset + inner * n;
      for (let j = 0; j < n; j++) sums[at + j]! += factor * B[bRow + j]!;
    }
    if (!wide) for (let j = 0; j < n; j++) out[outAt + row * n + j] = sums[j]!;
  }
}

/** out[m, n] = Σ_k A[m, k] B[n, k]: both operands walked in memory order. */
function rowByDot(out: Elements, outAt: number, a: Matrix, b: Matrix, m: number, k: number, n: number): void {
  const { elements: A } = a;
  const { elements: B } = b;
  for (let row = 0; row < m; row++) {
    const aRow = a.offset + row * k;
    for (let column = 0; column < n; column++) {
      const bRow = b.offset + column * k;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let i = 0;
      for (; i + 3 < k; i += 4) {
        s0 += A[aRow + i]! * B[bRow + i]!;
        s1 += A[aRow + i + 1]! * B[bRow + i + 1]!;
        s2 += A[aRow + i + 2]! * B[bRow + i + 2]!;
        s3 += A[aRow + i + 3]! * B[bRow + i + 3]!;
      }
      for (; i < k; i++) s0 += A[aRow + i]! * B[bRow + i]!;
      out[outAt + row * n + column] = s0 + s1 + (s2 + s3);
    }
  }
}

/** The definition: one sum for each entry, a zero of the absorbing operand skipping its term. */
export function matmulPlain(
  out: Elements, outAt: number, a: Matrix, b: Matrix, m: number, k: number, n: number,
  transposeA: boolean, transposeB: boolean, absorbing: Absorbing,
): void {
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let i = 0; i < k; i++) {
        const x = a.elements[a.offset + (transposeA ? i * m + row : row * k + i)]!;
        const y = b.elements[b.offset + (transposeB ? column * k + i : i * n + column)]!;
        if (x === 0 && (absorbing === "left" || absorbing === "both")) continue;
        if (y === 0 && (absorbing === "right" || absorbing === "both")) continue;
        sum += x * y;
      }
      out[outAt + row * n + column] = sum;
    }
  }
}

/**
 * C = op(A)·op(B), C of m × n, inner size k; a flag says that an operand lies transposed in memory.
 * Where `absorbing` names an operand, the products with its zeros are dropped; the plain loop does that, and only when
 * a NaN shows that it matters.
 */
export function matmul(
  out: Elements, outAt: number, a: Matrix, b: Matrix, m: number, k: number, n: number,
  transposeA: boolean, transposeB: boolean, absorbing: Absorbing,
): void {
  if (transposeA && transposeB) matmulPlain(out, outAt, a, b, m, k, n, true, true, null);
  else if (transposeB) rowByDot(out, outAt, a, b, m, k, n);
  else rowByRow(out, outAt, a, transposeA ? 1 : k, transposeA ? m : 1, b, m, k, n);
  if (absorbing === null) return;
  for (let i = 0; i < m * n; i++) {
    if (Number.isNaN(out[outAt + i]!)) {
      matmulPlain(out, outAt, a, b, m, k, n, transposeA, transposeB, absorbing);
      return;
    }
  }
}
