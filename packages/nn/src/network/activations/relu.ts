/** ReLU: v = max(0, u), σ′ = 1 above 0 and 0 below; σ′(0) = 0 by agreement. Nair and Hinton 2010. */

import { relu as reluOf } from "@chainrule/autograd";
import { plain, type OnPaper } from "./record.ts";

export const relu = plain({
  aliases: ["relu", "rectifier", "rectifiedlinear", "rectifiedlinearunit"],
  neuron: {
    tensor: (u) => reluOf(u),
    ofOutput: (v) => (v > 0 ? 1 : 0),
    corners: [{ at: 0, below: 0, above: 1 }],
    bounds: { straight: true },
    confused: ["leakyRelu"],
  },
});

export const reluOnPaper: OnPaper = {
  source: "Nair, Hinton 2010",
  value: (by, u) => by.apply("positivePart", u),
  slope: (by, u) => by.positive(u),
  code: () => ({
    typescript: "(u) => Math.max(0, u)",
    numpy: { value: "np.maximum(0, u)", slope: "np.where(u > 0, 1, 0)" },
  }),
};
