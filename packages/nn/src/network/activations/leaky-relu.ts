/** Leaky ReLU: v = u above 0 and a u below, a = 0.01 where nothing is said; σ′ = 1 and a. Maas, Hannun, Ng 2013. */

import { greater, mul, where } from "@chainrule/autograd";
import type { ActivationRecord, OnPaper } from "./record.ts";

export const leakyRelu: ActivationRecord = {
  aliases: ["leakyrelu", "lrelu", "leakyrectifier", "leakyrectifiedlinearunit"],
  parameter: {
    name: "slope",
    aliases: ["negativeslope", "alpha", "leak", "a"],
    usual: 0.01,
    domain: "a finite number",
    holds: Number.isFinite,
  },
  neuron: (a) => ({
    tensor: (u) => where(greater(u, 0), u, mul(u, a)),
    ...(a > 0 ? { ofOutput: (v: number) => (v > 0 ? 1 : a) } : {}),
    corners: [{ at: 0, below: a, above: 1 }],
    bounds: { straight: true },
    confused: ["leakyRelu", "leakyRelu(0.2)"],
  }),
};

export const leakyReluOnPaper: OnPaper = {
  source: "Maas, Hannun, Ng 2013",
  value: (by, u, a) => by.times(by.plus(by.number(a), by.scaled(1 - a, by.positive(u))), u),
  slope: (by, u, _v, a) => by.plus(by.number(a), by.scaled(1 - a, by.positive(u))),
  code: (a) => ({
    typescript: `(u) => (u > 0 ? u : ${a} * u)`,
    numpy: { value: `np.where(u > 0, u, ${a} * u)`, slope: `np.where(u > 0, 1, ${a})` },
  }),
};
