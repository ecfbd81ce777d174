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

/** y_i += c |x_i| */
export function addSizes(y: Float64Array, to: number, c: number, x: Float64Array, from: number, count: number): void {
  for (let i = 0; i < count; i++) y[to + i]! += c * Math.abs(x[from + i]!);
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
