/** Functions as a user would keep them in a file of his own, drawn and watched by the tests. */

import { add, exp, log, matmul, mul, sigmoid, sub, sum, type Tensor } from "@chainrule/autograd";

export interface Parameters {
  readonly w: Tensor;
  readonly b: Tensor;
}

export function dense(params: Parameters, x: Tensor): Tensor {
  return sigmoid(add(matmul(params.w, x), params.b));
}

export function quadratic(params: Parameters, x: Tensor, target: Tensor): Tensor {
  const error = sub(dense(params, x), target);
  return mul(0.5, sum(mul(error, error)));
}

export function naiveCrossEntropy(a: Tensor, t: Tensor): Tensor {
  return sum(mul(t, log(a))); // ← log of a zero
}

export function naiveSoftplus(x: Tensor): Tensor {
  return log(add(1, exp(x))); // ← overflow
}
