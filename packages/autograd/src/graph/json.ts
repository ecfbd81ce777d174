/** Tensors as JSON, and back: every number as it is, those that JSON does not have as texts. */

import { ArgumentError } from "../errors.ts";
import { describe, refuseExtra } from "../options.ts";
import type { Shape } from "../types/shape.ts";
import { tensor } from "./create.ts";
import type { DType } from "./dtype.ts";
import { elementsOf } from "./read.ts";
import type { Tensor } from "./tensor.ts";
import { refuseTraced } from "./tracing.ts";

/** Numbers that JSON has none for. */
const named: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity, "-0": -0 };

/**
 * A tensor as JSON has it: its numbers in row-major order; `"NaN"`, `"Infinity"`, `"-Infinity"` and `"-0"` are texts.
 */
export interface TensorJSON {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: readonly (number | string | boolean)[];
}

const write = (x: number): number | string =>
  Number.isFinite(x) && !Object.is(x, -0) ? x : Object.is(x, -0) ? "-0" : String(x);

/**
 * The form that `JSON.stringify` writes for a tensor; {@link fromJSON} reads it. Where the tensor came from is not in
 * it.
 *
 * @throws GraphError (`TRACED`) for a value that is not known while a function is compiled
 */
export function toJSON(x: Tensor): TensorJSON {
  refuseTraced("toJSON", x);
  const elements = elementsOf(x);
  return {
    dtype: x.dtype,
    shape: [...x.shape],
    data: Array.from(elements, (value) => (x.dtype === "bool" ? value === 1 : write(value))),
  };
}

function readNumber(entry: unknown, k: number): number {
  if (typeof entry === "number" || typeof entry === "boolean") return Number(entry);
  if (typeof entry === "string" && Object.hasOwn(named, entry)) return named[entry]!;
  throw new ArgumentError({
    op: "fromJSON",
    problem: `entry ${k} is ${describe(entry)}, not a number`,
    hint: 'give numbers, or "NaN", "Infinity", "-Infinity", "-0"',
  });
}

/**
 * The tensor that `toJSON` wrote, bit for bit.
 *
 * @param json - what `JSON.parse` gives, or `toJSON()` itself
 * @throws ArgumentError for anything else; ShapeError where the data does not fill the shape; DTypeError for numbers
 * that the type does not have
 *
 * @example
 * const text = JSON.stringify(tensor([1, NaN, -0]))
 * text // => '{"dtype":"float64","shape":[3],"data":[1,"NaN","-0"]}'
 * fromJSON(JSON.parse(text)).toArray() // => [1, NaN, -0]
 */
export function fromJSON(json: TensorJSON): Tensor;
export function fromJSON(json: TensorJSON, extra?: unknown, list?: unknown): Tensor {
  refuseExtra("fromJSON", extra, "fromJSON(json)", list, json);
  const given: unknown = json;
  if (
    typeof given !== "object" ||
    given === null ||
    !("data" in given) ||
    !("shape" in given) ||
    !("dtype" in given) ||
    !Array.isArray(given.data)
  ) {
    throw new ArgumentError({
      op: "fromJSON",
      problem: `${describe(given)} is no tensor in JSON`,
      hint:
        typeof given === "string"
          ? "parse the text first: fromJSON(JSON.parse(text))"
          : "give { dtype, shape, data }, as toJSON writes it",
    });
  }
  const { data, shape, dtype } = given as TensorJSON;
  return tensor(Float64Array.from(data, readNumber), { shape, dtype }) as Tensor;
}
