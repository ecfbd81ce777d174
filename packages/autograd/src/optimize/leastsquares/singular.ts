/**
 * Singular values of a small square matrix by rotations of its columns (Jacobi), which keeps the digits of the small
 * ones.
 */

import { lengthOf } from "./qr.ts";

const MOST_SWEEPS = 40;

/** Largest first. */
export function singularValues(matrix: Float64Array, size: number): Float64Array {
  const a = matrix.slice();
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let turned = false;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) turned = orthogonalize(a, size, p, q) || turned;
    if (!turned) break;
  }
  return Float64Array.from({ length: size }, (_, j) => lengthOf(a, j * size, (j + 1) * size))
    .sort()
    .reverse();
}

/** Rotates columns p and q until they are orthogonal: tan 2θ = 2 p·q / (‖p‖² − ‖q‖²). */
function orthogonalize(a: Float64Array, size: number, p: number, q: number): boolean {
  let [pp, qq, pq] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    const [x, y] = [a[p * size + i]!, a[q * size + i]!];
    pp += x * x;
    qq += y * y;
    pq += x * y;
  }
  if (Math.abs(pq) <= Number.EPSILON * Math.sqrt(pp * qq)) return false;
  const ratio = (qq - pp) / (2 * pq);
  const t = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(1, ratio));
  const c = 1 / Math.hypot(1, t);
  const s = c * t;
  for (let i = 0; i < size; i++) {
    const [x, y] = [a[p * size + i]!, a[q * size + i]!];
    a[p * size + i] = c * x - s * y;
    a[q * size + i] = s * x + c * y;
  }
  return true;
}
