/** Vectors of float64 as the methods use them. */

export type Vector = Float64Array;

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The length of a vector, also where its square would not be finite. */
export function norm(a: Vector): number {
  const most = largest(a);
  if (most === 0 || !Number.isFinite(most)) return most;
  let sum = 0;
  for (const x of a) sum += (x / most) ** 2;
  return most * Math.sqrt(sum);
}

/** The largest entry by absolute value; NaN where one is. */
export function largest(a: Vector): number {
  let most = 0;
  for (const x of a) most = Math.max(most, Math.abs(x));
  return most;
}

/** a + t b */
export function along(a: Vector, t: number, b: Vector): Vector {
  return a.map((x, i) => x + t * b[i]!);
}

export function scaled(a: Vector, t: number): Vector {
  return a.map((x) => t * x);
}

export function difference(a: Vector, b: Vector): Vector {
  return a.map((x, i) => x - b[i]!);
}

/** A v for a matrix whose rows stand one after another, each as long as `v`. */
export function times(matrix: Vector, v: Vector): Vector {
  const n = v.length;
  return Float64Array.from({ length: n === 0 ? 0 : matrix.length / n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * v[j]!;
    return sum;
  });
}

/** Aᵀ v */
export function transposedTimes(matrix: Vector, v: Vector): Vector {
  const n = v.length === 0 ? 0 : matrix.length / v.length;
  const product = new Float64Array(n);
  for (let i = 0; i < v.length; i++) for (let j = 0; j < n; j++) product[j]! += matrix[i * n + j]! * v[i]!;
  return product;
}

export function isFinite(a: Vector): boolean {
  return a.every(Number.isFinite);
}
