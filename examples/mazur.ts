/**
 * Matt Mazur's network of 2-2-2 neurons, the numbers that many people derive by hand first, and where his last ones go
 * wrong.
 */

import { compareBackprop, network, step } from "@chainrule/nn";

const net = network({
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
});
const x = [[0.05, 0.1]];
const t = [[0.01, 0.99]];
console.log(compareBackprop(net, { x, t }).toText());

// He leaves the biases as they are.
const { cost, parameters } = step(net, net.parameters, x, t, 0.5);
const after = net.loss({ ...parameters, b1: net.parameters.b1, b2: net.parameters.b2 }, x, t).item();
console.log(`\n  error before the step  ${cost.toFixed(9)}   (published 0.298371109)`);
console.log(
  `  error after the step   ${after.toFixed(9)}   (published 0.291027924, which is what updated weights give)`,
);
