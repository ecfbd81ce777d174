/** The statistics of a fit's parameters: their covariance, how many the data determine, and which they do not. */

import { influenceOf, type Loss } from "./losses.ts";
import { lengthOf, solveTriangle } from "./qr.ts";
import { singularValues } from "./singular.ts";
import { factored } from "./tall.ts";

export interface Statistics {
  /** Row by row; rows of undetermined parameters are infinite on the diagonal and NaN beside it. */
  readonly covariance: Float64Array;
  readonly standardDeviations: Float64Array;
  readonly rank: number;
  /** Largest by smallest singular value of the Jacobian whose columns have length 1. */
  readonly condition: number;
  /** The entries that move along some direction without changing the residuals. */
  readonly undetermined: readonly number[];
  readonly degreesOfFreedom: number;
}

/** A fit at its end. */
export interface Fitted {
  /** Rows that count: residuals times the roots of their weights, and their Jacobian, column by column. */
  readonly residuals: Float64Array;
  readonly jacobian: Float64Array;
  /** How many rows have a weight above 0. */
  readonly counted: number;
  /** The parameters that no bound holds; the others count as known. */
  readonly free: readonly number[];
  readonly columns: number;
  readonly loss: Loss;
  /** Residuals are in units of their standard deviations: what they scatter says nothing more. */
  readonly absolute: boolean;
}

/** The statistics where nobody has asked. */
export const unasked = (columns: number): Statistics => ({
  covariance: new Float64Array(columns * columns).fill(NaN),
  standardDeviations: new Float64Array(columns).fill(NaN),
  rank: NaN,
  condition: NaN,
  undetermined: [],
  degreesOfFreedom: NaN,
});

/** A parameter moves along a direction of the null space where its part of it, in units of columns, is larger. */
const MOVES = 1e-7;

/** cov = s² (JᵀJ)⁻¹, from R of J = Q R and never from JᵀJ. */
export function statisticsOf(fitted: Fitted): Statistics {
  const { residuals, jacobian, free, columns, counted } = fitted;
  const rows = residuals.length;
  const size = free.length;
  const scaled = new Float64Array(rows * size);
  const lengths = Float64Array.from(free, (j) => lengthOf(jacobian, j * rows, (j + 1) * rows));
  free.forEach((j, k) => {
    for (let i = 0; i < rows; i++) scaled[k * rows + i] = lengths[k] === 0 ? 0 : jacobian[j * rows + i]! / lengths[k]!;
  });
  const { r, rank, order } = factored(scaled, rows, size, residuals);
  const values = singularValues(r, size);
  const degreesOfFreedom = counted - rank;
  const variance = varianceOf(fitted, rank, degreesOfFreedom);
  const loose = looseOf(r, size, rank);
  const covariance = new Float64Array(columns * columns);
  const inverse = inverseOf(r, size, rank);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const [j, k] = [order[a]!, order[b]!];
      let sum = 0;
      for (let i = Math.max(a, b); i < rank; i++) sum += inverse[i * size + a]! * inverse[i * size + b]!;
      const open = loose[a]! || loose[b]!;
      covariance[free[j]! * columns + free[k]!] = open
        ? a === b
          ? Infinity
          : NaN
        : (variance * sum) / lengths[j]! / lengths[k]!;
    }
  }
  return {
    covariance,
    standardDeviations: Float64Array.from({ length: columns }, (_, j) => Math.sqrt(covariance[j * columns + j]!)),
    rank,
    condition: size === 0 ? 1 : rank < size ? Infinity : values[0]! / values[size - 1]!,
    undetermined: Array.from(order)
      .filter((_, place) => loose[place])
      .map((k) => free[k]!)
      .sort((a, b) => a - b),
    degreesOfFreedom,
  };
}

/** The columns of R₁₁⁻¹, in the order of the factors. */
function inverseOf(r: Float64Array, size: number, rank: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let j = 0; j < rank; j++) {
    const unit = new Float64Array(size);
    unit[j] = 1;
    out.set(solveTriangle(r, size, rank, unit), j * size);
  }
  return out;
}

/** Which places move along the null space of R = (R₁₁ R₁₂), which (−R₁₁⁻¹ R₁₂; I) spans. */
function looseOf(r: Float64Array, size: number, rank: number): boolean[] {
  const loose = Array.from({ length: size }, (_, place) => place >= rank);
  for (let k = rank; k < size; k++) {
    const along = solveTriangle(r, size, rank, r.subarray(k * size, k * size + rank));
    for (let i = 0; i < rank; i++) if (Math.abs(along[i]!) > MOVES) loose[i] = true;
  }
  return loose;
}

/**
 * s² = Σ r² / (m − rank); for a robust loss Huber's k² (Σ ψ² / (m − rank)) / (mean ψ′)², with
 * k = 1 + (rank/m) var ψ′ / (mean ψ′)² (Huber 1973), which is the same for the sum of squares.
 */
function varianceOf({ residuals, loss, absolute, counted }: Fitted, rank: number, degreesOfFreedom: number): number {
  const { psi, slope } = influenceOf(loss, residuals);
  const squares = psi.reduce((sum, one) => sum + one * one, 0);
  // Rows without weight have ψ′ = 1: they belong to no mean.
  const extra = residuals.length - counted;
  const mean = (slope.reduce((sum, one) => sum + one, 0) - extra) / counted;
  const spread = slope.reduce((sum, one) => sum + (one - mean) ** 2, 0) - extra * (1 - mean) ** 2;
  const k = loss.name === "linear" ? 1 : 1 + ((rank / counted) * (spread / counted)) / (mean * mean);
  const bend = loss.name === "linear" ? 1 : (k / mean) ** 2;
  return absolute ? bend : degreesOfFreedom > 0 ? (bend * squares) / degreesOfFreedom : NaN;
}
