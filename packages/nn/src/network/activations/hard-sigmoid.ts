/**
 * Hard sigmoid: v = a u + ½ between 0 and 1, σ′ = a between its corners at ±1/2a and 0 beyond.
 * Two are in use under one name: a = 0.2 (Courbariaux, Bengio, David 2015; Theano, Keras 1 and 2) and a = 1/6 (Howard
 * et al. 2019;
 * PyTorch, Keras 3), so that a must be said.
 */

import { add, greater, less, mul, where } from "@chainrule/autograd";
import type { ActivationRecord, OnPaper } from "./record.ts";

export const hardSigmoid: ActivationRecord = {
  aliases: ["hardsigmoid", "hardsigm"],
  parameter: {
    name: "slope",
    aliases: ["a", "alpha"],
    usual: null,
    domain: "a positive number: 0.2 as in Keras 2, 1/6 as in PyTorch and Keras 3",
    holds: (value) => value > 0 && Number.isFinite(value),
  },
  neuron: (a) => ({
    tensor: (u) => {
      const line = add(mul(u, a), 0.5);
      return where(greater(line, 0), where(less(line, 1), line, 1), 0);
    },
    ofOutput: (v) => (v > 0 && v < 1 ? a : 0),
    corners: [
      { at: -0.5 / a, below: 0, above: a },
      { at: 0.5 / a, below: a, above: 0 },
    ],
    bounds: { straight: true },
    confused: ["hardSigmoid(0.2)", "hardSigmoid(1/6)"],
  }),
  meant: ["hardSigmoid(1/6)", "hardSigmoid(0.2)"],
};

/** `0.2 * u`, `u / 6` */
const product = (a: string, u: string): string => (a.startsWith("1/") ? `${u} / ${a.slice(2)}` : `${a} * ${u}`);

export const hardSigmoidOnPaper: OnPaper = {
  source: "Courbariaux, Bengio, David 2015 (0.2); Howard et al. 2019 (1/6)",
  value: (by, u, a) =>
    by.minus(
      by.apply("positivePart", by.plus(by.scaled(a, u), by.number(0.5))),
      by.apply("positivePart", by.minus(by.scaled(a, u), by.number(0.5))),
    ),
  // 1 − [a u − ½ ≥ 0] is [½ − a u > 0].
  slope: (by, u, _v, a) =>
    by.scaled(
      a,
      by.times(
        by.positive(by.plus(by.scaled(a, u), by.number(0.5))),
        by.positive(by.minus(by.number(0.5), by.scaled(a, u))),
      ),
    ),
  code: (a) => ({
    typescript: `(u) => Math.min(1, Math.max(0, ${product(a, "u")} + 0.5))`,
    numpy: {
      value: `np.clip(${product(a, "u")} + 0.5, 0, 1)`,
      slope: `np.where(np.abs(${product(a, "u")}) < 0.5, ${a}, 0)`,
    },
  }),
};
