/** The ops that make no -0 of values without one, so that nothing is marked as dropped. */

import type { ElementwiseOp } from "../../graph/op.ts";
import { abs, add, maximum, minimum, mul } from "../../ops/arithmetic.ts";
import { where } from "../../ops/comparison.ts";
import { pass } from "../../ops/marks.ts";
import type { Value } from "./value.ts";

/** True if what an op makes of its inputs is unmarked. */
type Rule = (inputs: readonly Value[]) => boolean;

const chosen: Rule = ([, a, b]) => a!.unmarked && b!.unmarked;
const extreme: Rule = ([a, b]) => a!.unmarked && b!.unmarked;

/** The ops that may be; all others may give -0, as far as is known. */
export const unmarkedOps: ReadonlyMap<ElementwiseOp, Rule> = new Map([
  // A sum is -0 where both terms are; x - x is +0.
  [add.op, ([a, b]) => a!.unmarked || b!.unmarked],
  [mul.op, ([a, b]) => a === b || (isAtLeastOne(b!) && a!.unmarked) || (isAtLeastOne(a!) && b!.unmarked)],
  [abs.op, () => true],
  [maximum.op, extreme],
  [minimum.op, extreme],
  [where.op, chosen],
  [pass.op, chosen],
]);

/** True if a value is a factor that lets nothing vanish, and leaves the sign of a zero as it is. */
export function isAtLeastOne({ definition }: Value): boolean {
  return definition.kind === "scalar" && definition.number >= 1 && definition.number < Infinity;
}
