/**
 * The inner loops of a matrix product: each so small and so often called that the engine compiles it soon after the
 * start.
 */

/** y_i += c x_i for `count` entries from `to` in y and `from` in x. */
export function addMultiple(
  y: Float64Array,
  to: number,
  c: number,
  x: Float64Array,
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) y[to + i]! += c * x[from + i]!;
}

/** y_i += c x_i and z_i += s |x_i| */
export function addBoth(
  y: Float64Array,
  z: Float64Array,
  to: number,
  x: Float64Array,
  from: number,
  c: number,
  s: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const entry = x[from + i]!;
    y[to + i]! += c * entry;
    z[to + i]! += s * Math.abs(entry);
  }
}

/** The same for two rows of x, in their order: every sum is what it was, and is read and written once. */
export function addTwo(
  y: Float64Array,
  z: Float64Array,
  to: number,
  x: Float64Array,
  from: number,
  c: number,
  s: number,
  next: number,
  cNext: number,
  sNext: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const first = x[from + i]!;
    const second = x[next + i]!;
    y[to + i] = y[to + i]! + c * first + cNext * second;
    z[to + i] = z[to + i]! + s * Math.abs(first) + sNext * Math.abs(second);
  }
}

/** Σ x_i y_i, where x is read every `step` entries. */
export function dot(x: Float64Array, from: number, step: number, y: Float64Array, at: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[from + i * step]! * y[at + i]!;
  return sum;
}

/** Σ |x_i y_i| */
export function dotOfSizes(
  x: Float64Array,
  from: number,
  step: number,
  y: Float64Array,
  at: number,
  count: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.abs(x[from + i * step]! * y[at + i]!);
  return sum;
}

/** How many sums `dots` takes at once. */
export const AT_ONCE = 4;

/**
 * Σ x_i y_i and then Σ |x_i y_i| for the four rows of y from `at`, each as `dot` and `dotOfSizes` sum it: a sum waits
 * for its last term, and eight of them do not wait for each other.
 */
export function dots(
  x: Float64Array,
  from: number,
  step: number,
  y: Float64Array,
  at: number,
  count: number,
  sums: Float64Array,
): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let sizeA = 0;
  let sizeB = 0;
  let sizeC = 0;
  let sizeD = 0;
  for (let i = 0; i < count; i++) {
    const entry = x[from + i * step]!;
    const inA = entry * y[at + i]!;
    const inB = entry * y[at + count + i]!;
    const inC = entry * y[at + 2 * count + i]!;
    const inD = entry * y[at + 3 * count + i]!;
    a += inA;
    b += inB;
    c += inC;
    d += inD;
    sizeA += Math.abs(inA);
    sizeB += Math.abs(inB);
    sizeC += Math.abs(inC);
    sizeD += Math.abs(inD);
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
  sums[4] = sizeA;
  sums[5] = sizeB;
  sums[6] = sizeC;
  sums[7] = sizeD;
}
