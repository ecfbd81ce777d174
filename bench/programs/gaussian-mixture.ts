/** The log-likelihood of 500 points in a mixture of five Gaussians with diagonal covariances. */

import type { Tensor } from "@chainrule/autograd";
import { drawn, fit } from "./program.ts";

interface Mixture {
  readonly logits: Tensor<[5]>;
  readonly means: Tensor<[5, 4]>;
  readonly logStd: Tensor<[5, 4]>;
}

function logLikelihood(p: Mixture, { x }: { readonly x: Tensor<[500, 4]> }): Tensor<[]> {
  const z = x.reshape([500, 1, 4]).sub(p.means).div(p.logStd.exp());
  const logDensity = z
    .mul(z)
    .mul(-0.5)
    .sub(p.logStd)
    .sub(0.5 * Math.log(2 * Math.PI))
    .sum(2);
  return logDensity.add(p.logits.logSoftmax()).logSumExp(1).sum();
}

export const gaussianMixture = fit({
  id: "gaussian-mixture",
  name: "Gaussian mixture, 500 points",
  parameters: { logits: drawn(1, [5]), means: drawn(2, [5, 4], 4), logStd: drawn(3, [5, 4]) },
  data: { x: drawn(4, [500, 4], 6) },
  loss: logLikelihood,
});
