/**
 * The value of an element-wise op as formulas over lanes, one for each way in which numbers and conditions go in and
 * come out.
 */

import type { LaneFormula, Lanes } from "./lanes.ts";

/**
 * A value of type bool is a condition here, never the numbers 0 and 1; an op has a form for each kind of operands it
 * takes.
 */
export interface LaneForms {
  /** Numbers in, a number out: arithmetic and functions. */
  readonly value?: LaneFormula;
  /** Numbers in, a condition out: comparisons. */
  readonly compare?: <V, M>(l: Lanes<V, M>, ...numbers: V[]) => M;
  /** Conditions in, a condition out: logic, and comparisons or a choice of bool operands. */
  readonly logic?: <V, M>(l: Lanes<V, M>, ...conditions: M[]) => M;
  /** A condition, then numbers in; a number out: a choice. */
  readonly choose?: <V, M>(l: Lanes<V, M>, condition: M, ...numbers: V[]) => V;
}

/** A number, or a condition where the dtype is bool. */
export type LaneOperand<V, M> = { readonly value: V } | { readonly mask: M };

const isMask = <V, M>(operand: LaneOperand<V, M>): operand is { readonly mask: M } => "mask" in operand;

/** Reads the form that fits the operands: all numbers, all conditions, or a condition and then numbers. */
export function readForms<V, M>(
  forms: LaneForms,
  l: Lanes<V, M>,
  operands: readonly LaneOperand<V, M>[],
): LaneOperand<V, M> {
  const masks: M[] = [];
  const values: V[] = [];
  for (let k = 0; k < operands.length; k++) {
    const operand = operands[k]!;
    if (isMask(operand)) masks.push(operand.mask);
    else values.push(operand.value);
  }
  if (values.length === 0 && forms.logic !== undefined) return { mask: forms.logic(l, ...masks) };
  if (masks.length === 1 && isMask(operands[0]!) && forms.choose !== undefined)
    return { value: forms.choose(l, masks[0]!, ...values) };
  if (masks.length === 0 && forms.value !== undefined) return { value: forms.value(l, ...values) };
  if (masks.length === 0 && forms.compare !== undefined) return { mask: forms.compare(l, ...values) };
  throw new TypeError(`no form for ${masks.length} conditions and ${values.length} numbers`);
}
