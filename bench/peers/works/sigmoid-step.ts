/** One training step of 784-30-10 with sigmoids and ½Σe², in float32: many small operations. */

import { sigmoid } from "@chainrule/autograd";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import type { Work } from "../work.ts";
import { trainingStep } from "./network.ts";

/** C = 1/N Σ_n ½ Σ_j (v_nj - t_nj)² */
export function sigmoidStep(smoke: boolean): Work {
  const sizes = smoke ? [20, 8, 3] : [784, 30, 10];
  const batch = 10;
  return trainingStep({
    id: "sigmoid-step",
    title: `${sizes.join("-")}, sigmoid, ½Σe², batch ${batch}, float32: one step`,
    sizes,
    batch,
    eta: 3,
    tolerance: 1e-4,
    equations: { hidden: "sigmoid", last: "sigmoid", cost: "quadratic" },
    targets: (random) => Array.from(random.uniformArray(batch * sizes.at(-1)!)),
    chainrule: {
      hidden: (u) => sigmoid(u),
      cost: (u, t) => {
        const e = sigmoid(u).sub(t);
        return e
          .mul(e)
          .sum()
          .mul(0.5 / batch);
      },
    },
    jaxJs: {
      hidden: (u) => jax.nn.sigmoid(u),
      cost: (u, t) =>
        jax.numpy
          .square(jax.nn.sigmoid(u).sub(t))
          .sum()
          .mul(0.5 / batch),
    },
    tensorflow: {
      hidden: (u) => tf.sigmoid(u),
      cost: (u, t) => tf.mul(tf.sum(tf.square(tf.sub(tf.sigmoid(u), t))), 0.5 / batch),
    },
  });
}
