/**
 * Levenberg and Marquardt's iteration in a trust region, with bounds: steps until the step is small, or only rounding
 * decides.
 */

import type { Reason } from "../result.ts";
import { dampedStep, type Damped } from "./damped.ts";
import { fallOf, lossOf, type Loss } from "./losses.ts";
import { columnsIn, modelOf, noiseOf, promise, slopeAlong, type Model } from "./model.ts";
import { areFinite, lengthOf } from "./qr.ts";
import { factored, type Factored } from "./tall.ts";

/** The system that is fitted, in numbers. */
export interface System {
  /** The residuals at a point; entries that are not finite send the iteration back. */
  readonly residuals: (x: Float64Array) => Float64Array;
  /** Rounds a point, in place, to what the parameters hold. */
  readonly round: (x: Float64Array) => void;
  /** ∂r/∂x, column by column, at a point where the residuals are finite. */
  readonly jacobian: (x: Float64Array) => Float64Array;
}

export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface Settings {
  readonly bounds: Bounds | null;
  readonly loss: Loss;
  /** The search ends where a step moves no parameter by more than this part of it. */
  readonly stepTolerance: number;
  /** The relative spacing of the numbers that are computed with: 2⁻⁵², or 2⁻²³. */
  readonly spacing: number;
  /** Told of the start and of each iteration; a reason ends the search. */
  readonly look: (state: Readonly<State>, slope: Float64Array) => Reason | null;
}

/** The state of the search. */
export interface State {
  x: Float64Array;
  residuals: Float64Array;
  /** ∂r/∂x at `x`, column by column. */
  jacobian: Float64Array;
  /** The sum that is made small. */
  value: number;
  iterations: number;
  /** How often residuals were computed, and how often the Jacobian. */
  evaluations: number;
  jacobians: number;
  /** The last step; zeros at the start. */
  step: Float64Array;
}

/** How the search ended. */
export interface Ended extends State {
  readonly reason: Reason;
  /** Jᵀr at the end, half the gradient of the sum. */
  readonly slope: Float64Array;
}

/** The state of the search between steps. */
interface Walk extends State {
  /** A length for each parameter: that of its longest column so far (MINPACK's way). */
  readonly scale: Float64Array;
  radius: number;
  damping: number;
  /** The length of the last step that was taken. */
  last: number;
}

/** The linear model at a point, and the parameters that no bound holds. */
interface Place {
  readonly model: Model;
  readonly free: readonly number[];
}

/** The first radius, in lengths of the start (MINPACK's); it is at least as long as the residuals. */
const FIRST_RADIUS = 100;
/** A fall of this part of what the linear model promises is enough to go on from there. */
const ENOUGH = 1e-4;
/** Sums judge no step that is to lower them by less than this part: near the end it is taken while steps shrink. */
const NEARLY_EQUAL = 1e-8;
/**
 * Goes from a start to a point where the sum of squares, or of losses, is least nearby.
 *
 * @param residuals - those at the start, all finite
 * @param jacobian - that at the start, all finite
 */
export function search(
  system: System,
  start: Float64Array,
  residuals: Float64Array,
  jacobian: Float64Array,
  settings: Settings,
): Ended {
  const walk: Walk = {
    x: start,
    residuals,
    jacobian,
    value: lossOf(settings.loss, residuals),
    iterations: 0,
    evaluations: 1,
    jacobians: 1,
    step: new Float64Array(start.length),
    scale: new Float64Array(start.length),
    radius: NaN,
    damping: 0,
    last: Infinity,
  };
  let reason: Reason | null = null;
  for (;;) {
    const model = modelAt(walk, settings);
    const free = freeOf(walk, model, settings);
    reason ??= free.every((j) => model.slope[j] === 0) ? "gradient" : null;
    const wish = settings.look(walk, model.slope);
    reason ??= wish;
    if (reason !== null) return { ...walk, reason, slope: model.slope };
    walk.iterations++;
    reason = advance(system, walk, { model, free }, settings);
  }
}

/** The linear model, and the scale brought up to date with its columns. */
function modelAt(walk: Walk, { loss }: Settings): Model {
  const model = modelOf(loss, walk.residuals, walk.jacobian, walk.x.length);
  model.lengths.forEach((length, j) => {
    walk.scale[j] = Math.max(walk.scale[j]!, length);
  });
  if (Number.isNaN(walk.radius))
    walk.radius = Math.max(
      FIRST_RADIUS * scaledLength(walk, walk.x),
      lengthOf(model.residuals, 0, model.residuals.length),
    );
  return model;
}

/** The parameters that no bound holds. */
function freeOf({ x }: Walk, { slope }: Model, { bounds }: Settings): readonly number[] {
  const held = (j: number): boolean =>
    bounds !== null && ((x[j] === bounds.lower[j] && slope[j]! > 0) || (x[j] === bounds.upper[j] && slope[j]! < 0));
  return Array.from(x.keys()).filter((j) => !held(j));
}

const scaleOf = (walk: Walk, j: number): number => walk.scale[j] || 1;
const scaledLength = (walk: Walk, x: Float64Array): number =>
  lengthOf(
    x.map((entry, j) => entry * scaleOf(walk, j)),
    0,
    x.length,
  );

/** Tries shorter and shorter steps until one is taken; gives a reason where that was the last one. */
function advance(system: System, walk: Walk, place: Place, settings: Settings): Reason | null {
  const { model, free } = place;
  const units = walk.scale.map((length) => length || 1);
  const linear = factored(columnsIn(model, free, units), model.residuals.length, free.length, model.residuals);
  const noise = noiseOf(model, walk.x, settings.spacing);
  for (;;) {
    const tried = attempt(system, walk, place, dampedStep(linear, walk.radius, walk.damping), settings);
    const { x, step, length, ratio, undamped, finite } = tried;
    if (length === 0) return "step";
    // Rounding of the residuals decides whether such a step lowers the sum.
    const blind = tried.promised <= noise;
    const shrinks = undamped && length < walk.last;
    if (blind && undamped && !shrinks) return "rounding";
    const near = tried.promised <= NEARLY_EQUAL * walk.value && -tried.fall <= NEARLY_EQUAL * walk.value;
    const jacobian = finite && (ratio >= ENOUGH || (shrinks && (blind || near))) ? jacobianAt(system, walk, x) : null;
    if (jacobian !== null) {
      // A step that rounding judges says nothing about the radius.
      if (ratio >= ENOUGH) resize(walk, model, tried);
      Object.assign(walk, {
        x,
        residuals: tried.residuals,
        jacobian,
        value: lossOf(settings.loss, tried.residuals),
        step,
        last: length,
      });
      return undamped && largestPart(step, x) <= settings.stepTolerance ? "step" : null;
    }
    if (finite && ratio < ENOUGH) resize(walk, model, tried);
    else shrink(walk, 0.25, tried);
    if (blind && finite) return promisedBy(linear) <= NEARLY_EQUAL * walk.value ? "rounding" : "stuck";
    if (largestPart(step, x) <= settings.spacing) return finite ? "stuck" : "notFinite";
  }
}

/** ‖Qᵀr‖² where R reaches: by how much the linear model lowers the sum at most. */
const promisedBy = ({ rotated, rank }: Factored): number => lengthOf(rotated, 0, rank) ** 2;

/** A step that was tried. */
interface Attempt {
  readonly x: Float64Array;
  readonly residuals: Float64Array;
  readonly step: Float64Array;
  /** In units of the columns: after bounds have cut it, and before. */
  readonly length: number;
  readonly asked: number;
  /** By how much the linear model lowers the sum, by how much it falls, and the one by the other. */
  readonly promised: number;
  readonly fall: number;
  readonly ratio: number;
  readonly undamped: boolean;
  readonly finite: boolean;
}

function attempt(system: System, walk: Walk, { model, free }: Place, damped: Damped, settings: Settings): Attempt {
  walk.damping = damped.damping;
  const x = moved(walk, free, damped.step, settings.bounds);
  system.round(x);
  const step = x.map((entry, j) => entry - walk.x[j]!);
  const length = scaledLength(walk, step);
  const same = { x, step, length, asked: damped.length, undamped: damped.damping === 0 };
  if (length === 0) return { ...same, residuals: walk.residuals, promised: 0, fall: 0, ratio: 0, finite: true };
  const residuals = system.residuals(x);
  walk.evaluations++;
  const finite = areFinite(residuals) && Number.isFinite(lossOf(settings.loss, residuals));
  const promised = promise(model, step);
  const fall = finite ? fallOf(settings.loss, walk.residuals, residuals) : -Infinity;
  return { ...same, residuals, promised, fall, ratio: promised > 0 ? fall / promised : -1, finite };
}

/** The Jacobian; `null` where it is not finite. */
function jacobianAt(system: System, walk: Walk, x: Float64Array): Float64Array | null {
  walk.jacobians++;
  const jacobian = system.jacobian(x);
  return areFinite(jacobian) ? jacobian : null;
}

/** MINPACK's rule: a quarter of what was promised is little, three quarters are much. */
function resize(walk: Walk, model: Model, tried: Attempt): void {
  const { ratio, fall, step, asked, undamped } = tried;
  if (ratio <= 0.25) {
    // Where a parabola through the value, its slope and the value there is least.
    const slope = slopeAlong(model, step);
    shrink(walk, fall >= 0 ? 0.5 : Math.min(Math.max(slope / (2 * slope + fall), 0.1), 0.5), tried);
  } else if (undamped || ratio >= 0.75) {
    walk.radius = 2 * asked;
    walk.damping *= 0.5;
  }
}

function shrink(walk: Walk, part: number, { asked }: Attempt): void {
  walk.radius = part * Math.min(walk.radius, 10 * asked);
  walk.damping /= part;
}

/** The point that a step of the free parameters leads to, within the bounds. */
function moved(walk: Walk, free: readonly number[], step: Float64Array, bounds: Bounds | null): Float64Array {
  const x = walk.x.slice();
  free.forEach((j, k) => {
    const to = x[j]! + step[k]! / scaleOf(walk, j);
    x[j] = bounds === null ? to : Math.min(Math.max(to, bounds.lower[j]!), bounds.upper[j]!);
  });
  return x;
}

/** The largest part of a parameter that a step to `x` moved it by. */
export function largestPart(step: Float64Array, x: Float64Array): number {
  let part = 0;
  for (let j = 0; j < step.length; j++)
    if (step[j] !== 0)
      part = Math.max(part, Math.abs(step[j]!) / Math.max(Math.abs(x[j]!), Math.abs(x[j]! - step[j]!)));
  return part;
}
