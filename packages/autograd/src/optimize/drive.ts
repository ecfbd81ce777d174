/**
 * Drives a method: looks at each point that it reaches, and ends it when it has converged, gets no further, or is told
 * to.
 */

import { assess, isRounding, slopeOf, type Verdict } from "./assess.ts";
import { BLURRED, NOISE } from "./line/search.ts";
import { difference, largest, type Vector } from "./linear/vectors.ts";
import type { Method, Settings, Stride } from "./methods/method.ts";
import type { Objective, Point } from "./objective.ts";
import { iterationOf, type Interruption, type Watch } from "./stopping.ts";

/** When a point is good enough. */
export interface Tolerances {
  /** No entry of the gradient is larger; 0: only where it vanishes. */
  readonly gradient: number;
  /** No parameter changed by a larger part of its size in the last step that was a whole one. */
  readonly step: number;
  /** The value fell by no larger part of its size; 0: not asked. */
  readonly value: number;
}

/** The end of a run. */
export interface Run {
  readonly point: Point;
  readonly iterations: number;
  readonly verdict: Verdict;
}

/**
 * A parameter counts as large as it was, less this part with each iteration: one that goes to 0 has no size of its own.
 */
const FADING = 0.95;
/** A method that converges, also where the minimum is a singular one, makes each step so much shorter. */
const SHRINKING = 0.75;
/** A step to a point near the minimum is no larger part of the parameters. */
const SHORT = 0.01;
/** So many iterations may pass without a lower value or a smaller gradient. */
const PATIENCE = 8;

const said: Readonly<Record<Interruption, string>> = {
  maxIterations: "not converged: the most iterations were made; raise maxIterations",
  aborted: "not converged: the signal was aborted",
  callback: "ended by the callback",
};

const show = (value: number): string => String(Number(value.toPrecision(3)));

/** The course of a run. */
class Course {
  best: Point;
  /** How large each parameter was until now. */
  readonly scale: Vector;
  iterations = -1;
  step = 0;
  /**
   * True if the last step was clearly shorter than the one before, and that was no long one: so do steps to a minimum
   * become.
   */
  isShrinking = false;
  #wasShort = false;
  #slope: number;
  /** The value and the slope when there was the last gain. */
  #mark: { readonly value: number; readonly slope: number };
  #idle = 0;
  /** The promise of the curvature at the best point. */
  promised = Infinity;
  #nextLook = 0;

  constructor(start: Point) {
    this.best = start;
    this.scale = start.x.map(Math.abs);
    this.#slope = Infinity;
    this.#mark = { value: Infinity, slope: Infinity };
  }

  /** Takes a point in; `last` is the one before. */
  enter({ point, promised }: Stride, last: Point): void {
    this.iterations++;
    const step = largest(difference(point.x, last.x));
    this.isShrinking = this.#wasShort && step <= SHRINKING * this.step;
    this.#wasShort = isShort(point, last, this.sizes, SHORT);
    this.step = step;
    point.x.forEach((x, i) => (this.scale[i] = Math.max(Math.abs(x), FADING * this.scale[i]!)));
    const slope = slopeOf(point.gradient, this.sizes);
    const { value } = point;
    const isGain = !(value >= this.#mark.value - NOISE * Math.abs(this.#mark.value)) || slope < 0.5 * this.#mark.slope;
    this.#idle = isGain ? 0 : this.#idle + 1;
    if (isGain) this.#mark = { value: Math.min(value, this.#mark.value), slope: Math.min(slope, this.#mark.slope) };
    const blur = BLURRED * Math.abs(this.best.value);
    if (value < this.best.value - blur || (value <= this.best.value + blur && slope <= this.#slope)) {
      this.best = point;
      this.promised = promised;
      this.#slope = slope;
    }
  }

  /**
   * True if rounding hides what is left of the gradient: a short step by a model of the curvature may be short by
   * mistake.
   */
  isSettled(objective: Objective, point: Point): boolean {
    if (this.iterations < this.#nextLook) return false;
    this.#nextLook = this.iterations + PATIENCE;
    return isRounding(objective, point, this.sizes);
  }

  /** How large each parameter is, for what compares parts of it. */
  get sizes(): Vector {
    return sizesOf(this.scale);
  }

  get isIdle(): boolean {
    return this.#idle >= PATIENCE;
  }
}

/** Sizes of parameters, of which those that were 0 from the start are as large as the largest, or 1. */
function sizesOf(scale: Vector): Vector {
  const most = largest(scale);
  return scale.map((size) => (size > 0 ? size : most > 0 ? most : 1));
}

/** True if no parameter has moved by more than a part of its size. */
function isShort(point: Point, last: Point, scale: Vector, tolerance: number): boolean {
  return point.x.every((x, i) => Math.abs(x - last.x[i]!) <= tolerance * scale[i]!);
}

/** Why a point is good enough; `null` where it is not. */
function convergence(
  { point, isFull, isExact, mayEnd }: Stride,
  last: Point,
  course: Course,
  tolerances: Tolerances,
  objective: Objective,
): Verdict | null {
  if (!mayEnd) return null;
  const most = largest(point.gradient);
  if (most <= tolerances.gradient) {
    const entry = point.gradient.findIndex((g) => Math.abs(g) === most);
    const message =
      most === 0
        ? "converged: the gradient is 0"
        : `converged: no entry of the gradient is larger than ${show(most)}, at ${objective.parameters.name(entry)}`;
    return { reason: "gradient", message };
  }
  if (course.iterations === 0) return null;
  const isSure = (): boolean => (isExact ? course.isShrinking : course.isSettled(objective, point));
  if (isFull && isShort(point, last, course.sizes, tolerances.step) && isSure()) {
    return {
      reason: "step",
      message: `converged: the last step changed no parameter by more than ${show(tolerances.step)} of its size`,
    };
  }
  const fall = last.value - point.value;
  if (tolerances.value > 0 && fall >= 0 && fall <= tolerances.value * Math.abs(point.value)) {
    return { reason: "value", message: `converged: the last step lowered the value by ${show(fall)}` };
  }
  return null;
}

/**
 * Runs a method from a start at which everything is finite.
 *
 * @param isRandom - whether values may differ from call to call: then the last point is the result, and no gain is
 * asked for
 */
export function drive(
  method: Method,
  objective: Objective,
  start: Point,
  settings: Settings,
  tolerances: Tolerances,
  watch: Watch<unknown>,
  isRandom: boolean,
): Run {
  const course = new Course(start);
  const steps = method(objective, start, settings);
  let last = start;
  const ended = (point: Point, verdict: Verdict): Run => ({ point, iterations: course.iterations, verdict });
  for (;;) {
    const next = steps.next();
    if (next.done === true) {
      if (next.value === "unbounded")
        return ended(course.best, { reason: "unbounded", message: "not converged: the value falls without end" });
      return ended(
        course.best,
        assess(objective, course.best, course.sizes, course.promised, next.value === "notFinite"),
      );
    }
    const { point } = next.value;
    course.enter(next.value, last);
    const told = {
      iteration: course.iterations,
      value: point.value,
      slope: largest(point.gradient),
      step: course.step,
      evaluations: objective.counts.values,
    };
    const interruption = watch.look(iterationOf(told, () => objective.parameters.result(point.x)));
    const verdict = convergence(next.value, last, course, tolerances, objective);
    if (verdict !== null) return ended(isRandom ? point : lower(point, course.best), verdict);
    if (interruption !== null)
      return ended(isRandom ? point : course.best, { reason: interruption, message: said[interruption] });
    if (!isRandom && course.isIdle)
      return ended(course.best, assess(objective, course.best, course.sizes, course.promised, false));
    last = point;
  }
}

/** The point that converged, unless an earlier one is clearly lower. */
function lower(point: Point, best: Point): Point {
  return best.value < point.value - BLURRED * Math.abs(point.value) ? best : point;
}
