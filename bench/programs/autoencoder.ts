/** A variational autoencoder of 64 bits through four latent numbers, batch 32. */

import type { Tensor } from "@chainrule/autograd";
import { drawn, drawnBits, fit } from "./program.ts";

interface Coders {
  readonly we: Tensor<[64, 32]>;
  readonly be: Tensor<[32]>;
  readonly wm: Tensor<[32, 4]>;
  readonly wv: Tensor<[32, 4]>;
  readonly wd: Tensor<[4, 32]>;
  readonly bd: Tensor<[32]>;
  readonly wo: Tensor<[32, 64]>;
  readonly bo: Tensor<[64]>;
}

interface Batch {
  readonly x: Tensor<[32, 64]>;
  readonly noise: Tensor<[32, 4]>;
}

/** The bound below the evidence, with the sign of a loss. */
function bound(p: Coders, { x, noise }: Batch): Tensor<[]> {
  const hidden = x.matmul(p.we).add(p.be).relu();
  const [mean, logVar] = [hidden.matmul(p.wm), hidden.matmul(p.wv)];
  const latent = mean.add(logVar.mul(0.5).exp().mul(noise));
  const logits = latent.matmul(p.wd).add(p.bd).relu().matmul(p.wo).add(p.bo);
  const reconstruction = logits.softplus().sub(logits.mul(x)).sum(1);
  const divergence = mean.pow(2).add(logVar.exp()).sub(logVar).sub(1).sum(1).mul(0.5);
  return reconstruction.add(divergence).mean();
}

export const autoencoder = fit({
  id: "autoencoder",
  name: "variational autoencoder, batch 32",
  parameters: {
    we: drawn(120, [64, 32], 0.5),
    be: drawn(121, [32]),
    wm: drawn(122, [32, 4], 0.5),
    wv: drawn(123, [32, 4], 0.5),
    wd: drawn(124, [4, 32]),
    bd: drawn(125, [32]),
    wo: drawn(126, [32, 64], 0.5),
    bo: drawn(127, [64]),
  },
  data: { x: drawnBits(128, [32, 64]), noise: drawn(129, [32, 4], 3) },
  loss: bound,
});
