/** Shapes as they are when the program runs: checked sizes, counts, strides, axes, broadcasting. */

import { ArgumentError, IndexRangeError, ShapeError, SizeError, showShape } from "../errors.ts";
import { describe as show } from "../options.ts";
import type { Shape } from "../types/shape.ts";

/** The shape of every other scalar; shared, so that scalars compare by identity. */
export const SCALAR: [] = [];
Object.freeze(SCALAR);

/**
 * The shape of a scalar that was a plain number, or was computed from plain numbers alone. Which of the two empty
 * shapes a scalar has says that it takes the type of the tensor beside it, as a number does, and costs no memory.
 */
export const WEAK: [] = [];
Object.freeze(WEAK);

/** A shape of tensors that keep their type beside others. */
export function strong(shape: Shape): Shape {
  return shape.length === 0 ? SCALAR : shape;
}

/** The largest number of elements: what a typed array of 8-byte numbers can hold in 4 GiB of address space. */
export const LARGEST_COUNT = 2 ** 30;

/** So many axes no array of any library has; walks over axes recur at most as deep. */
export const MOST_AXES = 64;

/** Refuses anything that is not a list of safe non-negative integers. */
export function checkSizes(op: string, list: unknown): readonly number[] {
  if (!Array.isArray(list)) {
    throw new ArgumentError({
      op,
      problem: `a shape must be a list of sizes, not ${show(list)}`,
      hint: "write it as [rows, columns]",
    });
  }
  const sizes: readonly unknown[] = list;
  for (let axis = 0; axis < sizes.length; axis++) {
    const size = sizes[axis];
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
      throw new SizeError({
        op,
        problem: `size ${show(size)} of axis ${axis} is not a non-negative integer below 2^53`,
        hint: "give each axis a whole number",
      });
    }
  }
  return list as number[];
}

/** Refuses anything that is not a list of safe non-negative integers whose product fits; returns a frozen copy. */
export function checkShape(op: string, shape: unknown): Shape {
  const sizes = checkSizes(op, shape);
  if (sizes.length === 0) return SCALAR;
  // A copy made in this way freezes twice as fast as what slice gives.
  const copy = new Array<number>(sizes.length);
  let count = 1;
  for (let axis = 0; axis < sizes.length; axis++) count *= copy[axis] = sizes[axis]!;
  if (count > LARGEST_COUNT || sizes.length > MOST_AXES) checkCount(op, sizes);
  return Object.freeze(copy);
}

/** Refuses sizes of which an array would have too many axes or elements. */
export function checkCount(op: string, sizes: readonly number[]): void {
  if (sizes.length > MOST_AXES)
    throw new SizeError({
      op,
      problem: `a shape of ${sizes.length} axes, more than ${MOST_AXES}`,
      hint: "join axes: reshape(x, [-1, …])",
    });
  const count = countOf(sizes);
  if (count > LARGEST_COUNT) {
    throw new SizeError({
      op,
      problem: `${showShape(sizes)} has ${count} elements, more than ${LARGEST_COUNT}`,
      hint: "work in batches",
      shapes: [sizes.slice()],
    });
  }
}

/** Refuses what is no list, for callers without types. */
export function checkList(op: string, what: string, value: unknown): void {
  if (!Array.isArray(value))
    throw new ArgumentError({ op, problem: `${what} are ${show(value)}, not a list`, hint: "write [first, second]" });
}

/** How many elements a shape holds. */
export function countOf(shape: Shape): number {
  let count = 1;
  for (let axis = 0; axis < shape.length; axis++) count *= shape[axis]!;
  return count;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

/** The common shape of two operands, aligned at the last axis; sizes agree or one of them is 1. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let back = 1; back <= rank; back++) {
    const left = back <= a.length ? a[a.length - back]! : 1;
    const right = back <= b.length ? b[b.length - back]! : 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError({
        op,
        problem: `cannot broadcast ${showShape(a)} with ${showShape(b)}: axis -${back} is ${left} in one and ${right} in the other`,
        hint: "sizes must agree or be 1 from the last axis on; reshape or transpose one operand",
        shapes: [a, b],
      });
    }
    result[rank - back] = left === 1 ? right : left;
  }
  return checkShape(op, result);
}

/** One axis, counted from the end where negative, checked against the rank. */
export function checkAxis(op: string, axis: number, rank: number): number {
  if (typeof axis !== "number") {
    const hint = "give a whole number, or undefined for all axes; options come behind it";
    throw new IndexRangeError({ op, problem: `axis ${show(axis)} is not a number`, hint });
  }
  const counted = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || counted < 0 || counted >= rank) {
    throw new IndexRangeError({
      op,
      problem: `axis ${axis} does not exist in a tensor with ${rank} ${rank === 1 ? "axis" : "axes"}`,
      hint: rank === 0 ? "a scalar has no axes; leave the axis out" : `use ${-rank} to ${rank - 1}`,
    });
  }
  return counted;
}

/** Distinct axes in ascending order; all of them where none are named. */
export function checkAxes(op: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return new Array<number>(rank).fill(0).map((_, axis) => axis);
  // Callers without types may hand in anything, holes too; what is no axis is refused by name.
  const listed = Array.from(
    typeof axes === "object" && Array.isArray(axes) ? (axes as readonly number[]) : [axes as number],
    (axis) => checkAxis(op, axis, rank),
  );
  const sorted = [...new Set(listed)].sort((a, b) => a - b);
  if (sorted.length !== listed.length) {
    throw new IndexRangeError({ op, problem: `axes ${showShape(listed)} repeat an axis`, hint: "name each axis once" });
  }
  return sorted;
}
