/** softplus: v = ln(1 + e^u), σ′ = 1/(1 + e^−u). Dugas, Bengio, Bélisle, Nadeau, Garcia 2001. */

import { softplus as softplusOf } from "@chainrule/autograd";
import { plain, type OnPaper } from "./record.ts";

export const softplus = plain({
  aliases: ["softplus", "smoothrelu"],
  neuron: {
    tensor: (u) => softplusOf(u),
    ofOutput: (v) => -Math.expm1(-v),
    // ln(1 + e^u) loses what is small beside 1.
    bounds: { lostInValue: () => 1 },
  },
});

export const softplusOnPaper: OnPaper = {
  source: "Dugas, Bengio, Bélisle, Nadeau, Garcia 2001",
  value: (by, u) => by.apply("ln", by.plus(by.number(1), by.apply("exp", u))),
  slope: (by, u) => by.over(by.number(1), by.plus(by.number(1), by.apply("exp", by.negative(u)))),
  code: () => ({
    typescript: "(u) => Math.max(0, u) + Math.log1p(Math.exp(-Math.abs(u)))",
    numpy: { value: "np.logaddexp(0, u)", slope: "1 / (1 + np.exp(-u))" },
  }),
};
