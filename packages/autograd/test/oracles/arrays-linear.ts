// Products of the reference arrays as explicit sums over the shared index.

import { array, at, broadcastShape, broadcastTo, build } from "./arrays-core.ts";
import type { NDArray } from "./arrays-core.ts";
import { reshape } from "./arrays-shape.ts";

/** Σ over n of what `term` says, from left to right. */
const total = (n: number, term: (k: number) => number): number => {
  let result = 0;
  for (let k = 0; k < n; k++) result += term(k);
  return result;
};

/** Σₖ aₖ bₖ of two vectors */
export const dot = (a: NDArray, b: NDArray): NDArray => {
  if (a.shape.length !== 1 || b.shape.length !== 1 || a.shape[0] !== b.shape[0])
    throw new RangeError(`dot: [${a.shape}] and [${b.shape}]`);
  return array([], [total(a.shape[0]!, (k) => a.data[k]! * b.data[k]!)]);
};

/** aᵢ bⱼ of two vectors */
export const outer = (a: NDArray, b: NDArray): NDArray => {
  if (a.shape.length !== 1 || b.shape.length !== 1) throw new RangeError(`outer: [${a.shape}] and [${b.shape}]`);
  return build([a.shape[0]!, b.shape[0]!], ([i, j]) => a.data[i!]! * b.data[j!]!);
};

/**
 * Σₖ a[…, i, k] b[…, k, j] over broadcast batches; a vector is a row on the left and a column on the right, and its
 * axis vanishes.
 */
export const matmul = (a: NDArray, b: NDArray): NDArray => {
  if (a.shape.length === 0 || b.shape.length === 0) throw new RangeError("matmul: a scalar operand");
  const left = a.shape.length === 1 ? reshape(a, [1, a.shape[0]!]) : a;
  const right = b.shape.length === 1 ? reshape(b, [b.shape[0]!, 1]) : b;
  const [rows, inner] = left.shape.slice(-2) as [number, number];
  const [depth, columns] = right.shape.slice(-2) as [number, number];
  if (inner !== depth) throw new RangeError(`matmul: [${a.shape}] and [${b.shape}]`);
  const batch = broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const lefts = broadcastTo(left, [...batch, rows, inner]);
  const rights = broadcastTo(right, [...batch, inner, columns]);
  const product = build([...batch, rows, columns], (index) => {
    const where = index.slice(0, -2);
    const [i, j] = index.slice(-2) as [number, number];
    return total(inner, (k) => at(lefts, [...where, i, k]) * at(rights, [...where, k, j]));
  });
  const shape = [...batch, ...(a.shape.length === 1 ? [] : [rows]), ...(b.shape.length === 1 ? [] : [columns])];
  return reshape(product, shape);
};
