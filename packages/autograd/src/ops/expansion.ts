/** Repeating numbers along axes and summing them: two linear ops that are each other's transpose. */

import { DTypeError, ShapeError, showShape } from "../errors.ts";
import { droppedLike } from "../graph/create.ts";
import { allocate, isFloat, type DType, type Elements } from "../graph/dtype.ts";
import type { LinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { withoutRecording } from "../graph/record.ts";
import { checkAxes, checkShape, countOf, sameShape, SCALAR, stridesOf } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { forEachRun } from "../kernels/broadcast.ts";
import { copyRun } from "../kernels/movement.ts";
import { sum as sumKernel, sumWhole } from "../kernels/reduce.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { BroadcastTo } from "../types/movement.ts";
import type { Axes, Reduce } from "../types/reduce.ts";
import type { Guard, Result, Shape } from "../types/shape.ts";
import { apply } from "./apply.ts";
import { div } from "./arithmetic.ts";
import { heldToInt32 } from "./conversion.ts";
import { asTensor } from "./elementwise.ts";
import { permute, reshapeTo } from "./layout.ts";
import { portion } from "./marks.ts";

/** How a reduction leaves the shape. */
export interface ReduceOptions<K extends boolean = boolean> {
  /** True if a reduced axis stays, with size 1. */
  readonly keepDims?: K;
}

const reduceKinds: OptionKinds<ReduceOptions> = { keepDims: option.flag };

/** True if reduced axes stay, from what stands behind the axis. */
export function readKeepDims(op: string, options: ReduceOptions | undefined, extra: unknown): boolean {
  if (options === undefined && extra === undefined) return false;
  const call = `${op}(x, axis, { keepDims })`;
  refuseExtra(op, extra, call);
  return checkOptions(op, options, reduceKinds, { call }).keepDims ?? false;
}

/** An array seen as outer × size × inner, the middle axis being what is reduced. */
export interface Runs {
  /** The tensor with the reduced axes side by side. */
  readonly x: Tensor;
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
  /** The shape with the reduced axes left as 1. */
  readonly kept: Shape;
  /** The shape without them. */
  readonly reduced: Shape;
}

/** Brings the axes to be reduced side by side; `axes` are checked and ascending. */
export function runsOf(x: Tensor, axes: readonly number[]): Runs {
  const { shape } = x;
  if (axes.length === shape.length)
    return { x, outer: 1, size: countOf(shape), inner: 1, kept: shape.map(() => 1), reduced: SCALAR };
  const adjacent = axes.every((axis, k) => k === 0 || axis === axes[k - 1]! + 1);
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const reduced = shape.filter((_, axis) => !axes.includes(axis));
  const size = axes.reduce((product, axis) => product * shape[axis]!, 1);
  const shapes = { kept: checkShape("reduce", kept), reduced: checkShape("reduce", reduced) };
  if (!adjacent) {
    const rest = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    return {
      x: permute(x, [...rest, ...axes]),
      outer: countOf(reduced),
      size,
      inner: 1,
      kept: shapes.kept,
      reduced: shapes.reduced,
    };
  }
  const first = axes[0] ?? shape.length;
  const inner = countOf(shape.slice(first + axes.length));
  return { x, outer: countOf(shape.slice(0, first)), size, inner, kept: shapes.kept, reduced: shapes.reduced };
}

/** A tensor over fresh memory; a scalar keeps its number inline. */
export function fromElements(shape: Shape, dtype: DType, elements: Elements): Tensor {
  return new Tensor(shape, dtype, shape.length === 0 ? elements[0]! : elements);
}

interface SumAttributes {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
  /** 1 for a sum, the count for a mean. */
  readonly divisor: number;
}

// y = Σ x / divisor over axes        xᵀ: the cotangent / divisor, repeated along the axes
const sumOp: LinearOp<SumAttributes> = {
  kind: "linear",
  name: "sum",
  needs: "nothing",
  evaluate: (inputs, attributes) => sumValue(inputs[0]!, attributes),
  transpose(g, { inputs, attributes }) {
    const { shape } = inputs[0]!;
    const kept = shape.map((size, axis) => (attributes.axes.includes(axis) ? 1 : size));
    return [repeatTo(reshapeTo(scale(g, attributes.divisor), kept), shape)];
  },
  push: ([t], { attributes: { axes, keepDims, divisor } }) => scale(sumCotangent(t!, axes, keepDims), divisor),
  lower(l, [x], { axes, keepDims, divisor }) {
    const dtype = l.dtypeOf(x!) === "bool" ? "int32" : l.dtypeOf(x!);
    const total = l.reduce("sum", x!, axes);
    const quotient = divisor === 1 ? total : l.map(div.op, total, l.scalar(divisor, "float64"));
    const shape = l.shapeOf(x!).filter((_, axis) => !axes.includes(axis));
    const result = l.cast(quotient, dtype);
    return keepDims ? result : l.reshape(result, shape);
  },
};

// y = g / divisor        gᵀ: the same
const scaleOp: LinearOp<{ readonly divisor: number }> = {
  kind: "linear",
  name: "scale",
  needs: "nothing",
  evaluate: ([g], { divisor }) => withoutRecording(() => portion(g!, divisor)),
  transpose: (g, { attributes }) => [apply(scaleOp, [g], attributes)],
  lower: (l, [g], { divisor }) => l.map(portion.op, g!, l.scalar(divisor, l.dtypeOf(g!))),
};

/** A cotangent or tangent divided by a count. */
function scale(g: Tensor, divisor: number): Tensor {
  return divisor === 1 ? g : apply(scaleOp, [g], { divisor });
}

function sumValue(x: Tensor, { axes, keepDims, divisor }: SumAttributes): Tensor {
  const runs = runsOf(x, axes);
  const shape = keepDims ? runs.kept : runs.reduced;
  const from = elementsOf(runs.x);
  if (!isFloat(x.dtype)) {
    const totals = new Float64Array(runs.outer * runs.inner);
    sumWhole(totals, from, runs.outer, runs.size, runs.inner);
    return fromElements(shape, "int32", heldToInt32("sum", totals));
  }
  const out = allocate(x.dtype, runs.outer * runs.inner);
  sumKernel(out, from, runs.outer, runs.size, runs.inner, divisor);
  return fromElements(shape, x.dtype, out);
}

/** The sum over checked axes. */
export function sumOver(x: Tensor, axes: readonly number[], keepDims: boolean): Tensor {
  if (axes.length === 0 && x.dtype !== "bool") return x;
  return apply(sumOp, [x], { axes, keepDims, divisor: 1 });
}

/** The sum of cotangents or tangents over checked axes: of none of them nothing comes. */
export function sumCotangent(x: Tensor, axes: readonly number[], keepDims: boolean): Tensor {
  if (axes.every((axis) => x.shape[axis] !== 0)) return sumOver(x, axes, keepDims);
  const shape = keepDims
    ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : x.shape.filter((_, axis) => !axes.includes(axis));
  return droppedLike({ shape, dtype: x.dtype });
}

/** The mean over checked axes; the sum is divided before it is rounded to the type of `x`. */
export function meanOver(x: Tensor, axes: readonly number[], keepDims: boolean): Tensor {
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return apply(meanOp, [x], { axes, keepDims, divisor: count });
}

const meanOp: LinearOp<SumAttributes> = { ...sumOp, name: "mean" };

/**
 * Σ x over all axes, or over the given ones. Accumulated in float64, by halves; the sum of nothing is 0; the sum of
 * bools counts.
 *
 * @param x - a tensor
 * @param axis - an axis, several, or `undefined` for all; negative ones count from the end
 * @param options - `keepDims` leaves the reduced axes with size 1
 *
 * @example
 * sum(tensor([[1, 2], [3, 4]]), 0).toArray() // => [4, 6]
 */
export function sum<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
  x: Tensor<A>,
  axis?: X & Guard<Reduce<A, X, K>>,
  options?: ReduceOptions<K>,
): Tensor<Result<Reduce<A, X, K>>>;
export function sum(x: Tensor, axis?: Axes, options?: ReduceOptions, extra?: unknown): Tensor {
  const from = asTensor("sum", x);
  const axes = checkAxes("sum", axis, from.shape.length);
  return sumOver(from, axes, readKeepDims("sum", options, extra));
}

/** Fewer entries are written sooner than the call of the host begins. */
const FILLED = 8;

// y[i, j] = x[j]        xᵀ: the sum over the axes that were repeated
const broadcastOp: LinearOp<{ readonly shape: Shape }> = {
  kind: "linear",
  name: "broadcastTo",
  needs: "nothing",
  evaluate([x], { shape }) {
    const out = allocateUnwritten(x!.dtype, countOf(shape));
    const elements = elementsOf(x!);
    forEachRun(shape, [x!.shape], (at, count, [offset], [step]) => {
      if (step === 1) copyRun(out, at, elements, offset!, count);
      else if (step === 0 && count >= FILLED) out.fill(elements[offset!]!, at, at + count);
      else for (let i = 0; i < count; i++) out[at + i] = elements[offset! + i * step!]!;
    });
    return fromElements(shape, x!.dtype, out);
  },
  transpose: (g, { inputs }) => [sumTo(g, inputs[0]!.shape)],
  lower(l, [x], { shape }) {
    const from = l.shapeOf(x!);
    const strides = stridesOf(from);
    const lead = shape.length - from.length;
    return l.view(x!, shape, {
      offset: 0,
      strides: shape.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : strides[axis - lead]!)),
    });
  },
};

/** `x` repeated to a shape that it is known to broadcast to. */
export function repeatTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(broadcastOp, [x], { shape });
}

/** Sums a tensor down to a shape that broadcasts to its own: what undoes a broadcast in the reverse sweep. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes: number[] = [];
  for (let axis = 0; axis < x.shape.length; axis++) {
    if (axis < lead || (shape[axis - lead] === 1 && x.shape[axis] !== 1)) axes.push(axis);
  }
  return reshapeTo(axes.length === 0 ? x : sumCotangent(x, axes, false), shape);
}

/** True if a shape broadcasts to another. */
export function broadcastsTo(from: Shape, to: Shape): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && from.every((size, axis) => size === 1 || size === to[axis + lead]);
}

/**
 * `x` repeated along new leading axes and along axes of size 1 until it has the given shape.
 *
 * @throws ShapeError where `x` does not broadcast to the shape
 *
 * @example
 * broadcastTo(tensor([1, 2]), [2, 2]).toArray() // => [[1, 2], [1, 2]]
 */
export function broadcastTo<A extends Shape, const To extends Shape>(
  x: Tensor<A>,
  shape: To & Guard<BroadcastTo<A, To>>,
): Tensor<Result<BroadcastTo<A, To>>>;
export function broadcastTo(x: Tensor, shape: Shape, extra?: unknown): Tensor {
  refuseExtra("broadcastTo", extra, "broadcastTo(x, [rows, columns])");
  const from = asTensor("broadcastTo", x);
  const target = checkShape("broadcastTo", shape);
  if (!broadcastsTo(from.shape, target)) {
    throw new ShapeError({
      op: "broadcastTo",
      problem: `${showShape(from.shape)} does not broadcast to ${showShape(target)}`,
      hint: "sizes must agree or be 1 from the last axis on",
      shapes: [from.shape, target],
    });
  }
  return repeatTo(from, target);
}

/**
 * The mean over all axes, or over the given ones; NaN for nothing.
 *
 * @param x - a float tensor
 * @param axis - an axis, several, or `undefined` for all
 * @param options - `keepDims` leaves the reduced axes with size 1
 *
 * @example
 * mean(tensor([[1, 2], [3, 4]])).item() // => 2.5
 */
export function mean<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
  x: Tensor<A>,
  axis?: X & Guard<Reduce<A, X, K>>,
  options?: ReduceOptions<K>,
): Tensor<Result<Reduce<A, X, K>>>;
export function mean(x: Tensor, axis?: Axes, options?: ReduceOptions, extra?: unknown): Tensor {
  const from = floatTensor("mean", x);
  const axes = checkAxes("mean", axis, from.shape.length);
  return meanOver(from, axes, readKeepDims("mean", options, extra));
}

/** A tensor of float64 or float32, for ops that have no meaning in whole numbers. */
export function floatTensor(op: string, input: unknown): Tensor {
  const x = asTensor(op, input);
  if (isFloat(x.dtype)) return x;
  throw new DTypeError({ op, problem: `is not defined for ${x.dtype}`, hint: 'cast(x, "float64") first' });
}
