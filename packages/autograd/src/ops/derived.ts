/** Reductions that are compositions: they need no rule, and are right to any order because their parts are. */

import { DTypeError } from "../errors.ts";
import { full } from "../graph/create.ts";
import { checkAxes, countOf } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { Axes, Reduce } from "../types/reduce.ts";
import type { Guard, Result, Shape } from "../types/shape.ts";
import { div, mul, sub } from "./arithmetic.ts";
import { sliceAxis } from "./assembly.ts";
import { asTensor } from "./elementwise.ts";
import { floatTensor, meanOver, readKeepDims, sumOver, type ReduceOptions } from "./expansion.ts";
import { permute, reshapeTo } from "./layout.ts";

/**
 * Π x over all axes, or over the given ones; the product of nothing is 1. Multiplied by halves, so that the derivative
 * never divides: it is right where entries are 0.
 *
 * @example
 * prod(tensor([2, 3, 4])).item() // => 24
 */
export function prod<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
  x: Tensor<A>,
  axis?: X & Guard<Reduce<A, X, K>>,
  options?: ReduceOptions<K>,
): Tensor<Result<Reduce<A, X, K>>>;
export function prod(x: Tensor, axis?: Axes, options?: ReduceOptions, extra?: unknown): Tensor {
  const from = asTensor("prod", x);
  const keepDims = readKeepDims("prod", options, extra);
  if (from.dtype === "bool")
    throw new DTypeError({
      op: "prod",
      problem: "is not defined for bool",
      hint: 'cast(x, "int32") first; min(x) tells whether all are true',
    });
  const axes = checkAxes("prod", axis, from.shape.length);
  const rest = from.shape.map((_, at) => at).filter((at) => !axes.includes(at));
  const outer = rest.map((at) => from.shape[at]!);
  let size = countOf(axes.map((at) => from.shape[at]!));
  let factors: Tensor = reshapeTo(permute(from, [...rest, ...axes]), [countOf(outer), size]);
  let odd: Tensor | null = null;
  if (size === 0) factors = full([countOf(outer), 1], 1, { dtype: from.dtype });
  while (size > 1) {
    if (size % 2 === 1) {
      const last = sliceAxis(factors, 1, size - 1, size);
      odd = odd === null ? last : mul(odd, last);
    }
    size = Math.floor(size / 2);
    factors = mul(sliceAxis(factors, 1, 0, size), sliceAxis(factors, 1, size, 2 * size));
  }
  const product: Tensor = odd === null ? factors : mul(factors, odd);
  const shape = keepDims ? from.shape.map((n, at) => (axes.includes(at) ? 1 : n)) : outer;
  return reshapeTo(product, shape);
}

/** Which variance. */
export interface VarOptions<K extends boolean = boolean> extends ReduceOptions<K> {
  /** The number that is taken off the count in the divisor: 0 (the default) for the population, 1 for a sample. */
  readonly ddof?: number;
}

const varKinds: OptionKinds<VarOptions> = { keepDims: option.flag, ddof: option.finite(0) };

/**
 * The variance Σ (x - mean)² / (n - ddof) over all axes, or over the given ones, in two passes; NaN where n ≤ ddof.
 *
 * @throws ConfigError for a `ddof` that is no non-negative number
 *
 * @example
 * variance(tensor([1, 2, 3])).item() // => 0.6666666666666666
 */
export function variance<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
  x: Tensor<A>,
  axis?: X & Guard<Reduce<A, X, K>>,
  options?: VarOptions<K>,
): Tensor<Result<Reduce<A, X, K>>>;
export function variance(x: Tensor, axis?: Axes, options?: VarOptions, extra?: unknown): Tensor {
  const from = floatTensor("var", x);
  const axes = checkAxes("var", axis, from.shape.length);
  const call = "variance(x, axis, { ddof, keepDims })";
  refuseExtra("var", extra, call);
  const { ddof = 0, keepDims = false } = checkOptions("var", options, varKinds, {
    call,
    instead: { unbiased: "did you mean ddof? unbiased is { ddof: 1 }" },
  });
  const count = countOf(axes.map((at) => from.shape[at]!));
  const deviation: Tensor = sub(from, meanOver(from, axes, true));
  const squares = sumOver(mul(deviation, deviation), axes, keepDims);
  return div(squares, Math.max(0, count - ddof));
}
