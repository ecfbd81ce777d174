/**
 * Primitives, read eagerly: each of them computed at once. The definition of what an op is made of, which its own
 * evaluation must equal to the bit.
 */

import { allocate, holds, isFloat, isInt32, store, type DType, type Elements } from "../graph/dtype.ts";
import type { CastPurpose, Lowering, PickForm, ProductForm, StridedView } from "../graph/lowering.ts";
import type { ElementwiseOp, JointOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { withoutRecording } from "../graph/record.ts";
import { refuseCast, refuseNumber, refuseOverflow } from "../graph/refusals.ts";
import { broadcastShapes, checkShape, countOf, SCALAR } from "../graph/shape.ts";
import { isWeak, Tensor } from "../graph/tensor.ts";
import type { Call } from "../graph/tracing.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { forEachRun } from "../kernels/broadcast.ts";
import { matmul } from "../kernels/matmul.ts";
import { addAt, gatherStrided, scatterStrided, take } from "../kernels/movement.ts";
import { extremum, sum, sumWhole } from "../kernels/reduce.ts";
import { applyElementwise } from "../ops/elementwise.ts";
import { fromElements, runsOf } from "../ops/expansion.ts";
import { refuseIndex } from "../ops/selection.ts";
import type { Shape } from "../types/shape.ts";

/** The reading of one call, which errors name. */
export class Eager implements Lowering<Tensor> {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  shapeOf(x: Tensor): Shape {
    return x.shape;
  }

  dtypeOf(x: Tensor): DType {
    return x.dtype;
  }

  scalar(value: number, dtype: DType): Tensor {
    return new Tensor(SCALAR, dtype, store(dtype, value));
  }

  constant(shape: Shape, dtype: DType, elements: Elements): Tensor {
    return fromElements(shape, dtype, elements);
  }

  map(op: ElementwiseOp, ...inputs: Tensor[]): Tensor {
    const value = withoutRecording(() => applyElementwise(op, inputs));
    // A choice between plain numbers stands for a number; a value of a program does not.
    return isWeak(value) ? new Tensor(SCALAR, value.dtype, value.storage) : value;
  }

  mapAll(op: JointOp, ...inputs: Tensor[]): Tensor[] {
    const { dtype } = inputs[0]!;
    const given = inputs.map((x) => x.shape);
    const shape = given.reduce((sum: Shape, one) => broadcastShapes(op.name, sum, one), SCALAR);
    const outs = op.ops.map(() => allocateUnwritten(dtype, countOf(shape)));
    op.loop().broadcast(outs, shape, inputs.map(elementsOf), given);
    return outs.map((out) => fromElements(shape, dtype, out));
  }

  cast(x: Tensor, dtype: DType, purpose: CastPurpose = "cast"): Tensor {
    if (x.dtype === dtype) return x;
    const from = elementsOf(x);
    const out = allocateUnwritten(dtype, from.length);
    for (let i = 0; i < from.length; i++) out[i] = this.#converted(from[i]!, i, dtype, purpose);
    return fromElements(x.shape, dtype, out);
  }

  /** One number in another type; what vanishes of a cotangent is no mark. */
  #converted(value: number, entry: number, dtype: DType, purpose: CastPurpose): number {
    if (purpose === "number" && !holds(dtype, value)) throw refuseNumber(this.#call, value, dtype);
    if (purpose === "result" && dtype === "int32" && value !== (value | 0))
      throw refuseOverflow(this.#call, value, entry);
    if (purpose === "cast" && dtype === "int32" && !isInt32(value)) throw refuseCast(this.#call, value, entry);
    return purpose === "cotangent" && value !== 0 ? store(dtype, value) + 0 : store(dtype, value);
  }

  reshape(x: Tensor, shape: Shape): Tensor {
    return fromElements(checkShape("reshape", shape), x.dtype, elementsOf(x));
  }

  view(x: Tensor, shape: Shape, { offset, strides }: StridedView): Tensor {
    const out = allocateUnwritten(x.dtype, countOf(checkShape("view", shape)));
    gatherStrided(out, elementsOf(x), shape, offset, strides);
    return fromElements(shape, x.dtype, out);
  }

  assemble(
    shape: Shape,
    dtype: DType,
    parts: readonly { readonly value: Tensor; readonly view: StridedView }[],
    fill = 0,
  ): Tensor {
    const out = allocate(dtype, countOf(checkShape("assemble", shape)));
    if (!Object.is(fill, 0)) out.fill(fill);
    for (const { value, view } of parts) scatterStrided(out, elementsOf(value), value.shape, view.offset, view.strides);
    return fromElements(shape, dtype, out);
  }

  reduce(kind: "sum" | "max" | "min", x: Tensor, axes: readonly number[]): Tensor {
    const { x: arranged, outer, size, inner, kept } = withoutRecording(() => runsOf(x, axes));
    const from = elementsOf(arranged);
    if (kind !== "sum") {
      const out = allocate(x.dtype, outer * inner);
      extremum(out, from, outer, size, inner, kind === "max" ? 1 : -1);
      return fromElements(kept, x.dtype, out);
    }
    const totals = new Float64Array(outer * inner);
    if (isFloat(x.dtype)) sum(totals, from, outer, size, inner, 1);
    else sumWhole(totals, from, outer, size, inner);
    const total = fromElements(kept, "float64", totals);
    return isFloat(x.dtype) ? total : this.cast(total, "int32", "result");
  }

  matmul(a: Tensor, b: Tensor, { transposeA, transposeB, absorbing }: ProductForm): Tensor {
    const [aRows, aColumns, bRows, bColumns] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-2)!, b.shape.at(-1)!];
    const [m, k, n] = [transposeA ? aColumns : aRows, transposeA ? aRows : aColumns, transposeB ? bRows : bColumns];
    const batches = [a.shape.slice(0, -2), b.shape.slice(0, -2)] as const;
    const batch = broadcastShapes("matmul", ...batches);
    const shape = checkShape("matmul", [...batch, m, n]);
    const out = allocateUnwritten(a.dtype, countOf(shape));
    const [left, right] = [elementsOf(a), elementsOf(b)];
    forEachRun(batch, batches, (at, count, [offsetA, offsetB], [stepA, stepB]) => {
      for (let i = 0; i < count; i++) {
        const A = { elements: left, offset: (offsetA! + i * stepA!) * m * k };
        const B = { elements: right, offset: (offsetB! + i * stepB!) * k * n };
        matmul(out, (at + i) * m * n, A, B, m, k, n, transposeA, transposeB, absorbing);
      }
    });
    return fromElements(shape, a.dtype, out);
  }

  take(x: Tensor, indices: Tensor | Elements, { outer, size, inner }: PickForm, shape: Shape): Tensor {
    const out = allocateUnwritten(x.dtype, countOf(checkShape("take", shape)));
    take(out, elementsOf(x), this.#within(indices, size), outer, size, inner);
    return fromElements(shape, x.dtype, out);
  }

  addAt(x: Tensor, indices: Tensor | Elements, { outer, size, inner }: PickForm, shape: Shape): Tensor {
    const sums = new Float64Array(countOf(checkShape("addAt", shape))).fill(-0);
    addAt(sums, elementsOf(x), this.#within(indices, size), outer, size, inner);
    return this.cast(fromElements(shape, "float64", sums), x.dtype, "result");
  }

  /** Positions that lie within an axis. */
  #within(indices: Tensor | Elements, size: number): Elements {
    const positions = indices instanceof Tensor ? elementsOf(indices) : indices;
    for (let k = 0; k < positions.length; k++) {
      if (!(positions[k]! >= 0 && positions[k]! < size)) throw refuseIndex(this.#call, positions[k]!, k, size);
    }
    return positions;
  }
}
