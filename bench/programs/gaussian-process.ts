/** The marginal likelihood of a Gaussian process at 20 points, through a Cholesky factorization made of ops. */

import { concat, eye, pad, type Tensor } from "@chainrule/autograd";
import { drawn, fit } from "./program.ts";

const N = 20;

interface Hyper {
  readonly logLength: Tensor<[]>;
  readonly logScale: Tensor<[]>;
  readonly logNoise: Tensor<[]>;
}

interface Observed {
  readonly x: Tensor<[20, 2]>;
  readonly y: Tensor<[20]>;
}

/** K = L Lᵀ, column by column: each takes its outer product from what is left. */
function cholesky(K: Tensor): Tensor {
  const columns: Tensor[] = [];
  let left = K;
  for (let j = 0; j < N; j++) {
    const size = N - j;
    const pivot = left.slice([0, 0], [1, 1]).reshape([]).sqrt();
    const column = left.slice([0, 0], [size, 1]).reshape([size]).div(pivot) as Tensor;
    columns.push(pad(column, [j], [0]).reshape([N, 1]) as Tensor);
    if (size === 1) break;
    const rest = column.slice([1]) as Tensor;
    left = left.slice([1, 1]).sub(rest.outer(rest)) as Tensor;
  }
  return concat(columns, 1) as Tensor;
}

/** L⁻¹ b, entry by entry. */
function solved(L: Tensor, b: Tensor): Tensor {
  const entries: Tensor[] = [];
  let left = b;
  for (let i = 0; i < N; i++) {
    const pivot = L.slice([i, i], [i + 1, i + 1]).reshape([1]);
    const entry = left.slice([i], [i + 1]).div(pivot) as Tensor;
    entries.push(entry);
    left = left.sub(
      L.slice([0, i], [N, i + 1])
        .reshape([N])
        .mul(entry),
    ) as Tensor;
  }
  return concat(entries) as Tensor;
}

/** -½ yᵀ K⁻¹ y - ½ log |K| - n/2 log 2π. */
function logLikelihood(p: Hyper, { x, y }: Observed): Tensor<[]> {
  const between = x
    .reshape([N, 1, 2])
    .sub(x.reshape([1, N, 2]))
    .div(p.logLength.exp());
  const kernel = between.mul(between).sum(2).mul(-0.5).exp().mul(p.logScale.exp());
  const L = cholesky(kernel.add(eye(N).mul(p.logNoise.exp())) as Tensor);
  const a = solved(L, y as Tensor);
  const halfLogDet = L.mul(eye(N)).sum(1).log().sum();
  return a
    .mul(a)
    .sum()
    .mul(-0.5)
    .sub(halfLogDet)
    .sub(0.5 * N * Math.log(2 * Math.PI)) as Tensor<[]>;
}

export const gaussianProcess = fit({
  id: "gaussian-process",
  name: "Gaussian process, Cholesky",
  parameters: { logLength: drawn(130, []), logScale: drawn(131, []), logNoise: drawn(132, []).sub(2) },
  data: { x: drawn(133, [20, 2], 4), y: drawn(134, [20], 2) },
  loss: logLikelihood,
});
