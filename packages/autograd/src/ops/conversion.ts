/**
 * From one type of numbers to another: the op, numbers of the caller beside a tensor, and what a type does not have.
 */

import { callerLine } from "../caller.ts";
import { holds, store, type DType } from "../graph/dtype.ts";
import type { CastPurpose } from "../graph/lowering.ts";
import type { LinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { refuseNumber, refuseOverflow } from "../graph/refusals.ts";
import { SCALAR } from "../graph/shape.ts";
import { isWeak, Tensor } from "../graph/tensor.ts";
import { tracing, withCall } from "../graph/tracing.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { apply } from "./apply.ts";

interface Cast {
  readonly dtype: DType;
  readonly purpose?: CastPurpose;
}

// y = x in another type        xᵀ: the cotangent in the type of x
const castOp: LinearOp<Cast> = {
  kind: "linear",
  name: "cast",
  needs: "nothing",
  evaluate([x], { dtype, purpose }) {
    const plainly = (value: number): number => (value === 0 ? value : store(dtype, value) + 0);
    if (typeof x!.storage === "number")
      return new Tensor(SCALAR, dtype, purpose === "cotangent" ? plainly(x!.storage) : store(dtype, x!.storage));
    const elements = elementsOf(x!);
    if (purpose === "cotangent" && dtype === "float32")
      return new Tensor(x!.shape, dtype, Float32Array.from(elements, plainly));
    const out = allocateUnwritten(dtype, elements.length);
    if (dtype === "bool") for (let i = 0; i < out.length; i++) out[i] = elements[i] === 0 ? 0 : 1;
    else out.set(elements);
    return new Tensor(x!.shape, dtype, out);
  },
  push: ([t], { attributes }) => castCotangent(t!, attributes.dtype),
  transpose: (g, { inputs }) => [castCotangent(g, inputs[0]!.dtype)],
  lower: (l, [x], { dtype, purpose }) => l.cast(x!, dtype, purpose),
};

/** A cotangent or tangent in a float type. */
function castCotangent(g: Tensor, dtype: DType): Tensor {
  return g.dtype === dtype ? g : apply(castOp, [g], { dtype, purpose: "cotangent" });
}

/** `x` in a checked type; a number of the caller as a tensor that has its type for good. */
export function castTo(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype && !isWeak(x) ? x : apply(castOp, [x], { dtype });
}

/**
 * A number of the caller, or what was computed from such alone, in the type of the tensor beside it; anything else as
 * it is.
 */
export function besideType(op: string, x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype || !isWeak(x)) return x;
  if (typeof x.storage === "number" && !holds(dtype, x.storage))
    throw refuseNumber({ op, line: null }, x.storage, dtype);
  const convert = (): Tensor => apply(castOp, [x], { dtype, purpose: "number" });
  return tracing() === null ? convert() : withCall({ op, line: callerLine() }, convert);
}

/**
 * A number of the caller as a tensor that keeps its type, as what goes into a loop or a branch and comes out of it
 * does.
 */
export function withOwnType(x: Tensor): Tensor {
  return isWeak(x) ? castTo(x, "float64") : x;
}

/** Numbers computed in float64 from whole ones, as int32; refuses the first that int32 does not have. */
export function heldToInt32(op: string, wide: Float64Array): Int32Array {
  const out = allocateUnwritten("int32", wide.length) as Int32Array;
  for (let i = 0; i < wide.length; i++) {
    out[i] = wide[i]!;
    if (out[i] !== wide[i]) throw refuseOverflow({ op, line: null }, wide[i]!, i);
  }
  return out;
}
