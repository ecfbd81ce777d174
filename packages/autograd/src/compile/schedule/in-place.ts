/**
 * Buffer reuse in place: which values can lie where another one lies, since each entry is written when the same entry
 * there has been read for the last time.
 */

import { countOf, sameShape, stridesOf } from "../../graph/shape.ts";
import { loopsIn, type Kernel, type LoopKernel } from "./kernel.ts";
import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { membersOf } from "./loop-members.ts";
import { readsOf } from "./reads.ts";
import { inputsOf, sourceOf, type Value } from "../ir/value.ts";

/** The values that a loop reads, wherever it does, in the order of its own entries. */
export function readInStep(loop: LoopKernel): ReadonlySet<Value> {
  const own = stridesOf(loop.frame);
  const [inStep, others] = [new Set<Value>(), new Set<Value>()];
  for (const { operands } of membersOf(loop)) {
    for (const { access, strides, offset } of operands) {
      if (access.kind !== "memory") continue;
      const isInStep = access.source.count === countOf(loop.frame) && offset === 0 && sameShape(strides, own);
      (isInStep ? inStep : others).add(access.source);
    }
  }
  for (const value of others) inStep.delete(value);
  return inStep;
}

/** The values that a loop of a kernel reads in the order of its own entries, and nothing else in the kernel reads. */
export function readByOne(kernel: Kernel, loop: LoopKernel): ReadonlySet<Value> {
  const found = new Set(readInStep(loop));
  if (kernel === loop) return found;
  const others = loopsIn(kernel)
    .filter((one) => one !== loop)
    .flatMap(readsOf);
  for (const value of [...others, ...inputsOf(kernel.members[0]!).map((x) => sourceOf(x).source)]) found.delete(value);
  return found;
}

/** True if one value takes the room of another, entry by entry. */
export const isAsWide = (a: Value, b: Value): boolean => a.count === b.count && bytesOf(a.dtype) === bytesOf(b.dtype);

/**
 * The result of a pass in whose memory a value can lie that only the same kernel reads: each entry is written where the
 * last pass that reads the value has just read the same entry of it. `null` where there is none.
 */
export function reusableBufferOf(value: Value, kernel: Kernel, isFree: (result: Value) => boolean): Value | null {
  const reads = (loop: LoopKernel): boolean => readsOf(loop).includes(value);
  const isMultiplied = kernel.kind === "matmul" && kernel.definition.inputs.some((x) => sourceOf(x).source === value);
  const prologue = kernel.kind === "matmul" ? kernel.prologue : [];
  const passes = kernel.kind === "matmul" ? kernel.passes : loopsIn(kernel);
  // What a product reads, it reads after all loops of the prologue.
  const last = passes.findLast(reads) ?? (isMultiplied ? undefined : prologue.findLast(reads));
  if (last === undefined || last.memberSet.has(value) || !readInStep(last).has(value)) return null;
  return last.members.find((one) => isFree(one) && one.definition.kind !== "reduce" && isAsWide(one, value)) ?? null;
}
