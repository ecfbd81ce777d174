/** softplus: v = ln(1 + e^u), σ′ = 1/(1 + e^−u). Dugas, Bengio, Bélisle, Nadeau, Garcia 2001. */

import { softplus as softplusOf } from "@chainrule/autograd";
import { plain } from "./record.ts";

const share = (u: number): number => 1 / (1 + Math.exp(-u));

export const softplus = plain({
  words: { en: "softplus", zh: "softplus" },
  aliases: ["softplus", "smoothrelu"],
  source: "Dugas, Bengio, Bélisle, Nadeau, Garcia 2001",
  neuron: {
    tensor: (u) => softplusOf(u),
    value: (by, u) => by.apply("ln", by.plus(by.number(1), by.apply("exp", u))),
    slope: (by, u) => by.over(by.number(1), by.plus(by.number(1), by.apply("exp", by.negative(u)))),
    ofOutput: (v) => -Math.expm1(-v),
    // ln(1 + e^u) loses what is small beside 1.
    bounds: { curvature: (u) => share(u) * share(-u), bend: 0.07, lostInValue: () => 1 },
  },
  code: {
    typescript: "(u) => Math.max(0, u) + Math.log1p(Math.exp(-Math.abs(u)))",
    numpy: { value: "np.logaddexp(0, u)", slope: "1 / (1 + np.exp(-u))" },
  },
});
