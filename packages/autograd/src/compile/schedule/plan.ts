/**
 * The buffer of every value: constants and states have theirs for good, the others only while something still reads
 * them.
 */

import { countOf } from "../../graph/shape.ts";
import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { ById, Marks } from "../ir/by-id.ts";
import { padded, PADDING, sizeOf } from "../ir/layout.ts";
import type { Value } from "../ir/value.ts";
import { planMemory, type Interval } from "./memory-planning.ts";
import { readByOne, reusableBufferOf } from "./in-place.ts";
import { loopsIn, type Kernel, type LoopKernel } from "./kernel.ts";
import { Lifetimes } from "./lifetimes.ts";
import { readsOf } from "./reads.ts";

/** The memory of a program. */
export interface Plan {
  /** The place of each value that lies in memory, from the beginning of the program's block. */
  readonly offsets: Pick<ById<number>, "get" | "has">;
  /** Values that are read from memory, results among them. */
  readonly stored: Pick<Marks, "has">;
  /** Values that are written when the program is made: constants, repeated numbers that are read as memory. */
  readonly constants: readonly Value[];
  readonly scratch: number;
  /** Everything together. */
  readonly bytes: number;
  /** The bytes that all values alive at one time take at least. */
  readonly lowerBound: number;
}

/** Plans the memory of kernels in their order; `results` stay until the end. */
export function plan(kernels: readonly Kernel[], results: readonly Value[], scratchBytes: number): Plan {
  const lifetimes = new Lifetimes(kernels, results);
  const sheltered = reused(kernels, lifetimes);
  writeOver(kernels, lifetimes, new Set(sheltered.values()));
  const offsets = new ById<number>();
  const constants = [...lifetimes.lasting];
  let fixed = 0;
  for (const value of constants) {
    offsets.set(value, fixed);
    fixed += sizeOf(value);
  }
  let [bytes, lowerBound] = [0, 0];
  const arranged = (distinct: readonly Interval[]): readonly number[] => {
    const arrangement = planMemory(distinct);
    [bytes, lowerBound] = [arrangement.bytes, arrangement.lowerBound];
    return arrangement.starts;
  };
  lifetimes.place(arranged, (value, start) => offsets.set(value, fixed + start));
  // What shelters another may itself lie with a later one.
  for (const [value, place] of [...sheltered].reverse()) offsets.set(value, offsets.get(place)!);
  const scratch = fixed + Math.ceil(bytes / PADDING) * PADDING;
  const { stored } = lifetimes;
  return { offsets, stored, constants, scratch, bytes: scratch + padded(scratchBytes), lowerBound: lowerBound + fixed };
}

/** Values that lie in the place of a result of the same kernel, each with that. */
function reused(kernels: readonly Kernel[], lifetimes: Lifetimes): ReadonlyMap<Value, Value> {
  const sheltered = new Map<Value, Value>();
  const hosts = new Set<Value>();
  kernels.forEach((kernel, at) => {
    if (loopsIn(kernel).length === 0) return;
    for (const value of kernel.members) {
      if (lifetimes.get(value)?.to !== at) continue;
      const place = reusableBufferOf(value, kernel, (result) => lifetimes.stored.has(result) && !hosts.has(result));
      if (place === null) continue;
      sheltered.set(value, place);
      hosts.add(place);
    }
  });
  for (const value of sheltered.keys()) lifetimes.drop(value);
  return sheltered;
}

/** Writes over what kernels computed where it is read for the last time; but arguments of bodies, for the next step. */
function writeOver(kernels: readonly Kernel[], lifetimes: Lifetimes, hosts: ReadonlySet<Value>): void {
  const computed = new Marks();
  for (const { members } of kernels) for (const member of members) computed.add(member);
  const replaced = new Set<Value>();
  const replace = (kernel: Kernel, loop: LoopKernel, at: number): void => {
    // A single number finds room as near, as soon as one is left.
    if (countOf(loop.frame) === 1) return;
    const isLeft = (source: Value): boolean => computed.has(source) && lifetimes.get(source)?.to === at;
    // Most kernels of a long list leave nothing, which is seen sooner than in which order they read.
    if (!(loop === kernel ? lifetimes.reads[at]! : readsOf(loop)).some(isLeft)) return;
    const left = [...readByOne(kernel, loop)].filter((source) => isLeft(source) && !replaced.has(source));
    /** Values that are left, of the entries of the loop, by how many bytes each has: the first at the end. */
    const free = new Map<number, Value[]>();
    for (const source of left.reverse()) {
      const list = free.get(bytesOf(source.dtype));
      if (list === undefined) free.set(bytesOf(source.dtype), [source]);
      else list.push(source);
    }
    for (const member of loop.members) {
      // What another pass has left in the place of a member would stand where this one still reads.
      const isOwn = member.definition.kind !== "reduce" && !hosts.has(member) && lifetimes.get(member) !== undefined;
      const before = isOwn ? free.get(bytesOf(member.dtype))?.pop() : undefined;
      if (before === undefined) continue;
      replaced.add(before);
      lifetimes.replace(member, before);
    }
  };
  kernels.forEach((kernel, at) => {
    if (kernel.kind === "loop") replace(kernel, kernel, at);
    else if (kernel.kind === "matmul") for (const loop of kernel.prologue) replace(kernel, loop, at);
  });
}
