/**
 * The methods of `Tensor`: the functions of the library, written after their first operand. The only file that augments
 * a class.
 */

import { ArgumentError } from "./errors.ts";
import type { DType, Elements } from "./graph/dtype.ts";
import { item, toArray, toTypedArray, type NestedArray } from "./graph/read.ts";
import { toJSON, type TensorJSON } from "./graph/json.ts";
import { gradientSlot } from "./graph/record.ts";
import { Tensor } from "./graph/tensor.ts";
import { showAs } from "./inspect/show-as.ts";
import { showTensor } from "./inspect/show.ts";
import { abs, add, clip, div, maximum, minimum, mul, neg, pow, sign, sub } from "./ops/arithmetic.ts";
import { flip, pad, type TensorsOf } from "./ops/assembly.ts";
import { cast } from "./ops/cast.ts";
import {
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
} from "./ops/comparison.ts";
import { dot, matmul, outer, type MatMulOptions } from "./ops/contraction.ts";
import { at, slice, split } from "./ops/cutting.ts";
import { prod, variance, type VarOptions } from "./ops/derived.ts";
import type { Broadcast3 } from "./ops/declare.ts";
import { broadcastTo, mean, sum, type ReduceOptions } from "./ops/expansion.ts";
import { reshape, transpose } from "./ops/layout.ts";
import { logSoftmax, logSumExp, max, min, norm, softmax, type NormOptions } from "./ops/reduction.ts";
import { gather, scatterAdd, type Indices } from "./ops/selection.ts";
import { cos, erf, exp, log, logSigmoid, relu, sigmoid, sin, softplus, sqrt, tan, tanh } from "./ops/transcendental.ts";
import { stopGradient } from "./transforms/custom.ts";
import { backward, gradientOf, zeroGrad, type BackwardOptions } from "./transforms/tape.ts";
import type { Broadcast, BroadcastResult } from "./types/broadcast.ts";
import type { Dot, MatMul, Outer } from "./types/matmul.ts";
import type { BroadcastTo, Permutation, Reshape, Transpose } from "./types/movement.ts";
import type { Axes, Reduce } from "./types/reduce.ts";
import type { Guard, Result, Shape } from "./types/shape.ts";
import type { At, BoundsByAxis, GuardParts, PartsOf, SliceByAxis, SliceByLists, Split } from "./types/slice.ts";

type Operand<A extends Shape, B extends Shape> = number | (Tensor<B> & Guard<Broadcast<A, B>>);
type Joined<A extends Shape, B extends Shape> = Tensor<BroadcastResult<A, B>>;

// Each method infers the shape of its receiver through `this`, so that `Tensor<[2, 3]>` stays assignable to `Tensor`.
declare module "./graph/tensor.ts" {
  interface Tensor<S extends Shape = Shape> {
    /** See {@link add}. */
    add<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link sub}. */
    sub<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link mul}. */
    mul<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link div}. */
    div<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link pow}. */
    pow<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link maximum}. */
    maximum<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link minimum}. */
    minimum<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link greater}. */
    greater<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link greaterEqual}. */
    greaterEqual<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link less}. */
    less<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link lessEqual}. */
    lessEqual<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link equal}. */
    equal<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link notEqual}. */
    notEqual<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link logicalAnd}. */
    logicalAnd<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link logicalOr}. */
    logicalOr<A extends Shape, B extends Shape = []>(this: Tensor<A>, other: Operand<A, B>): Joined<A, B>;
    /** See {@link logicalNot}. */
    logicalNot(): Tensor<S>;
    /** See {@link neg}. */
    neg(): Tensor<S>;
    /** See {@link abs}. */
    abs(): Tensor<S>;
    /** See {@link sign}. */
    sign(): Tensor<S>;
    /** See {@link exp}. */
    exp(): Tensor<S>;
    /** See {@link log}. */
    log(): Tensor<S>;
    /** See {@link sqrt}. */
    sqrt(): Tensor<S>;
    /** See {@link sin}. */
    sin(): Tensor<S>;
    /** See {@link cos}. */
    cos(): Tensor<S>;
    /** See {@link tan}. */
    tan(): Tensor<S>;
    /** See {@link tanh}. */
    tanh(): Tensor<S>;
    /** See {@link sigmoid}. */
    sigmoid(): Tensor<S>;
    /** See {@link relu}. */
    relu(): Tensor<S>;
    /** See {@link softplus}. */
    softplus(): Tensor<S>;
    /** See {@link logSigmoid}. */
    logSigmoid(): Tensor<S>;
    /** See {@link erf}. */
    erf(): Tensor<S>;
    /** See {@link clip}. */
    clip<A extends Shape, B extends Shape = [], C extends Shape = []>(
      this: Tensor<A>,
      low: Operand<A, B>,
      high: number | (Tensor<C> & Guard<Broadcast3<A, B, C>>),
    ): Tensor<Result<Broadcast3<A, B, C>>>;
    /** See {@link sum}. */
    sum<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
      this: Tensor<A>,
      axis?: X & Guard<Reduce<A, X, K>>,
      options?: ReduceOptions<K>,
    ): Tensor<Result<Reduce<A, X, K>>>;
    /** See {@link mean}. */
    mean<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
      this: Tensor<A>,
      axis?: X & Guard<Reduce<A, X, K>>,
      options?: ReduceOptions<K>,
    ): Tensor<Result<Reduce<A, X, K>>>;
    /** See {@link prod}. */
    prod<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
      this: Tensor<A>,
      axis?: X & Guard<Reduce<A, X, K>>,
      options?: ReduceOptions<K>,
    ): Tensor<Result<Reduce<A, X, K>>>;
    /** See {@link max}. */
    max<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
      this: Tensor<A>,
      axis?: X & Guard<Reduce<A, X, K>>,
      options?: ReduceOptions<K>,
    ): Tensor<Result<Reduce<A, X, K>>>;
    /** See {@link min}. */
    min<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
      this: Tensor<A>,
      axis?: X & Guard<Reduce<A, X, K>>,
      options?: ReduceOptions<K>,
    ): Tensor<Result<Reduce<A, X, K>>>;
    /** See {@link logSumExp}. */
    logSumExp<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
      this: Tensor<A>,
      axis?: X & Guard<Reduce<A, X, K>>,
      options?: ReduceOptions<K>,
    ): Tensor<Result<Reduce<A, X, K>>>;
    /** See {@link variance}. */
    var<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
      this: Tensor<A>,
      axis?: X & Guard<Reduce<A, X, K>>,
      options?: VarOptions<K>,
    ): Tensor<Result<Reduce<A, X, K>>>;
    /** See {@link norm}. */
    norm<A extends Shape, const X extends Axes = undefined, K extends boolean = false>(
      this: Tensor<A>,
      axis?: X & Guard<Reduce<A, X, K>>,
      options?: NormOptions<K>,
    ): Tensor<Result<Reduce<A, X, K>>>;
    /** See {@link softmax}. */
    softmax(axis?: number | readonly number[]): Tensor<S>;
    /** See {@link logSoftmax}. */
    logSoftmax(axis?: number | readonly number[]): Tensor<S>;
    /** See {@link reshape}. */
    reshape<A extends Shape, const To extends Shape>(
      this: Tensor<A>,
      shape: To & Guard<Reshape<A, To>>,
    ): Tensor<Result<Reshape<A, To>>>;
    /** See {@link transpose}. */
    transpose<A extends Shape, const P extends Permutation = undefined>(
      this: Tensor<A>,
      permutation?: P & Guard<Transpose<A, P>>,
    ): Tensor<Result<Transpose<A, P>>>;
    /** See {@link broadcastTo}. */
    broadcastTo<A extends Shape, const To extends Shape>(
      this: Tensor<A>,
      shape: To & Guard<BroadcastTo<A, To>>,
    ): Tensor<Result<BroadcastTo<A, To>>>;
    /** See {@link slice}. */
    slice<A extends Shape, const B extends BoundsByAxis>(
      this: Tensor<A>,
      bounds: B & Guard<SliceByAxis<A, B>>,
    ): Tensor<Result<SliceByAxis<A, B>>>;
    slice<
      A extends Shape,
      const P extends readonly number[],
      const E extends readonly (number | undefined)[] | undefined = undefined,
      const T extends readonly number[] | undefined = undefined,
    >(
      this: Tensor<A>,
      starts: P & Guard<SliceByLists<A, P, E, T>>,
      ends?: E,
      steps?: T,
    ): Tensor<Result<SliceByLists<A, P, E, T>>>;
    /** See {@link at}. */
    at<A extends Shape, const I extends readonly number[]>(
      this: Tensor<A>,
      ...indices: I & Guard<At<A, I>>
    ): Tensor<Result<At<A, I>>>;
    /** See {@link pad}. */
    pad(before: readonly number[], after?: readonly number[], value?: number): Tensor;
    /** See {@link split}. */
    split<A extends Shape, const N extends number | readonly number[], const X extends number = 0>(
      this: Tensor<A>,
      sections: N & GuardParts<Split<A, N, X>>,
      axis?: X,
    ): TensorsOf<PartsOf<Split<A, N, X>>>;
    /** See {@link flip}. */
    flip(axis?: number | readonly number[]): Tensor<S>;
    /** See {@link gather}. */
    gather(indices: Indices, axis?: number): Tensor;
    /** See {@link scatterAdd}. */
    scatterAdd(indices: Indices, updates: Tensor, axis?: number): Tensor<S>;
    /** See {@link matmul}. */
    matmul<A extends Shape, B extends Shape, TA extends boolean = false, TB extends boolean = false>(
      this: Tensor<A>,
      other: Tensor<B> & Guard<MatMul<A, B, TA, TB>>,
      options?: MatMulOptions<TA, TB>,
    ): Tensor<Result<MatMul<A, B, TA, TB>>>;
    /** See {@link dot}. */
    dot<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Guard<Dot<A, B>>): Tensor<[]>;
    /** See {@link outer}. */
    outer<A extends Shape, B extends Shape>(
      this: Tensor<A>,
      other: Tensor<B> & Guard<Outer<A, B>>,
    ): Tensor<Result<Outer<A, B>>>;
    /** See {@link cast}. */
    cast(dtype: DType): Tensor<S>;
    /** See {@link stopGradient}. */
    stopGradient(): Tensor<S>;
    /** See {@link backward}. */
    backward(options?: BackwardOptions): void;
    /** Forgets `.grad`. */
    zeroGrad(): void;
    /**
     * The gradient that `backward()` accumulated for a tensor made with `requiresGrad`; `null` before, and for every
     * other tensor.
     */
    readonly grad: Tensor<S> | null;
    /** True if `backward()` leaves a gradient in `.grad`. */
    readonly requiresGrad: boolean;
    /** The number of elements. */
    readonly size: number;
    /** The one number of a tensor with a single element; ShapeError for any other. */
    item(): number;
    /** The numbers as nested arrays; a plain number for a scalar. */
    toArray(): NestedArray;
    /** A copy of the numbers in row-major order. */
    toTypedArray(): Elements;
    /** The shape, the type and the numbers, long axes shortened. */
    toString(): string;
    /** The form that `JSON.stringify` writes; `fromJSON` reads it. NaN, infinities and -0 are texts. */
    toJSON(): TensorJSON;
  }
}

declare module "./compile/variable.ts" {
  interface Variable<S extends Shape = Shape> {
    /** The shape, the type and the numbers as they are now. */
    toString(): string;
    /** The form that `JSON.stringify` writes for the value as it is now. */
    toJSON(): TensorJSON;
    /** The size of each axis. */
    readonly shape: S;
  }
}

const methods = {
  add,
  sub,
  mul,
  div,
  pow,
  maximum,
  minimum,
  greater,
  greaterEqual,
  less,
  lessEqual,
  equal,
  notEqual,
  logicalAnd,
  logicalOr,
  logicalNot,
  neg,
  abs,
  sign,
  exp,
  log,
  sqrt,
  sin,
  cos,
  tan,
  tanh,
  sigmoid,
  relu,
  softplus,
  logSigmoid,
  erf,
  clip,
  sum,
  mean,
  prod,
  max,
  min,
  logSumExp,
  var: variance,
  norm,
  softmax,
  logSoftmax,
  reshape,
  transpose,
  broadcastTo,
  slice,
  pad,
  split,
  flip,
  gather,
  scatterAdd,
  matmul,
  dot,
  outer,
  cast,
  stopGradient,
  backward,
  zeroGrad,
  item,
  toArray,
  toTypedArray,
} as const;

for (const [name, method] of Object.entries(methods)) {
  const call = method as (x: Tensor, first?: unknown, second?: unknown, third?: unknown, fourth?: unknown) => unknown;
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    writable: true,
    // Four parameters reach every function, without the array that a rest parameter would make on each call.
    value(this: Tensor, first?: unknown, second?: unknown, third?: unknown, fourth?: unknown) {
      return call(this, first, second, third, fourth);
    },
  });
}

// As many indices as there are axes.
Object.defineProperty(Tensor.prototype, "at", {
  configurable: true,
  writable: true,
  value(this: Tensor, ...indices: readonly number[]) {
    return at(this, ...indices);
  },
});

const getters: Record<string, (x: Tensor) => unknown> = {
  grad: gradientOf,
  requiresGrad: (x) => gradientSlot(x) !== null,
  size: (x) => x.shape.reduce((count, size) => count * size, 1),
};

for (const [name, read] of Object.entries(getters)) {
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    get(this: Tensor) {
      return read(this);
    },
  });
}

showAs(Tensor.prototype, showTensor, toJSON, () => {
  throw new ArgumentError({
    op: "tensor",
    problem: "a tensor stands where JavaScript wants a number (x + 1, x > 0, Math.exp(x))",
    hint: "use add(x, 1), greater(x, 0) with where, exp(x); or x.item() for the number alone, without derivative",
  });
});
