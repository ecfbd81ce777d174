/** Walks several operands of different shapes through one output shape, in rows that loops can take. */

import type { Shape } from "../types/shape.ts";

/** Steps of an operand along each axis of the output: 0 where the operand repeats. */
function stepsWithin(output: Shape, operand: Shape): number[] {
  const steps = new Array<number>(output.length).fill(0);
  let step = 1;
  for (let back = 1; back <= operand.length; back++) {
    const size = operand[operand.length - back]!;
    if (size !== 1) steps[output.length - back] = step;
    step *= size;
  }
  return steps;
}

/**
 * Rows of positions, and how each operand walks them: where it begins, its steps from row to row, and within a row, 0
 * or 1.
 */
export interface Rows {
  readonly at: number;
  readonly rows: number;
  readonly size: number;
  readonly offsets: readonly number[];
  readonly outer: readonly number[];
  readonly inner: readonly number[];
}

/**
 * Calls `visit` with groups of rows that together cover the output once, in order.
 * Adjacent axes that every operand walks alike are joined first, so that equal shapes give a single row.
 */
export function forEachRows(output: Shape, operands: readonly Shape[], visit: (rows: Rows) => void): void {
  const sizes: number[] = [];
  const steps: number[][] = operands.map(() => []);
  const full = operands.map((shape) => stepsWithin(output, shape));
  for (let axis = 0; axis < output.length; axis++) {
    const size = output[axis]!;
    if (size === 0) return;
    if (size === 1) continue;
    const last = sizes.length - 1;
    const joins = last >= 0 && full.every((step, k) => steps[k]![last] === step[axis]! * size);
    if (joins) {
      sizes[last]! *= size;
      full.forEach((step, k) => (steps[k]![last] = step[axis]!));
    } else {
      sizes.push(size);
      full.forEach((step, k) => steps[k]!.push(step[axis]!));
    }
  }
  const rank = sizes.length;
  const size = sizes[rank - 1] ?? 1;
  const rows = sizes[rank - 2] ?? 1;
  const inner = steps.map((step) => step[rank - 1] ?? 0);
  const outer = steps.map((step) => step[rank - 2] ?? 0);
  const offsets = operands.map(() => 0);
  const index = new Array<number>(Math.max(rank - 2, 0)).fill(0);
  for (let at = 0; ; at += rows * size) {
    visit({ at, rows, size, offsets, outer, inner });
    let axis = rank - 3;
    for (; axis >= 0; axis--) {
      index[axis]!++;
      for (let k = 0; k < offsets.length; k++) offsets[k]! += steps[k]![axis]!;
      if (index[axis]! < sizes[axis]!) break;
      for (let k = 0; k < offsets.length; k++) offsets[k]! -= steps[k]![axis]! * sizes[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** Calls `run(at, count, offsets, steps)` for one row after another. */
export function forEachRun(
  output: Shape,
  operands: readonly Shape[],
  run: (at: number, count: number, offsets: readonly number[], steps: readonly number[]) => void,
): void {
  forEachRows(output, operands, (group) => forEachRow(group, run));
}

/** The same for the rows of one group. */
export function forEachRow(
  { at, rows, size, offsets, outer, inner }: Rows,
  run: (at: number, count: number, offsets: readonly number[], steps: readonly number[]) => void,
): void {
  const starts = offsets.slice();
  for (let row = 0; row < rows; row++) {
    run(at + row * size, size, starts, inner);
    for (let k = 0; k < starts.length; k++) starts[k]! += outer[k]!;
  }
}
