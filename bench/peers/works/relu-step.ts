/** One training step of 784-512-512-10 with relu and a softmax cross-entropy, in float32: matrix products. */

import { logSoftmax, relu } from "@chainrule/autograd";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import type { Work } from "../work.ts";
import { trainingStep } from "./network.ts";

/** C = -1/N Σ_n Σ_j t_nj ln softmax(u_n)_j */
export function reluStep(smoke: boolean): Work {
  const sizes = smoke ? [20, 16, 16, 3] : [784, 512, 512, 10];
  const batch = smoke ? 8 : 128;
  const classes = sizes.at(-1)!;
  return trainingStep({
    id: "relu-step",
    title: `${sizes.join("-")}, relu, softmax cross-entropy, batch ${batch}, float32: one step`,
    sizes,
    batch,
    eta: 0.1,
    tolerance: 1e-3,
    equations: { hidden: "relu", last: "linear", cost: "softmaxCrossEntropy" },
    targets: (random) =>
      Array.from({ length: batch }, () => {
        const label = random.integer(classes);
        return Array.from({ length: classes }, (_, j) => (j === label ? 1 : 0));
      }).flat(),
    chainrule: {
      hidden: (u) => relu(u),
      cost: (u, t) =>
        logSoftmax(u, -1)
          .mul(t)
          .sum()
          .mul(-1 / batch),
    },
    jaxJs: {
      hidden: (u) => jax.nn.relu(u),
      cost: (u, t) =>
        jax.nn
          .logSoftmax(u, -1)
          .mul(t)
          .sum()
          .mul(-1 / batch),
    },
    tensorflow: {
      hidden: (u) => tf.relu(u),
      cost: (u, t) => tf.mul(tf.sum(tf.mul(tf.logSoftmax(u, -1), t)), -1 / batch),
    },
  });
}
