// Reductions of the reference arrays: each gathers the entries that share an index and gives them to a plain loop.

import { array, at, axesOf, build, indicesOf, offsetOf } from "./arrays-core.ts";
import type { NDArray } from "./arrays-core.ts";

export interface ReduceOptions {
  /** The axes to reduce, all by default. */
  readonly axes?: number | readonly number[];
  /** Reduced axes stay with size 1. */
  readonly keepDims?: boolean;
}

const outside = (index: readonly number[], axes: readonly number[]): number[] =>
  index.filter((_, axis) => !axes.includes(axis));

/** f over the entries of each group, in row-major order. */
export const reduce = (
  f: (x: number[]) => number,
  a: NDArray,
  { axes, keepDims = false }: ReduceOptions = {},
): NDArray => {
  const reduced = axesOf(a.shape.length, axes);
  const shape = outside(a.shape, reduced);
  const groups = indicesOf(shape).map((): number[] => []);
  for (const index of indicesOf(a.shape)) groups[offsetOf(shape, outside(index, reduced))]!.push(at(a, index));
  const kept = keepDims ? a.shape.map((n, axis) => (reduced.includes(axis) ? 1 : n)) : shape;
  return array(kept, groups.map(f));
};

const sumOf = (x: readonly number[]): number => {
  let total = 0;
  for (const value of x) total += value;
  return total;
};

const meanOf = (x: readonly number[]): number => sumOf(x) / x.length;

const prodOf = (x: readonly number[]): number => {
  let product = 1;
  for (const value of x) product *= value;
  return product;
};

/** The extremum with NaN above everything; an empty group has none. */
const extremumOf =
  (pick: (a: number, b: number) => number) =>
  (x: readonly number[]): number => {
    if (x.length === 0) throw new RangeError("the maximum or minimum of nothing");
    let best = x[0]!;
    for (const value of x) best = pick(best, value);
    return best;
  };
const maxOf = extremumOf(Math.max);

/** m + ln Σ e^(x − m) with the largest entry m; an infinite m is the answer itself. */
const logSumExpOf = (x: readonly number[]): number => {
  if (x.length === 0) return -Infinity;
  const m = maxOf(x);
  return Number.isFinite(m) ? m + Math.log(sumOf(x.map((value) => Math.exp(value - m)))) : m;
};

/** Σ (x − mean)² / (n − ddof) in two passes */
const varianceOf =
  (ddof: number) =>
  (x: readonly number[]): number => {
    const mean = meanOf(x);
    return sumOf(x.map((value) => (value - mean) ** 2)) / Math.max(x.length - ddof, 0);
  };

/** s √Σ (x/s)² with the largest size s, so that no square overflows or vanishes. */
const normOf = (x: readonly number[]): number => {
  const s = x.length === 0 ? 0 : maxOf(x.map(Math.abs));
  return s > 0 && s < Infinity ? s * Math.sqrt(sumOf(x.map((value) => (value / s) ** 2))) : s;
};

export const sum = (a: NDArray, options?: ReduceOptions): NDArray => reduce(sumOf, a, options);
export const mean = (a: NDArray, options?: ReduceOptions): NDArray => reduce(meanOf, a, options);
export const prod = (a: NDArray, options?: ReduceOptions): NDArray => reduce(prodOf, a, options);
export const max = (a: NDArray, options?: ReduceOptions): NDArray => reduce(maxOf, a, options);
export const min = (a: NDArray, options?: ReduceOptions): NDArray => reduce(extremumOf(Math.min), a, options);
export const logSumExp = (a: NDArray, options?: ReduceOptions): NDArray => reduce(logSumExpOf, a, options);
/** The Euclidean norm. */
export const norm = (a: NDArray, options?: ReduceOptions): NDArray => reduce(normOf, a, options);
export const variance = (
  a: NDArray,
  { ddof = 0, ...options }: ReduceOptions & { readonly ddof?: number } = {},
): NDArray => reduce(varianceOf(ddof), a, options);

/** f(entry, the group of the entry) at every index. */
const withinGroups = (
  f: (x: number, total: number) => number,
  total: (x: number[]) => number,
  a: NDArray,
  axes?: number | readonly number[],
): NDArray => {
  const reduced = axesOf(a.shape.length, axes);
  const totals = reduce(total, a, { axes: reduced });
  return build(a.shape, (index) => f(at(a, index), at(totals, outside(index, reduced))));
};

/** x − logSumExp(x) */
export const logSoftmax = (a: NDArray, axes?: number | readonly number[]): NDArray =>
  withinGroups((x, total) => x - total, logSumExpOf, a, axes);

/** e^(x − m) / Σ e^(x − m) with the largest entry m of the group */
export const softmax = (a: NDArray, axes?: number | readonly number[]): NDArray => {
  if (a.data.length === 0) return a;
  const shifted = withinGroups((x, m) => Math.exp(x - m), maxOf, a, axes);
  return withinGroups((x, total) => x / total, sumOf, shifted, axes);
};
