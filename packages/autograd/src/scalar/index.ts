/** The public names of `@chainrule/autograd/scalar`, one by one: gradients of functions of numbers in few bytes. */

import "../begin/scalar.ts";
import { markLibrary } from "../caller.ts";

export { grad, valueAndGrad, type Plain, type Recorded, type ScalarGradOptions } from "./grad.ts";
export {
  abs,
  add,
  cos,
  div,
  equal,
  erf,
  exp,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  logSigmoid,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  pow,
  relu,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  sub,
  tan,
  tanh,
  where,
} from "./ops.ts";
export { Scalar } from "./scalar.ts";

markLibrary("end", new Error());
