/**
 * The derivatives of a model by its parameters, for fitters of other libraries: one program that goes from point to
 * point.
 */

import { ArgumentError, showShape } from "../errors.ts";
import { elementsOf } from "../graph/read.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { reshapeTo } from "../ops/layout.ts";
import { checkOptions, describe, refuseExtra, type OptionKinds } from "../options.ts";
import { compile } from "../transforms/compile.ts";
import { scan } from "../transforms/control.ts";
import { grad } from "../transforms/grad.ts";
import { checkFunction, type AnyFunction } from "../transforms/trace.ts";

/**
 * The function that `ml-levenberg-marquardt` takes as `jacobianFunction`: for parameters, a function that gives the
 * derivatives at an x.
 */
export type JacobianFunction = (parameters: readonly number[]) => (x: number) => number[];

/** How the derivatives are computed. */
export interface CompiledJacobianOptions {
  /** The points that will be asked for, in one program; what is asked for beside them is computed alone. */
  readonly points?: ArrayLike<number>;
}

const kinds: OptionKinds<CompiledJacobianOptions> = {
  points: {
    takes: "numbers in a row",
    type: "object",
    accepts: (value) => typeof value === "object" && value !== null && "length" in value && !isTensor(value),
  },
};

/**
 * Compiles the exact derivatives of a model by its parameters, in the form in which `ml-levenberg-marquardt` takes its
 * `jacobianFunction`. With `points` all of them are computed by one call of the program when the parameters are given:
 * a gradient at each point, whose time does not grow with the number of parameters as that of differences does.
 *
 * @param model - `(x, parameters) => y`: x a tensor of points `[k]`, parameters a tensor `[n]`, y a tensor `[k]`; it is
 * called with one point at a time, as a value of y belongs to its own point alone
 * @param options - `points`
 * @returns a function of the parameters that gives a function of a point, which gives the n derivatives
 * @throws ArgumentError for points that are no numbers, and, when it is called, for a model that does not give a value
 * for each point
 *
 * @example
 * const line = compiledJacobian(
 *   (x: Tensor<[number]>, p: Tensor<[number]>) => add(mul(at(p, 0), x), at(p, 1)),
 *   { points: [1, 2] },
 * )
 * line([5, 7])(2) // => [2, 1]
 */
export function compiledJacobian(
  model: (x: Tensor<[number]>, parameters: Tensor<[number]>) => Tensor,
  options?: CompiledJacobianOptions,
): JacobianFunction;
export function compiledJacobian(
  model: AnyFunction,
  options?: CompiledJacobianOptions,
  extra?: unknown,
): JacobianFunction {
  const call = "compiledJacobian(model, { points })";
  checkFunction("compiledJacobian", model);
  refuseExtra("compiledJacobian", extra, call);
  const { points } = checkOptions("compiledJacobian", options, kinds, { call });
  const known = Float64Array.from(points ?? []);
  const places = new Map(Array.from(known, (x, k) => [x, k] as const));
  const valueAt = (x: Tensor, parameters: Tensor): Tensor<[]> =>
    reshapeTo(checked(model(...([reshapeTo(x, [1]), parameters] as never[]))), []) as Tensor<[]>;
  // A gradient at each point, in one loop of the program: a sweep back costs a few values, one forward as many for each
  // parameter.
  const rows = (xs: Tensor<[number]>, parameters: Tensor): Tensor =>
    scan((none: Tensor<[]>, x: Tensor<[]>) => [none, grad((p: Tensor) => valueAt(x, p))(parameters)] as const, 0, xs)
      .ys;
  const program = compile(rows as (xs: Tensor, parameters: Tensor) => Tensor);
  const rowsAt = (xs: Float64Array, parameters: readonly number[]): ArrayLike<number> =>
    elementsOf(
      program(
        new Tensor([xs.length], "float64", xs),
        new Tensor([parameters.length], "float64", Float64Array.from(parameters)),
      ),
    );
  return (parameters) => {
    const size = parameters.length;
    const all = known.length === 0 ? [] : rowsAt(known, parameters);
    return (x) => {
      const place = places.get(x);
      const [from, begin] = place === undefined ? [rowsAt(Float64Array.of(x), parameters), 0] : [all, place * size];
      const out = new Array<number>(size);
      for (let j = 0; j < size; j++) out[j] = from[begin + j]!;
      return out;
    };
  };
}

/** The value at one point. */
function checked(given: unknown): Tensor {
  if (isTensor(given) && given.shape.length === 1 && given.shape[0] === 1) return given;
  const got = isTensor(given) ? showShape(given.shape) : describe(given);
  throw new ArgumentError({
    op: "compiledJacobian",
    problem: `the model gives ${got} for points of shape [1]`,
    hint: "let it give a value for each point",
  });
}
