/** Where every value lies: constants and states for good, the others only while something still reads them. */

import { stridesOf, sameShape } from "../graph/shape.ts";
import { accessOf, type Kernel } from "./fuse.ts";
import { bytesOf, padded, sizeOf } from "./layout.ts";
import { membersOf } from "./loop-members.ts";
import { inputsOf, sourceOf, type Value } from "./value.ts";

/** What a program keeps in memory. */
export interface Plan {
  /** The place of each value that lies in memory, from the beginning of the program's block. */
  readonly offsets: ReadonlyMap<Value, number>;
  /** Values that are written when the program is made: constants, and repeated numbers that something reads as memory. */
  readonly constants: readonly Value[];
  readonly flag: number;
  readonly scratch: number;
  /** Everything together. */
  readonly bytes: number;
  /** What all values that are alive at one time take at least. */
  readonly lowerBound: number;
}

/** The values whose memory a kernel reads. */
export function readsOf(kernel: Kernel): Value[] {
  if (kernel.kind === "loop") {
    return kernel.members.flatMap((member) =>
      inputsOf(member).flatMap((_, k) => {
        const access = accessOf(kernel, member, k);
        return access.kind === "memory" ? [access.source] : [];
      }),
    );
  }
  // Parts of an assembly that repeat one number are written as numbers.
  const own = kernel.members.filter((member) => !kernel.passes.some(({ memberSet }) => memberSet.has(member))).flatMap((member) =>
    inputsOf(member).flatMap((x) => (kernel.kind === "assemble" && x.definition.kind === "scalar" ? [] : [sourceOf(x).source])),
  );
  return [...own, ...kernel.passes.flatMap(readsOf)];
}

/**
 * The result of a pass in whose memory a value can lie that only the same kernel reads: each entry is written where the last pass
 * that reads the value has just read the same entry of it. `null` where there is none.
 */
function shelterOf(value: Value, { passes }: Kernel, isFree: (result: Value) => boolean): Value | null {
  const last = passes.findLast((pass) => readsOf(pass).includes(value));
  if (last === undefined || last.memberSet.has(value)) return null;
  const own = stridesOf(last.frame);
  const same = membersOf(last).every(({ operands }) => operands.every(({ access, strides, offset }) =>
    access.kind !== "memory" || access.source !== value || (offset === 0 && sameShape(strides, own))));
  if (!same) return null;
  return last.members.find((one) => isFree(one) && one.definition.kind !== "reduce" && one.count === value.count && bytesOf(one.dtype) === bytesOf(value.dtype)) ?? null;
}

/** Arguments from so many bytes on have their places for themselves, so that one that comes again is not copied again. */
const KEPT_BYTES = 16384;

/** Whether nothing but the argument itself is ever written to its place. */
export function isKept(value: Value): boolean {
  return value.definition.kind === "argument" && sizeOf(value) >= KEPT_BYTES;
}

interface Interval {
  readonly value: Value;
  readonly bytes: number;
  readonly from: number;
  to: number;
}

/** Plans the memory of kernels in their order; `results` stay until the end. */
export function plan(kernels: readonly Kernel[], results: readonly Value[], scratchBytes: number): Plan {
  const intervals = new Map<Value, Interval>();
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
    if (interval === undefined) intervals.set(value, { value, bytes: sizeOf(value), from: kind === "argument" ? -1 : at, to: at });
    else interval.to = Math.max(interval.to, at);
  };
  const readLater = new Set<Value>(results);
  for (const kernel of kernels) for (const value of readsOf(kernel)) readLater.add(value);
  kernels.forEach((kernel, at) => {
    for (const member of kernel.members) if (readLater.has(member)) use(member, at);
    for (const value of readsOf(kernel)) use(value, at);
  });
  for (const value of results) use(value, kernels.length);
  const sheltered = new Map<Value, Value>();
  const hosts = new Set<Value>();
  kernels.forEach((kernel, at) => {
    for (const value of kernel.passes.length === 0 ? [] : kernel.members) {
      const shelter = intervals.get(value)?.to === at ? shelterOf(value, kernel, (result) => readLater.has(result) && !hosts.has(result)) : null;
      if (shelter === null) continue;
      sheltered.set(value, shelter);
      hosts.add(shelter);
    }
  });
  for (const value of sheltered.keys()) intervals.delete(value);

  const offsets = new Map<Value, number>();
  let fixed = 64;
  for (const value of lasting) {
    offsets.set(value, fixed);
    fixed += sizeOf(value);
  }
  const placed: (Interval & { readonly at: number })[] = [];
  let top = 0;
  // The largest first: what is placed later fills the gaps.
  for (const interval of [...intervals.values()].sort((a, b) => b.bytes - a.bytes || a.from - b.from)) {
    const beside = placed.filter((other) => other.from <= interval.to && interval.from <= other.to).sort((a, b) => a.at - b.at);
    let at = 0;
    for (const other of beside) {
      if (other.at - at >= interval.bytes) break;
      at = Math.max(at, other.at + other.bytes);
    }
    placed.push({ ...interval, at });
    offsets.set(interval.value, fixed + at);
    top = Math.max(top, at + interval.bytes);
  }
  // What shelters another may itself lie with a later one.
  for (const [value, shelter] of [...sheltered].reverse()) offsets.set(value, offsets.get(shelter)!);
  let lowerBound = 0;
  for (let at = -1; at <= kernels.length; at++) {
    let alive = 0;
    for (const { from, to, bytes } of placed) if (from <= at && at <= to) alive += bytes;
    lowerBound = Math.max(lowerBound, alive);
  }
  const scratch = fixed + top;
  return { offsets, constants: [...lasting], flag: 0, scratch, bytes: scratch + padded(scratchBytes), lowerBound: lowerBound + fixed };
}
