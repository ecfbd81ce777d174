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
  // Parts of an assembly that repeat one number are written as numbers.
  const own = kernel.members.filter((member) => !kernel.passes.some(({ memberSet }) => memberSet.has(member))).flatMap((member) =>
    inputsOf(member).flatMap((x) => (kernel.kind === "assemble" && x.definition.kind === "scalar" ? [] : [sourceOf(x).source])),
  );
  return [...own, ...kernel.passes.flatMap(readsOf)];
}
