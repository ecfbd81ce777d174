/** Cutting out of a tensor by position: one entry or row (at), a box (slice), parts (split). */

import { ArgumentError, IndexRangeError, ShapeError, SizeError, showShape } from "../errors.ts";
import { describe, refuseExtra } from "../options.ts";
import type { LinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { checkAxis, checkList, checkShape, checkSizes, countOf, SCALAR } from "../graph/shape.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { gatherStrided } from "../kernels/movement.ts";
import type { Guard, Result, Shape } from "../types/shape.ts";
import type { At, BoundsByAxis, GuardParts, PartsOf, SliceByAxis, SliceByLists, Split } from "../types/slice.ts";
import { apply } from "./apply.ts";
import { embedBox, sliceAxis, sliceBox, view, type Box, type TensorsOf } from "./assembly.ts";
import { asTensor } from "./elementwise.ts";
import { reshapeTo } from "./layout.ts";

// y[…] = x[i, j, …]        xᵀ: the cotangent at that place
const atOp: LinearOp<Box & { readonly rest: Shape }> = {
  kind: "linear",
  name: "at",
  needs: "nothing",
  evaluate([x], box) {
    const { rest } = box;
    const elements = elementsOf(x!);
    const { offset, strides } = view(x!.shape, box);
    if (rest.length === 0) return new Tensor(SCALAR, x!.dtype, elements[offset]!);
    const out = allocateUnwritten(x!.dtype, countOf(rest));
    gatherStrided(out, elements, box.shape, offset, strides);
    return new Tensor(rest, x!.dtype, out);
  },
  transpose: (g, { inputs: [x], attributes: box }) => [embedBox(reshapeTo(g, box.shape), box, x!.shape)],
  lower(l, [x], box) {
    const { rest } = box;
    const { offset, strides } = view(l.shapeOf(x!), box);
    return l.view(x!, rest, { offset, strides: strides.slice(strides.length - rest.length) });
  },
};

/** The index of an entry of an axis from the front. */
function checkIndex(index: unknown, axis: number, shape: Shape): number {
  const size = shape[axis]!;
  const counted = typeof index === "number" && index < 0 ? index + size : index;
  if (typeof counted === "number" && Number.isInteger(counted) && counted >= 0 && counted < size) return counted;
  if (typeof index !== "number") {
    throw new ArgumentError({
      op: "at",
      problem: `index ${axis} is ${isTensor(index) ? "a tensor" : describe(index)}, not a whole number (x is ${showShape(shape)})`,
      hint: isTensor(index)
        ? "gather(x, indices) takes whole numbers that are computed"
        : "write x.at(i) or x.at(i, j)",
      shapes: [shape],
    });
  }
  throw new IndexRangeError({
    op: "at",
    problem: `index ${index} lies outside axis ${axis} of ${showShape(shape)}`,
    hint: size === 0 ? "the axis is empty" : `use ${-size} to ${size - 1}`,
    shapes: [shape],
  });
}

/**
 * The value at a position: an index for each leading axis, which goes away. With an index for every axis it is one
 * number, as a scalar tensor, through which derivatives pass.
 *
 * @param x - a tensor
 * @param indices - whole numbers; negative ones count from the end
 * @returns the entry, row or block, its shape known to the compiler where that of `x` is
 * @throws IndexRangeError where an index lies outside its axis; ShapeError for more indices than axes
 *
 * @example
 * at(tensor([[1, 2], [3, 4]]), -1).toArray() // => [3, 4]
 * at(tensor([[1, 2], [3, 4]]), 0, 1).item() // => 2
 */
export function at<A extends Shape, const I extends readonly number[]>(
  x: Tensor<A>,
  ...indices: I & Guard<At<A, I>>
): Tensor<Result<At<A, I>>> {
  const from = asTensor("at", x);
  const { shape } = from;
  const given: readonly unknown[] = indices;
  if (given.length > shape.length) {
    throw new ShapeError({
      op: "at",
      problem: `${given.length} indices for the ${shape.length} axes of ${showShape(shape)}`,
      hint: "give at most one index for each axis",
      shapes: [shape],
    });
  }
  const first = given.map((index, axis) => checkIndex(index, axis, shape));
  const rest = shape.slice(first.length);
  const box = {
    shape: [...first.map(() => 1), ...rest],
    starts: [...first, ...rest.map(() => 0)],
    steps: shape.map(() => 1),
  };
  return (given.length === 0 ? from : apply(atOp, [from], { ...box, rest: checkShape("at", rest) })) as Tensor<
    Result<At<A, I>>
  >;
}

/** The place where an axis is cut, counted from the front. */
function checkBound(value: unknown, axis: number, shape: Shape, missing: number): number {
  const size = shape[axis]!;
  const counted = value === undefined ? missing : typeof value === "number" && value < 0 ? value + size : value;
  if (typeof counted === "number" && Number.isInteger(counted) && counted >= 0 && counted <= size) return counted;
  throw new IndexRangeError({
    op: "slice",
    problem: `bound ${describe(value)} lies outside axis ${axis} of ${showShape(shape)}`,
    hint: `use ${-size} to ${size}`,
    shapes: [shape],
  });
}

function checkStep(step: unknown, axis: number, shape: Shape): number {
  if (step === undefined) return 1;
  if (typeof step === "number" && Number.isInteger(step) && step >= 1) return step;
  throw new IndexRangeError({
    op: "slice",
    problem: `step ${describe(step)} along axis ${axis} of ${showShape(shape)}`,
    hint: "use whole numbers from 1 on; flip(x) reverses",
    shapes: [shape],
  });
}

/** A box from the start, end and step of each axis; checks what callers without types may have given. */
function boxOf(shape: Shape, given: (axis: number, which: 0 | 1 | 2) => unknown): Box {
  const starts = shape.map((_, axis) => checkBound(given(axis, 0), axis, shape, 0));
  const ends = shape.map((size, axis) => checkBound(given(axis, 1), axis, shape, size));
  const steps = shape.map((_, axis) => checkStep(given(axis, 2), axis, shape));
  const sizes = shape.map((_, axis) => Math.max(0, Math.ceil((ends[axis]! - starts[axis]!) / steps[axis]!)));
  return { shape: checkShape("slice", sizes), starts, steps };
}

/** Bounds by axis, each axis named once. */
function checkByAxis(shape: Shape, given: object): Map<number, readonly unknown[]> {
  const found = new Map<number, readonly unknown[]>();
  for (const [name, bounds] of Object.entries(given) as [string, unknown][]) {
    if (String(Number(name)) !== name) {
      throw new ArgumentError({
        op: "slice",
        problem: `${JSON.stringify(name)} is no axis of ${showShape(shape)}`,
        hint: "write slice(x, { 0: [1, 3] }), an axis by its number",
        shapes: [shape],
      });
    }
    const axis = checkAxis("slice", Number(name), shape.length);
    if (!Array.isArray(bounds) || bounds.length > 3) {
      throw new ArgumentError({
        op: "slice",
        problem: `the bounds of axis ${name} of ${showShape(shape)} are not [start, end, step]`,
        hint: "write { 0: [1, 3] }; at(x, i) picks a single entry",
        shapes: [shape],
      });
    }
    if (found.has(axis))
      throw new IndexRangeError({
        op: "slice",
        problem: `axis ${axis} of ${showShape(shape)} is named twice`,
        hint: "name each axis once, from one end",
        shapes: [shape],
      });
    found.set(axis, bounds);
  }
  return found;
}

/**
 * A box cut out of a tensor: along each axis the entries from a start up to but not including an end, every `step`-th.
 *
 * @param x - a tensor
 * @param bounds - `[start, end, step]` by axis, `{ 0: [1, 3] }`: the end and the step may be left out, `{ [-1]: [2] }`,
 * and axes that are not named are taken whole; or a list of starts for the leading axes, followed by lists of ends and
 * steps. Negative axes and bounds count from the end
 * @returns the box, its shape known to the compiler where that of `x` and the bounds are
 * @throws IndexRangeError where a bound lies outside its axis; ShapeError for bounds of more axes than there are
 *
 * @example
 * slice(tensor([[1, 2, 3], [4, 5, 6]]), { 1: [1, 3] }).toArray() // => [[2, 3], [5, 6]]
 * slice(tensor([[1, 2, 3], [4, 5, 6]]), [0, 1], [2, 3]).toArray() // => [[2, 3], [5, 6]]
 * slice(tensor([0, 1, 2, 3, 4]), { 0: [-4, undefined, 2] }).toArray() // => [1, 3]
 */
export function slice<A extends Shape, const B extends BoundsByAxis>(
  x: Tensor<A>,
  bounds: B & Guard<SliceByAxis<A, B>>,
): Tensor<Result<SliceByAxis<A, B>>>;
export function slice<
  A extends Shape,
  const P extends readonly number[],
  const E extends readonly (number | undefined)[] | undefined = undefined,
  const T extends readonly number[] | undefined = undefined,
>(
  x: Tensor<A>,
  starts: P & Guard<SliceByLists<A, P, E, T>>,
  ends?: E,
  steps?: T,
): Tensor<Result<SliceByLists<A, P, E, T>>>;
export function slice(
  x: Tensor,
  starts: readonly number[] | BoundsByAxis,
  ends?: readonly (number | undefined)[],
  steps?: readonly number[],
  extra?: unknown,
): Tensor {
  const from = asTensor("slice", x);
  refuseExtra("slice", extra, "slice(x, starts, ends, steps), or slice(x, { 0: [start, end, step] })");
  const { shape } = from;
  if (typeof starts === "object" && starts !== null && !Array.isArray(starts)) {
    if (ends !== undefined || steps !== undefined)
      throw new ArgumentError({
        op: "slice",
        problem: "bounds by axis and a list of ends",
        hint: "write slice(x, { 0: [start, end, step] })",
      });
    const named = checkByAxis(shape, starts);
    return sliceBox(
      from,
      boxOf(shape, (axis, which) => named.get(axis)?.[which]),
    );
  }
  checkList("slice", "the starts", starts);
  if (ends !== undefined) checkList("slice", "the ends", ends);
  if (steps !== undefined) checkList("slice", "the steps", steps);
  const first = starts as readonly number[];
  const named = Math.max(first.length, ends?.length ?? 0, steps?.length ?? 0);
  if (named > shape.length) {
    throw new ShapeError({
      op: "slice",
      problem: `bounds for ${named} axes of ${showShape(shape)}`,
      hint: "give at most one bound for each axis",
      shapes: [shape],
    });
  }
  return sliceBox(
    from,
    boxOf(shape, (axis, which) => (which === 0 ? first : which === 1 ? ends : steps)?.[axis]),
  );
}

/** So many parts are a mistake in any program that is meant: each is a tensor of its own. */
const MOST_PARTS = 2 ** 20;

/** The sizes of the parts along an axis. */
function sizesOf(sections: unknown, size: number, axis: number, shape: Shape): readonly number[] {
  const refuse = (problem: string, hint: string): never => {
    throw new ShapeError({
      op: "split",
      problem: `${problem} ${size}, axis ${axis} of ${showShape(shape)}`,
      hint,
      shapes: [shape],
    });
  };
  if (typeof sections === "number") {
    if (!Number.isInteger(sections) || sections < 1) {
      throw new ArgumentError({
        op: "split",
        problem: `${sections} parts of axis ${axis} of ${showShape(shape)}`,
        hint: "give a whole number of parts from 1 on, or a list of sizes",
        shapes: [shape],
      });
    }
    if (size % sections !== 0)
      refuse(
        `${sections} equal parts do not fill`,
        "choose a number that divides the axis, or give the size of each part",
      );
    if (sections > MOST_PARTS) {
      throw new SizeError({
        op: "split",
        problem: `${sections} parts of ${showShape(shape)}, more than ${MOST_PARTS}`,
        hint: "compute along the axis instead: sum(x, axis), scan over its rows",
        shapes: [shape],
      });
    }
    return new Array<number>(sections).fill(size / sections);
  }
  checkList("split", "the sections", sections);
  const sizes = checkSizes("split", sections);
  if (sizes.reduce((total, part) => total + part, 0) !== size)
    refuse(`parts ${showShape(sizes)} do not add up to`, "choose sizes that cover the axis");
  return sizes;
}

/**
 * A tensor cut along one axis, into equal parts or into parts of the given sizes.
 *
 * @param x - a tensor
 * @param sections - how many equal parts, or the size of each
 * @param axis - the axis to cut; the first where nothing is said
 * @returns the parts: a tuple of known shapes where the compiler knows the axis and the sections
 * @throws ShapeError where the parts do not add up to the axis
 *
 * @example
 * split(tensor([1, 2, 3]), [1, 2]).map((part) => part.toArray()) // => [[1], [2, 3]]
 */
export function split<A extends Shape, const N extends number | readonly number[], const X extends number = 0>(
  x: Tensor<A>,
  sections: N & GuardParts<Split<A, N, X>>,
  axis?: X,
): TensorsOf<PartsOf<Split<A, N, X>>>;
export function split(x: Tensor, sections: number | readonly number[], axis = 0, extra?: unknown): Tensor[] {
  const from = asTensor("split", x);
  refuseExtra("split", extra, "split(x, sections, axis)");
  const along = checkAxis("split", axis, from.shape.length);
  let start = 0;
  return sizesOf(sections, from.shape[along]!, along, from.shape).map((part) =>
    sliceAxis(from, along, start, (start += part)),
  );
}
