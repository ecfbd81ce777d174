/** A step along a direction that lowers the value enough and flattens the slope enough: the strong Wolfe conditions. */

import type { Objective, Point } from "../objective.ts";
import { along, dot, isFinite, type Vector } from "../linear/vectors.ts";
import { narrowed, type Interval, type Trial } from "./interpolate.ts";

/** Conditions on a step. */
export interface Wolfe {
  /** The value must fall by this part of what the slope promises: f(t) ≤ f(0) + c₁ t f′(0). */
  readonly decrease: number;
  /** The slope must shrink to this part: |f′(t)| ≤ c₂ |f′(0)|. */
  readonly curvature: number;
}

/** The end of a search. */
export interface Found {
  readonly point: Point;
  /** The step as a multiple of the direction; 0 where none was better. */
  readonly t: number;
  /** False where no step met the conditions: `point` is then the best that was seen. */
  readonly isWolfe: boolean;
  /** True if a trial was not finite. */
  readonly wasInfinite: boolean;
}

/** So many trials are made at most; two are usual. */
const MOST = 40;
/** Steps shorter or longer than this are none. */
const [SHORTEST, LONGEST] = [1e-30, 1e20];
/** Below this a function falls without end. */
export const UNBOUNDED = -1e290;
/** Rounding in a value, relative to it, with some room for sums. */
export const NOISE = 2 ** -46;
/**
 * Of changes of a value that are smaller, relative to it, slopes tell more than values do: these may have lost so many
 * digits.
 */
export const BLURRED = 1e-9;

/** True if a trial meets the strong Wolfe conditions. */
export function meetsWolfe(start: Trial, trial: Trial, { decrease, curvature }: Wolfe): boolean {
  return (
    trial.value <= start.value + decrease * trial.t * start.slope &&
    Math.abs(trial.slope) <= curvature * Math.abs(start.slope)
  );
}

/**
 * A trial at a point. Where its value has lost the digits that tell it from the first one, what the slopes at both ends
 * come to stands for it, t (f′(0) + f′(t)) / 2: the conditions are then Hager and Zhang's approximate ones (SIAM J.
 * Optim. 16, 2005).
 */
export function trialOf(start: Trial, t: number, value: number, slope: number): Trial {
  const isBlurred = Math.abs(value - start.value) <= BLURRED * Math.abs(start.value);
  return { t, value: isBlurred ? start.value + 0.5 * t * (start.slope + slope) : value, slope };
}

/** A search under way. */
interface State {
  readonly interval: Interval;
  /** True until a step has lowered the value enough and ends where the function rises. */
  readonly isFirstStage: boolean;
  /** How far the ends were apart, and before that. */
  readonly widths: readonly [now: number, before: number];
  /** The next trial. */
  readonly t: number;
  /** A step from which on the function is not finite. */
  readonly limit: number;
}

/**
 * Looks for a step by Moré and Thuente's method (ACM TOMS 20, 1994). Where the function is not finite, shorter steps
 * are taken.
 *
 * @param from - where the direction begins
 * @param direction - one along which the value falls
 * @param first - the first trial
 */
export function lineSearch(objective: Objective, from: Point, direction: Vector, first: number, wolfe: Wolfe): Found {
  const start: Trial = { t: 0, value: from.value, slope: dot(from.gradient, direction) };
  if (!(start.slope < 0)) return { point: from, t: 0, isWolfe: false, wasInfinite: false };
  const points = new Map<Trial, Point>([[start, from]]);
  const interval: Interval = { best: start, other: start, isBracketed: false, least: 0, most: 5 * first };
  let state: State | null = { interval, isFirstStage: true, widths: [LONGEST, 2 * LONGEST], t: first, limit: LONGEST };
  let wasInfinite = false;
  for (let count = 0; count < MOST && state !== null; count++) {
    const { t }: State = state;
    const x = along(from.x, t, direction);
    if (isSame(x, from.x)) break;
    const point = objective.at(x);
    if (!isFinitePoint(point)) {
      wasInfinite = true;
      state = shortened(state);
      continue;
    }
    const trial = trialOf(start, t, point.value, dot(point.gradient, direction));
    points.set(trial, point);
    const isWolfe = meetsWolfe(start, trial, wolfe) || point.value < UNBOUNDED;
    if (isWolfe) return { point, t, isWolfe, wasInfinite };
    state = advanced(state, start, trial, wolfe);
  }
  const best = bestOf([...points.keys()], start);
  return { point: points.get(best)!, t: best.t, isWolfe: false, wasInfinite };
}

/** True if a value and its gradient are finite. */
export function isFinitePoint({ value, gradient }: Point): boolean {
  return Number.isFinite(value) && isFinite(gradient);
}

/** True if a step is so short that nothing moves. */
export function isSame(a: Vector, b: Vector): boolean {
  return a.every((x, i) => x === b[i]);
}

/** A shorter trial, where the last one was not finite; `null` where there is none. */
function shortened(state: State): State | null {
  const { best } = state.interval;
  const t = best.t + (state.t - best.t) * (best.t === 0 ? 0.1 : 0.5);
  return t === state.t || t === best.t || t < SHORTEST ? null : { ...state, t, limit: state.t };
}

/** The next trial; `null` where what is left between the ends is rounding. */
function advanced(state: State, start: Trial, trial: Trial, { decrease }: Wolfe): State | null {
  const enough = start.value + decrease * trial.t * start.slope;
  const isFirstStage = state.isFirstStage && !(trial.value <= enough && trial.slope >= 0);
  const isLowered = isFirstStage && trial.value <= state.interval.best.value && trial.value > enough;
  const { interval: found, next } = isLowered
    ? narrowedBelow(state.interval, trial, decrease * start.slope)
    : narrowed(state.interval, trial);
  const { best, other, isBracketed } = found;
  const width = Math.abs(other.t - best.t);
  const [now, before] = state.widths;
  // An end that hardly moves would make the search as slow as it is long: then the middle is taken.
  const middle = isBracketed && width >= 0.66 * before ? best.t + 0.5 * (other.t - best.t) : next;
  const t = middle < state.limit ? middle : best.t + 0.5 * (state.limit - best.t);
  if (isBracketed && width <= Number.EPSILON * Math.max(best.t, other.t)) return null;
  if (!Number.isFinite(t) || t < SHORTEST || t > LONGEST || t === best.t || t === other.t) return null;
  // The trial after this one lies between the ends, or as much further on as this one is, four times at most.
  const [least, most] = isBracketed
    ? [Math.min(best.t, other.t), Math.max(best.t, other.t)]
    : [t + 1.1 * (t - best.t), t + 4 * (t - best.t)];
  const held = isBracketed ? Math.min(most, Math.max(least, t)) : t;
  return {
    interval: { ...found, least, most },
    isFirstStage,
    widths: isBracketed ? [width, now] : state.widths,
    t: held,
    limit: state.limit,
  };
}

/** The same step for f(t) − c₁ t f′(0), whose minimum is a step that lowers the value enough: as long as none does. */
function narrowedBelow(
  interval: Interval,
  trial: Trial,
  slope: number,
): { readonly interval: Interval; readonly next: number } {
  const originals = new Map<Trial, Trial>();
  const lowered = (one: Trial): Trial => {
    const made = { t: one.t, value: one.value - one.t * slope, slope: one.slope - slope };
    originals.set(made, one);
    return made;
  };
  const { interval: found, next } = narrowed(
    { ...interval, best: lowered(interval.best), other: lowered(interval.other) },
    lowered(trial),
  );
  return { interval: { ...found, best: originals.get(found.best)!, other: originals.get(found.other)! }, next };
}

/** The best step of a search that found none as it should be. */
const bestOf = (trials: readonly Trial[], start: Trial): Trial =>
  trials.reduce((best, trial) => (trial.value < best.value ? trial : best), start);
