/** The cost model of a value: the operations of its formula, and how long they take. */

import type { ElementwiseOp } from "../../graph/op.ts";
import { readForms } from "../../kernels/lanes/forms.ts";
import { costOf } from "../../kernels/loops.ts";
import type { Value } from "./value.ts";

/** The cost of one entry of an op. */
interface Cost {
  readonly weight: number;
  readonly callsHost: boolean;
}

const costs = new Map<ElementwiseOp, Cost>();

function costOfOp(op: ElementwiseOp): Cost {
  const known = costs.get(op);
  if (known !== undefined) return known;
  const { lanes } = op;
  const operands = op.partials.map((_, k) => (lanes.choose !== undefined && k === 0 ? "condition" : "number"));
  // Conditions alone take an instruction or two.
  const isOfNumbers = lanes.value !== undefined || lanes.compare !== undefined || lanes.choose !== undefined;
  const { operations, callsHost } = isOfNumbers
    ? costOf({ type: "f64", operands, read: (l, x) => readForms(lanes, l, x) })
    : { operations: 1, callsHost: false };
  const cost = { weight: Math.max(1, operations), callsHost };
  costs.set(op, cost);
  return cost;
}

/** The operations of an op of float64. */
export function weightOfOp(op: ElementwiseOp): number {
  return costOfOp(op).weight;
}

/** A formula of so many operations takes nanoseconds. */
const SLOW_WEIGHT = 16;

/** True if an entry takes some nanoseconds, where that of other ops takes a tenth of one: a sine, a power. */
export function isSlow(op: ElementwiseOp): boolean {
  const { weight, callsHost } = costOfOp(op);
  return weight >= SLOW_WEIGHT || callsHost;
}

/** The operations of a value that is computed entry by entry, for one entry. */
export function weightOf({ definition }: Value): number {
  return definition.kind === "map" ? weightOfOp(definition.op) : 1;
}
