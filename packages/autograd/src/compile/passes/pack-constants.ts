/** Constants of a pack side by side, in as little memory as their pattern takes. */

import { allocate, type Elements } from "../../graph/dtype.ts";
import { stridesOf } from "../../graph/shape.ts";
import type { Builder } from "../ir/builder.ts";
import { sourceOf, type Value } from "../ir/value.ts";

/** The numbers of a constant, or of a view of one. */
function numbersOf(x: Value): Elements {
  const out = allocate(x.dtype, x.count);
  const {
    source: { definition },
    view,
  } = sourceOf(x);
  if (definition.kind === "scalar") return out.fill(definition.number);
  if (definition.kind !== "constant") throw new Error("internal: not a constant");
  const dense = stridesOf(x.shape);
  for (let at = 0; at < out.length; at++) {
    const from = x.shape.reduce(
      (sum, size, axis) => sum + (Math.floor(at / dense[axis]!) % size) * view.strides[axis]!,
      view.offset,
    );
    out[at] = definition.elements[from]!;
  }
  return out;
}

/** Constants of one shape, stacked. */
export function stackConstants(builder: Builder, values: readonly Value[]): Value {
  const { shape, count, dtype } = values[0]!;
  const rows = values.map(numbersOf);
  const whole = [values.length, ...shape];
  const repeats = rows.every((row) => row.every((x) => Object.is(x, row[0])));
  if (repeats) {
    const column = builder.constant(
      [values.length],
      dtype,
      allocate(dtype, values.length).map((_, k) => rows[k]![0]!) as Elements,
    );
    return builder.view(column, whole, { offset: 0, strides: [1, ...shape.map(() => 0)] });
  }
  const equal = rows.every((row) => row.every((x, at) => Object.is(x, rows[0]![at])));
  if (equal)
    return builder.view(builder.constant(shape, dtype, rows[0]!), whole, {
      offset: 0,
      strides: [0, ...stridesOf(shape)],
    });
  // Unit vectors are one window that moves by one from row to row.
  const moves = rows.every((row, k) => k === 0 || row.every((x, at) => at === 0 || Object.is(x, rows[k - 1]![at - 1])));
  if (moves) {
    const last = values.length - 1;
    const window = allocate(dtype, count + last);
    window.set(rows[0]!, last);
    rows.forEach((row, k) => (window[last - k] = row[0]!));
    return builder.view(builder.constant([window.length], dtype, window), whole, {
      offset: last,
      strides: [-1, ...stridesOf(shape)],
    });
  }
  const stacked = allocate(dtype, values.length * count);
  rows.forEach((row, k) => stacked.set(row, k * count));
  return builder.constant(whole, dtype, stacked);
}
