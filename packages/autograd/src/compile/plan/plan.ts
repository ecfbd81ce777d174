/** Where every value lies: constants and states for good, the others only while something still reads them. */

import { arrange, type Interval } from "./arrange.ts";
import type { Kernel } from "./fuse.ts";
import { readByOne, shelterOf } from "./in-place.ts";
import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { padded, PADDING, sizeOf } from "../values/layout.ts";
import { readsOf } from "./reads.ts";
import { ById, Marks } from "../values/by-id.ts";
import type { Value } from "../values/value.ts";

/** What a program keeps in memory. */
export interface Plan {
  /** The place of each value that lies in memory, from the beginning of the program's block. */
  readonly offsets: Pick<ById<number>, "get" | "has">;
  /** Values that are written when the program is made: constants, and repeated numbers that something reads as memory. */
  readonly constants: readonly Value[];
  readonly scratch: number;
  /** Everything together. */
  readonly bytes: number;
  /** What all values that are alive at one time take at least. */
  readonly lowerBound: number;
}

/** Arguments from so many bytes on have their places for themselves, so that one that comes again is not copied again. */
const KEPT_BYTES = 16384;

/** Whether nothing but the argument itself is ever written to its place. */
export function isKept(value: Value): boolean {
  return value.definition.kind === "argument" && sizeOf(value) >= KEPT_BYTES;
}

/** Numbers that only loops read and write, one by one, lie side by side: straight code of many has them in few lines of the cache. */
const SCALAR_BYTES = 8;

/** What may be read or written by vectors that reach over its end. */
function ofWholeVectors(kernels: readonly Kernel[]): Marks {
  const found = new Marks();
  for (const kernel of kernels) {
    if (kernel.kind === "loop") continue;
    for (const value of [...kernel.members, ...readsOf(kernel)]) found.add(value);
  }
  return found;
}

/** Plans the memory of kernels in their order; `results` stay until the end. */
export function plan(kernels: readonly Kernel[], results: readonly Value[], scratchBytes: number): Plan {
  const intervals = new Map<Value, Interval>();
  const whole = ofWholeVectors(kernels);
  const lasting = new Set<Value>();
  const use = (value: Value, at: number): void => {
    const { kind } = value.definition;
    if (kind === "constant" || kind === "scalar") {
      lasting.add(value);
      return;
    }
    if (kind === "state") return;
    if (isKept(value)) at = kernels.length;
    const interval = intervals.get(value);
    if (interval === undefined) intervals.set(value, { bytes: value.count === 1 && !whole.has(value) ? SCALAR_BYTES : sizeOf(value), from: kind === "argument" ? -1 : at, to: at });
    else interval.to = Math.max(interval.to, at);
  };
  const reads = kernels.map(readsOf);
  const readLater = new Marks();
  for (const value of results) readLater.add(value);
  for (const values of reads) for (const value of values) readLater.add(value);
  kernels.forEach((kernel, at) => {
    for (const member of kernel.members) if (readLater.has(member)) use(member, at);
    for (const value of reads[at]!) use(value, at);
  });
  for (const value of results) use(value, kernels.length);
  const sheltered = new Map<Value, Value>();
  const hosts = new Set<Value>();
  kernels.forEach((kernel, at) => {
    for (const value of kernel.prologue.length + kernel.passes.length === 0 ? [] : kernel.members) {
      const shelter = intervals.get(value)?.to === at ? shelterOf(value, kernel, (result) => readLater.has(result) && !hosts.has(result)) : null;
      if (shelter === null) continue;
      sheltered.set(value, shelter);
      hosts.add(shelter);
    }
  });
  for (const value of sheltered.keys()) intervals.delete(value);
  // What kernels computed is overwritten where it is read for the last time; arguments of bodies may be read at the next step.
  const computed = new Marks();
  for (const { members } of kernels) for (const member of members) computed.add(member);
  const replaced = new Set<Value>();
  const replace = (kernel: Kernel, loop: Kernel, at: number): void => {
    const isLeft = (source: Value): boolean => computed.has(source) && intervals.get(source)?.to === at;
    // Most kernels of a long list leave nothing, which is seen sooner than in which order they read.
    if (!(loop === kernel ? reads[at]! : readsOf(loop)).some(isLeft)) return;
    const left = [...readByOne(kernel, loop)].filter(isLeft);
    if (left.length === 0) return;
    /** What is left, of the entries of the loop, by how many bytes each has: the first at the end. */
    const free = new Map<number, Value[]>();
    for (const source of left.reverse()) {
      if (replaced.has(source)) continue;
      const list = free.get(bytesOf(source.dtype));
      if (list === undefined) free.set(bytesOf(source.dtype), [source]);
      else list.push(source);
    }
    for (const member of loop.members) {
      // What another pass has left in the place of a member would stand where this one still reads.
      const own = member.definition.kind === "reduce" || hosts.has(member) ? undefined : intervals.get(member);
      const before = own === undefined ? undefined : free.get(bytesOf(member.dtype))?.pop();
      if (before === undefined) continue;
      replaced.add(before);
      const shared = intervals.get(before)!;
      shared.to = own!.to;
      intervals.set(member, shared);
    }
  };
  kernels.forEach((kernel, at) => {
    for (const loop of kernel.kind === "loop" ? [kernel] : kernel.prologue) replace(kernel, loop, at);
  });

  const offsets = new ById<number>();
  let fixed = 0;
  for (const value of lasting) {
    offsets.set(value, fixed);
    fixed += sizeOf(value);
  }
  const distinct = [...new Set(intervals.values())];
  const { starts, bytes, lowerBound } = arrange(distinct);
  const startOf = new Map(distinct.map((interval, k) => [interval, starts[k]!]));
  for (const [value, interval] of intervals) offsets.set(value, fixed + startOf.get(interval)!);
  // What shelters another may itself lie with a later one.
  for (const [value, shelter] of [...sheltered].reverse()) offsets.set(value, offsets.get(shelter)!);
  const scratch = fixed + Math.ceil(bytes / PADDING) * PADDING;
  return { offsets, constants: [...lasting], scratch, bytes: scratch + padded(scratchBytes), lowerBound: lowerBound + fixed };
}
