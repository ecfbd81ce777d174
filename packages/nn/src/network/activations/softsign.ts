/** softsign: v = u/(1 + |u|), σ′ = 1/(1 + |u|)² = (1 − |v|)². Bergstra, Desjardins, Lamblin, Bengio 2009. */

import { abs, add, div } from "@chainrule/autograd";
import { plain, type Writer, type OnPaper } from "./record.ts";

const size = <E>(by: Writer<E>, u: E): E => by.plus(by.number(1), by.apply("abs", u));

export const softsign = plain({
  aliases: ["softsign"],
  neuron: {
    tensor: (u) => div(u, add(abs(u), 1)),
    ofOutput: (v) => (1 - Math.abs(v)) ** 2,
    bounds: { bends: [0] },
  },
});

export const softsignOnPaper: OnPaper = {
  source: "Bergstra, Desjardins, Lamblin, Bengio 2009",
  value: (by, u) => by.over(u, size(by, u)),
  slope: (by, u) => by.over(by.number(1), by.square(size(by, u))),
  code: () => ({
    typescript: "(u) => u / (1 + Math.abs(u))",
    numpy: { value: "u / (1 + np.abs(u))", slope: "1 / (1 + np.abs(u)) ** 2" },
  }),
};
