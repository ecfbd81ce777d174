/** The values that a kernel reads from memory. */

import { isOfSameEntry, loopsIn, type Kernel, type LoopKernel } from "./kernel.ts";
import { inputsOf, sourceOf, type Value } from "../ir/value.ts";

/** The values whose memory a kernel reads. */
export function readsOf(kernel: Kernel): Value[] {
  if (kernel.kind === "loop") return readsOfLoop(kernel);
  const loops = loopsIn(kernel);
  // Parts of an assembly that repeat one number are written as numbers.
  const own = kernel.members
    .filter((member) => !loops.some(({ memberSet }) => memberSet.has(member)))
    .flatMap((member) =>
      inputsOf(member).flatMap((x) =>
        kernel.kind === "assemble" && x.definition.kind === "scalar" ? [] : [sourceOf(x).source],
      ),
    );
  const all = [...own, ...loops.flatMap(readsOf)];
  return kernel.kind === "matmul" ? all.filter((value) => !kernel.passing.has(value)) : all;
}

function readsOfLoop(loop: LoopKernel): Value[] {
  const found: Value[] = [];
  for (const member of loop.members) {
    const inputs = inputsOf(member);
    for (let k = 0; k < inputs.length; k++) {
      const x = inputs[k]!;
      if (x.definition.kind !== "scalar" && !isOfSameEntry(loop, x)) found.push(sourceOf(x).source);
    }
  }
  return found;
}
