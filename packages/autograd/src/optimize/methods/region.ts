/**
 * The least value of a quadratic model within a distance: exactly from the eigenvectors of the Hessian, nearly by
 * conjugate gradients.
 */

import type { Eigen } from "../linear/eigen.ts";
import { along, dot, norm, scaled, type Vector } from "../linear/vectors.ts";

/** A step within the region. */
export interface RegionStep {
  readonly step: Vector;
  /** By how much the model falls: −gᵀp − ½ pᵀHp, 0 or more. */
  readonly decrease: number;
  /** True if the step was not held by the region. */
  readonly isInside: boolean;
}

/** The parts of the step along the eigenvectors: p_k = −g_k / (λ_k + μ). */
const partsAt = (g: Vector, values: Vector, mu: number): Vector =>
  g.map((part, k) => (part === 0 ? 0 : -part / (values[k]! + mu)));

/** So many steps of Newton's method for μ are enough by far; three are usual. */
const MOST = 100;
/**
 * A step may be so much longer or shorter than the region, relative to it: it is the exact one of a region of its own
 * length.
 */
const SLACK = 1e-3;

/**
 * The step p that minimizes gᵀp + ½ pᵀHp for |p| ≤ radius: (H + μI) p = −g with H + μI positive semidefinite, and μ = 0
 * or |p| = radius (Moré and Sorensen 1983). In the hard case, where g has no part along the least eigenvector, that is
 * added.
 */
export function exactStep({ values, vectors }: Eigen, gradient: Vector, radius: number): RegionStep {
  const parts = Float64Array.from(vectors, (vector) => dot(vector, gradient));
  const least = values[0]!;
  const scale = Math.max(Math.abs(least), Math.abs(values.at(-1)!));
  // An eigenvalue that is 0 but for rounding carries no step of its own.
  const floor = values.length * Number.EPSILON * scale;
  if (least > floor) {
    const newton = partsAt(parts, values, 0);
    if (norm(newton) <= radius) return stepOf(newton, parts, values, vectors, true);
  }
  const found = onBoundary(parts, values, radius, Math.max(0, -least), floor);
  return stepOf(found.parts, parts, values, vectors, found.isInside);
}

/**
 * Looks for μ with |p(μ)| = radius, by Newton's method for 1/radius − 1/|p|, which is nearly linear, inside of bounds.
 */
function onBoundary(
  parts: Vector,
  values: Vector,
  radius: number,
  from: number,
  floor: number,
): { readonly parts: Vector; readonly isInside: boolean } {
  const nearest = from + floor;
  const hard = partsAt(
    parts.map((part, k) => (values[k]! + from <= floor ? 0 : part)),
    values,
    from,
  );
  const rest = parts.every((part, k) => values[k]! + from > floor || Math.abs(part) <= floor * radius);
  const length = norm(hard);
  if (rest && length <= radius) {
    if (from === 0) return { parts: hard, isInside: true };
    // The hard case: along the least eigenvector, as far as the region goes.
    hard[0] = (parts[0]! > 0 ? -1 : 1) * Math.sqrt((radius - length) * (radius + length));
    return { parts: hard, isInside: false };
  }
  let [low, high] = [nearest, from + norm(parts) / radius + floor];
  let mu = low;
  for (let count = 0; count < MOST; count++) {
    const step = partsAt(parts, values, mu);
    const size = norm(step);
    if (Math.abs(size - radius) <= SLACK * radius && count > 0) break;
    if (size > radius) low = mu;
    else high = mu;
    // d|p|/dμ = −Σ p_k² / (λ_k + μ) / |p|
    let slope = 0;
    step.forEach((part, k) => (slope += part === 0 ? 0 : ((part / size) * part) / (values[k]! + mu)));
    const next = mu + ((size - radius) / radius) * (size / slope);
    mu = next > low && next < high ? next : low + 0.5 * (high - low);
    if (mu === low || mu === high) break;
  }
  return { parts: partsAt(parts, values, mu), isInside: false };
}

function stepOf(
  step: Vector,
  parts: Vector,
  values: Vector,
  vectors: readonly Vector[],
  isInside: boolean,
): RegionStep {
  const sum = new Float64Array(parts.length);
  let decrease = 0;
  step.forEach((part, k) => {
    decrease -= part * parts[k]! + 0.5 * part * part * values[k]!;
    const vector = vectors[k]!;
    for (let i = 0; i < sum.length; i++) sum[i]! += part * vector[i]!;
  });
  return { step: sum, decrease, isInside };
}

/**
 * A step nearly as good by conjugate gradients, which end at the boundary, or where the curvature along a direction is
 * not positive (Steihaug 1983). Within the region it is the Newton step to a relative residual of `tolerance`.
 *
 * @param product - v ↦ Hv
 */
export function steihaug(
  product: (v: Vector) => Vector,
  gradient: Vector,
  radius: number,
  tolerance: number,
): RegionStep & { readonly isCurvedDown: boolean } {
  const n = gradient.length;
  let p: Vector = new Float64Array(n);
  let hp: Vector = new Float64Array(n);
  let residual = gradient;
  let d = scaled(gradient, -1);
  const goal = tolerance * norm(gradient);
  const done = (isInside: boolean, isCurvedDown = false): RegionStep & { readonly isCurvedDown: boolean } => ({
    step: p,
    decrease: -dot(gradient, p) - 0.5 * dot(p, hp),
    isInside,
    isCurvedDown,
  });
  for (let k = 0; k < 2 * n + 2; k++) {
    if (norm(residual) <= goal) return done(true);
    const hd = product(d);
    const curvature = dot(d, hd);
    const length = dot(residual, residual) / curvature;
    if (!(curvature > 0) || norm(along(p, length, d)) >= radius) {
      const t = toBoundary(p, d, radius);
      [p, hp] = [along(p, t, d), along(hp, t, hd)];
      return done(false, !(curvature > 0));
    }
    [p, hp] = [along(p, length, d), along(hp, length, hd)];
    const next = along(residual, length, hd);
    d = along(scaled(next, -1), dot(next, next) / dot(residual, residual), d);
    residual = next;
  }
  return done(true);
}

/** The t ≥ 0 with |p + t d| = radius. */
function toBoundary(p: Vector, d: Vector, radius: number): number {
  const [dd, pd] = [dot(d, d), dot(p, d)];
  const left = Math.max(0, (radius - norm(p)) * (radius + norm(p)));
  const root = Math.sqrt(pd * pd + dd * left);
  return pd > 0 ? left / (pd + root) : (root - pd) / dd;
}
