/** Which values hold no -0, so that nothing in them is marked as dropped: told by their definitions. */

import { isFloat, type DType } from "../../graph/dtype.ts";
import type { ElementwiseOp } from "../../graph/op.ts";
import { countOf } from "../../graph/shape.ts";
import { abs, add, maximum, minimum, mul } from "../../ops/arithmetic.ts";
import { where } from "../../ops/comparison.ts";
import { pass } from "../../ops/marks.ts";
import { hasMark } from "../../ops/unmarked.ts";
import type { Shape } from "../../types/shape.ts";
import type { Definition, Value } from "./value.ts";

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

/** True if no entry of what is defined so can be -0. */
export function isUnmarked(definition: Definition, shape: Shape, dtype: DType): boolean {
  if (!isFloat(dtype)) return true;
  switch (definition.kind) {
    case "scalar":
      return !Object.is(definition.number, -0);
    case "constant":
      return !hasMark(definition.elements);
    case "map":
      return unmarkedOps.get(definition.op)?.(definition.inputs) ?? false;
    case "cast":
      return definition.inputs[0].unmarked && !mayVanish(definition.inputs[0], dtype);
    // A sum has a term, and starts from -0, which changes none.
    case "reduce":
    case "copy":
    case "view":
    case "take":
      return definition.inputs[0].unmarked;
    case "assemble": {
      const { inputs, fill } = definition;
      const covered = inputs.reduce((sum, part) => sum + part.count, 0);
      return inputs.every((part) => part.unmarked) && (!Object.is(fill, -0) || covered >= countOf(shape));
    }
    default:
      return false;
  }
}

/** True if a value is a factor that lets nothing vanish, and leaves the sign of a zero as it is. */
export function isAtLeastOne({ definition }: Value): boolean {
  return definition.kind === "scalar" && definition.number >= 1 && definition.number < Infinity;
}

/** True if a cast may make a 0 of another number. What is summed of float32 are multiples of its least number. */
function mayVanish({ definition, dtype: from }: Value, to: DType): boolean {
  if (from !== "float64" || to !== "float32") return false;
  return !((definition.kind === "reduce" || definition.kind === "cast") && definition.inputs[0].dtype === "float32");
}
