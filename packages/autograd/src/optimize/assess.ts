/**
 * Why there is no better step: the minimum but for rounding, a kink, a wrong derivative, or the end of what is finite.
 */

import { isFinitePoint, NOISE } from "./line/search.ts";
import { along, dot, largest, type Vector } from "./linear/vectors.ts";
import type { Objective, Point } from "./objective.ts";
import type { Reason } from "./result.ts";

/** A reason, and the sentence that says it with its numbers. */
export interface Verdict {
  readonly reason: Reason;
  readonly message: string;
}

/** So many neighbors are looked at. */
const PROBES = 6;
/** A gradient may be so many times what it changes by from neighbor to neighbor. */
const ROOM = 8;
/** A slope and the differences of values that should show it may differ by this part of the slope. */
const APART = 0.1;
/** Differences are taken as if no parameter were smaller: one that begins at 0 has shown no size. */
const SMALL = 1e-3;
/** The slope beside the value up to which a model may promise nothing: a larger one it has not learned. */
const FLAT = 1e-6;

/** Signs without a pattern, the same at each call. */
function* signs(): Generator<number, never> {
  for (let state = 0x2545f491; ;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state < 0 ? -1 : 1;
  }
}

/** The largest change of the value that the gradient promises, where each parameter may move by its size. */
export function slopeOf(gradient: Vector, scale: Vector): number {
  return largest(gradient.map((g, i) => g * scale[i]!));
}

/** How the gradient changes between neighboring numbers as parameters, weighted as by {@link slopeOf}. */
function roughness(objective: Objective, point: Point, scale: Vector): number {
  const { spacing } = objective.parameters;
  const sign = signs();
  let most = 0;
  for (let k = 0; k < PROBES; k++) {
    const units = point.x.map((x, i) => spacing[i]! * Math.max(Math.abs(x), spacing[i]! * scale[i]!));
    const near = objective.at(point.x.map((x, i) => x + sign.next().value * (1 + (k % 2)) * units[i]!));
    if (!isFinitePoint(near)) continue;
    most = Math.max(
      most,
      slopeOf(
        near.gradient.map((g, i) => g - point.gradient[i]!),
        scale,
      ),
    );
  }
  return most;
}

/**
 * True if rounding hides what is left of the gradient, or of what the values would fall by if all parameters moved by
 * their size.
 */
export function isRounding(objective: Objective, point: Point, scale: Vector): boolean {
  const slope = slopeOf(point.gradient, scale);
  return slope <= NOISE * Math.abs(point.value) || slope <= ROOM * roughness(objective, point, scale);
}

/**
 * Says why a method found no step.
 *
 * @param scale - how large each parameter is
 * @param promised - by how much the value can fall, as a model of the curvature says
 * @param wasInfinite - whether steps ended where the function was not finite
 */
export function assess(
  objective: Objective,
  point: Point,
  scale: Vector,
  promised: number,
  wasInfinite: boolean,
): Verdict {
  if (isRounding(objective, point, scale)) {
    return { reason: "rounding", message: "converged: what is left of the gradient is rounding" };
  }
  const isFlat = slopeOf(point.gradient, scale) <= FLAT * Math.abs(point.value);
  if (isFlat && promised <= NOISE * Math.abs(point.value)) {
    return { reason: "rounding", message: "converged: what the value can still fall by is rounding" };
  }
  if (wasInfinite) return notFinite(objective, point, scale);
  return (
    disagreement(objective, point, scale) ?? {
      reason: "stuck",
      message:
        "not converged: no step lowers the value, although the gradient is right and not small: another method, or another scale of the parameters, may do",
    }
  );
}

/** The way down, as long as the parameters are large. */
function downhill({ gradient }: Point, scale: Vector): Vector {
  const direction = gradient.map((g, i) => -g * scale[i]! * scale[i]!);
  const most = largest(direction.map((d, i) => d / scale[i]!));
  return direction.map((d) => d / most);
}

const show = (value: number): string => String(Number(value.toPrecision(4)));

/** Slopes on both sides of a point, each from differences at two distances, which leaves no curvature in them. */
interface Sides {
  readonly forward: number;
  readonly backward: number;
  /** How much of them may be rounding. */
  readonly rounding: number;
}

function sidesAt(objective: Objective, point: Point, direction: Vector, h: number): Sides {
  const sideOf = (sign: number): number => {
    const slope = (by: number): number =>
      (objective.value(along(point.x, sign * by, direction)) - point.value) / (sign * by);
    return (10 * slope(h / 10) - slope(h)) / 9;
  };
  return { forward: sideOf(1), backward: sideOf(-1), rounding: (20 * NOISE * Math.abs(point.value)) / h };
}

/**
 * Compares the slope along the gradient with differences of values on both sides; `null` where they agree at some
 * distance.
 */
function disagreement(objective: Objective, point: Point, scale: Vector): Verdict | null {
  const direction = downhill(
    point,
    scale.map((size) => Math.max(size, SMALL)),
  );
  const slope = dot(point.gradient, direction);
  let nearest: Sides | null = null;
  for (let h = 1e-2; h > 1e-7; h /= 10) {
    const sides = sidesAt(objective, point, direction, h);
    const allowed = APART * Math.abs(slope) + sides.rounding;
    const [ahead, behind] = [Math.abs(sides.forward - slope), Math.abs(sides.backward - slope)];
    // What is not finite says nothing.
    if (!(ahead > allowed || behind > allowed)) return null;
    if (sides.rounding < APART * Math.abs(slope)) nearest = sides;
  }
  if (nearest === null) return null;
  const { forward, backward } = nearest;
  const entry = point.gradient.findIndex((g, i) => Math.abs(g * scale[i]!) === slopeOf(point.gradient, scale));
  const name = objective.parameters.name(entry);
  const numbers = `the gradient promises a slope of ${show(slope)}, differences of values show ${show(backward)} on one side and ${show(forward)} on the other`;
  return {
    reason: "notSmooth",
    message:
      forward > 0 && backward < 0
        ? `not converged: the function has a kink here, most of it by ${name}: ${numbers}`
        : `not converged: the gradient is not the derivative of the values, most of it by ${name}: ${numbers}; look for a jump, or for a rule by hand that is wrong (gradientCheck)`,
  };
}

/** Names what is not finite just beside the point. */
function notFinite(objective: Objective, point: Point, scale: Vector): Verdict {
  const direction = downhill(point, scale);
  for (let h = 1; h > 1e-17; h /= 4) {
    const beside = objective.at(along(point.x, h, direction));
    if (isFinitePoint(beside)) continue;
    const error = objective.notFinite(beside, "one step on");
    return { reason: "notFinite", message: `not converged: the steps end where nothing is finite: ${error.message}` };
  }
  return { reason: "notFinite", message: "not converged: the steps end where the function is not finite" };
}
