/**
 * GELU by tanh: v = ½ u (1 + tanh w) with w = √(2/π) (u + 0.044715 u³); σ′ = ½ (1 + tanh w) + ½ u (1 − tanh² w) √(2/π)
 * (1 + 0.134145 u²).
 * Hendrycks and Gimpel 2016; what GPT-2, BERT's first code and JAX's default compute.
 */

import { add, mul, tanh } from "@chainrule/autograd";
import { plain, type Writer, type OnPaper } from "./record.ts";

const C = Math.sqrt(2 / Math.PI);
const K = 0.044715;
const inner = <E>(by: Writer<E>, u: E): E =>
  by.apply("tanh", by.scaled(C, by.plus(u, by.scaled(K, by.times(u, by.square(u))))));

export const geluTanh = plain({
  aliases: ["gelutanh", "geluapproximate", "geluapprox", "gelunew", "gelufast", "gelupytorchtanh"],
  neuron: {
    tensor: (u) => mul(mul(u, add(tanh(mul(add(u, mul(mul(u, mul(u, u)), K)), C)), 1)), 0.5),
    bounds: {
      turns: [-0.7524614220710162],
      bends: [-1.418504008790828, 1.418504008790828],
      lostInValue: (u) => 1 + Math.abs(u),
      lostInSlope: (u) => 1 + Math.abs(u) + Math.abs(u) ** 3,
    },
    confused: ["gelu", "silu"],
  },
});

export const geluTanhOnPaper: OnPaper = {
  source: "Hendrycks, Gimpel 2016",
  value: (by, u) => by.scaled(0.5, by.times(u, by.plus(by.number(1), inner(by, u)))),
  slope: (by, u) =>
    by.plus(
      by.scaled(0.5, by.plus(by.number(1), inner(by, u))),
      by.scaled(
        0.5 * C,
        by.times(
          u,
          by.minus(by.number(1), by.square(inner(by, u))),
          by.plus(by.number(1), by.scaled(3 * K, by.square(u))),
        ),
      ),
    ),
  code: () => ({
    typescript: `(u) => 0.5 * u * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (u + ${K} * u ** 3)))`,
    numpy: {
      value: `0.5 * u * (1 + np.tanh(math.sqrt(2 / math.pi) * (u + ${K} * u ** 3)))`,
      slope: `0.5 * (1 + np.tanh(math.sqrt(2 / math.pi) * (u + ${K} * u ** 3))) + 0.5 * u * (1 - np.tanh(math.sqrt(2 / math.pi) * (u + ${K} * u ** 3)) ** 2) * math.sqrt(2 / math.pi) * (1 + 3 * ${K} * u ** 2)`,
    },
  }),
};
