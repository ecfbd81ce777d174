/**
 * ELU: v = u above 0 and α (e^u − 1) below, α = 1 where nothing is said; σ′ = 1 and α e^u. Clevert, Unterthiner,
 * Hochreiter 2015.
 */

import { exp, greater, mul, sub, where } from "@chainrule/autograd";
import type { ActivationRecord, OnPaper } from "./record.ts";

export const elu: ActivationRecord = {
  aliases: ["elu", "exponentiallinearunit", "exponentiallinear"],
  parameter: {
    name: "alpha",
    aliases: ["a"],
    usual: 1,
    domain: "a positive number",
    holds: (value) => value > 0 && Number.isFinite(value),
  },
  neuron: (alpha) => ({
    tensor: (u) => {
      const above = greater(u, 0);
      // An exponential that nobody reads must not overflow.
      return where(above, u, mul(sub(exp(where(above, 0, u)), 1), alpha));
    },
    ofOutput: (v) => (v > 0 ? 1 : v + alpha),
    ...(alpha === 1 ? {} : { corners: [{ at: 0, below: alpha, above: 1 }] }),
    // e^u − 1 loses what is small beside 1.
    bounds: { lostInValue: () => alpha, lostInSlope: (u) => Math.max(1, alpha) * (1 + Math.abs(u)) },
    confused: ["elu", "selu"],
  }),
};

export const eluOnPaper: OnPaper = {
  source: "Clevert, Unterthiner, Hochreiter 2015",
  value: (by, u, alpha) =>
    by.plus(
      by.apply("positivePart", u),
      by.scaled(alpha, by.times(by.minus(by.number(1), by.positive(u)), by.minus(by.apply("exp", u), by.number(1)))),
    ),
  slope: (by, u, _v, alpha) =>
    by.plus(by.positive(u), by.scaled(alpha, by.times(by.minus(by.number(1), by.positive(u)), by.apply("exp", u)))),
  code: (alpha) => {
    const times = alpha === "1" ? "" : `${alpha} * `;
    return {
      typescript: `(u) => (u > 0 ? u : ${times}Math.expm1(u))`,
      numpy: {
        value: `np.where(u > 0, u, ${times}np.expm1(np.minimum(u, 0)))`,
        slope: `np.where(u > 0, 1, ${times}np.exp(np.minimum(u, 0)))`,
      },
    };
  },
};
