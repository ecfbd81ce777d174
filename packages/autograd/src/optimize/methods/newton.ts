/** Steps by exact Hessians: Newton's method with absolute eigenvalues and a line search, and a trust region. */

import { BLURRED, isFinitePoint, isSame, lineSearch, NOISE, UNBOUNDED, type Wolfe } from "../line/search.ts";
import { eigenOf, type Eigen } from "../linear/eigen.ts";
import { along, dot, isFinite, largest, norm, type Vector } from "../linear/vectors.ts";
import type { Objective, Point } from "../objective.ts";
import type { End, Method, Stride } from "./method.ts";
import { exactStep, steihaug, type RegionStep } from "./region.ts";

const WOLFE: Wolfe = { decrease: 1e-4, curvature: 0.9 };
/** A negative eigenvalue that is smaller beside the largest one may be rounding. */
const CURVED_DOWN = 1e-10;
/**
 * An eigenvalue counts as no smaller than this part of the largest one; where no step is found, as no smaller than more
 * and more.
 */
const [LEAST, RAISED] = [2 ** -52, 1e3];

/** The Hessian at a point, in parameters scaled by the roots of its diagonal, so that units do not matter. */
interface Model {
  readonly scale: Vector;
  readonly gradient: Vector;
  readonly eigen: Eigen;
  /** True unless the value falls along an eigenvector, both ways. */
  readonly mayBeMinimum: boolean;
}

/** So much of a scale that was larger is kept from point to point. */
const KEPT = 0.5;

function modelAt(objective: Objective, point: Point, before: Vector | null): Model | null {
  const n = point.x.length;
  const hessian = objective.hessian(point.x);
  if (!isFinite(hessian)) return null;
  const roots = point.x.map((_, i) =>
    Math.max(Math.sqrt(Math.abs(hessian[i * n + i]!)), before === null ? 0 : KEPT * before[i]!),
  );
  const most = largest(roots);
  const scale = roots.map((root) => (most === 0 ? 1 : Math.max(root, 1e-8 * most)));
  // Both halves are the same but for rounding.
  const scaled = hessian.map((_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (0.5 * (hessian[at]! + hessian[j * n + i]!)) / scale[i]! / scale[j]!;
  });
  const eigen = eigenOf(scaled, n);
  const [least, greatest] = [eigen.values[0]!, eigen.values.at(-1)!];
  const mayBeMinimum = least >= -CURVED_DOWN * Math.max(Math.abs(least), Math.abs(greatest));
  return { scale, gradient: point.gradient.map((g, i) => g / scale[i]!), eigen, mayBeMinimum };
}

const unscaled = (step: Vector, scale: Vector): Vector => step.map((part, i) => part / scale[i]!);

/** −|H|⁻¹ g: downhill whatever the signs of the eigenvalues, and away from saddles. */
function newtonDirection({ scale, gradient, eigen: { values, vectors } }: Model, raised: number): Vector {
  const least = raised * Math.max(Math.abs(values[0]!), Math.abs(values.at(-1)!), Number.MIN_VALUE);
  const direction = new Float64Array(gradient.length);
  vectors.forEach((vector, k) => {
    const part = -dot(vector, gradient) / Math.max(Math.abs(values[k]!), least);
    for (let i = 0; i < direction.length; i++) direction[i]! += part * vector[i]!;
  });
  return unscaled(direction, scale);
}

/**
 * A lower point along the eigenvector of the least eigenvalue, which is negative where the gradient vanishes: out of a
 * saddle.
 */
function leaveSaddle(objective: Objective, point: Point, { scale, eigen }: Model): Point | null {
  const direction = unscaled(eigen.vectors[0]!, scale);
  const unit = (1e-3 * Math.max(1, largest(point.x))) / largest(direction);
  let best = point;
  for (const sign of [1, -1]) {
    for (let t = unit; t < unit * 2 ** 20; t *= 2) {
      const next = objective.at(along(point.x, sign * t, direction));
      if (!isFinitePoint(next) || next.value >= best.value) break;
      best = next;
    }
  }
  return best === point ? null : best;
}

export const newton: Method = function* (objective, start) {
  let [point, isFull] = [start, false];
  let scale: Vector | null = null;
  for (;;) {
    const model: Model | null = modelAt(objective, point, scale);
    if (model === null) return "notFinite";
    scale = model.scale;
    yield { point, isFull, isExact: true, promised: Infinity, mayEnd: model.mayBeMinimum } satisfies Stride;
    const direction = newtonDirection(model, LEAST);
    const promised = -dot(point.gradient, direction);
    if (!model.mayBeMinimum && promised <= NOISE * Math.abs(point.value)) {
      const lower = leaveSaddle(objective, point, model);
      if (lower === null) return "stuck";
      [point, isFull] = [lower, false];
      continue;
    }
    let found = lineSearch(objective, point, direction, 1, WOLFE);
    for (let raised = LEAST * RAISED; found.t === 0 && raised < 1; raised *= RAISED) {
      found = lineSearch(objective, point, newtonDirection(model, raised), 1, WOLFE);
    }
    if (found.point.value < UNBOUNDED) return "unbounded";
    if (found.t === 0) return found.wasInfinite ? "notFinite" : "stuck";
    [point, isFull] = [found.point, model.mayBeMinimum && found.t >= 0.9];
  }
};

/**
 * The answers that a trust region wants of a point: the best step of a length, and whether the point may be a minimum.
 */
interface Region {
  readonly mayBeMinimum: boolean;
  readonly scale: Vector;
  /** A first radius, where nothing is known yet. */
  readonly radius: number;
  step(radius: number): RegionStep;
}

function exactRegion(objective: Objective, point: Point, before: Vector | null): Region | null {
  const model = modelAt(objective, point, before);
  if (model === null) return null;
  const { scale, gradient, eigen, mayBeMinimum } = model;
  const size = norm(point.x.map((x, i) => x * scale[i]!));
  return { mayBeMinimum, scale, radius: size > 0 ? size : 1, step: (radius) => exactStep(eigen, gradient, radius) };
}

/**
 * For many parameters: products with the Hessian alone. That a point curves down is seen where a direction meets it.
 */
function productRegion(objective: Objective, point: Point): Region {
  const size = norm(point.gradient);
  const product = (v: Vector): Vector => objective.product(point.x, v);
  const tolerance = Math.min(0.1, Math.sqrt(size));
  return {
    mayBeMinimum: true,
    scale: point.x.map(() => 1),
    radius: Math.max(1, norm(point.x)),
    step: (radius) => steihaug(product, point.gradient, radius, tolerance),
  };
}

/** The outcome of trying steps from a point: the next one, or why there is none. */
type Tried = { readonly point: Point; readonly isFull: boolean; readonly radius: number } | { readonly end: End };

/** By how much the value falls along a step: where values have lost the digits for that, by the slopes at both ends. */
function fallOf(point: Point, next: Point, taken: Vector, decrease: number): number {
  const fall = point.value - next.value;
  const blur = BLURRED * Math.abs(point.value);
  return decrease <= blur && Math.abs(fall) <= blur
    ? -0.5 * (dot(point.gradient, taken) + dot(next.gradient, taken))
    : fall;
}

/** Tries steps until one lowers the value, or as rounding hides that, the gradient. */
function tryFrom(objective: Objective, point: Point, region: Region, from: number): Tried {
  let [radius, wasInfinite] = [from, false];
  for (;;) {
    const { step, decrease, isInside } = region.step(radius);
    const taken = unscaled(step, region.scale);
    if (!isFinite(taken) || isSame(along(point.x, 1, taken), point.x))
      return { end: wasInfinite ? "notFinite" : "stuck" };
    const length = norm(step);
    const next = objective.at(along(point.x, 1, taken));
    if (next.value === -Infinity || next.value < UNBOUNDED) return { end: "unbounded" };
    if (!isFinitePoint(next)) {
      [radius, wasInfinite] = [0.1 * Math.min(length, radius), true];
      continue;
    }
    const noise = NOISE * Math.abs(point.value);
    const fall = fallOf(point, next, taken, decrease);
    if (decrease <= noise) {
      const scaledSize = (g: Vector): number => norm(g.map((part, i) => part / region.scale[i]!));
      if (!(scaledSize(next.gradient) < scaledSize(point.gradient))) return { end: "stuck" };
    }
    // What rounding adds to both hides nothing then.
    const ratio = (fall + noise) / (decrease + noise);
    if (ratio < 0.25) radius = 0.25 * Math.min(length, radius);
    else if (ratio > 0.75 && !isInside) radius = 2 * radius;
    if (ratio > 1e-4) return { point: next, isFull: isInside, radius };
  }
}

export const trust: Method = function* (objective, start, { dense }) {
  let [point, isFull] = [start, false];
  let radius: number | null = null;
  let scale: Vector | null = null;
  for (;;) {
    const region: Region | null =
      point.x.length <= dense ? exactRegion(objective, point, scale) : productRegion(objective, point);
    if (region === null) return "notFinite";
    scale = region.scale;
    yield { point, isFull, isExact: true, promised: Infinity, mayEnd: region.mayBeMinimum } satisfies Stride;
    const tried: Tried = tryFrom(objective, point, region, radius ?? region.radius);
    if ("end" in tried) return tried.end;
    radius = tried.radius;
    point = tried.point;
    isFull = tried.isFull && region.mayBeMinimum;
  }
};
