/** Boxes of entries within a shape. */

import type { StridedView } from "../../graph/lowering.ts";
import { countOf, stridesOf } from "../../graph/shape.ts";
import type { Shape } from "../../types/shape.ts";

/** Entries side by side along each axis. */
export class Box {
  readonly starts: readonly number[];
  readonly shape: Shape;

  constructor(starts: readonly number[], shape: Shape) {
    this.starts = starts;
    this.shape = shape;
  }

  get count(): number {
    return countOf(this.shape);
  }

  /** The view along it in the memory of the shape around it. */
  viewIn(around: Shape): StridedView {
    const strides = stridesOf(around);
    return { offset: this.starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0), strides };
  }

  /** True if it is one run of that memory. */
  isRunIn(around: Shape): boolean {
    const first = this.shape.findIndex((size) => size !== 1);
    return this.shape.every((size, axis) => axis <= first || first < 0 || size === around[axis]);
  }

  /** The part that it has in common with another one. */
  cut(other: Box): Box {
    const starts = this.starts.map((start, axis) => Math.max(start, other.starts[axis]!));
    const ends = this.starts.map((start, axis) =>
      Math.min(start + this.shape[axis]!, other.starts[axis]! + other.shape[axis]!),
    );
    return new Box(
      starts,
      starts.map((start, axis) => Math.max(0, ends[axis]! - start)),
    );
  }
}

/** The smallest box with all marked entries. */
export function boxOf(shape: Shape, marks: Uint8Array): Box {
  const dense = stridesOf(shape);
  const low = [...shape];
  const high = shape.map(() => -1);
  for (let at = marks.indexOf(1); at >= 0; at = marks.indexOf(1, at + 1)) {
    for (let axis = 0; axis < shape.length; axis++) {
      const index = Math.floor(at / dense[axis]!) % shape[axis]!;
      low[axis] = Math.min(low[axis]!, index);
      high[axis] = Math.max(high[axis]!, index);
    }
  }
  if (high.some((index) => index < 0))
    return new Box(
      shape.map(() => 0),
      shape.map(() => 0),
    );
  return new Box(
    low,
    high.map((index, axis) => index - low[axis]! + 1),
  );
}

/**
 * The smallest box of `around` that a view over `shape` stays in, with the strides of the view in the memory of that
 * box, and the axis of `around` that each axis follows, -1 for none; `null` where an axis of the view follows none
 * alone.
 */
export function boxAlong(
  around: Shape,
  shape: Shape,
  { offset, strides }: StridedView,
): { readonly box: Box; readonly strides: readonly number[]; readonly axes: readonly number[] } | null {
  const dense = stridesOf(around);
  let rest = offset;
  const starts = dense.map((stride) => {
    const index = Math.floor(rest / stride);
    rest -= index * stride;
    return index;
  });
  const sizes = around.map(() => 1);
  const axes: number[] = [];
  const steps: number[] = [];
  for (const [k, size] of shape.entries()) {
    const stride = strides[k]!;
    const follows =
      size === 1 || stride === 0
        ? -1
        : dense.findIndex((step, axis) => around[axis] !== 1 && stride % step === 0 && stride / step < around[axis]!);
    axes.push(follows);
    if (size !== 1 && stride !== 0) {
      const step = follows < 0 ? 0 : stride / dense[follows]!;
      if (step < 1 || sizes[follows] !== 1 || starts[follows]! + step * (size - 1) >= around[follows]!) return null;
      sizes[follows] = step * (size - 1) + 1;
      steps.push(step);
    } else steps.push(0);
  }
  const own = stridesOf(sizes);
  return { box: new Box(starts, sizes), strides: axes.map((axis, k) => (axis < 0 ? 0 : steps[k]! * own[axis]!)), axes };
}

/** The positions of the entries of a box along a view. */
export function positionsOf(shape: Shape, { offset, strides }: StridedView): Int32Array {
  let positions = Int32Array.of(offset);
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const longer = new Int32Array(positions.length * size);
    for (let row = 0; row < positions.length; row++) {
      for (let at = 0; at < size; at++) longer[row * size + at] = positions[row]! + at * strides[axis]!;
    }
    positions = longer;
  }
  return positions;
}
