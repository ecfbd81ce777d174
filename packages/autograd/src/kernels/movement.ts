/** Copies between layouts: every transpose, slice, flip and broadcast is one strided walk. */

import type { Elements } from "../graph/dtype.ts";
import type { Shape } from "../types/shape.ts";

/**
 * Visits a box of `shape` row by row, giving where the row begins in a strided memory; the caller copies or adds the
 * row.
 */
function forEachRow(
  shape: Shape,
  offset: number,
  strides: readonly number[],
  row: (at: number, from: number) => void,
): void {
  const rank = shape.length;
  const count = rank === 0 ? 1 : shape[rank - 1]!;
  for (const size of shape) if (size === 0) return;
  const index = new Array<number>(Math.max(rank - 1, 0)).fill(0);
  let from = offset;
  for (let at = 0; ; at += count) {
    row(at, from);
    let axis = rank - 2;
    for (; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** Shorter runs are copied number by number: a view of one costs as much. */
const SHORT = 64;

/** out[at + i] = from[start + i], i below `count`. */
export function copyRun(out: Elements, at: number, from: Elements, start: number, count: number): void {
  if (count >= SHORT) out.set(from.subarray(start, start + count), at);
  else for (let i = 0; i < count; i++) out[at + i] = from[start + i]!;
}

/** out[i, j, …] = from[offset + i·strides[0] + j·strides[1] + …], `out` dense with shape `shape`. */
export function gatherStrided(
  out: Elements,
  from: Elements,
  shape: Shape,
  offset: number,
  strides: readonly number[],
): void {
  const count = shape.length === 0 ? 1 : shape[shape.length - 1]!;
  const step = shape.length === 0 ? 0 : strides[shape.length - 1]!;
  forEachRow(shape, offset, strides, (at, start) => {
    for (let i = 0, k = start; i < count; i++, k += step) out[at + i] = from[k]!;
  });
}

/** out[offset + i·strides[0] + j·strides[1] + …] = from[i, j, …], `from` dense with shape `shape`. */
export function scatterStrided(
  out: Elements,
  from: Elements,
  shape: Shape,
  offset: number,
  strides: readonly number[],
): void {
  const count = shape.length === 0 ? 1 : shape[shape.length - 1]!;
  const step = shape.length === 0 ? 0 : strides[shape.length - 1]!;
  forEachRow(shape, offset, strides, (at, start) => {
    for (let i = 0, k = start; i < count; i++, k += step) out[k] = from[at + i]!;
  });
}

/** out[o, k, i] = from[o, indices[k], i]: rows of `inner` numbers picked along the middle axis of size `size`. */
export function take(
  out: Elements,
  from: Elements,
  indices: ArrayLike<number>,
  outer: number,
  size: number,
  inner: number,
): void {
  const picked = indices.length;
  for (let o = 0; o < outer; o++) {
    // A loop over one number takes longer than the number.
    if (inner === 1) {
      const [source, target] = [o * size, o * picked];
      for (let k = 0; k < picked; k++) out[target + k] = from[source + indices[k]!]!;
      continue;
    }
    for (let k = 0; k < picked; k++) {
      copyRun(out, (o * picked + k) * inner, from, (o * size + indices[k]!) * inner, inner);
    }
  }
}

/** out[o, indices[k], i] += from[o, k, i]: the transpose of `take`; sums in float64 whatever the type. */
export function addAt(
  out: Float64Array,
  from: Elements,
  indices: ArrayLike<number>,
  outer: number,
  size: number,
  inner: number,
): void {
  const picked = indices.length;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < picked; k++) {
      const target = (o * size + indices[k]!) * inner;
      const source = (o * picked + k) * inner;
      for (let i = 0; i < inner; i++) out[target + i]! += from[source + i]!;
    }
  }
}
