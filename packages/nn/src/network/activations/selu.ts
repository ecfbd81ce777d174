/**
 * SELU: v = λ u above 0 and λ α (e^u − 1) below, with the α and λ for which zero mean and unit variance are a fixed
 * point.
 * Klambauer, Unterthiner, Mayr, Hochreiter 2017; the two constants to the digits that their authors publish.
 */

import { exp, greater, mul, sub, where } from "@chainrule/autograd";
import { plain, type OnPaper } from "./record.ts";

const ALPHA = 1.6732632423543772;
const LAMBDA = 1.0507009873554805;

export const selu = plain({
  aliases: ["selu", "scaledelu", "scaledexponentiallinearunit"],
  neuron: {
    tensor: (u) => {
      const above = greater(u, 0);
      return mul(where(above, u, mul(sub(exp(where(above, 0, u)), 1), ALPHA)), LAMBDA);
    },
    ofOutput: (v) => (v > 0 ? LAMBDA : v + LAMBDA * ALPHA),
    corners: [{ at: 0, below: LAMBDA * ALPHA, above: LAMBDA }],
    bounds: { lostInValue: () => 2, lostInSlope: (u) => 2 * (1 + Math.abs(u)) },
    confused: ["elu"],
  },
});

export const seluOnPaper: OnPaper = {
  source: "Klambauer, Unterthiner, Mayr, Hochreiter 2017",
  value: (by, u) =>
    by.plus(
      by.scaled(LAMBDA, by.apply("positivePart", u)),
      by.scaled(
        LAMBDA * ALPHA,
        by.times(by.minus(by.number(1), by.positive(u)), by.minus(by.apply("exp", u), by.number(1))),
      ),
    ),
  slope: (by, u) =>
    by.plus(
      by.scaled(LAMBDA, by.positive(u)),
      by.scaled(LAMBDA * ALPHA, by.times(by.minus(by.number(1), by.positive(u)), by.apply("exp", u))),
    ),
  code: () => ({
    typescript: `(u) => ${LAMBDA} * (u > 0 ? u : ${ALPHA} * Math.expm1(u))`,
    numpy: {
      value: `${LAMBDA} * np.where(u > 0, u, ${ALPHA} * np.expm1(np.minimum(u, 0)))`,
      slope: `${LAMBDA} * np.where(u > 0, 1, ${ALPHA} * np.exp(np.minimum(u, 0)))`,
    },
  }),
};
