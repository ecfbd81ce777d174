/** Numbers out of what the caller has: one number, nested arrays, typed arrays. */

import { ArgumentError, ShapeError, SizeError, showShape } from "../errors.ts";
import { describe } from "../options.ts";
import type { Shape } from "../types/shape.ts";
import type { DType } from "./dtype.ts";
import { refuseForeign } from "./foreign.ts";
import { checkCount, LARGEST_COUNT, MOST_AXES } from "./shape.ts";

/** Typed arrays of numbers; those of BigInts are none. */
export type NumbersInMemory =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

/** Numbers in row-major order, with the shape and the type that they come with. */
export interface Data {
  readonly numbers: ArrayLike<number>;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The kind of a typed array, of whatever realm; `null` for anything else. */
function kindOf(value: unknown): string | null {
  if (!ArrayBuffer.isView(value)) return null;
  const kind = (value as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? "";
  return kind === "DataView" || kind.startsWith("Big") ? null : kind;
}

/**
 * Reads data.
 *
 * @throws ShapeError for ragged rows; ArgumentError for what is no number; SizeError for arrays nested too deeply, or
 * in themselves
 */
export function readData(value: unknown): Data {
  const kind = Array.isArray(value) ? null : kindOf(value);
  if (kind !== null) {
    const numbers = value as NumbersInMemory;
    return {
      numbers,
      shape: [numbers.length],
      dtype: kind === "Float32Array" ? "float32" : kind === "Int32Array" ? "int32" : "float64",
    };
  }
  if (!Array.isArray(value)) refuseForeign("tensor", "the value", value);
  const numbers: number[] = [];
  const shape: number[] = [];
  const seen = { bool: false, number: false };
  flatten(value, numbers, shape, 0, seen);
  return { numbers, shape, dtype: seen.bool && !seen.number ? "bool" : "float64" };
}

/** The shape of nested arrays, checked to be rectangular, and their numbers in row-major order. */
function flatten(
  value: unknown,
  numbers: number[],
  shape: number[],
  depth: number,
  seen: { bool: boolean; number: boolean },
): void {
  if (typeof value === "number" || typeof value === "boolean") {
    if (depth !== shape.length) raggedAt(depth, shape);
    seen[typeof value === "number" ? "number" : "bool"] = true;
    numbers.push(Number(value));
    return;
  }
  if (!Array.isArray(value)) {
    throw new ArgumentError({
      op: "tensor",
      problem: `entry ${numbers.length} is ${describe(value)}, not a number`,
      hint: "give numbers, booleans, nested arrays of them, or a typed array of numbers",
    });
  }
  const list: readonly unknown[] = value;
  if (depth >= MOST_AXES) {
    throw new SizeError({
      op: "tensor",
      problem: `arrays nested more than ${MOST_AXES} deep, or in themselves`,
      hint: "give the numbers flat, with { shape }",
    });
  }
  if (depth === shape.length) {
    if (numbers.length > 0) raggedAt(depth, shape);
    shape.push(list.length);
    // Rows that are one array many times over, or empty, are walked all the same.
    let walked = 1;
    for (let axis = 0; axis <= depth; axis++) walked *= Math.max(1, shape[axis]!);
    if (walked > LARGEST_COUNT)
      checkCount(
        "tensor",
        shape.map((size) => Math.max(1, size)),
      );
  } else if (shape[depth] !== list.length) raggedAt(depth, shape, list.length);
  for (let i = 0; i < list.length; i++) {
    const entry = list[i];
    if (typeof entry === "number" && depth + 1 === shape.length) {
      seen.number = true;
      numbers.push(entry);
    } else flatten(entry, numbers, shape, depth + 1, seen);
  }
}

function raggedAt(depth: number, shape: readonly number[], found?: number): never {
  throw new ShapeError({
    op: "tensor",
    problem: `ragged data: a row at depth ${depth} has ${found === undefined ? "another nesting" : `${found} entries`} where the first has shape ${showShape(shape)}`,
    hint: "make all rows equally long",
    shapes: [shape],
  });
}
