/** Which carries of a loop need not be copied from step to step: the next one is written where the last one lies. */

import { sourceOf, type Value } from "../ir/value.ts";
import { isAsWide, readByOne } from "./in-place.ts";
import { loopsIn, type Kernel } from "./kernel.ts";
import { readsOf } from "./reads.ts";

const isState = ({ definition }: Value, index: number): boolean =>
  definition.kind === "state" && definition.index === index;

/** True if each entry of a carry has been read for the last time when the same entry of a value is written. */
function isWrittenLast(value: Value, index: number, kernels: readonly Kernel[]): boolean {
  const at = kernels.findIndex(({ members }) => members.includes(value));
  if (at < 0 || kernels.slice(at + 1).some((later) => readsOf(later).some((x) => isState(x, index)))) return false;
  const kernel = kernels[at]!;
  const carried = readsOf(kernel).find((x) => isState(x, index));
  if (carried === undefined) return true;
  const loops = kernel.kind === "loop" ? [kernel] : loopsIn(kernel);
  const loop = loops.find(({ memberSet }) => memberSet.has(value));
  return (
    loop !== undefined &&
    value.definition.kind !== "reduce" &&
    isAsWide(value, carried) &&
    readByOne(kernel, loop).has(carried)
  );
}

/**
 * The values that may lie where what was carried into a step lies, each with the number of that.
 *
 * @param results - what a step gives, that which is carried on first
 * @param given - with these, what is read of a step when it is over
 */
export function writtenInPlace(
  kernels: readonly Kernel[],
  carries: number,
  results: readonly Value[],
  given: readonly Value[],
): ReadonlyMap<Value, number> {
  const found = new Map<Value, number>();
  const sources = given.map((value) => sourceOf(value).source);
  results.slice(0, carries).forEach((result, index) => {
    const { source } = sourceOf(result);
    if (found.has(source) || sources.some((x) => isState(x, index))) return;
    if (isWrittenLast(source, index, kernels)) found.set(source, index);
  });
  return found;
}
