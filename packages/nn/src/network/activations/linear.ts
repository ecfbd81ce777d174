/** linear: v = u, σ′ = 1. */

import { plain } from "./record.ts";

export const linear = plain({
  words: { en: "linear", zh: "线性" },
  aliases: ["linear", "identity", "none", "id", "purelin", "lin"],
  source: "—",
  neuron: {
    tensor: (u) => u,
    value: (_, u) => u,
    slope: (by) => by.number(1),
    ofOutput: () => 1,
    bounds: {},
  },
  code: { typescript: "(u) => u", numpy: { value: "u", slope: "np.ones_like(u)" } },
});
