/** Changing the type of numbers. */

import { NonFiniteError } from "../errors.ts";
import { allocate, checkDType, isFloat, isInt32, store, type DType } from "../graph/dtype.ts";
import type { LinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { Tensor } from "../graph/tensor.ts";
import { isTraced, type Call } from "../graph/tracing.ts";
import { refuseExtra } from "../options.ts";
import type { Shape } from "../types/shape.ts";
import { apply } from "./apply.ts";
import { asTensor } from "./elementwise.ts";

// y = x in another type        xᵀ: the cotangent in the type of x
const castOp: LinearOp<{ readonly dtype: DType }> = {
  kind: "linear",
  name: "cast",
  needs: "nothing",
  evaluate([x], { dtype }) {
    if (typeof x!.storage === "number") return new Tensor(x!.shape, dtype, store(dtype, x!.storage));
    const elements = elementsOf(x!);
    const out = allocate(dtype, elements.length);
    if (dtype === "bool") for (let i = 0; i < out.length; i++) out[i] = elements[i] === 0 ? 0 : 1;
    else out.set(elements);
    return new Tensor(x!.shape, dtype, out);
  },
  transpose: (g, { inputs }) => [castTo(g, inputs[0]!.dtype)],
  lower: (l, [x], { dtype }) => l.cast(x!, dtype),
};

/** The error for a number that int32 does not have. */
export function refuseCast({ op, line }: Call, value: number, entry: number): NonFiniteError {
  return new NonFiniteError({ op, problem: `${value} at entry ${entry} has no int32 value`, hint: "clip the numbers first", at: line });
}

/** `x` in a checked type. */
export function castTo(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : apply(castOp, [x], { dtype });
}

/**
 * The same numbers in another type. To int32 the fraction is cut off; to bool everything but 0 is true; derivatives pass
 * between the two float types.
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
