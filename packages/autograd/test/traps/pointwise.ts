/** Expressions of the rows about single numbers: kinks, edges of a domain, ranges, powers, selections. */

import {
  abs,
  add,
  clip,
  cos,
  div,
  equal,
  erf,
  exp,
  greater,
  less,
  log,
  logSigmoid,
  logSumExp,
  maximum,
  minimum,
  mul,
  norm,
  notEqual,
  pow,
  relu,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  stack,
  sub,
  tan,
  tanh,
  tensor,
  where,
  type Tensor,
} from "../../src/index.ts";

/** A function of the operands of a row. */
export type Expression = (...operands: Tensor[]) => Tensor;

const relu6 = (x: Tensor): Tensor => relu(sub(6, relu(sub(6, x))));
const elu =
  (alpha: number) =>
  (x: Tensor): Tensor =>
    where(greater(x, 0), x, mul(alpha, sub(exp(x), 1)));

/** x ln y, 0 where x is 0. */
export const xlogy = (x: Tensor, y: Tensor): Tensor => {
  const none = equal(x, 0);
  return where(none, 0, mul(x, log(where(none, 1, y))));
};

export const kinks: Readonly<Record<string, Expression>> = {
  "abs@0": abs,
  "abs@-0": abs,
  "sign@0": sign,
  "relu@0": relu,
  "clampmin@0": (x) => clip(x, 0, Infinity),
  "where_relu@0": (x) => where(greater(x, 0), x, 0),
  "relu6@0,6": relu6,
  "leaky@0": (x) => where(greater(x, 0), x, mul(x, 0.01)),
  "elu@0": elu(2),
  "hardtanh@pm1": (x) => where(less(abs(x), 1), x, sign(x)),
  "hardswish@pm3": (x) => div(mul(x, relu6(add(x, 3))), 6),
  "softshrink@l": (x) => where(greater(x, 0.5), sub(x, 0.5), where(less(x, -0.5), add(x, 0.5), 0)),
  "clip@bounds": (x) => clip(x, -1, 1),
  "clip@inverted": (x) => clip(x, 1, -1),
  "clip@nan": (x) => clip(x, -1, 1),
  maxmin_clip: (x) => minimum(maximum(x, -1), 1),
  "minimum@tie": (x, y) => minimum(x, y),
  "maximum@nan": (x, y) => maximum(x, y),
  "maximum@-0": (x, y) => maximum(x, y),
  nan_to_num: (x) => where(notEqual(x, x), 0, clip(x, -Number.MAX_VALUE, Number.MAX_VALUE)),
};

export const edges: Readonly<Record<string, Expression>> = {
  "sqrt@0": sqrt,
  "sqrt@-1": sqrt,
  "0*sqrt@0": (x) => mul(0, sqrt(x)),
  "recip@0": (x) => div(1, x),
  "log@0": log,
  "log@-0": log,
  "log@-1": log,
  "xlogx@0": (x) => mul(x, log(x)),
  "xlogy@0,0": xlogy,
  "xlogy@0,1": xlogy,
  "div@0/0": (x, y) => div(x, y),
  "div@1/0": (x, y) => div(x, y),
  "div@x/x": (x) => div(x, x),
  "div@1e200": (x, y) => div(x, y),
  "inf-inf": (x) => sub(x, x),
  "inf*0": (x, y) => mul(x, y),
  "hypot@0,0": (x, y) => norm(stack([x, y]), 0),
  "hypot@1e200": (x, y) => norm(stack([x, y]), 0),
};

export const ranges: Readonly<Record<string, Expression>> = {
  "exp@big": exp,
  "tan@pi/2": tan,
  "tanh@1000": tanh,
  "tanh@20": tanh,
  "tanh@10f32": tanh,
  tanh_amplified: (x) => mul(Math.exp(20), tanh(x)),
  "sigmoid@1000f32": sigmoid,
  "sigmoid@-100f32": sigmoid,
  "sigmoid@20f32": sigmoid,
  "logsigmoid@1000": logSigmoid,
  "softplus@1000": softplus,
  "softplus@thr": softplus,
  "log1pexp@1000": (x) => log(add(1, exp(x))),
  "gelu@extreme": (x) => mul(x, mul(0.5, add(1, erf(div(x, Math.SQRT2))))),
  "silu@extreme": (x) => mul(x, sigmoid(x)),
  "mish@extreme": (x) => mul(x, tanh(softplus(x))),
  logdet: (x) => log(exp(x)),
  "1-cos": (x) => div(sub(1, cos(x)), mul(x, x)),
  "logaddexp@-inf": (x, y) => logSumExp(stack([x, y]), 0),
};

export const powers: Readonly<Record<string, Expression>> = {
  "pow@0,0": (x, y) => pow(x, y),
  "pow@0,1": (x, y) => pow(x, y),
  "pow@0,2": (x, y) => pow(x, y),
  "pow@0,-1": (x, y) => pow(x, y),
  "pow@-2,3": (x, y) => pow(x, y),
  "pow@-2,.5": (x, y) => pow(x, y),
  "pow@1,nan": (x, y) => pow(x, y),
  "pow@nan,0": (x, y) => pow(x, y),
  "pow_s0@0": (x) => pow(x, 0),
  "pow_s2@0": (x) => pow(x, 2),
  "pow_s3@-2": (x) => pow(x, 3),
  "pow_s1.5@0": (x) => pow(x, 1.5),
  "x^3": (x) => pow(x, 3),
  "self*self": (x) => mul(x, x),
  "x-x": (x) => sub(x, x),
  diamond: (x) => {
    const a = pow(x, 2);
    return mul(sin(a), exp(a));
  },
  unused: (x) => mul(2, x),
  const: () => tensor(7),
};

export const selections: Readonly<Record<string, Expression>> = {
  "where_log@0": (x) => where(greater(x, 0), log(x), 0),
  "where_div@0": (x) => where(notEqual(x, 0), div(1, x), 0),
  where_exp: (x) => where(less(x, 0), exp(x), 0),
  "dwhere_log@0": (x) => log(where(greater(x, 0), x, 1)),
  where_nan_unsel: (x, y) => where(tensor([true, false]), x, y),
  "mask_mul_log@0": (x) => mul(0, log(x)),
};
