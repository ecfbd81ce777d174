/**
 * Eigenvalues and vectors of symmetric matrices: reduced to three diagonals by reflections, then rotated (QL with
 * shifts).
 */

/** A = Q Λ Qᵀ, eigenvalues rising. */
export interface Eigen {
  readonly values: Float64Array;
  /** The k-th eigenvector. */
  readonly vectors: readonly Float64Array[];
}

/** No eigenvalue needs so many rotations through the matrix; three are usual. */
const MOST = 60;

/**
 * Decomposes a symmetric matrix. After EISPACK's tred2 and tql2 (Wilkinson and Reinsch, Handbook for Automatic
 * Computation II).
 *
 * @param matrix - n² finite numbers, row by row; what lies above the diagonal is not read
 */
export function eigenOf(matrix: Float64Array, n: number): Eigen {
  const v = Array.from({ length: n }, (_, i) => matrix.slice(i * n, (i + 1) * n));
  const d = Float64Array.from({ length: n }, (_, i) => v[n - 1]![i]!);
  const e = new Float64Array(n);
  tridiagonalize(v, d, e, n);
  rotate(v, d, e, n);
  const order = Array.from(d.keys()).sort((a, b) => d[a]! - d[b]!);
  return {
    values: Float64Array.from(order, (k) => d[k]!),
    vectors: order.map((k) => Float64Array.from(v, (row) => row[k]!)),
  };
}

/**
 * Householder reflections from the last row up; `v` becomes their product, `d` the diagonal, `e` what stands beside it.
 */
function tridiagonalize(v: readonly Float64Array[], d: Float64Array, e: Float64Array, n: number): void {
  for (let i = n - 1; i > 0; i--) {
    let [scale, h] = [0, 0];
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    if (scale === 0) {
      e[i] = d[i - 1]!;
      for (let j = 0; j < i; j++) {
        d[j] = v[i - 1]![j]!;
        v[i]![j] = 0;
        v[j]![i] = 0;
      }
    } else h = reflect(v, d, e, i, scale);
    d[i] = h;
  }
  accumulate(v, d, n);
  e[0] = 0;
}

/** One reflection of the leading `i` rows and columns, a similarity transformation. */
function reflect(v: readonly Float64Array[], d: Float64Array, e: Float64Array, i: number, scale: number): number {
  let h = 0;
  for (let k = 0; k < i; k++) {
    d[k]! /= scale;
    h += d[k]! * d[k]!;
  }
  const f = d[i - 1]!;
  const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
  e[i] = scale * g;
  h -= f * g;
  d[i - 1] = f - g;
  e.fill(0, 0, i);
  for (let j = 0; j < i; j++) {
    v[j]![i] = d[j]!;
    let sum = e[j]! + v[j]![j]! * d[j]!;
    for (let k = j + 1; k < i; k++) {
      sum += v[k]![j]! * d[k]!;
      e[k]! += v[k]![j]! * d[j]!;
    }
    e[j] = sum;
  }
  let product = 0;
  for (let j = 0; j < i; j++) {
    e[j]! /= h;
    product += e[j]! * d[j]!;
  }
  const half = product / (h + h);
  for (let j = 0; j < i; j++) e[j]! -= half * d[j]!;
  for (let j = 0; j < i; j++) {
    for (let k = j; k < i; k++) v[k]![j]! -= d[j]! * e[k]! + e[j]! * d[k]!;
    d[j] = v[i - 1]![j]!;
    v[i]![j] = 0;
  }
  return h;
}

/** The product of the reflections. */
function accumulate(v: readonly Float64Array[], d: Float64Array, n: number): void {
  for (let i = 0; i < n - 1; i++) {
    v[n - 1]![i] = v[i]![i]!;
    v[i]![i] = 1;
    const h = d[i + 1]!;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[k]![i + 1]! / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let k = 0; k <= i; k++) g += v[k]![i + 1]! * v[k]![j]!;
        for (let k = 0; k <= i; k++) v[k]![j]! -= g * d[k]!;
      }
    }
    for (let k = 0; k <= i; k++) v[k]![i + 1] = 0;
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[n - 1]![j]!;
    v[n - 1]![j] = 0;
  }
  if (n > 0) v[n - 1]![n - 1] = 1;
}

/** QL steps with implicit shifts, until nothing stands beside the diagonal that rounding would keep. */
function rotate(v: readonly Float64Array[], d: Float64Array, e: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i]!;
  if (n > 0) e[n - 1] = 0;
  let [shift, most] = [0, 0];
  for (let l = 0; l < n; l++) {
    most = Math.max(most, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * most) m++;
    for (let count = 0; m > l && Math.abs(e[l]!) > Number.EPSILON * most && count < MOST; count++)
      shift += step(v, d, e, n, l, m);
    d[l]! += shift;
    e[l] = 0;
  }
}

/** One QL step on rows `l` to `m`; returns by how much it has shifted the diagonal. */
function step(v: readonly Float64Array[], d: Float64Array, e: Float64Array, n: number, l: number, m: number): number {
  const g = d[l]!;
  let p = (d[l + 1]! - g) / (2 * e[l]!);
  const r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
  d[l] = e[l]! / (p + r);
  d[l + 1] = e[l]! * (p + r);
  const next = d[l + 1]!;
  const h = g - d[l]!;
  for (let i = l + 2; i < n; i++) d[i]! -= h;
  p = d[m]!;
  let [c, before, twoBefore, s, sBefore] = [1, 1, 1, 0, 0];
  const beside = e[l + 1]!;
  for (let i = m - 1; i >= l; i--) {
    [twoBefore, before, sBefore] = [before, c, s];
    const [off, diagonal] = [c * e[i]!, c * p];
    const length = Math.hypot(p, e[i]!);
    e[i + 1] = s * length;
    [s, c] = length === 0 ? [0, 1] : [e[i]! / length, p / length];
    p = c * d[i]! - s * off;
    d[i + 1] = diagonal + s * (c * off + s * d[i]!);
    for (const row of v) {
      const right = row[i + 1]!;
      row[i + 1] = s * row[i]! + c * right;
      row[i] = c * row[i]! - s * right;
    }
  }
  p = (-s * sBefore * twoBefore * beside * e[l]!) / next;
  e[l] = s * p;
  d[l] = c * p;
  return h;
}
