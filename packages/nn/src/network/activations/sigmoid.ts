/**
 * sigmoid: v = 1/(1 + e^−u), σ′ = v (1 − v). The logistic function (Verhulst 1845); σ of the back-propagation document.
 */

import { sigmoid as sigmoidOf } from "@chainrule/autograd";
import { plain, type OnPaper } from "./record.ts";

const share = (u: number): number => 1 / (1 + Math.exp(-u));

export const sigmoid = plain({
  aliases: ["sigmoid", "sigm", "sig", "logistic", "logsig", "expit", "sigmoidfunction", "sigma"],
  neuron: {
    tensor: (u) => sigmoidOf(u),
    ofOutput: (v) => v * (1 - v),
    // 1 − v cancels where people write v (1 − v): by units of v.
    bounds: { bends: [0], largest: 0.25, lostInSlope: share, steep: (v) => Math.abs(1 - 2 * v) },
  },
});

export const sigmoidOnPaper: OnPaper = {
  source: "Verhulst 1845",
  value: (by, u) => by.over(by.number(1), by.plus(by.number(1), by.apply("exp", by.negative(u)))),
  slope: (by, _u, v) => by.times(v, by.minus(by.number(1), v)),
  code: () => ({
    typescript: "sigmoid",
    helpers: ["sigmoid"],
    numpy: { value: "1 / (1 + np.exp(-u))", slope: "1 / (1 + np.exp(-u)) * (1 - 1 / (1 + np.exp(-u)))" },
  }),
};
