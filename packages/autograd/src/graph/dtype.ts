/** The four types of numbers, their storage, and which go together. */

import { DTypeError } from "../errors.ts";
import { describe, type OptionKind } from "../options.ts";

/** `float64` is the default; `bool` is stored as 0 and 1. */
export type DType = "float64" | "float32" | "int32" | "bool";

/** The memory of a tensor with at least one axis. */
export type Elements = Float64Array | Float32Array | Int32Array | Uint8Array;

const kinds: readonly DType[] = ["float64", "float32", "int32", "bool"];

/** True if derivatives exist for numbers of this type. */
export function isFloat(dtype: DType): boolean {
  return dtype === "float64" || dtype === "float32";
}

/** Refuses a name that is no dtype, for callers without types. */
export function checkDType(op: string, dtype: unknown): DType {
  const known = kinds.find((kind) => kind === dtype);
  if (known !== undefined) return known;
  throw new DTypeError({
    op,
    problem: `unknown dtype ${typeof dtype === "string" ? dtype : describe(dtype)}`,
    hint: `use one of ${kinds.join(", ")}`,
  });
}

/** A dtype as an option. */
export const dtypeOption: OptionKind = {
  takes: `one of ${kinds.join(", ")}`,
  type: "string",
  accepts: (value) => kinds.includes(value as DType),
  Refusal: DTypeError,
};

/** Zeroed memory for `size` numbers. */
export function allocate(dtype: DType, size: number): Elements {
  switch (dtype) {
    case "float64":
      return new Float64Array(size);
    case "float32":
      return new Float32Array(size);
    case "int32":
      return new Int32Array(size);
    case "bool":
      return new Uint8Array(size);
  }
}

/** One number as an element of this type holds it. */
export function store(dtype: DType, value: number): number {
  switch (dtype) {
    case "float64":
      return value;
    case "float32":
      return Math.fround(value);
    case "int32":
      return value | 0;
    case "bool":
      return value === 0 ? 0 : 1;
  }
}

/** True if a type has a number as it is: floats round it, as IEEE 754 says; int32 has whole numbers, bool 0 and 1. */
export function holds(dtype: DType, value: number): boolean {
  return isFloat(dtype) || value === store(dtype, value);
}

/** True if int32 has a number once its fraction is cut off. */
export function isInt32(value: number): boolean {
  const whole = Math.trunc(value);
  return whole >= -(2 ** 31) && whole < 2 ** 31;
}

/** The position of a dtype in tables of loops specialized by type. */
export function dtypeIndex(dtype: DType): 0 | 1 | 2 | 3 {
  return dtype === "float64" ? 0 : dtype === "float32" ? 1 : dtype === "int32" ? 2 : 3;
}
