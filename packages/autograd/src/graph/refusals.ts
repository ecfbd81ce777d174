/**
 * The errors for numbers that a type does not have: thrown by the engine where they arise, by a program when it gets
 * there.
 */

import { DTypeError, NonFiniteError, OverflowError } from "../errors.ts";
import type { DType } from "./dtype.ts";
import type { Call } from "./tracing.ts";

/** The error for a number that int32 does not have. */
export function refuseCast({ op, line }: Call, value: number, entry: number): NonFiniteError {
  return new NonFiniteError({
    op,
    problem: `${value} at entry ${entry} has no int32 value`,
    hint: "clip the numbers first",
    at: line,
  });
}

/** The error for a result of whole numbers that int32 does not have. */
export function refuseOverflow({ op, line }: Call, value: number, entry: number): OverflowError {
  return new OverflowError({
    op,
    problem: `the result ${value} at entry ${entry} is no int32`,
    hint: 'cast the operands to "float64" first',
    at: line,
  });
}

/** The error for a number of the caller that the type beside it does not have. */
export function refuseNumber({ op, line }: Call, value: number, dtype: DType): DTypeError {
  const hint = dtype === "bool" ? "compare: notEqual(x, 0)" : 'cast the tensor to "float64" first';
  return new DTypeError({
    op,
    problem: `the number ${value} beside ${dtype === "int32" ? "an" : "a"} ${dtype} tensor`,
    hint,
    at: line,
  });
}
