/**
 * Newton's method for equations, within a region that keeps it from going astray (Powell's hybrid, with exact
 * Jacobians).
 */

import { eigenOf } from "./linear/eigen.ts";
import { factor } from "./linear/lu.ts";
import { along, isFinite, largest, norm, scaled, times, transposedTimes, type Vector } from "./linear/vectors.ts";
import { isSame } from "./line/search.ts";
import { exactStep } from "./methods/region.ts";
import type { Reason } from "./result.ts";
import { iterationOf, type Watch } from "./stopping.ts";
import type { System } from "./system.ts";

/** The end, and the reason for it. */
export interface Ended {
  readonly x: Vector;
  readonly residuals: Vector;
  readonly iterations: number;
  readonly reason: Reason;
  readonly message: string;
}

/** When a point is good enough: no residual is larger, or no unknown moved by a larger part of its size. */
export interface Goals {
  readonly residual: number;
  readonly step: number;
}

interface State {
  readonly x: Vector;
  readonly residuals: Vector;
}

/** A first region is so many times as large as the unknowns. */
const FIRST = 100;
/** A residual may be so many times what it changes by between neighboring numbers. */
const ROOM = 8;
/** The gradient of the sum of squares, beside the residuals, below which that has a minimum. */
const LEVEL = 1e-6;

/** The length of each column, which makes units of the unknowns alike. */
function columnsOf(jacobian: Vector, n: number, before: Vector | null): Vector {
  const lengths = Float64Array.from({ length: n }, (_, j) =>
    norm(Float64Array.from({ length: n }, (__, i) => jacobian[i * n + j]!)),
  );
  const kept = before === null ? lengths : lengths.map((length, j) => Math.max(length, 0.5 * before[j]!));
  const most = largest(kept);
  return kept.map((length) => (most === 0 ? 1 : Math.max(length, 1e-12 * most)));
}

/** Steps from one point: Newton's where it lies in the region, else the best one of the linear model there. */
function stepsFrom(
  { residuals }: State,
  jacobian: Vector,
  columns: Vector,
): (radius: number) => { readonly step: Vector; readonly isFull: boolean } {
  const n = residuals.length;
  const factored = factor(jacobian, n);
  const newton = factored.isRegular ? factored.solve(scaled(residuals, -1)) : null;
  const size = newton === null || !isFinite(newton) ? Infinity : norm(newton.map((p, j) => p * columns[j]!));
  let model: { readonly eigen: ReturnType<typeof eigenOf>; readonly gradient: Vector } | null = null;
  return (radius) => {
    if (size <= radius) return { step: newton!, isFull: true };
    if (model === null) {
      const even = jacobian.map((entry, at) => entry / columns[at % n]!);
      const square = Float64Array.from({ length: n * n }, (_, at) => {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += even[k * n + Math.floor(at / n)]! * even[k * n + (at % n)]!;
        return sum;
      });
      model = { eigen: eigenOf(square, n), gradient: transposedTimes(even, residuals) };
    }
    const { step } = exactStep(model.eigen, model.gradient, radius);
    return { step: step.map((p, j) => p / columns[j]!), isFull: false };
  };
}

/** The outcome of trying steps. */
interface Advance {
  readonly next: State | null;
  readonly radius: number;
  readonly isFull: boolean;
  readonly wasInfinite: boolean;
}

/** The next point; `null` where no step makes the residuals smaller. */
function advance(system: System, state: State, jacobian: Vector, columns: Vector, from: number): Advance {
  const stepAt = stepsFrom(state, jacobian, columns);
  const before = norm(state.residuals);
  let [radius, wasInfinite] = [from, false];
  for (;;) {
    const { step, isFull } = stepAt(radius);
    const x = along(state.x, 1, step);
    const length = norm(step.map((p, j) => p * columns[j]!));
    if (!isFinite(step) || isSame(x, state.x)) return { next: null, radius, isFull, wasInfinite };
    const residuals = system.residuals(x);
    if (!isFinite(residuals)) {
      [radius, wasInfinite] = [0.1 * Math.min(length, radius), true];
      continue;
    }
    const [after, promised] = [norm(residuals), norm(along(state.residuals, 1, times(jacobian, step)))];
    const ratio = (1 - (after / before) ** 2) / (1 - (promised / before) ** 2);
    if (!(ratio >= 0.25)) radius = 0.25 * Math.min(length, radius);
    else if (ratio > 0.75) radius = Math.max(radius, 2 * length);
    if (ratio > 1e-4 && after < before) return { next: { x, residuals }, radius, isFull, wasInfinite };
  }
}

/** Says why no step makes the residuals smaller. */
function verdictOf(
  system: System,
  { x, residuals }: State,
  jacobian: Vector,
  wasInfinite: boolean,
): Pick<Ended, "reason" | "message"> {
  const n = x.length;
  const { spacing } = system.parameters;
  const neighbors = [1, -1, 2, -2].map((by) =>
    system.residuals(x.map((value, j) => value + by * spacing[j]! * value * (j % 2 === 0 ? 1 : -1))),
  );
  const isRounding = residuals.every((r, i) => {
    let reach = 0;
    for (let j = 0; j < n; j++) reach += Math.abs(jacobian[i * n + j]! * x[j]!) * spacing[j]!;
    return Math.abs(r) <= ROOM * Math.max(reach, ...neighbors.map((near) => Math.abs(near[i]! - r)));
  });
  if (isRounding) return { reason: "rounding", message: "converged: what is left of the equations is rounding" };
  if (wasInfinite)
    return { reason: "notFinite", message: "not converged: the steps end where the equations are not finite" };
  const slope = largest(transposedTimes(jacobian, residuals).map((g, j) => g * Math.max(Math.abs(x[j]!), 1e-3)));
  const isLevel = slope <= LEVEL * norm(residuals) ** 2;
  const entry = residuals.findIndex((r) => Math.abs(r) === largest(residuals));
  const message = isLevel
    ? `not converged: the sum of squares has a minimum here that is no root, and the largest residual is ${residuals[entry]!}, of equation ${entry}: begin elsewhere`
    : "not converged: no step makes the equations smaller: is the function smooth there?";
  return { reason: "stuck", message };
}

/**
 * Solves equations from a point at which they are finite.
 *
 * @param done - how many iterations there were already
 */
export function solve(system: System, start: State, goals: Goals, watch: Watch<unknown>, done = 0): Ended {
  let state = start;
  let [radius, columns, iterations, lastStep, moved] = [0, null as Vector | null, done, Infinity, 0];
  for (;;) {
    const ended = (reason: Reason, message: string): Ended => ({ ...state, iterations, reason, message });
    const most = largest(state.residuals);
    const { x } = state;
    const told = {
      iteration: iterations,
      value: norm(state.residuals),
      slope: most,
      step: moved,
      evaluations: system.evaluations(),
    };
    const interruption = watch.look(iterationOf(told, () => system.parameters.result(x)));
    if (most <= goals.residual)
      return ended(
        "gradient",
        most === 0 ? "converged: every equation holds exactly" : `converged: no residual is larger than ${most}`,
      );
    if (interruption !== null) return ended(interruption, `not converged: ended by ${interruption}`);
    const jacobian = system.jacobian(x);
    if (!isFinite(jacobian)) return ended("notFinite", "not converged: the Jacobian is not finite");
    columns = columnsOf(jacobian, x.length, columns);
    const held = columns;
    if (iterations === done) radius = FIRST * (norm(x.map((value, j) => value * held[j]!)) || 1);
    const { next, radius: after, isFull, wasInfinite } = advance(system, state, jacobian, columns, radius);
    radius = after;
    if (next === null) return { ...state, iterations, ...verdictOf(system, state, jacobian, wasInfinite) };
    const step = next.x.map((value, j) => value - x[j]!);
    const isShort = isFull && step.every((p, j) => Math.abs(p) <= goals.step * Math.abs(next.x[j]!));
    moved = largest(step);
    const shrinks = moved <= 0.75 * lastStep;
    lastStep = moved;
    state = next;
    iterations++;
    if (isShort && shrinks)
      return ended("step", `converged: the last step changed no unknown by more than ${goals.step} of its size`);
  }
}
