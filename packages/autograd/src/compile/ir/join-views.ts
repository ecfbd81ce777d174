/** Strided views of strided views as one: the outer one taken over the positions of the inner one. */

import type { StridedView } from "../../graph/lowering.ts";
import { stridesOf } from "../../graph/shape.ts";
import type { Shape } from "../../types/shape.ts";

/** A view along the axes of a box, taken over the positions of another view; `null` where no single view does both. */
export function joinViews(shape: Shape, outer: StridedView, inside: Shape, inner: StridedView): StridedView | null {
  const dense = stridesOf(inside);
  /** A distance in the row-major positions of the inner box, as steps along its axes. */
  const split = (distance: number): number[] | null => {
    let rest = Math.abs(distance);
    const steps = dense.map((step, axis) => {
      if (inside[axis] === 1) return 0;
      const count = Math.floor(rest / step);
      rest -= count * step;
      return Math.sign(distance) * count;
    });
    return rest === 0 ? steps : null;
  };
  const start = split(outer.offset);
  const steps = outer.strides.map((stride, axis) => (shape[axis] === 1 ? inside.map(() => 0) : split(stride)));
  if (start === null || steps.some((step) => step === null)) return null;
  // A single view does both where no step leaves the axis that it began on.
  const stays = inside.every((size, axis) => {
    let low = start[axis]!;
    let high = low;
    steps.forEach((step, at) => {
      const reach = step![axis]! * (shape[at]! - 1);
      if (reach < 0) low += reach;
      else high += reach;
    });
    return low >= 0 && high < size;
  });
  if (!stays) return null;
  const along = (step: readonly number[]): number =>
    step.reduce((sum, count, axis) => sum + count * inner.strides[axis]!, 0);
  return { offset: inner.offset + along(start), strides: steps.map((step) => along(step!)) };
}
