/** Curves through data: parameters of a model and their standard deviations in one line. */

import { ArgumentError, ConfigError, ShapeError, showShape } from "../errors.ts";
import { tensor } from "../graph/create.ts";
import { elementsOf } from "../graph/read.ts";
import { countOf, sameShape } from "../graph/shape.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKinds } from "../options.ts";
import { sub } from "../ops/arithmetic.ts";
import { checkFunction, type AnyFunction } from "../transforms/trace.ts";
import type { Lifted, Loose } from "../transforms/tree.ts";
import { fitted, leastSquaresKinds, type LeastSquaresOptions } from "./least-squares.ts";
import type { Fit } from "./leastsquares/fit.ts";

/** Numbers that a curve is drawn through: a tensor, or numbers in a row. */
export type Data = Tensor | ArrayLike<number>;

/** A model of one predictor takes it as a tensor; what is no list of numbers it takes as it is. */
export type Predictor<X> = X extends Tensor ? X : X extends ArrayLike<number> ? Tensor<[number]> : X;

/** How a curve is fitted. */
export interface CurveFitOptions<P = unknown> extends Omit<LeastSquaresOptions<P>, "absolute"> {
  /** The standard deviation of each measurement, or of all: differences count in units of it. */
  readonly sigma?: Data | number;
  /**
   * `sigma` says how large errors are, and not only how they compare; then the scatter of the residuals says nothing
   * more.
   */
  readonly absoluteSigma?: boolean;
}

const isData = (value: unknown): boolean =>
  isTensor(value) || (typeof value === "object" && value !== null && "length" in value);
const { absolute: _, ...shared } = leastSquaresKinds;
const kinds: OptionKinds<CurveFitOptions> = {
  ...shared,
  sigma: {
    takes: "a positive number, or one for each measurement",
    type: "number",
    accepts: (value) => isData(value) || option.finite(0, true).accepts(value),
  },
  absoluteSigma: option.flag,
};

/** Names in SciPy, and what to write here. */
const instead = {
  p0: "the start is the fourth argument: curveFit(model, x, y, start)",
  xdata: "x is the second argument",
  ydata: "y is the third argument",
  f: "the model is the first argument",
};

/**
 * Fits a curve to data, as SciPy's `curve_fit` does: the parameters for which Σ ((model − y) / σ)² is least.
 *
 * @param model - `(x, parameters) => y`, in the library's ops; `parameters` has the structure of the start
 * @param x - where it was measured: numbers or a tensor; what is neither (a record of several predictors) is handed on
 * as it is
 * @param y - what was measured: numbers or a tensor, in the shape that the model gives
 * @param start - where to begin
 * @param options - `sigma`, `absoluteSigma`, and those of `leastSquares`
 * @returns the fit; its residuals are model − y
 * @throws ShapeError where the model gives another shape than y has; ConfigError for a σ that is not positive; and what
 * `leastSquares` throws
 *
 * @example
 * const x = [0, 1, 2, 3]
 * const y = [1.1, 2.9, 5.1, 6.9]
 * const { parameters, standardDeviations } = curveFit((x, { a, b }) => add(mul(a, x), b), x, y, { a: 1, b: 0 })
 * Math.round(parameters.a.item() * 1e9) / 1e9 // => 1.96
 * Math.round(standardDeviations.a.item() * 1e4) / 1e4 // => 0.0566
 */
export function curveFit<const X, const S, P = Lifted<S>>(
  model: (x: Predictor<X>, parameters: P) => Tensor,
  x: X,
  y: Data,
  start: S & NoInfer<Loose<P>>,
  options?: CurveFitOptions<P>,
): Fit<P>;
export function curveFit(
  model: AnyFunction,
  x: unknown,
  y: Data,
  start: unknown,
  options?: CurveFitOptions,
  extra?: unknown,
): Fit<unknown> {
  const call = "curveFit(model, x, y, start, { sigma, absoluteSigma, … })";
  checkFunction("curveFit", model);
  refuseExtra("curveFit", extra, call);
  const { sigma, absoluteSigma = false, ...rest } = checkOptions("curveFit", options, kinds, { call, instead });
  const measured = measuredOf(y);
  const at = isTensor(x) || !isNumbers(x) ? x : tensor(Float64Array.from(x));
  const weights = weightsOf(sigma, countOf(measured.shape), rest.weights);
  const given = weights === undefined ? rest : { ...rest, weights };
  return fitted(
    "curveFit",
    (parameters: unknown) => difference(model(...([at, parameters] as never[])), measured),
    start,
    { ...given, absolute: absoluteSigma },
  );
}

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  typeof value === "object" &&
  value !== null &&
  "length" in value &&
  Array.from(value as ArrayLike<unknown>).every((one) => typeof one === "number");

function measuredOf(y: unknown): Tensor {
  const measured = isTensor(y) ? y : isNumbers(y) ? tensor(Float64Array.from(y)) : null;
  if (measured === null)
    throw new ArgumentError({
      op: "curveFit",
      problem: `y is ${describe(y)}`,
      hint: "write curveFit(model, x, y, start) with y a tensor, or numbers in a row",
    });
  const bad = elementsOf(measured).findIndex((one: number) => !Number.isFinite(one));
  if (bad >= 0)
    throw new ConfigError({
      op: "curveFit",
      problem: `y has ${elementsOf(measured)[bad]!} at ${bad}`,
      hint: "leave out what was not measured",
    });
  return measured;
}

/**
 * model − y, of the same shape: a model that gives one number would be compared with each measurement without a word.
 */
function difference(given: unknown, measured: Tensor): Tensor {
  if (!isTensor(given))
    throw new ArgumentError({
      op: "curveFit",
      problem: `the model gives ${describe(given)}, not a tensor`,
      hint: "compute with tensors to the end",
    });
  if (sameShape(given.shape, measured.shape)) return sub(given, measured);
  throw new ShapeError({
    op: "curveFit",
    problem: `the model gives ${showShape(given.shape)} and y has ${showShape(measured.shape)}`,
    hint: "let the model give a value for each measurement",
    shapes: [given.shape, measured.shape],
  });
}

/** weight / σ² */
function weightsOf(sigma: Data | number | undefined, rows: number, weights: Data | undefined): Data | undefined {
  if (sigma === undefined) return weights;
  const list =
    typeof sigma === "number"
      ? new Float64Array(rows).fill(sigma)
      : isTensor(sigma)
        ? Float64Array.from(elementsOf(sigma))
        : Float64Array.from(sigma);
  if (list.length !== rows)
    throw new ArgumentError({
      op: "curveFit",
      problem: `there are ${list.length} sigma for ${rows} measurements`,
      hint: "give a number for all, or one for each",
    });
  const bad = list.findIndex((one) => !(one > 0 && one < Infinity));
  if (bad >= 0)
    throw new ConfigError({ op: "curveFit", problem: `sigma ${bad} is ${list[bad]!}`, hint: "give positive numbers" });
  const given = weights === undefined ? null : isTensor(weights) ? elementsOf(weights) : weights;
  return list.map((one, i) => (given === null ? 1 : given[i]!) / (one * one));
}
