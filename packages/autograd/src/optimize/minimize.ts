/** Minima of functions of trees of parameters. */

import { GraphError } from "../errors.ts";
import { elementsOf } from "../graph/read.ts";
import { isTracked } from "../graph/record.ts";
import { SCALAR } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { LossGuard } from "../transforms/signatures.ts";
import { checkFunction, type AnyFunction } from "../transforms/trace.ts";
import type { Lifted, Loose } from "../transforms/tree.ts";
import { drive, type Run } from "./drive.ts";
import { solutionOf, type Solved } from "./implicit.ts";
import { isFinitePoint } from "./line/search.ts";
import { adam } from "./methods/adam.ts";
import type { Method } from "./methods/method.ts";
import { newton, trust } from "./methods/newton.ts";
import { bfgs, gradient, lbfgs } from "./methods/quasi-newton.ts";
import { objectiveOf, type Objective } from "./objective.ts";
import { parametersOf } from "./parameters.ts";
import { CONVERGED, type Outcome } from "./result.ts";
import { compileOption, type CompileChoice } from "./runner.ts";
import { stopKinds, watchOf, type StopOptions, type Watch } from "./stopping.ts";
import { refuseTraced } from "./traced.ts";

/** The ways to minimize. */
export type MinimizeMethod = "lbfgs" | "bfgs" | "newton" | "trust" | "adam" | "gradient";

/** How a function is minimized. */
export interface MinimizeOptions<P = unknown> extends StopOptions<P> {
  /** `"trust"` for up to 50 parameters and `"lbfgs"` for more, where nothing is said. */
  readonly method?: MinimizeMethod;
  /** Ends where no entry of the gradient is larger; 0, only where it vanishes, where nothing is said. */
  readonly gradientTolerance?: number;
  /**
   * Ends where the last whole step changed no parameter by a larger part of its size; 1e-13, for float32 1e-5, where
   * nothing is said.
   */
  readonly stepTolerance?: number;
  /** Ends where a step lowered the value by no larger part of it; not asked where nothing is said. */
  readonly valueTolerance?: number;
  /**
   * True if the function and its derivatives run compiled; `"auto"`, where that pays and can be, where nothing is said.
   */
  readonly compile?: CompileChoice;
  /** The rate of Adam, 0.01; of the others the first step, relative to the parameters, 0.1. */
  readonly eta?: number;
  /** How many steps L-BFGS remembers; 10. */
  readonly memory?: number;
}

const methods: Readonly<Record<MinimizeMethod, { readonly run: Method; readonly most: number }>> = {
  lbfgs: { run: lbfgs, most: 10_000 },
  bfgs: { run: bfgs, most: 5_000 },
  newton: { run: newton, most: 1_000 },
  trust: { run: trust, most: 1_000 },
  adam: { run: adam, most: 1_000 },
  gradient: { run: gradient, most: 10_000 },
};

const kinds: OptionKinds<MinimizeOptions> = {
  ...stopKinds,
  method: option.oneOf("lbfgs", "bfgs", "newton", "trust", "adam", "gradient"),
  gradientTolerance: option.finite(0),
  stepTolerance: option.finite(0),
  valueTolerance: option.finite(0),
  compile: compileOption,
  eta: option.finite(0, true),
  memory: option.whole(1),
};

/** So many parameters have a Hessian that is quickly computed. */
const FEW = 50;
/** So many have one that is quickly decomposed. */
const DENSE = 250;
/** True for Adam, which does not search: values may differ from call to call. */
const isRandom = (method: MinimizeMethod): boolean => method === "adam";

/**
 * Finds a minimum of a function, from its exact derivatives.
 *
 * @param f - gives a scalar tensor; its argument has the structure of the start, with a tensor in place of each number
 * @param start - where to begin: a number, a tensor, or arrays and objects of them, in float64 or float32
 * @param options - `method`, tolerances, `maxIterations`, `compile`, `callback`, `signal`, `progress`, `eta`, `memory`
 * @returns the parameters in the structure of the start, the value and the gradient there, and why it ended:
 * `converged` says whether that is a minimum (of the gradient methods: a point where the gradient vanishes)
 * @throws NonFiniteError where the function or its gradient is not finite at the start; GraphError
 * (`NOT_DETERMINISTIC`) where it gives two values at one point, (`TRACED`) inside a compiled function; DTypeError and
 * ArgumentError for parameters that cannot be moved, by name; ConfigError and ArgumentError for options that are none
 *
 * @example
 * const rosenbrock = ({ x, y }: { x: Tensor<[]>; y: Tensor<[]> }) =>
 *   add(pow(sub(1, x), 2), mul(100, pow(sub(y, mul(x, x)), 2)))
 * const { parameters, converged } = minimize(rosenbrock, { x: -1.2, y: 1 })
 * converged // => true
 * [parameters.x.item(), parameters.y.item()] // => [1, 1]
 */
export function minimize<const S, P = Lifted<S>, R = unknown>(
  f: (parameters: P) => R & LossGuard<R>,
  start: S & NoInfer<Loose<P>>,
  options?: MinimizeOptions<P>,
): Outcome<P>;
export function minimize(f: AnyFunction, start: unknown, options?: MinimizeOptions, extra?: unknown): Outcome<unknown> {
  const call = "minimize(f, start, { method, maxIterations, … })";
  checkFunction("minimize", f);
  refuseExtra("minimize", extra, call);
  const checked = checkOptions("minimize", options, kinds, { call });
  const parameters = parametersOf("minimize", start);
  const method = checked.method ?? (parameters.size <= FEW ? "trust" : "lbfgs");
  // What a callback changes, or a draw at each call, a program would not see.
  const isFixed = checked.callback === undefined && !isRandom(method);
  const objective = objectiveOf("minimize", f, parameters, checked.compile ?? (isFixed ? "auto" : false));
  const watch = watchOf(`minimize ${method}`, checked, methods[method].most);
  try {
    refuseTraced("minimize", "minimizes", () => objective.loss(parameters.split(parameters.start)));
    return outcomeOf(objective, runOf(objective, method, checked, watch), isRandom(method));
  } finally {
    watch.end();
  }
}

function runOf(objective: Objective, method: MinimizeMethod, options: MinimizeOptions, watch: Watch<unknown>): Run {
  const { parameters } = objective;
  const start = objective.at(parameters.start.slice());
  if (!isFinitePoint(start)) throw objective.notFinite(start, "at the start");
  if (!isRandom(method)) refuseRandom(objective, start.value);
  if (parameters.size === 0)
    return {
      point: start,
      iterations: 0,
      verdict: { reason: "gradient", message: "converged: there is nothing to move" },
    };
  const usual = parameters.spacing.some((spacing) => spacing > Number.EPSILON) ? 1e-5 : 1e-13;
  const tolerances = {
    gradient: options.gradientTolerance ?? 0,
    step: options.stepTolerance ?? usual,
    value: options.valueTolerance ?? 0,
  };
  const settings = { memory: options.memory ?? 10, eta: options.eta ?? (method === "adam" ? 0.01 : 0.1), dense: DENSE };
  return drive(methods[method].run, objective, start, settings, tolerances, watch, isRandom(method));
}

/**
 * Refuses a change of what the function captures: it must be the same from beginning to end, for a program most of all,
 * which has it as it was.
 */
function refuseChange(objective: Objective, before: number, now: number): void {
  if (Math.abs(now - before) <= 1e-6 * Math.abs(before) || Object.is(now, before)) return;
  refuseValues(objective, before, now);
}

/** A search compares values: they must be the same at the same point. */
function refuseRandom(objective: Objective, value: number): void {
  const again = objective.value(objective.parameters.start.slice());
  if (!Object.is(again, value)) refuseValues(objective, value, again);
}

function refuseValues({ op }: Objective, value: number, again: number): never {
  throw new GraphError({
    op,
    problem: `the function gives ${value} and then ${again} at the same point`,
    hint: 'draw random numbers before, and use the same ones at each call; of losses that are drawn anew { method: "adam" } finds a minimum',
    code: "NOT_DETERMINISTIC",
  });
}

/** The result, which follows what the function captures: its minimum is where the gradient vanishes. */
function outcomeOf(objective: Objective, { point, iterations, verdict }: Run, isRandom: boolean): Outcome<unknown> {
  const { op, parameters, counts } = objective;
  const value = objective.loss(parameters.split(point.x));
  if (!isRandom) refuseChange(objective, point.value, elementsOf(value)[0]!);
  const converged = CONVERGED.has(verdict.reason);
  const solved = (): Solved => ({
    op,
    equations: (x) => objective.slopes(parameters.cut(x)),
    solution: point.x,
    jacobian: () => objective.hessian(point.x),
    failure: converged ? null : verdict.message,
  });
  const solution = isTracked(value) ? solutionOf(solved()) : null;
  return {
    parameters: parameters.result(solution ?? point.x),
    value: (solution === null
      ? new Tensor(SCALAR, value.dtype, value.storage)
      : objective.loss(parameters.cut(solution))) as Tensor<[]>,
    gradient: parameters.result(point.gradient),
    iterations,
    evaluations: counts.values,
    converged,
    ...verdict,
  };
}
