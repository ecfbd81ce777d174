/**
 * Memory planning: address ranges that are needed for some time, laid out so that those needed at one time do not
 * overlap.
 */

import { PADDING } from "../ir/layout.ts";

/** So many bytes, from one step of a program to another, both included. */
export interface Interval {
  readonly bytes: number;
  readonly from: number;
  to: number;
}

/** The beginning of each stretch, how many bytes there are in all, and what is needed at one time at least. */
export interface MemoryPlan {
  readonly starts: readonly number[];
  readonly bytes: number;
  readonly lowerBound: number;
}

/**
 * So many stretches are laid out one by one, beside all others; of more, those of few bytes have a part of memory to
 * themselves.
 */
const MANY = 512;
const SMALL_BYTES = 1024;

/** Lays out stretches so that little memory is needed in all. */
export function planMemory(intervals: readonly Interval[]): MemoryPlan {
  const lowerBound = mostAtOnce(intervals);
  if (intervals.length <= MANY) return { ...largestFirst(intervals), lowerBound };
  // What takes less than a line of the cache lies apart, so that all else begins with one.
  const classes: Interval[][] = [[], [], []];
  for (const interval of intervals) classes[classOf(interval)]!.push(interval);
  const [large, small, scalars] = [largestFirst(classes[0]!), bySize(classes[1]!), bySize(classes[2]!)];
  const behind = large.bytes + small.bytes;
  const layouts = [
    { from: 0, ...large },
    { from: large.bytes, ...small },
    { from: behind, ...scalars },
  ];
  const next = [0, 0, 0];
  const starts = intervals.map((interval) => {
    const one = classOf(interval);
    return layouts[one]!.from + layouts[one]!.starts[next[one]!++]!;
  });
  return { starts, bytes: layouts[2]!.from + scalars.bytes, lowerBound };
}

/** The number of the class of a stretch: large, small, or scalars. */
function classOf({ bytes }: Interval): 0 | 1 | 2 {
  return bytes > SMALL_BYTES ? 0 : bytes >= PADDING ? 1 : 2;
}

type Layout = Omit<MemoryPlan, "lowerBound">;

/**
 * Lays out each where one of its size lay that is no longer needed, in the order in which they are needed: the time of
 * sorting them.
 */
function bySize(intervals: readonly Interval[]): Layout {
  const order = orderBy(intervals, ({ from }) => from);
  const ends = orderBy(intervals, ({ to }) => to);
  const starts = new Array<number>(intervals.length).fill(0);
  const free = new Map<number, number[]>();
  let [bytes, ended] = [0, 0];
  for (const one of order) {
    const interval = intervals[one]!;
    for (; intervals[ends[ended]!]!.to < interval.from; ended++) {
      const before = ends[ended]!;
      const size = intervals[before]!.bytes;
      const list = free.get(size);
      if (list === undefined) free.set(size, [starts[before]!]);
      else list.push(starts[before]!);
    }
    const left = free.get(interval.bytes)?.pop();
    starts[one] = left ?? bytes;
    if (left === undefined) bytes += interval.bytes;
  }
  return { starts, bytes };
}

/** The places of intervals in the order of a step, equal ones as they stand: steps are counted, not compared. */
function orderBy(intervals: readonly Interval[], stepOf: (interval: Interval) => number): Int32Array {
  const steps = Int32Array.from(intervals, (interval) => stepOf(interval) + 1);
  const next = new Int32Array(steps.reduce((most, step) => Math.max(most, step), 0) + 2);
  for (let k = 0; k < steps.length; k++) next[steps[k]! + 1]!++;
  for (let step = 1; step < next.length; step++) next[step]! += next[step - 1]!;
  const order = new Int32Array(steps.length);
  for (let k = 0; k < steps.length; k++) order[next[steps[k]!]!++] = k;
  return order;
}

/** Lays out the largest first: what comes later fills the gaps. Columns are walked, not objects. */
function largestFirst(intervals: readonly Interval[]): Layout {
  const order = intervals
    .map((_, k) => k)
    .sort((a, b) => intervals[b]!.bytes - intervals[a]!.bytes || intervals[a]!.from - intervals[b]!.from);
  const starts = new Array<number>(intervals.length).fill(0);
  const [from, to] = [new Int32Array(intervals.length), new Int32Array(intervals.length)];
  let bytes = 0;
  order.forEach((one, placed) => {
    const interval = intervals[one]!;
    const beside: number[] = [];
    for (let k = 0; k < placed; k++) if (from[k]! <= interval.to && interval.from <= to[k]!) beside.push(order[k]!);
    beside.sort((a, b) => starts[a]! - starts[b]!);
    let at = 0;
    for (const other of beside) {
      if (starts[other]! - at >= interval.bytes) break;
      at = Math.max(at, starts[other]! + intervals[other]!.bytes);
    }
    starts[one] = at;
    [from[placed], to[placed]] = [interval.from, interval.to];
    bytes = Math.max(bytes, at + interval.bytes);
  });
  return { starts, bytes };
}

/** The most bytes that are needed at one step. */
function mostAtOnce(intervals: readonly Interval[]): number {
  const changes = new Map<number, number>();
  const change = (at: number, by: number): Map<number, number> => changes.set(at, (changes.get(at) ?? 0) + by);
  for (const { from, to, bytes } of intervals) {
    change(from, bytes);
    change(to + 1, -bytes);
  }
  let [alive, most] = [0, 0];
  for (const at of [...changes.keys()].sort((a, b) => a - b)) {
    alive += changes.get(at)!;
    most = Math.max(most, alive);
  }
  return most;
}
