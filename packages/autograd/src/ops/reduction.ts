/** Reductions with rules of their own: extremes, log-sum-exp, softmax, norm. */

import { SizeError, showShape } from "../errors.ts";
import { allocate, type Elements } from "../graph/dtype.ts";
import type { Lowering } from "../graph/lowering.ts";
import type { CustomOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { checkAxes } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import * as kernel from "../kernels/reduce.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { Axes, Reduce } from "../types/reduce.ts";
import type { Guard, Result, Shape } from "../types/shape.ts";
import { apply } from "./apply.ts";
import { abs, add, div, mul, sub } from "./arithmetic.ts";
import { equal, less, logicalAnd, logicalOr, notEqual, where } from "./comparison.ts";
import { binary, unary, type Binary, type Unary } from "./declare.ts";
import { asTensor } from "./elementwise.ts";
import {
  floatTensor,
  fromElements,
  readKeepDims,
  runsOf,
  sumCotangent,
  sumOver,
  type ReduceOptions,
  type Runs,
} from "./expansion.ts";
import { permute, reshapeTo } from "./layout.ts";
import { absorb, negated, pass, portion } from "./marks.ts";
import { exp, log, sqrt } from "./transcendental.ts";

interface Reduction {
  readonly axes: readonly number[];
}

/** Runs a kernel that reduces each run to one number; the reduced axes stay with size 1. */
function reduceRuns(x: Tensor, axes: readonly number[], run: (out: Elements, runs: Runs) => void): Tensor {
  const runs = runsOf(x, axes);
  const out = allocate(x.dtype, runs.outer * runs.inner);
  run(out, runs);
  return fromElements(runs.kept, x.dtype, out);
}

/** Runs a kernel that keeps the shape. */
function mapRuns(x: Tensor, axes: readonly number[], run: (out: Elements, runs: Runs) => void): Tensor {
  const runs = runsOf(x, axes);
  const out = allocateUnwritten(x.dtype, runs.outer * runs.size * runs.inner);
  run(out, runs);
  const arranged = fromElements(runs.x.shape, x.dtype, out);
  if (runs.x === x) return arranged;
  // The runs were brought to the end; put their axes back.
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...rest, ...axes];
  return permute(
    arranged,
    x.shape.map((_, axis) => order.indexOf(axis)),
  );
}

/** Drops the reduced axes, unless they are to stay. */
function finish(kept: Tensor, x: Tensor, axes: readonly number[], keepDims: boolean): Tensor {
  return keepDims
    ? kept
    : reshapeTo(
        kept,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      );
}

// y = max x        dy/dx = 1/k at the k largest entries, else 0
function extremumOp(name: "max" | "min", direction: 1 | -1): CustomOp<Reduction> {
  /** True where the extreme is reached; a NaN counts as reached by the NaN entries. */
  const reached = (x: Tensor, y: Tensor): Tensor => logicalOr(equal(x, y), logicalAnd(notEqual(x, x), notEqual(y, y)));
  const share = (mask: Tensor, axes: readonly number[], like: Tensor): Tensor =>
    sumOver(where(mask, fill(like, 1), 0), axes, true);
  return {
    kind: "custom",
    name,
    needs: "both",
    evaluate: ([x], { axes }) =>
      reduceRuns(x!, axes, (out, runs) =>
        kernel.extremum(out, elementsOf(runs.x), runs.outer, runs.size, runs.inner, direction),
      ),
    vjp(g, { inputs: [x], output, attributes: { axes } }) {
      const mask = reached(x!, output);
      return [pass(mask, portion(g, share(mask, axes, x!)))];
    },
    jvp([t], { inputs: [x], output, attributes: { axes } }) {
      const mask = reached(x!, output);
      return portion(sumCotangent(pass(mask, t!), axes, true), share(mask, axes, x!));
    },
    lower: (l, [x], { axes }) => l.reduce(name, x!, axes),
  };
}

/** A constant of the type of `x`, as a scalar. */
function fill(x: Tensor, value: number): Tensor<[]> {
  return new Tensor([], x.dtype, value);
}

const maxOp = extremumOp("max", 1);
const minOp = extremumOp("min", -1);

function extremum(op: CustomOp<Reduction>, input: unknown, axis: Axes, keepDims: boolean): Tensor {
  const x = asTensor(op.name, input);
  const axes = checkAxes(op.name, axis, x.shape.length);
  if (axes.some((at) => x.shape[at] === 0)) {
    throw new SizeError({
      op: op.name,
      problem: `nothing to choose from along an empty axis of ${showShape(x.shape)}`,
      hint: "check the size first",
      shapes: [x.shape],
    });
  }
  return finish(apply(op, [x], { axes }), x, axes, keepDims);
}

/**
 * The largest entry over all axes, or over the given ones; NaN where there is one. Equal largest entries share the
 * gradient.
 *
 * @throws SizeError for an empty axis
 *
 * @example
 * max(tensor([[1, 5], [7, 2]]), 1).toArray() // => [5, 7]
 */
export function max<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
  x: Tensor<A>,
  axis?: X & Guard<Reduce<A, X, K>>,
  options?: ReduceOptions<K>,
): Tensor<Result<Reduce<A, X, K>>>;
export function max(x: Tensor, axis?: Axes, options?: ReduceOptions, extra?: unknown): Tensor {
  return extremum(maxOp, x, axis, readKeepDims("max", options, extra));
}

/**
 * The smallest entry over all axes, or over the given ones; NaN where there is one. Equal smallest entries share the
 * gradient.
 *
 * @throws SizeError for an empty axis
 *
 * @example
 * min(tensor([[1, 5], [7, 2]]), 1).toArray() // => [1, 2]
 */
export function min<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
  x: Tensor<A>,
  axis?: X & Guard<Reduce<A, X, K>>,
  options?: ReduceOptions<K>,
): Tensor<Result<Reduce<A, X, K>>>;
export function min(x: Tensor, axis?: Axes, options?: ReduceOptions, extra?: unknown): Tensor {
  return extremum(minOp, x, axis, readKeepDims("min", options, extra));
}

/** The largest entry of each run; with `finite`, 0 where that is not finite. */
function shiftOf<V>(l: Lowering<V>, x: V, axes: readonly number[], finite: boolean): V {
  const largest = l.reduce("max", x, axes);
  if (!finite) return largest;
  const dtype = l.dtypeOf(x);
  return l.map(
    where.op,
    l.map(less.op, l.map(abs.op, largest), l.scalar(Infinity, dtype)),
    largest,
    l.scalar(0, dtype),
  );
}

// y = p, p_i = e^x_i / Σ_k e^x_k        dy_i/dx_j = p_i (δ_ij - p_j)
function softmaxOp(name: string, weights: boolean): CustomOp<Reduction> {
  const product = (t: Tensor, y: Tensor, axes: readonly number[]): Tensor =>
    absorb(add(t, negated(sumCotangent(absorb(t, y), axes, true))), y);
  return {
    kind: "custom",
    name,
    needs: "output",
    evaluate: ([x], { axes }) =>
      mapRuns(x!, axes, (out, runs) =>
        kernel.softmax(out, elementsOf(runs.x), runs.outer, runs.size, runs.inner, weights),
      ),
    // The Jacobian is symmetric: both directions are the same product.
    vjp: (g, { output, attributes }) => [product(g, output, attributes.axes)],
    jvp: ([t], { output, attributes }) => product(t!, output, attributes.axes),
    lower(l, [x], { axes }) {
      const powers = l.map(exp.op, l.map(sub.op, x!, shiftOf(l, x!, axes, weights)));
      const total = l.cast(l.reduce("sum", powers, axes), l.dtypeOf(x!));
      const divisor = weights
        ? l.map(where.op, l.map(equal.op, total, l.scalar(0, l.dtypeOf(x!))), l.scalar(1, l.dtypeOf(x!)), total)
        : total;
      return l.map(div.op, powers, divisor);
    },
  };
}

const softmaxRule = softmaxOp("softmax", false);
const weightsRule = softmaxOp("logSumExpWeights", true);

// y = ln Σ e^x_i        dy/dx_i = e^(x_i - max) / Σ e^(x_k - max), 0 where every x is -∞
const logSumExpOp: CustomOp<Reduction> = {
  kind: "custom",
  name: "logSumExp",
  needs: "inputs",
  evaluate: ([x], { axes }) =>
    reduceRuns(x!, axes, (out, runs) => kernel.logSumExp(out, elementsOf(runs.x), runs.outer, runs.size, runs.inner)),
  vjp: (g, { inputs: [x], attributes }) => [absorb(g, apply(weightsRule, [x!], attributes))],
  jvp: ([t], { inputs: [x], attributes }) =>
    sumCotangent(absorb(t!, apply(weightsRule, [x!], attributes)), attributes.axes, true),
  lower(l, [x], { axes }) {
    const shift = shiftOf(l, x!, axes, true);
    const total = l.reduce("sum", l.map(exp.op, l.map(sub.op, x!, shift)), axes);
    return l.cast(l.map(add.op, l.cast(shift, "float64"), l.map(log.op, total)), l.dtypeOf(x!));
  },
};

/**
 * ln Σ eˣ over all axes, or over the given ones, without overflow; -∞ for nothing or for -∞ alone, where the gradient
 * is 0.
 *
 * @example
 * logSumExp(tensor([1000, 1000])).item() // => 1000.6931471805599
 */
export function logSumExp<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
  x: Tensor<A>,
  axis?: X & Guard<Reduce<A, X, K>>,
  options?: ReduceOptions<K>,
): Tensor<Result<Reduce<A, X, K>>>;
export function logSumExp(x: Tensor, axis?: Axes, options?: ReduceOptions, extra?: unknown): Tensor {
  const from = floatTensor("logSumExp", x);
  const axes = checkAxes("logSumExp", axis, from.shape.length);
  return finish(apply(logSumExpOp, [from], { axes }), from, axes, readKeepDims("logSumExp", options, extra));
}

/**
 * Shares eˣ / Σ eˣ along the given axes (the last one where nothing is said), without overflow.
 *
 * @example
 * softmax(tensor([1000, 1000])).toArray() // => [0.5, 0.5]
 */
export function softmax<S extends Shape>(x: Tensor<S>, axis?: number | readonly number[]): Tensor<S>;
export function softmax(x: Tensor, axis: number | readonly number[] = -1, extra?: unknown): Tensor {
  refuseExtra("softmax", extra, "softmax(x, axis), several axes as a list");
  const from = floatTensor("softmax", x);
  return apply(softmaxRule, [from], { axes: checkAxes("softmax", axis, from.shape.length) });
}

// y_i = x_i - ln Σ e^x_k        dy_i/dx_j = δ_ij - e^y_j
const logSoftmaxOp: CustomOp<Reduction> = {
  kind: "custom",
  name: "logSoftmax",
  needs: "output",
  evaluate: ([x], { axes }) =>
    mapRuns(x!, axes, (out, runs) => kernel.logSoftmax(out, elementsOf(runs.x), runs.outer, runs.size, runs.inner)),
  vjp: (g, { output, attributes }) => [add(g, negated(absorb(sumCotangent(g, attributes.axes, true), exp(output))))],
  jvp: ([t], { output, attributes }) => add(t!, negated(sumCotangent(absorb(t!, exp(output)), attributes.axes, true))),
  lower(l, [x], { axes }) {
    const shifted = l.map(sub.op, x!, shiftOf(l, x!, axes, false));
    const total = l.reduce("sum", l.map(exp.op, shifted), axes);
    return l.map(sub.op, shifted, l.cast(l.map(log.op, total), l.dtypeOf(x!)));
  },
};

/**
 * ln softmax(x) along the given axes (the last one where nothing is said): exact where a share underflows.
 *
 * @example
 * logSoftmax(tensor([0, 1000])).toArray() // => [-1000, 0]
 */
export function logSoftmax<S extends Shape>(x: Tensor<S>, axis?: number | readonly number[]): Tensor<S>;
export function logSoftmax(x: Tensor, axis: number | readonly number[] = -1, extra?: unknown): Tensor {
  refuseExtra("logSoftmax", extra, "logSoftmax(x, axis), several axes as a list");
  const from = floatTensor("logSoftmax", x);
  return apply(logSoftmaxOp, [from], { axes: checkAxes("logSoftmax", axis, from.shape.length) });
}

/** The power of two just below |x| for x ≠ 0: dividing by it loses nothing. */
// y = 2^floor(log2 |x|)        dy/dx = 0
const binade: Unary = unary("binade", {
  value: (x) => kernel.binade(Math.abs(x)),
  lanes: {
    value(l, x) {
      const most = l.type === "f32" ? 126 : 1022;
      return l.scale(l.constant(1), l.max(l.constant(-most), l.min(l.constant(most), l.exponent(l.abs(x)))));
    },
  },
  partials: [null],
  needs: "nothing",
});

// y = √Σ x²        dy/dx = x / y, 0 where y = 0
const normOp: CustomOp<Reduction> = {
  kind: "custom",
  name: "norm",
  needs: "both",
  evaluate: ([x], { axes }) =>
    reduceRuns(x!, axes, (out, runs) => kernel.norm(out, elementsOf(runs.x), runs.outer, runs.size, runs.inner)),
  vjp: (g, { inputs: [x], output }) => [absorb(g, direction(x!, output))],
  jvp: ([t], { inputs: [x], output, attributes }) =>
    sumCotangent(absorb(t!, direction(x!, output)), attributes.axes, true),
  lower(l, [x], { axes }) {
    // A square of float32 neither overflows nor vanishes in float64; one of float64 is kept from it by a power of two.
    const wide = l.cast(x!, "float64");
    const square = (v: typeof wide): typeof wide => l.reduce("sum", l.map(mul.op, v, v), axes);
    if (l.dtypeOf(x!) === "float32") return l.cast(l.map(sqrt.op, square(wide)), "float32");
    const largest = l.reduce("max", l.map(abs.op, wide), axes);
    const scale = l.map(binade.op, largest);
    const regular = l.map(
      logicalAnd.op,
      l.map(notEqual.op, largest, l.scalar(0, "float64")),
      l.map(less.op, largest, l.scalar(Infinity, "float64")),
    );
    return l.map(where.op, regular, l.map(mul.op, scale, l.map(sqrt.op, square(l.map(div.op, wide, scale)))), largest);
  },
};

/** x / y, and 0 where y = 0: there the norm has no derivative in any order but the first, which is 0 by convention. */
// d = x / y, 0 where y = 0        dd/dx = 1 / y        dd/dy = -d / y
export const direction: Binary = binary("direction", {
  value: (x, y) => (y === 0 ? 0 : x / y),
  lanes: { value: (l, x, y) => l.select(l.eq(y, l.constant(0)), l.constant(0), l.div(x, y)) },
  partials: [(m, _, y) => m.div(1, y), (m, _, y, d) => m.neg(m.div(d, y))],
  needs: "both",
});

/** Which norm. */
export interface NormOptions<K extends boolean = boolean> extends ReduceOptions<K> {
  /** 2 (Euclidean, the default), 1 (sum of magnitudes), or `Infinity` (largest magnitude). */
  readonly order?: number;
}

const normKinds: OptionKinds<NormOptions> = { keepDims: option.flag, order: option.oneOf(1, 2, Infinity) };

/**
 * The norm of the entries over all axes, or over the given ones. The Euclidean one neither overflows nor vanishes, and
 * has gradient 0 at 0.
 *
 * @throws ConfigError for an order other than 1, 2 and Infinity
 *
 * @example
 * norm(tensor([3, 4])).item() // => 5
 */
export function norm<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
  x: Tensor<A>,
  axis?: X & Guard<Reduce<A, X, K>>,
  options?: NormOptions<K>,
): Tensor<Result<Reduce<A, X, K>>>;
export function norm(x: Tensor, axis?: Axes, options?: NormOptions, extra?: unknown): Tensor {
  const from = floatTensor("norm", x);
  const axes = checkAxes("norm", axis, from.shape.length);
  const call = "norm(x, axis, { order, keepDims })";
  refuseExtra("norm", extra, call);
  const { order = 2, keepDims = false } = checkOptions("norm", options, normKinds, { call });
  if (order === 2) return finish(apply(normOp, [from], { axes }), from, axes, keepDims);
  return order === 1 ? sumOver(abs(from), axes, keepDims) : extremum(maxOp, abs(from), axes, keepDims);
}
