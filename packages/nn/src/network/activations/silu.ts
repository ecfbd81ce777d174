/**
 * SiLU, swish: v = u s with s = 1/(1 + e^−u); σ′ = s (1 + u (1 − s)). Elfwing, Uchibe, Doya 2017; Ramachandran, Zoph,
 * Le 2017.
 */

import { mul, sigmoid } from "@chainrule/autograd";
import { plain, type Writer, type OnPaper } from "./record.ts";

const written = <E>(by: Writer<E>, u: E): E =>
  by.over(by.number(1), by.plus(by.number(1), by.apply("exp", by.negative(u))));

export const silu = plain({
  aliases: ["silu", "swish", "sigmoidlinearunit"],
  neuron: {
    tensor: (u) => mul(u, sigmoid(u)),
    bounds: { turns: [-1.2784645427610738], bends: [-2.399357280515467, 2.399357280515467] },
    confused: ["gelu"],
  },
});

export const siluOnPaper: OnPaper = {
  source: "Elfwing, Uchibe, Doya 2017",
  value: (by, u) => by.times(u, written(by, u)),
  slope: (by, u) =>
    by.times(written(by, u), by.plus(by.number(1), by.times(u, by.minus(by.number(1), written(by, u))))),
  code: () => ({
    typescript: "(u) => u / (1 + Math.exp(-u))",
    numpy: { value: "u / (1 + np.exp(-u))", slope: "1 / (1 + np.exp(-u)) * (1 + u * (1 - 1 / (1 + np.exp(-u))))" },
  }),
};
