/** Primitives as a user's op is written in them: what `defineOp` hands to `lower`, over any reading. */

import { isFloat, type DType } from "../graph/dtype.ts";
import type { Lowering, StridedView } from "../graph/lowering.ts";
import type { ElementwiseOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { countOf } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import type { Shape } from "../types/shape.ts";

/** A function of the library that works entry by entry: `add`, `exp`, `where`, … */
export interface Entrywise {
  readonly op: ElementwiseOp;
}

/**
 * The primitives that an op is made of. A value has a shape and a type, and no numbers yet; each method gives a new
 * one.
 */
export interface Primitives<V> {
  shapeOf(x: V): Shape;
  dtypeOf(x: V): DType;
  /** One number. */
  scalar(value: number, dtype: DType): V;
  /** Numbers that are known. */
  constant(x: Tensor): V;
  /** A function of the library, entry by entry, with broadcasting: `map(add, a, b)`. */
  map(f: Entrywise, ...inputs: V[]): V;
  cast(x: V, dtype: DType): V;
  /** The same numbers in another shape. */
  reshape(x: V, shape: Shape): V;
  /** A box of `shape`, read from the memory of `x` at `offset + Σ index·stride`: transposes, slices, windows. */
  view(x: V, shape: Shape, view: StridedView): V;
  /** `fill`, or 0, throughout `shape`, into which each part is written along its view: concatenations, padding. */
  assemble(shape: Shape, dtype: DType, parts: readonly Placed<V>[], fill?: number): V;
  /** Sum, largest or smallest over axes, which stay with size 1. Sums of floats run in float64. */
  reduce(kind: "sum" | "max" | "min", x: V, axes: readonly number[]): V;
  /** The products of the matrices in the last two axes; leading axes broadcast. */
  matmul(a: V, b: V, form?: { readonly transposeA?: boolean; readonly transposeB?: boolean }): V;
  /** The entries of an axis at positions, int32, whose axes stand in its place. */
  take(x: V, indices: V, axis: number): V;
  /** 0 along an axis of `size`, to which what stands at each position along that axis of `x` is added in order. */
  addAt(x: V, indices: V, axis: number, size: number): V;
}

/** A part and where it lies. */
export interface Placed<V> {
  readonly value: V;
  readonly view: StridedView;
}

/** An array seen as outer × size × inner around an axis. */
const around = (shape: Shape, axis: number, size = shape[axis]!): { outer: number; size: number; inner: number } => ({
  outer: countOf(shape.slice(0, axis)),
  size,
  inner: countOf(shape.slice(axis + 1)),
});

/** The shape with other axes in place of one, or of as many as there are `to`. */
export const replaced = (shape: Shape, axis: number, axes: Shape, to = 1): Shape => [
  ...shape.slice(0, axis),
  ...axes,
  ...shape.slice(axis + to),
];

/** The primitives of a user over a reading. What they are given has been looked at, see `checked.ts`. */
export function primitivesOver<V>(l: Lowering<V>): Primitives<V> {
  return {
    shapeOf: (x) => l.shapeOf(x),
    dtypeOf: (x) => l.dtypeOf(x),
    scalar: (value, dtype) => l.scalar(value, dtype),
    constant: (x) => l.constant(x.shape, x.dtype, elementsOf(x)),
    map: ({ op }, ...inputs) => l.map(op, ...inputs),
    cast: (x, dtype) => l.cast(x, dtype),
    reshape: (x, shape) => l.reshape(x, shape),
    view: (x, shape, view) => l.view(x, shape, view),
    assemble: (shape, dtype, parts, fill) => l.assemble(shape, dtype, parts, fill),
    reduce(kind, x, axes) {
      const reduced = l.reduce(kind, x, axes);
      return kind === "sum" && isFloat(l.dtypeOf(x)) ? l.cast(reduced, l.dtypeOf(x), "result") : reduced;
    },
    matmul: (a, b, { transposeA = false, transposeB = false } = {}) =>
      l.matmul(a, b, { transposeA, transposeB, absorbing: null }),
    take(x, indices, axis) {
      const shape = l.shapeOf(x);
      return l.take(x, indices, around(shape, axis), replaced(shape, axis, l.shapeOf(indices)));
    },
    addAt(x, indices, axis, size) {
      const [shape, at] = [l.shapeOf(x), l.shapeOf(indices)];
      const to = replaced(shape, axis, [size], at.length);
      const added = l.addAt(x, indices, around(to, axis), to);
      // Sums of nothing are a plain 0 to whoever reads them.
      return isFloat(l.dtypeOf(x)) ? l.map(add.op, added, l.scalar(0, l.dtypeOf(x))) : added;
    },
  };
}
