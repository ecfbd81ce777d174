/** Stretches of memory that are needed for some time, laid out so that those needed at one time do not overlap. */

/** So many bytes, from one step of a program to another, both included. */
export interface Interval {
  readonly bytes: number;
  readonly from: number;
  to: number;
}

/** Where each stretch begins, how many bytes there are in all, and what is needed at one time at least. */
export interface Arrangement {
  readonly starts: readonly number[];
  readonly bytes: number;
  readonly lowerBound: number;
}

/** Lays out the largest first: what comes later fills the gaps. Programs may have thousands of kernels, so that columns are walked, not objects. */
export function arrange(intervals: readonly Interval[]): Arrangement {
  const order = intervals.map((_, k) => k).sort((a, b) => intervals[b]!.bytes - intervals[a]!.bytes || intervals[a]!.from - intervals[b]!.from);
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
  return { starts, bytes, lowerBound: mostAtOnce(intervals) };
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
