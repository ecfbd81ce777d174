/**
 * A lowering read for shapes and types alone: the shape rule of every op that is not element-wise, a loop or a branch.
 */

import type { Shape } from "../types/shape.ts";
import type { DType } from "./dtype.ts";
import type { Lowering } from "./lowering.ts";
import { broadcastShapes, checkShape, SCALAR } from "./shape.ts";

/** The outline of a value: what is known before it is computed. */
export interface Outline {
  readonly shape: Shape;
  readonly dtype: DType;
}

const sized = (shape: Shape, dtype: DType): Outline => ({ shape: checkShape("compile", shape), dtype });

/** The reading. */
export const shapes: Lowering<Outline> = {
  shapeOf: (x) => x.shape,
  dtypeOf: (x) => x.dtype,
  scalar: (_, dtype) => ({ shape: SCALAR, dtype }),
  constant: (shape, dtype) => sized(shape, dtype),
  map(op, ...inputs) {
    const shape = inputs.reduce((sum: Shape, x) => broadcastShapes(op.name, sum, x.shape), SCALAR);
    return { shape, dtype: op.result === "bool" ? "bool" : inputs.at(-1)!.dtype };
  },
  mapAll: ({ ops }, ...inputs) => ops.map((op) => shapes.map(op, ...inputs)),
  cast: (x, dtype) => ({ shape: x.shape, dtype }),
  reshape: (x, shape) => sized(shape, x.dtype),
  view: (x, shape) => sized(shape, x.dtype),
  assemble: (shape, dtype) => sized(shape, dtype),
  reduce(kind, x, axes) {
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return sized(shape, kind !== "sum" ? x.dtype : reducedType(x.dtype));
  },
  matmul(a, b, { transposeA, transposeB }) {
    const batch = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
    return sized([...batch, a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!], a.dtype);
  },
  take: (x, _, __, shape) => sized(shape, x.dtype),
  addAt: (x, _, __, shape) => sized(shape, x.dtype),
};

/** The type of a sum: of floats that in which it is accumulated. */
function reducedType(dtype: DType): DType {
  return dtype === "float64" || dtype === "float32" ? "float64" : "int32";
}
