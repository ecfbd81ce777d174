/** Runs of a reduction: outer × size × inner, of which the middle axis is reduced. */

import { countOf, stridesOf } from "../../graph/shape.ts";
import type { Builder } from "./builder.ts";
import type { Value } from "./value.ts";

export interface Runs {
  readonly source: Value;
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

/** Brings the axes to be reduced side by side. */
export function runsOf(builder: Builder, x: Value, axes: readonly number[]): Runs {
  const { shape } = x;
  const size = axes.reduce((product, axis) => product * shape[axis]!, 1);
  const rest = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const first = axes[0] ?? shape.length;
  // Axes of size 1 are nowhere.
  const real = axes.filter((axis) => shape[axis] !== 1);
  const adjacent = real.every((axis, k) => k === 0 || shape.slice(real[k - 1]! + 1, axis).every((n) => n === 1));
  if (adjacent) {
    const from = real[0] ?? first;
    const outer = countOf(shape.slice(0, from));
    return {
      source: x,
      outer,
      size,
      inner:
        size === 0
          ? countOf(shape.slice(from).filter((_, k) => !axes.includes(from + k)))
          : countOf(shape) / outer / size || 0,
    };
  }
  const order = [...rest, ...axes];
  const strides = stridesOf(shape);
  const source = builder.view(
    x,
    order.map((axis) => shape[axis]!),
    { offset: 0, strides: order.map((axis) => strides[axis]!) },
  );
  return { source, outer: countOf(rest.map((axis) => shape[axis]!)), size, inner: 1 };
}
