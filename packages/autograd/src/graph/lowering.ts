/**
 * The few operations that a program is made of: what an op that is not element-wise says itself in, so that it can be
 * compiled.
 */

import type { Absorbing } from "../kernels/matmul.ts";
import type { Shape } from "../types/shape.ts";
import type { Control, Part } from "./control.ts";
import type { DType, Elements } from "./dtype.ts";
import type { ElementwiseOp, JointOp } from "./op.ts";

/** Positions in the row-major memory of a tensor: `offset + Σ index·stride` over the axes of a box. */
export interface StridedView {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Which operands of a matrix product are read transposed, and what drops terms where some are cotangents. */
export interface ProductForm {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly absorbing: Absorbing;
}

/**
 * Why a number changes its type, which says what is refused: a `cast` cuts fractions off, and takes what int32 then
 * has; a `number` of the caller beside a tensor must be there as it is; a `result` of whole numbers, computed in
 * float64, must be one of int32. What vanishes of a `cotangent` in float32 becomes +0, which marks nothing.
 */
export type CastPurpose = "cast" | "number" | "result" | "cotangent";

/** Positions along an axis of an array seen as outer × size × inner. */
export interface PickForm {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

/** Builds the values of a program; each method gives a new one. */
export interface Lowering<V> {
  shapeOf(x: V): Shape;
  dtypeOf(x: V): DType;
  /** One number. */
  scalar(value: number, dtype: DType): V;
  /** Numbers that are known. */
  constant(shape: Shape, dtype: DType, elements: Elements): V;
  /** An op entry by entry, with broadcasting. */
  map(op: ElementwiseOp, ...inputs: V[]): V;
  /** The results of one formula entry by entry, with broadcasting: what they share is computed once. */
  mapAll(op: JointOp, ...inputs: V[]): readonly V[];
  cast(x: V, dtype: DType, purpose?: CastPurpose): V;
  /** The same numbers in another shape. */
  reshape(x: V, shape: Shape): V;
  /** A box of `shape`, read from the memory of `x` along a view. */
  view(x: V, shape: Shape, view: StridedView): V;
  /** One number throughout `shape`, 0 where nothing is said, into which each part is written along its view. */
  assemble(
    shape: Shape,
    dtype: DType,
    parts: readonly { readonly value: V; readonly view: StridedView }[],
    fill?: number,
  ): V;
  /** Sum (of floats in float64, of others held to int32), largest or smallest over axes, which stay with size 1. */
  reduce(kind: "sum" | "max" | "min", x: V, axes: readonly number[]): V;
  /** The products of the matrices in the last two axes; leading axes broadcast. */
  matmul(a: V, b: V, form: ProductForm): V;
  /** y[o, k, i] = x[o, indices[k], i], in `shape`. */
  take(x: V, indices: V | Elements, form: PickForm, shape: Shape): V;
  /** -0 with y[o, indices[k], i] += x[o, k, i] in order, summed in float64, in `shape`. */
  addAt(x: V, indices: V | Elements, form: PickForm, shape: Shape): V;
}

/** The same with what gives several values: loops and branches, which say their shapes themselves, and other ops. */
export interface ControlLowering<V> extends Lowering<V> {
  /** A loop or a branch, of which nothing but parts is read; see `control.ts`. */
  control(control: Control, inputs: readonly V[]): V;
  /** Values of which each is read as a part. */
  several(results: readonly V[]): V;
  part(whole: V, control: Control, part: Part): V;
}
