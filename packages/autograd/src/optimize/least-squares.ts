/** Sums of squares: fits to data, from exact Jacobians. */

import type { Elements } from "../graph/dtype.ts";
import { elementsOf } from "../graph/read.ts";
import { isTracked } from "../graph/record.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { ArgumentError, ConfigError, GraphError } from "../errors.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKinds } from "../options.ts";
import { checkFunction, type AnyFunction } from "../transforms/trace.ts";
import type { Lifted, Loose } from "../transforms/tree.ts";
import { boundsOf, type BoundsOption } from "./leastsquares/bounds.ts";
import { followed } from "./leastsquares/followed.ts";
import { search, type Bounds, type Ended, type System } from "./leastsquares/levenberg.ts";
import { fitOf, type Fit } from "./leastsquares/fit.ts";
import type { LossName } from "./leastsquares/losses.ts";
import { areFinite } from "./leastsquares/qr.ts";
import { residualsOf, type Residuals } from "./leastsquares/residuals.ts";
import { parametersOf, type Parameters } from "./parameters.ts";
import { compileOption, type CompileChoice } from "./runner.ts";
import { iterationOf, stopKinds, watchOf, type StopOptions, type Watch } from "./stopping.ts";

export type { BoundsOption, Fit, LossName };

/** How a sum of squares is made small. */
export interface LeastSquaresOptions<P = unknown> extends StopOptions<P> {
  /** The bounds of the parameters: `{ lower, upper }`, each a number for all or a tree like the parameters. */
  readonly bounds?: BoundsOption;
  /** How much each residual's square counts, 1/σ²: a number for each, none negative; 0 leaves one out. */
  readonly weights?: Tensor | ArrayLike<number>;
  /** How large residuals count: as squares, `"linear"`, where nothing is said; less with the others. */
  readonly loss?: LossName;
  /** From where on a residual counts as large; 1. */
  readonly lossScale?: number;
  /** Residuals are in units of their standard deviations, so that these are not estimated from how they scatter. */
  readonly absolute?: boolean;
  /**
   * Ends where a whole step moves no parameter by a larger part of it; 1.8e-15, for float32 9.5e-7, where nothing is
   * said.
   */
  readonly stepTolerance?: number;
  /**
   * Gives the derivatives of the residuals by the parameters as `jacobian(residuals)` does: a row for each residual, in
   * the structure of the parameters. For what is known of them, and for a program that is compiled once and serves many
   * fits.
   */
  readonly jacobian?: (parameters: P) => unknown;
  /**
   * True if standard deviations, covariance, rank and condition are computed, which takes as long as some steps; where
   * `false` is said they are NaN, and nothing warns of what the data do not determine. For fits of which only the
   * parameters count, such as one in each frame.
   */
  readonly statistics?: boolean;
  /** True if residuals and Jacobian run compiled; `"auto"`, where that pays and can be, where nothing is said. */
  readonly compile?: CompileChoice;
}

const takesWeights = {
  takes: "a number for each residual",
  type: "object",
  accepts: (value: unknown) => isTensor(value) || (typeof value === "object" && value !== null && "length" in value),
};

export const leastSquaresKinds: OptionKinds<LeastSquaresOptions> = {
  ...stopKinds,
  bounds: option.record,
  weights: takesWeights,
  loss: option.oneOf("linear", "huber", "softL1", "cauchy", "arctan"),
  lossScale: option.finite(0, true),
  absolute: option.flag,
  stepTolerance: option.finite(0),
  jacobian: option.callback,
  statistics: option.flag,
  compile: compileOption,
};

/** So many steps lead along the longest valley known; a fit takes some ten. */
const MOST_ITERATIONS = 2000;
/** A step of so many units in the last place is small. */
const STEP_SPACINGS = 8;

/**
 * Finds parameters for which a sum of squares is least, by Levenberg's and Marquardt's method in a trust region: exact
 * Jacobians, factored by rotations and never squared, scaled by their columns. It ends where the step is small, or
 * where only rounding decides, and not where the sum stops falling: the parameters have the digits that the data give
 * them.
 *
 * @param residuals - gives what is squared and summed, a tensor or a tree of tensors; its argument has the structure of
 * the start
 * @param start - where to begin: a number, a tensor, or arrays and objects of them, in float64 or float32
 * @param options - `bounds`, `weights`, `loss`, `lossScale`, `absolute`, `stepTolerance`, `maxIterations`, `jacobian`,
 * `statistics`, `compile`, `callback`, `signal`, `progress`
 * @returns the parameters with their standard deviations, covariance and rank; `warnings` name those that the data do
 * not determine.
 * Derivatives of parameters, value, gradient and residuals pass to what the residuals capture, such as data: to any
 * order, in both modes
 * @throws NonFiniteError where residuals or derivatives are not finite at the start; GraphError (`TRACED`) inside a
 * compiled function, (`NOT_DETERMINISTIC`) for two results at one point; where a derivative is asked for,
 * `NOT_CONVERGED`, `SINGULAR`, and `NOT_FOLLOWED` of standard deviations and of the loss arctan; ConfigError for bounds
 * that do not hold the start, and for weights that are negative; ShapeError for a `jacobian` of other shapes;
 * DTypeError and ArgumentError for parameters and residuals that are no real numbers
 *
 * @example
 * const [t, y] = [tensor([0, 1, 2, 3]), tensor([8, 4, 2, 1])]
 * const fit = leastSquares(({ a, k }) => sub(mul(a, exp(neg(mul(k, t)))), y), { a: 5, k: 1 })
 * [fit.parameters.a.item(), Math.exp(fit.parameters.k.item())].map((x) => Math.round(x * 1e9) / 1e9) // => [8, 2]
 */
export function leastSquares<const S, P = Lifted<S>>(
  residuals: (parameters: P) => unknown,
  start: S & NoInfer<Loose<P>>,
  options?: LeastSquaresOptions<P>,
): Fit<P>;
export function leastSquares(
  f: AnyFunction,
  start: unknown,
  options?: LeastSquaresOptions,
  extra?: unknown,
): Fit<unknown> {
  const call = "leastSquares(residuals, start, { bounds, weights, loss, … })";
  checkFunction("leastSquares", f);
  refuseExtra("leastSquares", extra, call);
  return fitted("leastSquares", f, start, checkOptions("leastSquares", options, leastSquaresKinds, { call }));
}

/** The fit for options that are checked. */
export function fitted(op: string, f: AnyFunction, start: unknown, options: LeastSquaresOptions): Fit<unknown> {
  const parameters = parametersOf(op, start);
  const bounds = boundsOf(op, options.bounds, start, parameters);
  const choice = options.compile ?? (options.callback === undefined ? "auto" : false);
  const system = residualsOf(op, f, parameters, choice, options.jacobian);
  const watch = watchOf<unknown>(op, options, MOST_ITERATIONS);
  try {
    return run(op, system, parameters, bounds, options, watch);
  } finally {
    watch.end();
  }
}

function run(
  op: string,
  system: Residuals,
  parameters: Parameters,
  bounds: Bounds | null,
  options: LeastSquaresOptions,
  watch: Watch<unknown>,
): Fit<unknown> {
  const start = parameters.start.slice();
  const first = system.residuals(start);
  const roots = rootsOf(op, options.weights, first.length);
  const weighted = weightedSystem(system, roots);
  const loss = { name: options.loss ?? "linear", scale: options.lossScale ?? 1 };
  const residuals = weighted.residuals(start);
  const seen = system.vector(parameters.tree(start));
  refuseRandom(op, first, elementsOf(seen));
  const jacobian = weighted.jacobian(start);
  const sum = residuals.reduce((total, r) => total + r * r, 0);
  if (!Number.isFinite(sum) || !areFinite(jacobian)) throw system.notFinite(start, "at the start");
  const spacing = largest(parameters.spacing);
  const ended = search(weighted, start, residuals, jacobian, {
    bounds,
    loss,
    stepTolerance: options.stepTolerance ?? STEP_SPACINGS * spacing,
    spacing,
    look: (state, slope) =>
      watch.look(
        iterationOf(
          {
            iteration: state.iterations,
            value: state.value,
            slope: 2 * largest(slope),
            step: largest(state.step),
            evaluations: state.evaluations,
          },
          () => parameters.result(state.x),
        ),
      ) as Ended["reason"] | null,
  });
  const fit = fitOf({
    ended,
    plain: roots === null ? ended.residuals : system.residuals(ended.x),
    roots,
    parameters,
    bounds,
    loss,
    absolute: options.absolute ?? false,
    known: options.statistics ?? true,
  });
  return isTracked(seen) ? followed({ op, fit, solution: ended.x, system, parameters, roots, loss }) : fit;
}

const largest = (numbers: Float64Array): number => numbers.reduce((most, one) => Math.max(most, Math.abs(one)), 0);

/** The roots of the weights; `null` where all count alike. */
function rootsOf(op: string, weights: Tensor | ArrayLike<number> | undefined, rows: number): Float64Array | null {
  if (weights === undefined) return null;
  const list = isTensor(weights) ? elementsOf(weights) : Float64Array.from(weights);
  if (list.length !== rows) {
    throw new ArgumentError({
      op,
      problem: `there are ${list.length} weights for ${rows} residuals`,
      hint: "give a weight for each residual",
    });
  }
  const bad = list.findIndex((weight: number) => !(weight >= 0 && weight < Infinity));
  if (bad >= 0)
    throw new ConfigError({
      op,
      problem: `weight ${bad} is ${describe(list[bad])}`,
      hint: "give finite weights that are not negative",
    });
  return Float64Array.from(list, Math.sqrt);
}

function weightedSystem(system: System, roots: Float64Array | null): System {
  if (roots === null) return system;
  const weigh = (numbers: Float64Array): Float64Array =>
    numbers.map((one, at) => (roots[at % roots.length] === 0 ? 0 : one * roots[at % roots.length]!));
  return {
    round: (x) => system.round(x),
    residuals: (x) => weigh(system.residuals(x)),
    jacobian: (x) => weigh(system.jacobian(x)),
  };
}

/** A search compares sums: they must be the same at the same point. */
function refuseRandom(op: string, first: Float64Array, again: Elements): void {
  const at = first.findIndex((value: number, i) => !Object.is(value, again[i]));
  if (at < 0 && first.length === again.length) return;
  throw new GraphError({
    op,
    problem: `residual ${at} is ${first[at]!} and then ${again[at]!} at the same point`,
    hint: "draw random numbers before, and use the same ones at each call",
    code: "NOT_DETERMINISTIC",
  });
}
