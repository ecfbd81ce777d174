/**
 * Putting tensors together, and what cuts them apart again: pad, concat, stack, flip, and the box that `cutting.ts`
 * reads.
 */

import { ArgumentError, DTypeError, ShapeError, showShape } from "../errors.ts";
import { constantLike } from "../graph/create.ts";
import { allocate } from "../graph/dtype.ts";
import type { LinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import {
  checkAxes,
  checkAxis,
  checkList,
  checkShape,
  checkSizes,
  countOf,
  sameShape,
  stridesOf,
} from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { copyRun, gatherStrided, scatterStrided } from "../kernels/movement.ts";
import { refuseExtra } from "../options.ts";
import type { Concat, Stack } from "../types/movement.ts";
import type { Guard, Result, Shape } from "../types/shape.ts";
import { apply } from "./apply.ts";
import { where } from "./comparison.ts";
import { asTensor } from "./elementwise.ts";
import { fromElements } from "./expansion.ts";
import { reshapeTo } from "./layout.ts";

/** A box within a tensor: where it begins along each axis, how large it is, and every how many entries. */
export interface Box {
  /** The shape of the cut. */
  readonly shape: Shape;
  readonly starts: readonly number[];
  readonly steps: readonly number[];
}

/** The walk of a box: where it begins in the memory of `shape`, and its strides there. */
export function view(shape: Shape, { starts, steps }: Box): { offset: number; strides: number[] } {
  const strides = stridesOf(shape);
  let offset = 0;
  for (let axis = 0; axis < strides.length; axis++) {
    offset += starts[axis]! * strides[axis]!;
    strides[axis]! *= steps[axis]!;
  }
  return { offset, strides };
}

// y[i] = x[start + i·step]        xᵀ: the cotangent at those places of zeros
const sliceOp: LinearOp<Box> = {
  kind: "linear",
  name: "slice",
  needs: "nothing",
  evaluate([x], box) {
    const out = allocateUnwritten(x!.dtype, countOf(box.shape));
    const { offset, strides } = view(x!.shape, box);
    gatherStrided(out, elementsOf(x!), box.shape, offset, strides);
    return fromElements(box.shape, x!.dtype, out);
  },
  transpose: (g, { inputs, attributes }) => [embedBox(g, attributes, inputs[0]!.shape)],
  lower: (l, [x], box) => l.view(x!, box.shape, view(l.shapeOf(x!), box)),
};

/** A box within a larger tensor, whose other entries are 0, or -0 in cotangents and tangents. */
interface Embedding extends Box {
  readonly outside: Shape;
  readonly fill: number;
}

// y[start + i·step] = x[i], 0 elsewhere        xᵀ: the cotangent at those places
const embedOp: LinearOp<Embedding> = {
  kind: "linear",
  name: "embed",
  needs: "nothing",
  evaluate([x], { outside, fill, ...box }) {
    const out = allocate(x!.dtype, countOf(outside));
    if (!Object.is(fill, 0)) out.fill(fill);
    const { offset, strides } = view(outside, box);
    scatterStrided(out, elementsOf(x!), box.shape, offset, strides);
    return fromElements(outside, x!.dtype, out);
  },
  push: ([t], { attributes }) => apply(embedOp, [t!], { ...attributes, fill: -0 }),
  transpose: (g, { attributes: { shape, starts, steps } }) => [apply(sliceOp, [g], { shape, starts, steps })],
  lower: (l, [x], { outside, fill, ...box }) =>
    l.assemble(outside, l.dtypeOf(x!), [{ value: x!, view: view(outside, box) }], fill),
};

/** A checked box cut out of `x`. */
export function sliceBox(x: Tensor, box: Box): Tensor {
  return sameShape(x.shape, box.shape) ? x : apply(sliceOp, [x], box);
}

/** A cotangent of the shape of a box at its place in a larger one, of which nothing else was chosen. */
export function embedBox(g: Tensor, box: Box, outside: Shape): Tensor {
  return apply(embedOp, [g], { shape: box.shape, starts: box.starts, steps: box.steps, outside, fill: -0 });
}

/** Entries `start` to `end` of one axis. */
export function sliceAxis(x: Tensor, axis: number, start: number, end: number): Tensor {
  return sliceBox(x, {
    shape: x.shape.map((size, at) => (at === axis ? end - start : size)),
    starts: x.shape.map((_, at) => (at === axis ? start : 0)),
    steps: x.shape.map(() => 1),
  });
}

/**
 * A tensor with a border of one value around it.
 *
 * @param x - a tensor
 * @param before - how many entries to put before each axis
 * @param after - how many behind; the same as `before` where nothing is said
 * @param value - the number in the border
 * @throws ShapeError where there is not one width for each axis
 *
 * @example
 * pad(tensor([1, 2]), [1], [2]).toArray() // => [0, 1, 2, 0, 0]
 */
export function pad(x: Tensor, before: readonly number[], after?: readonly number[], value?: number): Tensor;
export function pad(
  x: Tensor,
  before: readonly number[],
  after: readonly number[] = before,
  value = 0,
  extra?: unknown,
): Tensor {
  const from = asTensor("pad", x);
  refuseExtra("pad", extra, "pad(x, before, after, value)");
  checkList("pad", "the widths before", before);
  checkList("pad", "the widths after", after);
  const { shape } = from;
  if (before.length !== shape.length || after.length !== shape.length) {
    throw new ShapeError({
      op: "pad",
      problem: `widths for ${before.length} and ${after.length} axes of ${showShape(shape)}`,
      hint: "give one width before and one behind each axis",
      shapes: [shape],
    });
  }
  checkSizes("pad", before);
  checkSizes("pad", after);
  const outside = checkShape(
    "pad",
    shape.map((size, axis) => before[axis]! + size + after[axis]!),
  );
  const box = { shape, starts: before, steps: shape.map(() => 1) };
  const padded = sameShape(shape, outside) ? from : apply(embedOp, [from], { ...box, outside, fill: 0 });
  if (value === 0) return padded;
  const inside = allocate("bool", countOf(outside));
  const { offset, strides } = view(outside, box);
  scatterStrided(inside, allocate("bool", countOf(shape)).fill(1), shape, offset, strides);
  return where(fromElements(outside, "bool", inside), padded, constantLike("pad", value, from.dtype));
}

// y = [a; b; …]        each transpose: its part of the cotangent
const concatOp: LinearOp<{ readonly axis: number }> = {
  kind: "linear",
  name: "concat",
  needs: "nothing",
  evaluate(parts, { axis }) {
    const first = parts[0]!;
    const shape = first.shape.map((size, at) =>
      at === axis ? parts.reduce((sum, part) => sum + part.shape[axis]!, 0) : size,
    );
    const checked = checkShape("concat", shape);
    const out = allocateUnwritten(first.dtype, countOf(checked));
    const outer = countOf(shape.slice(0, axis));
    const inner = countOf(shape.slice(axis + 1));
    let column = 0;
    for (const part of parts) {
      const width = part.shape[axis]! * inner;
      const elements = elementsOf(part);
      for (let o = 0; o < outer; o++) copyRun(out, o * shape[axis]! * inner + column, elements, o * width, width);
      column += width;
    }
    return new Tensor(checked, first.dtype, out);
  },
  transpose(g, { inputs, attributes: { axis } }, wanted) {
    let start = 0;
    return inputs.map((part, k) => {
      const end = start + part.shape[axis]!;
      const share = wanted[k] === true ? sliceAxis(g, axis, start, end) : null;
      start = end;
      return share;
    });
  },
  lower(l, parts, { axis }) {
    const sizes = parts.map((part) => l.shapeOf(part)[axis]!);
    const shape = l
      .shapeOf(parts[0]!)
      .map((size, at) => (at === axis ? sizes.reduce((sum, part) => sum + part, 0) : size));
    const strides = stridesOf(shape);
    let start = 0;
    const placed = parts.map((value, k) => {
      const offset = start * strides[axis]!;
      start += sizes[k]!;
      return { value, view: { offset, strides } };
    });
    return l.assemble(shape, l.dtypeOf(parts[0]!), placed);
  },
};

/** The tensors of a tuple of shapes. */
export type TensorsOf<Shapes extends readonly Shape[]> = { [I in keyof Shapes]: Tensor<Shapes[I]> };

function checkParts(op: string, tensors: unknown, agree: (a: Shape, b: Shape) => boolean): Tensor[] {
  const given: readonly unknown[] = Array.isArray(tensors) ? tensors : [];
  if (given.length === 0) {
    throw new ArgumentError({ op, problem: "there is no tensor to put together", hint: "give a list of at least one" });
  }
  const parts = given.map((part) => asTensor(op, part));
  const first = parts[0]!;
  for (const part of parts) {
    if (part.dtype !== first.dtype) {
      throw new DTypeError({
        op,
        problem: `operands are ${first.dtype} and ${part.dtype}`,
        hint: `cast one of them: cast(x, "${first.dtype}")`,
      });
    }
    if (!agree(first.shape, part.shape)) {
      throw new ShapeError({
        op,
        problem: `${showShape(first.shape)} and ${showShape(part.shape)} do not fit together`,
        hint: op === "stack" ? "all shapes must be equal" : "all sizes but those of the joined axis must be equal",
        shapes: parts.map((one) => one.shape),
      });
    }
  }
  return parts;
}

/**
 * Tensors joined along an axis that they have; all other sizes agree.
 *
 * @throws ShapeError where they do not fit; ArgumentError for an empty list
 *
 * @example
 * concat([tensor([1, 2]), tensor([3])]).toArray() // => [1, 2, 3]
 */
export function concat<const Shapes extends readonly Shape[], const X extends number = 0>(
  tensors: readonly [...TensorsOf<Shapes>] & Guard<Concat<Shapes, X>>,
  axis?: X,
): Tensor<Result<Concat<Shapes, X>>>;
export function concat(tensors: readonly Tensor[], axis?: number, extra?: unknown): Tensor {
  refuseExtra("concat", extra, "concat([a, b], axis)");
  const list: readonly unknown[] = Array.isArray(tensors) ? tensors : [];
  const rank = list.length === 0 ? 0 : asTensor("concat", list[0]).shape.length;
  const along = list.length === 0 ? 0 : checkAxis("concat", axis ?? 0, rank);
  const parts = checkParts(
    "concat",
    list,
    (a, b) => a.length === b.length && a.every((size, at) => at === along || size === b[at]),
  );
  return apply(concatOp, parts, { axis: along });
}

/**
 * Tensors of one shape joined along a new axis.
 *
 * @throws ShapeError where the shapes differ; ArgumentError for an empty list
 *
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])]).toArray() // => [[1, 2], [3, 4]]
 */
export function stack<const Shapes extends readonly Shape[], const X extends number = 0>(
  tensors: readonly [...TensorsOf<Shapes>] & Guard<Stack<Shapes, X>>,
  axis?: X,
): Tensor<Result<Stack<Shapes, X>>>;
export function stack(tensors: readonly Tensor[], axis?: number, extra?: unknown): Tensor {
  refuseExtra("stack", extra, "stack([a, b], axis)");
  const parts = checkParts("stack", tensors, sameShape);
  const { shape } = parts[0]!;
  const along = checkAxis("stack", axis ?? 0, shape.length + 1);
  const thick = [...shape.slice(0, along), 1, ...shape.slice(along)];
  return apply(
    concatOp,
    parts.map((part) => reshapeTo(part, thick)),
    { axis: along },
  );
}

// y[i] = x[n - 1 - i]        xᵀ: the same
const flipOp: LinearOp<{ readonly axes: readonly number[] }> = {
  kind: "linear",
  name: "flip",
  needs: "nothing",
  evaluate([x], { axes }) {
    const out = allocateUnwritten(x!.dtype, countOf(x!.shape));
    const strides = stridesOf(x!.shape);
    const offset = axes.reduce((sum, axis) => sum + (x!.shape[axis]! - 1) * strides[axis]!, 0);
    gatherStrided(
      out,
      elementsOf(x!),
      x!.shape,
      offset,
      strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
    );
    return fromElements(x!.shape, x!.dtype, out);
  },
  transpose: (g, { attributes }) => [apply(flipOp, [g], attributes)],
  lower(l, [x], { axes }) {
    const shape = l.shapeOf(x!);
    const strides = stridesOf(shape);
    const offset = axes.reduce((sum, axis) => sum + (shape[axis]! - 1) * strides[axis]!, 0);
    return l.view(x!, shape, {
      offset,
      strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
    });
  },
};

/**
 * A tensor reversed along all axes, or along the given ones.
 *
 * @example
 * flip(tensor([1, 2, 3])).toArray() // => [3, 2, 1]
 */
export function flip<S extends Shape>(x: Tensor<S>, axis?: number | readonly number[]): Tensor<S>;
export function flip(x: Tensor, axis?: number | readonly number[], extra?: unknown): Tensor {
  refuseExtra("flip", extra, "flip(x, axis), several axes as a list");
  const from = asTensor("flip", x);
  return apply(flipOp, [from], { axes: checkAxes("flip", axis, from.shape.length) });
}
