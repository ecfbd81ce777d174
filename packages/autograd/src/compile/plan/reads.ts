/** What a kernel reads from memory. */

import { accessOf, type Kernel } from "./fuse.ts";
import { inputsOf, sourceOf, type Value } from "../values/value.ts";

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
  const loops = [...kernel.prologue, ...kernel.passes];
  // Parts of an assembly that repeat one number are written as numbers.
  const own = kernel.members.filter((member) => !loops.some(({ memberSet }) => memberSet.has(member))).flatMap((member) =>
    inputsOf(member).flatMap((x) => (kernel.kind === "assemble" && x.definition.kind === "scalar" ? [] : [sourceOf(x).source])),
  );
  return [...own, ...loops.flatMap(readsOf)].filter((value) => !kernel.passing.has(value));
}
