/**
 * The step of a trust region: the shortest-damped solution of J z ≈ −r with ‖z‖ ≤ Δ, from the factors of J (Moré 1978).
 */

import { lengthOf as lengthBetween, solveTriangle } from "./qr.ts";
import type { Factored } from "./tall.ts";

export interface Damped {
  readonly step: Float64Array;
  readonly damping: number;
  readonly length: number;
}

const lengthOf = (z: Float64Array): number => lengthBetween(z, 0, z.length);

/** The length may differ from Δ by this part. */
const NEAR = 0.1;
const MOST_TURNS = 10;

/**
 * Finds the damping λ for which ‖z‖ is about Δ, where (JᵀJ + λ) z = −Jᵀr; 0 where the undamped step is short enough.
 *
 * @param guess - the damping of the step before
 */
export function dampedStep(linear: Factored, radius: number, guess: number): Damped {
  const { columns, rank, r, rotated } = linear;
  const free = solveTriangle(r, columns, rank, rotated);
  const length = lengthOf(free);
  if (length <= (1 + NEAR) * radius) return { step: placed(linear, free), damping: 0, length };
  // ‖z(λ)‖ − Δ is convex and falls: λ lies between these.
  let low = rank === columns ? (length - radius) / radius / slopeOf(r, columns, free, length) : 0;
  const gradient = lengthOf(gradientOf(linear));
  let high = gradient / radius || Number.MIN_VALUE / Math.min(radius, NEAR);
  let damping = Math.min(Math.max(guess, low), high);
  if (damping === 0) damping = gradient / length;
  for (let turn = 1; ; turn++) {
    if (damping === 0) damping = Math.max(Number.MIN_VALUE, 1e-3 * high);
    const { r: s, z } = augmented(linear, Math.sqrt(damping));
    const found = lengthOf(z);
    const excess = found - radius;
    if (Math.abs(excess) <= NEAR * radius || turn === MOST_TURNS)
      return { step: placed(linear, z), damping, length: found };
    if (excess > 0) low = Math.max(low, damping);
    else high = Math.min(high, damping);
    damping = Math.max(low, damping + excess / radius / slopeOf(s, columns, z, found));
  }
}

/** −d‖z‖/dλ / ‖z‖ = ‖S⁻ᵀ z/‖z‖‖², S the triangle of the damped system. */
function slopeOf(s: Float64Array, columns: number, z: Float64Array, length: number): number {
  let sum = 0;
  const w = z.map((entry) => entry / length);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < j; i++) w[j]! -= s[j * columns + i]! * w[i]!;
    w[j]! /= s[j * columns + j]!;
    sum += w[j]! ** 2;
  }
  return sum;
}

/** Rᵀ (Qᵀ r): the gradient in the order of the factors. */
function gradientOf({ columns, r, rotated }: Factored): Float64Array {
  const out = new Float64Array(columns);
  for (let j = 0; j < columns; j++) for (let i = 0; i <= j; i++) out[j]! += r[j * columns + i]! * rotated[i]!;
  return out;
}

/** Rotates √λ I below R into it, row by row (Givens), and solves. */
function augmented(
  { columns, r: plain, rotated }: Factored,
  root: number,
): { readonly r: Float64Array; readonly z: Float64Array } {
  const r = plain.slice();
  const b = rotated.slice();
  const row = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    row.fill(0, j);
    row[j] = root;
    let right = 0;
    for (let k = j; k < columns; k++) {
      if (row[k] === 0) continue;
      const at = k * columns + k;
      const size = Math.hypot(r[at]!, row[k]!);
      const [c, s] = [r[at]! / size, row[k]! / size];
      r[at] = size;
      [b[k], right] = [c * b[k]! + s * right, c * right - s * b[k]!];
      for (let i = k + 1; i < columns; i++) {
        const upper = r[i * columns + k]!;
        r[i * columns + k] = c * upper + s * row[i]!;
        row[i] = c * row[i]! - s * upper;
      }
    }
  }
  return { r, z: solveTriangle(r, columns, columns, b) };
}

/** −z, each entry at the place of its column. */
function placed({ order }: Factored, z: Float64Array): Float64Array {
  const out = new Float64Array(z.length);
  for (let k = 0; k < z.length; k++) out[order[k]!] = -z[k]!;
  return out;
}
