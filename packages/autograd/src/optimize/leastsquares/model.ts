/** The linear model of the residuals at a point, r + J s, and what follows from it for a step s. */

import { rescale, type Loss } from "./losses.ts";
import { lengthOf } from "./qr.ts";
import { isTall, quickLength } from "./tall.ts";

/** Residuals and Jacobian as the loss has them: its Gauss–Newton step is theirs. */
export interface Model {
  readonly residuals: Float64Array;
  /** Column by column. */
  readonly jacobian: Float64Array;
  /** Jᵀr, half the gradient of the sum. */
  readonly slope: Float64Array;
  /** The length of each column. */
  readonly lengths: Float64Array;
}

/** How far a residual is rounded, in units of what the last bit of the parameters moves it by. */
const ROUNDINGS = 4;

/** @param jacobian - column by column, a column for each of `size` parameters; neither list is changed */
export function modelOf(loss: Loss, plain: Float64Array, plainJacobian: Float64Array, size: number): Model {
  const robust = loss.name !== "linear";
  const [residuals, jacobian] = robust ? [plain.slice(), plainJacobian.slice()] : [plain, plainJacobian];
  rescale(loss, residuals, jacobian);
  const rows = residuals.length;
  const length = isTall(rows, size) ? quickLength : lengthOf;
  const [slope, lengths] = [new Float64Array(size), new Float64Array(size)];
  for (let j = 0; j < size; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += jacobian[j * rows + i]! * residuals[i]!;
    slope[j] = sum;
    lengths[j] = length(jacobian, j * rows, (j + 1) * rows);
  }
  return { residuals, jacobian, slope, lengths };
}

/** gᵀs, half the slope of the sum along the step. */
export function slopeAlong({ slope }: Model, step: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < step.length; j++) sum += slope[j]! * step[j]!;
  return sum;
}

/** Some columns, each in units of its own. */
export function columnsIn({ residuals, jacobian }: Model, which: readonly number[], units: Float64Array): Float64Array {
  const rows = residuals.length;
  const out = new Float64Array(rows * which.length);
  which.forEach((j, k) => {
    const unit = units[j]!;
    for (let i = 0; i < rows; i++) out[k * rows + i] = jacobian[j * rows + i]! / unit;
  });
  return out;
}

/** −(2 gᵀs + ‖J s‖²): by how much the linear model lowers the sum. */
export function promise(model: Model, step: Float64Array): number {
  const { jacobian } = model;
  const rows = model.residuals.length;
  const moved = new Float64Array(rows);
  step.forEach((by, j) => {
    for (let i = 0; i < rows; i++) moved[i]! += jacobian[j * rows + i]! * by;
  });
  let quadratic = 0;
  for (let i = 0; i < rows; i++) quadratic += moved[i]! * moved[i]!;
  return -(2 * slopeAlong(model, step) + quadratic);
}

/** By how much the sum is uncertain where each parameter is rounded in its last bits. */
export function noiseOf({ residuals, jacobian }: Model, x: Float64Array, spacing: number): number {
  const rows = residuals.length;
  const sizes = Float64Array.from(residuals, Math.abs);
  x.forEach((value, j) => {
    for (let i = 0; i < rows; i++) sizes[i]! += Math.abs(jacobian[j * rows + i]! * value);
  });
  let [squares, crossed] = [0, 0];
  for (let i = 0; i < rows; i++) {
    const error = ROUNDINGS * spacing * sizes[i]!;
    squares += error * error;
    crossed += (residuals[i]! * error) ** 2;
  }
  return 2 * Math.sqrt(crossed) + squares;
}
