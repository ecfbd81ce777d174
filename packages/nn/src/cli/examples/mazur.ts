/**
 * Matt Mazur's network of 2-2-2 neurons with the numbers of his post:
 * https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/
 */

import type { Example } from "./example.ts";

export const mazur: Example = {
  network: {
    sizes: [2, 2, 2],
    activations: "sigmoid",
    cost: "quadratic",
    parameters: {
      W1: [
        [0.15, 0.2],
        [0.25, 0.3],
      ],
      b1: [0.35, 0.35],
      W2: [
        [0.4, 0.45],
        [0.5, 0.55],
      ],
      b2: [0.6, 0.6],
    },
  },
  data: { x: [[0.05, 0.1]], t: [[0.01, 0.99]] },
  given: {
    kind: "hand",
    hand: {
      v: { 1: [[0.593269992, 0.596884378]], 2: [[0.75136507, 0.772928465]] },
      cost: 0.298371109,
      // He changes no bias; his step has η = 0.5 and is printed to eight or nine digits.
      next: {
        W: {
          2: [
            [0.35891648, 0.408666186],
            [0.51130127, 0.561370121],
          ],
          1: [
            [0.149780716, 0.19956143],
            [0.24975114, 0.29950229],
          ],
        },
      },
      eta: 0.5,
      digits: 8,
    },
  },
};
