/** How much code a value takes: the operations of its formula. */

import type { ElementwiseOp } from "../../graph/op.ts";
import { readForms } from "../../kernels/lanes/forms.ts";
import { operationsIn } from "../../kernels/loops.ts";
import type { Value } from "../values/value.ts";

const weights = new Map<ElementwiseOp, number>();

/** The operations of an op of float64. */
export function weightOfOp(op: ElementwiseOp): number {
  const known = weights.get(op);
  if (known !== undefined) return known;
  const { lanes } = op;
  const operands = op.partials.map((_, k) => (lanes.choose !== undefined && k === 0 ? "condition" : "number"));
  // Conditions alone take an instruction or two.
  const isOfNumbers = lanes.value !== undefined || lanes.compare !== undefined || lanes.choose !== undefined;
  const operations = isOfNumbers ? operationsIn({ type: "f64", operands, read: (l, x) => readForms(lanes, l, x) }) : 1;
  const weight = Math.max(1, operations);
  weights.set(op, weight);
  return weight;
}

/** The operations of a value that is computed entry by entry, for one entry. */
export function weightOf({ definition }: Value): number {
  return definition.kind === "map" ? weightOfOp(definition.op) : 1;
}
