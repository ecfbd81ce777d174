/** The public names of the library, one by one. */

import "./begin/index.ts";
import "./fluent.ts";
import "./ops/elementwise.ts";
import { markLibrary } from "./caller.ts";

export { markLibrary };

export {
  ArgumentError,
  ConfigError,
  DTypeError,
  GraphError,
  IndexRangeError,
  NonFiniteError,
  OutOfMemoryError,
  OverflowError,
  ShapeError,
  SizeError,
  WorkerCrashError,
  isAutogradError,
  type AutogradError,
  type ErrorDetails,
} from "./errors.ts";
export type { KernelReport, ProgramReport } from "./compile/explain.ts";
export type { Variable } from "./compile/variable.ts";
export { variable } from "./variable.ts";
export { arange, eye, full, ones, tensor, zeros, type TensorOptions } from "./graph/create.ts";
export type { DType, Elements } from "./graph/dtype.ts";
export { fromJSON, type TensorJSON } from "./graph/json.ts";
export type { NestedArray } from "./graph/read.ts";
export { Tensor } from "./graph/tensor.ts";
export { detectAnomaly } from "./inspect/anomaly.ts";
export { toDot } from "./inspect/dot.ts";
export type { DrawOptions } from "./inspect/subject.ts";
export { toSvg } from "./inspect/svg.ts";
export { print, toText } from "./inspect/text.ts";
export { checkOptions, option, type OptionHelp, type OptionKind, type OptionKinds } from "./options.ts";
export type { Entrywise, Placed, Primitives } from "./primitives/open.ts";
export { abs, add, clip, div, maximum, minimum, mul, neg, pow, sign, sub } from "./ops/arithmetic.ts";
export { concat, flip, pad, stack, type TensorsOf } from "./ops/assembly.ts";
export { cast } from "./ops/cast.ts";
export {
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
  where,
} from "./ops/comparison.ts";
export { dot, matmul, outer, type MatMulOptions } from "./ops/contraction.ts";
export { at, slice, split } from "./ops/cutting.ts";
export { prod, variance, type VarOptions } from "./ops/derived.ts";
export type { Binary, Broadcast3, Ternary, Unary } from "./ops/declare.ts";
export { broadcastTo, mean, sum, type ReduceOptions } from "./ops/expansion.ts";
export { key, normal, splitKey, uniform, type Key, type RandomOptions } from "./transforms/random.ts";
export { reshape, transpose } from "./ops/layout.ts";
export { logSoftmax, logSumExp, max, min, norm, softmax, type NormOptions } from "./ops/reduction.ts";
export { gather, scatterAdd, type Indices } from "./ops/selection.ts";
export { cos, erf, exp, log, logSigmoid, relu, sigmoid, sin, softplus, sqrt, tan, tanh } from "./ops/transcendental.ts";
export { checkpoint } from "./transforms/checkpoint.ts";
export { compile, type Compiled, type CompileOptions, type ExplainOptions } from "./transforms/compile.ts";
export {
  cond,
  scan,
  whileLoop,
  type AnyOf,
  type RowCount,
  type RowOf,
  type ScanOptions,
  type StackOf,
  type WhileOptions,
} from "./transforms/control.ts";
export { customGradient, noGrad, stopGradient, type CustomGradient, type RuleContext } from "./transforms/custom.ts";
export { grad, valueAndGrad, type Gradient, type GradOptions, type ValueAndGradient } from "./transforms/grad.ts";
export { hessian, hvp, jacobian, type HessianOptions, type JacobianOptions } from "./transforms/matrices.ts";
export { jvp, linearize, vjp, type JvpOptions, type Pullback, type PullbackOptions } from "./transforms/products.ts";
export type {
  Argnums,
  ArgumentAt,
  DirectionOf,
  GradientOf,
  HessianOf,
  JacobianOf,
  LossAndExtraGuard,
  LossGuard,
  ShapeOfResult,
} from "./transforms/signatures.ts";
export { defineOp } from "./transforms/define-op.ts";
export type { OpContext, OpDefinition, SeveralContext, SeveralDefinition } from "./transforms/own-op.ts";
export { backward, type BackwardOptions } from "./transforms/tape.ts";
export type { Lifted, LiftedAll, Loose, LooseAll, Tree } from "./transforms/tree.ts";
export type { Broadcast } from "./types/broadcast.ts";
export type { Dot, MatMul, Outer } from "./types/matmul.ts";
export type { BroadcastTo, Concat, Permutation, Reshape, Stack, Transpose } from "./types/movement.ts";
export type { NestedNumbers, ShapeOf } from "./types/nested.ts";
export type { Axes, Reduce } from "./types/reduce.ts";
export type { Guard, Result, Shape, ShapeMismatch } from "./types/shape.ts";
export type { At, Bounds, BoundsByAxis, GuardParts, PartsOf, SliceByAxis, SliceByLists, Split } from "./types/slice.ts";

markLibrary("end", new Error());
