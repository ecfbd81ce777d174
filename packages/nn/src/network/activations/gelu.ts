/**
 * GELU, exact: v = u Φ(u) with Φ(u) = ½ (1 + erf(u/√2)), the share of a normal variable below u; σ′ = Φ(u) + u φ(u)
 * with φ(u) = e^(−u²/2)/√(2π). Hendrycks and Gimpel 2016. The default of PyTorch and Keras.
 */

import { add, erf, mul } from "@chainrule/autograd";
import { plain, type Writer, type OnPaper } from "./record.ts";

const below = <E>(by: Writer<E>, u: E): E =>
  by.scaled(0.5, by.plus(by.number(1), by.apply("erf", by.scaled(Math.SQRT1_2, u))));

export const gelu = plain({
  aliases: ["gelu", "geluexact", "geluerf", "gaussianerrorlinearunit"],
  neuron: {
    tensor: (u) => mul(u, mul(add(erf(mul(u, Math.SQRT1_2)), 1), 0.5)),
    bounds: { turns: [-0.7517915246935645], bends: [-Math.SQRT2, Math.SQRT2], lostInValue: (u) => 1 + Math.abs(u) },
    confused: ["geluTanh", "silu"],
  },
  meant: ["geluTanh"],
  named: { option: "approximate", value: "tanh", as: "geluTanh" },
});

export const geluOnPaper: OnPaper = {
  source: "Hendrycks, Gimpel 2016",
  value: (by, u) => by.times(u, below(by, u)),
  slope: (by, u) =>
    by.plus(
      below(by, u),
      by.scaled(1 / Math.sqrt(2 * Math.PI), by.times(u, by.apply("exp", by.scaled(-0.5, by.square(u))))),
    ),
  code: () => ({
    typescript: "(u) => 0.5 * u * (1 + erf(u / Math.SQRT2))",
    helpers: ["erf"],
    numpy: {
      value: "0.5 * u * (1 + np.vectorize(math.erf)(u / math.sqrt(2)))",
      slope: "0.5 * (1 + np.vectorize(math.erf)(u / math.sqrt(2))) + u * np.exp(-u * u / 2) / math.sqrt(2 * math.pi)",
    },
  }),
};
