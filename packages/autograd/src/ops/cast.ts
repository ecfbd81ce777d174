/** Changing the type of numbers. */

import { checkDType, isFloat, isInt32, type DType } from "../graph/dtype.ts";
import { elementsOf } from "../graph/read.ts";
import { refuseCast } from "../graph/refusals.ts";
import type { Tensor } from "../graph/tensor.ts";
import { isTraced } from "../graph/tracing.ts";
import { refuseExtra } from "../options.ts";
import type { Shape } from "../types/shape.ts";
import { castTo } from "./conversion.ts";
import { asTensor } from "./elementwise.ts";

/**
 * The same numbers in another type. To int32 the fraction is cut off; to bool everything but 0 is true; derivatives
 * pass between the two float types.
 *
 * @param x - a tensor
 * @param dtype - `"float64"`, `"float32"`, `"int32"` or `"bool"`
 * @throws NonFiniteError where a number has no int32 value
 *
 * @example
 * cast(tensor([1.7, -1.7]), "int32").toArray() // => [1, -1]
 */
export function cast<S extends Shape>(x: Tensor<S>, dtype: DType): Tensor<S>;
export function cast(x: Tensor, dtype: DType, extra?: unknown): Tensor {
  refuseExtra("cast", extra, 'cast(x, "float32")');
  const from = asTensor("cast", x);
  const to = checkDType("cast", dtype);
  // A program looks at the range itself.
  if (to === "int32" && isFloat(from.dtype) && !isTraced(from)) {
    const elements = elementsOf(from);
    for (let i = 0; i < elements.length; i++) {
      if (!isInt32(elements[i]!)) throw refuseCast({ op: "cast", line: null }, elements[i]!, i);
    }
  }
  return castTo(from, to);
}
