/** Memory that kernels need beside their values: sums of chunks, panels of products, blocks of rows. */

import { isFloatSum } from "../../../compile/schedule/loop-members.ts";
import type { Kernel } from "../../../compile/schedule/kernel.ts";
import { isNativeProduct } from "../../../compile/schedule/product.ts";
import type { ProgramOptions } from "../../../compile/program.ts";
import { scratchOfColumns } from "./columns.ts";
import { scratchOfLoop } from "./row-reduction.ts";
import { scratchOfMatmul } from "./matmul.ts";
import { scratchOfAddAt } from "./movement.ts";
import { scratchOfEpilogues } from "./epilogues.ts";

/** Bytes of scratch of a kernel that so many threads run. */
export function scratchOf(kernel: Kernel, { fused, native }: ProgramOptions, threads: number): number {
  const value = kernel.members[0]!;
  switch (kernel.kind) {
    case "loop":
      return scratchOfLoop(kernel, threads);
    case "rows":
      return threads * scratchOfEpilogues(kernel);
    case "columns":
      return isFloatSum(value) ? threads * scratchOfColumns(kernel.definition.size) : 0;
    case "matmul":
      if (isNativeProduct(value, native)) return scratchOfMatmul(kernel, fused, true);
      return threads * scratchOfMatmul(kernel, fused, false);
    case "addAt":
      return scratchOfAddAt(value);
    default:
      return 0;
  }
}
