/** Reductions over the middle axis of an array seen as outer × size × inner, accumulated in float64. */

import type { Elements } from "../graph/dtype.ts";

/** Below this many terms a plain loop is as accurate as the halving and faster. */
const BLOCK = 64;

/** Σ of `count` consecutive numbers, by halves: the error grows with log n, not with n. */
function sumRun(from: Elements, start: number, count: number): number {
  if (count <= BLOCK) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += from[start + i]!;
    return sum;
  }
  const half = count >> 1;
  return sumRun(from, start, half) + sumRun(from, start + half, count - half);
}

/** sums[i] = Σ over rows first … first+count-1 of from[row, i], by halves. */
function sumRows(sums: Float64Array, from: Elements, start: number, count: number, inner: number): void {
  if (count <= BLOCK) {
    sums.fill(0);
    for (let row = 0; row < count; row++) {
      const at = start + row * inner;
      for (let i = 0; i < inner; i++) sums[i]! += from[at + i]!;
    }
    return;
  }
  const half = count >> 1;
  sumRows(sums, from, start, half, inner);
  const second = new Float64Array(inner);
  sumRows(second, from, start + half * inner, count - half, inner);
  for (let i = 0; i < inner; i++) sums[i]! += second[i]!;
}

/** out[o, i] = Σ_k from[o, k, i] / divisor. */
export function sum(out: Elements, from: Elements, outer: number, size: number, inner: number, divisor: number): void {
  if (inner === 1) {
    for (let o = 0; o < outer; o++) out[o] = sumRun(from, o * size, size) / divisor;
    return;
  }
  const sums = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    sumRows(sums, from, o * size * inner, size, inner);
    for (let i = 0; i < inner; i++) out[o * inner + i] = sums[i]! / divisor;
  }
}

/** Applies `reduce(k => number)` to each run of the middle axis. */
function eachRun(out: Elements, outer: number, inner: number, size: number, reduce: (start: number, step: number) => number): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) out[o * inner + i] = reduce(o * size * inner + i, inner);
  }
}

/** Largest or smallest; NaN wins over every number. */
export function extremum(out: Elements, from: Elements, outer: number, size: number, inner: number, direction: 1 | -1): void {
  eachRun(out, outer, inner, size, (start, step) => {
    let best = from[start]!;
    for (let k = 1, at = start + step; k < size; k++, at += step) {
      const x = from[at]!;
      if (direction * x > direction * best || x !== x) best = x;
    }
    return best;
  });
}

/** m + log Σ exp(x - m), where m is the largest entry, or 0 where that is not finite. */
export function logSumExp(out: Elements, from: Elements, outer: number, size: number, inner: number): void {
  eachRun(out, outer, inner, size, (start, step) => {
    let largest = -Infinity;
    for (let k = 0, at = start; k < size; k++, at += step) largest = Math.max(largest, from[at]!);
    const shift = Number.isFinite(largest) ? largest : 0;
    let sum = 0;
    for (let k = 0, at = start; k < size; k++, at += step) sum += Math.exp(from[at]! - shift);
    return shift + Math.log(sum);
  });
}

/** √Σ x², scaled by the largest |x| so that no square overflows or vanishes. */
export function norm(out: Elements, from: Elements, outer: number, size: number, inner: number): void {
  eachRun(out, outer, inner, size, (start, step) => {
    let largest = 0;
    for (let k = 0, at = start; k < size; k++, at += step) largest = Math.max(largest, Math.abs(from[at]!));
    if (largest === 0 || !Number.isFinite(largest)) return largest;
    // A power of two scales without rounding.
    const scale = 2 ** Math.max(-1022, Math.min(1022, Math.floor(Math.log2(largest))));
    let sum = 0;
    for (let k = 0, at = start; k < size; k++, at += step) {
      const x = from[at]! / scale;
      sum += x * x;
    }
    return scale * Math.sqrt(sum);
  });
}

/**
 * The shares exp(x - m) / Σ exp(x - m) of each run, m its largest entry. Where that is not finite a distribution is NaN;
 * as weights of logSumExp (`weights`), m is 0 there instead, and a run without mass (every entry -∞) weighs 0.
 */
export function softmax(out: Elements, from: Elements, outer: number, size: number, inner: number, weights: boolean): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * size * inner + i;
      const end = start + size * inner;
      let largest = -Infinity;
      for (let at = start; at < end; at += inner) largest = Math.max(largest, from[at]!);
      if (weights && !Number.isFinite(largest)) largest = 0;
      let sum = 0;
      for (let at = start; at < end; at += inner) sum += Math.exp(from[at]! - largest);
      if (weights && sum === 0) sum = 1;
      for (let at = start; at < end; at += inner) out[at] = Math.exp(from[at]! - largest) / sum;
    }
  }
}

/** x - m - log Σ exp(x - m). */
export function logSoftmax(out: Elements, from: Elements, outer: number, size: number, inner: number): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * size * inner + i;
      const end = start + size * inner;
      let largest = -Infinity;
      for (let at = start; at < end; at += inner) largest = Math.max(largest, from[at]!);
      let sum = 0;
      for (let at = start; at < end; at += inner) sum += Math.exp(from[at]! - largest);
      const log = Math.log(sum);
      for (let at = start; at < end; at += inner) out[at] = from[at]! - largest - log;
    }
  }
}
