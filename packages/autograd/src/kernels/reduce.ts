/** Reductions over the middle axis of an array seen as outer × size × inner. */

import type { Elements } from "../graph/dtype.ts";
import { ElementwiseLoop } from "./elementwise.ts";
import { exp, log } from "./lanes/elementary.ts";
import type { LaneOperand } from "./lanes/forms.ts";
import type { LaneType } from "./lanes/lanes.ts";
import { makeFunction, type Entry, type NumberFunction } from "./loops.ts";

/** So many terms are added in eight interleaved sums; more of them in chunks, whose sums are added in the same way. */
export const CHUNK = 512;

/** (s0 + s4) + (s2 + s6), and likewise the odd ones: the order in which vectors of two fold. */
function fold(s: Float64Array, at: number, step: number): number {
  const sum = (k: number): number => s[at + k * step]!;
  return sum(0) + sum(4) + (sum(2) + sum(6)) + (sum(1) + sum(5) + (sum(3) + sum(7)));
}

/**
 * Σ of `count` numbers a step apart, in float64: the k-th term goes to the sum k mod 8 of its chunk. The error grows
 * with the logarithm of the count, and the order depends on neither the layout nor the number of threads. Sums begin
 * at -0, to which any number adds as it is; the sum of nothing is 0.
 */
export function sumRun(from: ArrayLike<number>, start: number, step: number, count: number): number {
  if (count === 0) return 0;
  if (count > CHUNK) {
    const partial = new Float64Array(Math.ceil(count / CHUNK));
    for (let k = 0; k < partial.length; k++)
      partial[k] = sumRun(from, start + k * CHUNK * step, step, Math.min(CHUNK, count - k * CHUNK));
    return sumRun(partial, 0, 1, partial.length);
  }
  let s0 = -0,
    s1 = -0,
    s2 = -0,
    s3 = -0,
    s4 = -0,
    s5 = -0,
    s6 = -0,
    s7 = -0;
  const whole = count - (count % 8);
  let at = start;
  for (let k = 0; k < whole; k += 8, at += 8 * step) {
    s0 += from[at]!;
    s1 += from[at + step]!;
    s2 += from[at + 2 * step]!;
    s3 += from[at + 3 * step]!;
    s4 += from[at + 4 * step]!;
    s5 += from[at + 5 * step]!;
    s6 += from[at + 6 * step]!;
    s7 += from[at + 7 * step]!;
  }
  const rest = count - whole;
  if (rest > 0) s0 += from[at]!;
  if (rest > 1) s1 += from[at + step]!;
  if (rest > 2) s2 += from[at + 2 * step]!;
  if (rest > 3) s3 += from[at + 3 * step]!;
  if (rest > 4) s4 += from[at + 4 * step]!;
  if (rest > 5) s5 += from[at + 5 * step]!;
  if (rest > 6) s6 += from[at + 6 * step]!;
  return s0 + s4 + (s2 + s6) + (s1 + s5 + (s3 + s7));
}

/** Of so few terms each sum is added by itself: the lines that a column touches stay in the cache for the next ones. */
const FEW = 32;
/** The eight sums of so many columns stay in the first cache. */
const COLUMNS = 512;

/** The same sum for each of `inner` columns, walking the rows in memory order, some columns at a time. */
function sumColumns(sums: Float64Array, from: Elements, start: number, count: number, inner: number): void {
  if (count <= FEW) {
    for (let i = 0; i < inner; i++) sums[i] = sumRun(from, start + i, inner, count);
    return;
  }
  const chunks = Math.ceil(count / CHUNK);
  const most = Math.min(COLUMNS, inner);
  const [partial, eight] = [new Float64Array(chunks * most), new Float64Array(8 * most)];
  for (let first = 0; first < inner; first += most) {
    const width = Math.min(most, inner - first);
    for (let chunk = 0; chunk < chunks; chunk++) {
      eight.fill(-0);
      addRows(eight, from, start + first, chunk * CHUNK, Math.min(count, (chunk + 1) * CHUNK), inner, width);
      for (let i = 0; i < width; i++) partial[chunk * width + i] = fold(eight, i, width);
    }
    for (let i = 0; i < width; i++) sums[first + i] = chunks === 1 ? partial[i]! : sumRun(partial, i, width, chunks);
  }
}

/** Adds rows from one up to another, each to that of eight rows of sums to which its terms go. */
function addRows(
  eight: Float64Array,
  from: Elements,
  start: number,
  begin: number,
  end: number,
  inner: number,
  width: number,
): void {
  let row = begin;
  // Eight whole rows lie as their sums do.
  for (; width === inner && row + 8 <= end; row += 8) {
    const at = start + row * inner;
    for (let i = 0; i < 8 * width; i++) eight[i]! += from[at + i]!;
  }
  for (; row < end; row++) {
    const [to, at] = [(row % 8) * width, start + row * inner];
    for (let i = 0; i < width; i++) eight[to + i]! += from[at + i]!;
  }
}

/** out[o, i] = Σ_k from[o, k, i] / divisor. */
export function sum(out: Elements, from: Elements, outer: number, size: number, inner: number, divisor: number): void {
  if (inner === 1) {
    for (let o = 0; o < outer; o++) out[o] = sumRun(from, o * size, 1, size) / divisor;
    return;
  }
  const sums = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    sumColumns(sums, from, o * size * inner, size, inner);
    for (let i = 0; i < inner; i++) out[o * inner + i] = sums[i]! / divisor;
  }
}

/** out[o, i] = Σ_k from[o, k, i] of whole numbers below 2³¹: exact, or more than 2³¹ in magnitude as the sum itself. */
export function sumWhole(out: Float64Array, from: Elements, outer: number, size: number, inner: number): void {
  eachRun(outer, size, inner, (start, step, to) => {
    // Halves of 16 bits add up exactly however many there are.
    let high = 0;
    let low = 0;
    for (let k = 0, at = start; k < size; k++, at += step) {
      const x = from[at]!;
      high += x >> 16;
      low += x & 0xffff;
    }
    out[to] = high * 0x10000 + low;
  });
}

/** Calls `run(start, step, to)` for each run of the middle axis. */
function eachRun(
  outer: number,
  size: number,
  inner: number,
  run: (start: number, step: number, to: number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) run(o * size * inner + i, inner, o * inner + i);
  }
}

/** The largest entry of a run; NaN where there is one, and 0 is more than -0. */
function largestOf(from: Elements, start: number, step: number, size: number): number {
  let best = -Infinity;
  for (let k = 0, at = start; k < size; k++, at += step) best = Math.max(best, from[at]!);
  return best;
}

/** Largest or smallest; NaN wins over every number. */
export function extremum(
  out: Elements,
  from: Elements,
  outer: number,
  size: number,
  inner: number,
  direction: 1 | -1,
): void {
  eachRun(outer, size, inner, (start, step, to) => {
    if (direction === 1) {
      out[to] = size === 0 ? -Infinity : largestOf(from, start, step, size);
      return;
    }
    let best = Infinity;
    for (let k = 0, at = start; k < size; k++, at += step) best = Math.min(best, from[at]!);
    out[to] = best;
  });
}

/** A formula of numbers in the type of some memory, ready to be run. */
function inTypeOf(operands: number, read: Entry["read"]): (memory: Elements) => ElementwiseLoop {
  const made: Partial<Record<LaneType, ElementwiseLoop>> = {};
  return (memory) => {
    const type = memory instanceof Float32Array ? "f32" : "f64";
    return (made[type] ??= new ElementwiseLoop({ type, operands: new Array<"number">(operands).fill("number"), read }));
  };
}

const valueOf = <V, M>(operand: LaneOperand<V, M>): V => (operand as { readonly value: V }).value;

let madeLog: NumberFunction | null = null;

/** ln x in float64. */
function log64(x: number): number {
  madeLog ??= makeFunction({ type: "f64", operands: ["number"], read: (l, [a]) => ({ value: log(l, valueOf(a!)) }) });
  return madeLog(x);
}

/** e^(a - b). */
const shiftedPower = inTypeOf(2, (l, [a, b]) => ({ value: exp(l, l.sub(valueOf(a!), valueOf(b!))) }));
const quotient = inTypeOf(2, (l, [a, b]) => ({ value: l.div(valueOf(a!), valueOf(b!)) }));
/** a - b - c. */
const difference = inTypeOf(3, (l, [a, b, c]) => ({ value: l.sub(l.sub(valueOf(a!), valueOf(b!)), valueOf(c!)) }));

/** Memory for numbers of the same type. */
function like(memory: Elements, count: number): Float32Array | Float64Array {
  return memory instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
}

/**
 * The largest entry of each run, by which its powers are shifted; 0 instead of one that is not finite, where that is
 * asked for.
 */
function shiftsOf(from: Elements, outer: number, size: number, inner: number, finite: boolean): Elements {
  const shifts = like(from, outer * inner);
  eachRun(outer, size, inner, (start, step, to) => {
    const largest = largestOf(from, start, step, size);
    shifts[to] = finite && !Number.isFinite(largest) ? 0 : largest;
  });
  return shifts;
}

/** m + log Σ exp(x - m), where m is the largest entry, or 0 where that is not finite. */
export function logSumExp(out: Elements, from: Elements, outer: number, size: number, inner: number): void {
  const [whole, runs] = [
    [outer, size, inner],
    [outer, 1, inner],
  ];
  const shifts = shiftsOf(from, outer, size, inner, true);
  const powers = like(from, from.length);
  shiftedPower(from).broadcast(powers, whole, [from, shifts], [whole, runs]);
  eachRun(outer, size, inner, (start, step, to) => {
    out[to] = shifts[to]! + log64(sumRun(powers, start, step, size));
  });
}

/** √Σ x², in float64; there scaled by a power of two, so that no square overflows or vanishes. */
export function norm(out: Elements, from: Elements, outer: number, size: number, inner: number): void {
  const squares = new Float64Array(size);
  eachRun(outer, size, inner, (start, step, to) => {
    let scale = 1;
    if (!(from instanceof Float32Array)) {
      let largest = 0;
      for (let k = 0, at = start; k < size; k++, at += step) largest = Math.max(largest, Math.abs(from[at]!));
      if (largest === 0 || !Number.isFinite(largest)) {
        out[to] = largest;
        return;
      }
      scale = binade(largest);
    }
    for (let k = 0, at = start; k < size; k++, at += step) {
      const x = from[at]! / scale;
      squares[k] = x * x;
    }
    out[to] = scale * Math.sqrt(sumRun(squares, 0, 1, size));
  });
}

const words = new DataView(new ArrayBuffer(8));

/**
 * The largest power of two that is not more than a positive x, within those of normal numbers whose quotients are too.
 */
export function binade(x: number): number {
  words.setFloat64(0, x);
  const exponent = (words.getUint32(0) >>> 20) - 1023;
  return 2 ** Math.max(-1022, Math.min(1022, exponent));
}

/**
 * The shares exp(x - m) / Σ exp(x - m) of each run, m its largest entry. Where that is not finite a distribution is
 * NaN;
 * as weights of logSumExp (`weights`), m is 0 there instead, and a run without mass (every entry -∞) weighs 0.
 */
export function softmax(
  out: Elements,
  from: Elements,
  outer: number,
  size: number,
  inner: number,
  weights: boolean,
): void {
  const [whole, runs] = [
    [outer, size, inner],
    [outer, 1, inner],
  ];
  shiftedPower(from).broadcast(out, whole, [from, shiftsOf(from, outer, size, inner, weights)], [whole, runs]);
  const totals = like(from, outer * inner);
  eachRun(outer, size, inner, (start, step, to) => {
    totals[to] = sumRun(out, start, step, size);
    if (weights && totals[to] === 0) totals[to] = 1;
  });
  quotient(from).broadcast(out, whole, [out, totals], [whole, runs]);
}

/** x - m - log Σ exp(x - m). */
export function logSoftmax(out: Elements, from: Elements, outer: number, size: number, inner: number): void {
  const [whole, runs] = [
    [outer, size, inner],
    [outer, 1, inner],
  ];
  const shifts = shiftsOf(from, outer, size, inner, false);
  shiftedPower(from).broadcast(out, whole, [from, shifts], [whole, runs]);
  const logs = like(from, outer * inner);
  eachRun(outer, size, inner, (start, step, to) => {
    logs[to] = log64(sumRun(out, start, step, size));
  });
  difference(from).broadcast(out, whole, [from, shifts, logs], [whole, runs, runs]);
}
