/** Roots of equations and fixed points, over trees of unknowns. */

import { NonFiniteError } from "../errors.ts";
import { sub } from "../ops/arithmetic.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import { checkFunction, type AnyFunction } from "../transforms/trace.ts";
import type { Lifted, Loose } from "../transforms/tree.ts";
import { solutionOf } from "./implicit.ts";
import { isFinite, largest, norm } from "./linear/vectors.ts";
import { parametersOf } from "./parameters.ts";
import { CONVERGED, type Outcome } from "./result.ts";
import { compileOption, type CompileChoice } from "./runner.ts";
import { solve, type Ended, type Goals } from "./solve.ts";
import { iterationOf, stopKinds, watchOf, type StopOptions, type Watch } from "./stopping.ts";
import { systemOf, type System } from "./system.ts";
import { refuseTraced } from "./traced.ts";

/** How equations are solved. */
export interface RootOptions<P = unknown> extends StopOptions<P> {
  /** Ends where no residual is larger; 0, only where every equation holds exactly, where nothing is said. */
  readonly residualTolerance?: number;
  /**
   * Ends where the last Newton step changed no unknown by a larger part of its size; 1e-13, for float32 1e-5, where
   * nothing is said.
   */
  readonly stepTolerance?: number;
  /**
   * True if the function and its Jacobian run compiled; `"auto"`, where that pays and can be, where nothing is said.
   */
  readonly compile?: CompileChoice;
}

/** The outcome: the unknowns, and what is left of the equations there, both in the structure of the start. */
export interface RootOutcome<P> extends Omit<Outcome<P>, "value" | "gradient"> {
  readonly residuals: P;
}

const kinds: OptionKinds<RootOptions> = {
  ...stopKinds,
  residualTolerance: option.finite(0),
  stepTolerance: option.finite(0),
  compile: compileOption,
};
/** So many iterations where nothing is said; ten are usual. */
const MOST = 500;

/**
 * Solves f(x) = 0 for as many unknowns as equations, by Newton's method with exact Jacobians, kept from going astray.
 *
 * @param f - gives a tree of the structure of its argument, with a residual in the place of each unknown
 * @param start - where to begin: a number, a tensor, or arrays and objects of them
 * @param options - `residualTolerance`, `stepTolerance`, `maxIterations`, `compile`, `callback`, `signal`, `progress`
 * @returns the solution, and why it ended; derivatives of it by what `f` captures have every order and both modes
 * @throws NonFiniteError where the equations are not finite at the start; ShapeError where they do not fit the
 * unknowns; GraphError (`TRACED`) inside a compiled function, (`SINGULAR`, `NOT_CONVERGED`) where a derivative is asked
 * for that does not exist
 *
 * @example
 * const squareRoot = (a: Tensor<[]>): Tensor<[]> => root((x: Tensor<[]>) => sub(mul(x, x), a), 1).parameters
 * [squareRoot(tensor(9)).item(), grad(squareRoot)(9).item()] // => [3, 0.16666666666666666]
 */
export function root<const S, P = Lifted<S>>(
  f: (unknowns: P) => NoInfer<Loose<P>>,
  start: S & NoInfer<Loose<P>>,
  options?: RootOptions<P>,
): RootOutcome<P>;
export function root(f: AnyFunction, start: unknown, options?: RootOptions, extra?: unknown): RootOutcome<unknown> {
  return solved("root", f, start, options, extra, false);
}

/**
 * Finds x with f(x) = x: iterates f some times, unless that leads away, and goes on from the nearest point by Newton's
 * method.
 *
 * @param f - gives a tree of the structure of its argument
 * @param start - where to begin: a number, a tensor, or arrays and objects of them
 * @param options - those of {@link root}
 * @returns the fixed point, and why it ended; `residuals` is x − f(x); derivatives as of {@link root}
 * @throws what {@link root} throws
 *
 * @example
 * fixedPoint((x: Tensor<[]>) => cos(x), 1).parameters.item() // => 0.7390851332151607
 */
export function fixedPoint<const S, P = Lifted<S>>(
  f: (unknowns: P) => NoInfer<Loose<P>>,
  start: S & NoInfer<Loose<P>>,
  options?: RootOptions<P>,
): RootOutcome<P>;
export function fixedPoint(
  f: AnyFunction,
  start: unknown,
  options?: RootOptions,
  extra?: unknown,
): RootOutcome<unknown> {
  return solved("fixedPoint", f, start, options, extra, true);
}

function solved(
  op: "root" | "fixedPoint",
  f: AnyFunction,
  start: unknown,
  options: RootOptions | undefined,
  extra: unknown,
  isFixed: boolean,
): RootOutcome<unknown> {
  const call = `${op}(f, start, { residualTolerance, stepTolerance, maxIterations, … })`;
  checkFunction(op, f);
  refuseExtra(op, extra, call);
  const checked = checkOptions(op, options, kinds, { call });
  const parameters = parametersOf(op, start);
  const system = systemOf(
    op,
    parameters,
    (leaves) => {
      const given = parameters.join(f(...([parameters.rebuild(leaves)] as never[])));
      return isFixed ? sub(parameters.joinLeaves(leaves), given) : given;
    },
    checked.compile ?? (checked.callback === undefined ? "auto" : false),
  );
  refuseTraced(op, "solves", () => system.equations(parameters.joinLeaves(parameters.leaves)));
  const watch = watchOf<unknown>(op, checked, MOST);
  const usual = parameters.spacing.some((spacing) => spacing > Number.EPSILON) ? 1e-5 : 1e-13;
  const goals: Goals = { residual: checked.residualTolerance ?? 0, step: checked.stepTolerance ?? usual };
  try {
    return outcomeOf(system, isFixed ? iterate(system, goals, watch) : begin(system, goals, watch));
  } finally {
    watch.end();
  }
}

function firstResiduals(system: System): { readonly x: Float64Array; readonly residuals: Float64Array } {
  const x = system.parameters.start.slice();
  const residuals = system.residuals(x);
  const at = residuals.findIndex((one) => !Number.isFinite(one));
  if (at < 0) return { x, residuals };
  throw new NonFiniteError({
    op: system.op,
    problem: `the function gives ${residuals[at]!} at the start, in the place of ${system.parameters.name(at)}`,
    hint: "begin where it has a value; detectAnomaly names the line that has none",
  });
}

const begin = (system: System, goals: Goals, watch: Watch<unknown>): Ended =>
  solve(system, firstResiduals(system), goals, watch);

/**
 * So many times the function itself is applied, to come to the fixed point that it leads to, and not to another one.
 */
const PLAIN = 20;
/** A step that is so many times as long as the first one: the function leads away. */
const AWAY = 100;

function iterate(system: System, goals: Goals, watch: Watch<unknown>): Ended {
  const start = firstResiduals(system);
  let [state, best, iterations] = [start, start, 0];
  for (; iterations < PLAIN; iterations++) {
    const { x, residuals } = state;
    const value = norm(residuals);
    const told = {
      iteration: iterations,
      value,
      slope: largest(residuals),
      step: largest(residuals),
      evaluations: system.evaluations(),
    };
    const interruption = watch.look(iterationOf(told, () => system.parameters.result(x)));
    if (interruption !== null)
      return { ...state, iterations, reason: interruption, message: `not converged: ended by ${interruption}` };
    if (largest(residuals) <= goals.residual) break;
    const next = x.map((one, k) => one - residuals[k]!);
    const after = system.residuals(next);
    if (!isFinite(after) || norm(after) > AWAY * norm(start.residuals)) break;
    state = { x: next, residuals: after };
    if (norm(after) < norm(best.residuals)) best = state;
  }
  return solve(system, best, goals, watch, iterations);
}

/** The result, which follows what the function captures. */
function outcomeOf(system: System, { x, residuals, iterations, reason, message }: Ended): RootOutcome<unknown> {
  const { op, parameters } = system;
  const converged = CONVERGED.has(reason);
  const solution = solutionOf({
    op,
    equations: (y) => system.equations(y),
    solution: x,
    jacobian: () => system.jacobian(x),
    failure: converged ? null : message,
  });
  const evaluations = system.evaluations();
  return {
    parameters: parameters.result(solution),
    residuals: parameters.result(residuals),
    iterations,
    evaluations,
    converged,
    reason,
    message,
  };
}
