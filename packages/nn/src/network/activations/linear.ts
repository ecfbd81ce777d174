/** linear: v = u, σ′ = 1. */

import { plain, type OnPaper } from "./record.ts";

export const linear = plain({
  aliases: ["linear", "identity", "none", "id", "purelin", "lin"],
  neuron: {
    tensor: (u) => u,
    ofOutput: () => 1,
    bounds: { straight: true },
  },
});

export const linearOnPaper: OnPaper = {
  source: "—",
  value: (_, u) => u,
  slope: (by) => by.number(1),
  code: () => ({ typescript: "(u) => u", numpy: { value: "u", slope: "np.ones_like(u)" } }),
};
