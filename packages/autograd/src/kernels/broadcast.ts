/** Walks several operands of different shapes through one output shape, in runs that a single loop can take. */

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
 * Calls `run(at, count, offsets, steps)` for runs of positions that together cover the output once, in order.
 * Adjacent axes that every operand walks alike are joined first, so that equal shapes give a single run.
 */
export function forEachRun(
  output: Shape,
  operands: readonly Shape[],
  run: (at: number, count: number, offsets: readonly number[], steps: readonly number[]) => void,
): void {
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
  const inner = sizes.length - 1;
  const count = inner < 0 ? 1 : sizes[inner]!;
  const innerSteps = steps.map((step) => (inner < 0 ? 0 : step[inner]!));
  const offsets = operands.map(() => 0);
  const index = new Array<number>(Math.max(inner, 0)).fill(0);
  for (let at = 0; ; at += count) {
    run(at, count, offsets, innerSteps);
    let axis = inner - 1;
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
