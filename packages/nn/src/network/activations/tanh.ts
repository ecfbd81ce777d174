/** tanh: v = (e^u − e^−u)/(e^u + e^−u), σ′ = 1 − v². */

import { tanh as tanhOf } from "@chainrule/autograd";
import { plain, type OnPaper } from "./record.ts";

export const tanh = plain({
  aliases: ["tanh", "tansig", "hyperbolictangent", "hyptan"],
  neuron: {
    tensor: (u) => tanhOf(u),
    ofOutput: (v) => 1 - v * v,
    bounds: { bends: [0], largest: 1, lostInSlope: (u) => Math.tanh(u) ** 2, steep: (v) => 2 * Math.abs(v) },
  },
});

export const tanhOnPaper: OnPaper = {
  source: "LeCun, Bottou, Orr, Müller 1998",
  value: (by, u) => by.apply("tanh", u),
  slope: (by, _u, v) => by.minus(by.number(1), by.square(v)),
  code: () => ({ typescript: "Math.tanh", numpy: { value: "np.tanh(u)", slope: "1 - np.tanh(u) ** 2" } }),
};
