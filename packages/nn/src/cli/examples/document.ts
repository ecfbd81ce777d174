/**
 * The document's three layers M, I, J, and its equations as they are printed: BP2's last form has a slip in its
 * indices.
 */

import type { Example } from "./example.ts";

export const theDocument: Example = {
  network: { sizes: [3, 3, 3], activations: "sigmoid", cost: "quadratic", seed: 1 },
  data: {
    x: [
      [0.05, 0.1, -0.3],
      [0.6, -0.2, 0.4],
    ],
    t: [
      [0.01, 0.99, 0.5],
      [0.8, 0.2, 0.1],
    ],
  },
  given: {
    kind: "formulas",
    text: String.raw`
\delta^L = \nabla_v C \odot \sigma'(u^L)
\delta_j^l = \sum_k \delta_k^{l+1} w_{jk}^l \sigma'(u_j^l)
\frac{\partial C}{\partial b^l} = \delta^l
\frac{\partial C}{\partial w_{jk}^l} = v_k^{l-1} \delta_j^l
`,
  },
};
