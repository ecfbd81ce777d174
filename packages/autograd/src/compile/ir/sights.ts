/** The operands of which an op sees the sign of a 0: told by op, where the signs of its own zeros are seen or not. */

import type { ElementwiseOp } from "../../graph/op.ts";
import { abs, add, div, mul, neg, sub } from "../../ops/arithmetic.ts";
import { where } from "../../ops/comparison.ts";
import { absorb, annul, pass, portion } from "../../ops/marks.ts";
import { numberOf } from "./fold.ts";
import type { Value } from "./value.ts";

/** True if a value is a count, by which a cotangent is divided. */
export const isCount = (x: Value): boolean => (numberOf(x) ?? 0) > 0;

/** True if a value is known to be finite throughout, so that 0 times it is 0. */
export function isKnownFinite({ definition }: Value): boolean {
  if (definition.kind === "view") return isKnownFinite(definition.inputs[0]);
  if (definition.kind === "scalar") return Number.isFinite(definition.number);
  return definition.kind === "constant" && definition.elements.every((x) => Number.isFinite(x));
}

/** Of an op whose result shows no signs of zeros: which operands show theirs all the same. */
type Sight = (inputs: readonly Value[], k: number) => boolean;

const none: Sight = () => false;

/** Ops of which that is known; all others see every sign. */
export const sights: ReadonlyMap<ElementwiseOp, Sight> = new Map([
  [add.op, none],
  [sub.op, none],
  [mul.op, none],
  [neg.op, none],
  [div.op, (_, k) => k > 0],
  [where.op, none],
  [pass.op, none],
  // A mark of the cotangent, unless what it multiplies makes a 0 of it as well.
  [absorb.op, ([, p], k) => k === 0 && !isKnownFinite(p!)],
  [portion.op, ([, n], k) => k > 0 || !isCount(n!)],
  [abs.op, none],
  [annul.op, none],
]);

/** True if an op sees the sign of a 0 of its k-th operand, where signs of its own zeros are seen or not. */
export function seesOperand(op: ElementwiseOp, inputs: readonly Value[], k: number, isSeen: boolean): boolean {
  if (op.result === "bool") return false;
  if (!isSeen) return sights.get(op)?.(inputs, k) ?? true;
  switch (op) {
    // One term is settled by the other, if that is no -0 and stays so.
    case add.op:
      return inputs[0] === inputs[1] || k !== inputs.findLastIndex((_, at) => inputs[1 - at]!.unmarked);
    // The product is settled by what is added to it.
    case absorb.op:
      return k === 0;
    case abs.op:
    case annul.op:
      return false;
    default:
      return true;
  }
}
