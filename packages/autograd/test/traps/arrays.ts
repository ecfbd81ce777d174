/** Expressions of the rows about arrays: reductions, log-sum-exp and softmax, norms, losses, indices, broadcasting. */

import {
  abs,
  add,
  div,
  gather,
  less,
  log,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  mul,
  neg,
  norm,
  pow,
  prod,
  relu,
  scatterAdd,
  slice,
  softmax,
  softplus,
  sqrt,
  stack,
  sub,
  sum,
  tensor,
  transpose,
  variance,
  where,
  zeros,
  type Tensor,
} from "../../src/index.ts";
import { xlogy, type Expression } from "./pointwise.ts";

export const shares: Readonly<Record<string, Expression>> = {
  "lse@-inf-inf": (x) => logSumExp(x, 0),
  "lse@inf,0": (x) => logSumExp(x, 0),
  "lse@inf,-inf": (x) => logSumExp(x, 0),
  "lse@-inf,0": (x) => logSumExp(x, 0),
  "lse@1000": (x) => logSumExp(x, 0),
  "lse@nan": (x) => logSumExp(x, 0),
  // The first output is the first entry itself.
  "logcumsumexp@-inf": (x) => stack([gather(x, 0), ...[2, 3].map((end) => logSumExp(slice(x, [0], [end])))]),
  "softmax@-inf-inf": (x) => mul(softmax(x, 0), tensor([1, 2])),
  "softmax@-inf,0": (x) => mul(softmax(x, 0), tensor([1, 2, 3])),
  "softmax@1000,0": (x) => mul(softmax(x, 0), tensor([1, 2])),
  "softmax@inf,0": (x) => mul(softmax(x, 0), tensor([1, 2])),
  "logsoftmax@1000,0": (x) => mul(logSoftmax(x, 0), tensor([1, 2])),
  "logsoftmax@-inf,0": (x) => gather(logSoftmax(x, 0), 1),
  "log(softmax)@1000,0": (x) => log(softmax(x, 0)),
  masked_fill_softmax: (x) => mul(softmax(where(tensor([false, false, true]), -Infinity, x)), tensor([1, 2, 3])),
};

/**
 * The log-probabilities of the targets, one for each row; a mask picks, so that a class with probability 0 elsewhere is
 * harmless.
 */
const picked = (logits: Tensor, targets: readonly number[]): Tensor => {
  const classes = logits.shape[1]!;
  const mask = tensor(
    targets.flatMap((target) => Array.from({ length: classes }, (_, k) => (k === target ? 1 : 0))),
    {
      shape: [targets.length, classes],
      dtype: "bool",
    },
  );
  return sum(where(mask, logSoftmax(logits), 0), 1);
};

/** The class of a row that is not counted. */
const IGNORED = -1;

/** Weighted mean of the cross-entropies, with weight 0 where the target is ignored. */
const crossEntropy =
  (targets: readonly number[], weights: readonly number[] = targets.map((t) => (t === IGNORED ? 0 : 1))) =>
  (logits: Tensor): Tensor =>
    div(
      neg(sum(mul(picked(logits, targets), tensor([...weights])))),
      weights.reduce((a, b) => a + b, 0),
    );

const binaryCrossEntropy =
  (targets: readonly number[]) =>
  (x: Tensor): Tensor =>
    mean(sub(softplus(x), mul(x, tensor([...targets]))));

export const losses: Readonly<Record<string, Expression>> = {
  "ce@1000": crossEntropy([1]),
  "ce@allignored_sum": (x) => neg(sum(picked(x, [IGNORED]))),
  "ce@oneignored": crossEntropy([0, IGNORED]),
  "ce@-inf-nontarget": crossEntropy([0]),
  "ce@-inf-target": crossEntropy([1]),
  "ce@-inf-smooth": (x) => neg(sum(mul(logSoftmax(x), tensor([[0.95, 0.05]])))),
  "ce@emptybatch": crossEntropy([]),
  "ce@weighted": crossEntropy([0, 1], [1, 3]),
  "bcel@1000": binaryCrossEntropy([0, 1]),
  "bcel@0": binaryCrossEntropy([1]),
  "kl@0target": (q) => {
    const p = tensor([0, 1]);
    return sum(sub(xlogy(p, p), mul(p, q)));
  },
  "mse@eq": (x) => mean(pow(sub(x, tensor([1, 2])), 2)),
  "l1@eq": (x) => mean(abs(sub(x, tensor([1, 2])))),
  "smoothl1@beta0": (x) => sum(where(less(abs(x), 0), div(mul(0.5, mul(x, x)), 0), abs(x))),
  "hinge@1": (x) => relu(sub(1, x)),
  "cos@0": (x) => {
    const y = tensor([1, 0]);
    return div(sum(mul(x, y)), maximum(mul(norm(x), norm(y)), 1e-8));
  },
};

const spread = (x: Tensor, divisor: number): Tensor => div(norm(sub(x, mean(x))), Math.sqrt(divisor));
const layerNorm = (x: Tensor): Tensor => div(sub(x, mean(x)), sqrt(add(variance(x), 1e-5)));
const prefixes =
  (count: number, reduce: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    stack(Array.from({ length: count }, (_, end) => reduce(slice(x, [0], [end + 1]))));

export const reductions: Readonly<Record<string, Expression>> = {
  "max@ties": (x) => max(x),
  "amax@ties": (x) => max(x, 0),
  "min@ties": (x) => min(x),
  "max@nan": (x) => max(x),
  "max@empty": (x) => max(x),
  "prod@1zero": (x) => prod(x),
  "prod@2zero": (x) => prod(x),
  "prod@dim": (x) => prod(x, 1),
  "prod@empty": (x) => prod(x),
  "cumprod@zero": prefixes(3, (x) => prod(x)),
  "cumprod@2zero": prefixes(4, (x) => prod(x)),
  "sum@empty": (x) => sum(x),
  "mean@empty": (x) => mean(x),
  "mean@f32": (x) => mean(x),
  "var1@1": (x) => variance(x, 0, { ddof: 1 }),
  "var0@1": (x) => variance(x),
  "var@const": (x) => variance(x),
  "var@cancel": (x) => variance(x),
  "var@cancel32": (x) => variance(x),
  "std1@1": (x) => spread(x, 0),
  "std@const": (x) => spread(x, 3),
  "norm2@rows": (x) => norm(x, 1),
  "norm1@0": (x) => norm(x, 0, { order: 1 }),
  "norm2@1e200": (x) => norm(x),
  "norm2@1e20f32": (x) => norm(x),
  "norm2@1e-200": (x) => norm(x),
  "norm2sq@0": (x) => sum(mul(x, x)),
  "cdist@0": (x) => norm(sub(x, tensor([[1, 2]])), 1, { keepDims: true }),
  "normalize@0": (x) => div(x, maximum(norm(x), 1e-12)),
  "layernorm@const": (x) => mul(layerNorm(x), tensor([1, 2, 3])),
  "layernorm@1": (x) => layerNorm(x),
};

export const layouts: Readonly<Record<string, Expression>> = {
  "gather@neg": (x) => gather(x, [-1]),
  "gather@oob": (x) => gather(x, [3]),
  "index_select@oob": (x) => gather(x, [3]),
  "gather@empty": (x) => gather(x, []),
  "scatter_add@dup": (x) => mul(scatterAdd(zeros([3]), [0, 0, 1], x), tensor([1, 10, 100])),
  "bcast@31,14": (x, y) => mul(x, y),
  "bcast@scalar": (x, y) => mul(x, y),
  "bcast@0,1": (x, y) => mul(x, y),
  "bcast@20,21": (x, y) => add(x, y),
  "matmul@inner0": (x, y) => matmul(x, y),
  "x@x.T": (x) => matmul(x, transpose(x)),
};

/** Sizes of operands that a nest cannot show, since it ends at the first empty axis. */
export const shapes: Readonly<Record<string, readonly (readonly number[])[]>> = {
  "ce@emptybatch": [[0, 3]],
  "matmul@inner0": [
    [2, 0],
    [0, 3],
  ],
};
