/** Constant folding: values that are one number, what may become of it, and ops on such. */

import { allocate, holds, isInt32, type DType } from "../../graph/dtype.ts";
import type { CastPurpose } from "../../graph/lowering.ts";
import type { ElementwiseOp } from "../../graph/op.ts";
import type { Value } from "./value.ts";

/** True if a number may be cast. */
export function passes(number: number, dtype: DType, purpose: CastPurpose): boolean {
  return purpose === "number" ? holds(dtype, number) : dtype !== "int32" || isInt32(number);
}

/** True if a value is the same number in every entry. */
export const isNumber = ({ definition }: Value): boolean => definition.kind === "scalar";

/** The number of a value that is the same number in every entry. */
export function numberOf({ definition }: Value): number | null {
  return definition.kind === "scalar" ? definition.number : null;
}

/** An op on constants, as the engine computes it. */
export function foldScalars(op: ElementwiseOp, operand: DType, result: DType, numbers: readonly number[]): number {
  const value = op.value(...numbers);
  const narrow =
    operand === "float32" && "narrow" in op ? (op.narrow as (...x: number[]) => number)(...numbers) : value;
  const out = allocate(result, 1);
  out[0] = narrow;
  return out[0]!;
}
