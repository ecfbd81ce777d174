/** One training step, forward, gradient and update, of the network that everybody knows. */

import { tensor } from "@chainrule/autograd";
import { network, Random, step } from "@chainrule/nn";
import { backprop } from "@chainrule/nn/equations";
import { expectClose, type Case } from "../suite.ts";

const SIZES = [784, 30, 10];
const BATCH = 10;

function trainingCase(dtype: "float64" | "float32"): Case {
  const net = network({ sizes: SIZES, activations: "sigmoid", cost: "quadratic", seed: 1, dtype });
  const random = new Random(2);
  const x = tensor(random.uniformArray(BATCH * 784), { shape: [BATCH, 784], dtype });
  const t = tensor(random.uniformArray(BATCH * 10), { shape: [BATCH, 10], dtype });
  return {
    name: `784-30-10, sigmoid, ½Σe², batch 10, ${dtype}: one step`,
    units: 1,
    unit: "step",
    validate() {
      // The equations in plain loops say what the step must be.
      const plain = {
        weights: [net.parameters["W1"]!.toArray() as number[][], net.parameters["W2"]!.toArray() as number[][]],
        biases: [net.parameters["b1"]!.toArray() as number[], net.parameters["b2"]!.toArray() as number[]],
        activations: ["sigmoid", "sigmoid"] as const,
        cost: "quadratic" as const,
      };
      const expected = backprop(plain, x.toArray() as number[][], t.toArray() as number[][]);
      const done = step(net, net.parameters, x, t, 0.5);
      expectClose("cost", done.cost, expected.cost, dtype === "float64" ? 1e-12 : 1e-5);
      const moved = plain.weights[1]![3]![7]! - 0.5 * expected.layers[1]!.gradW[3]![7]!;
      expectClose(
        "W2[3][7] after the step",
        done.parameters["W2"]!.toTypedArray()[3 * 30 + 7]!,
        moved,
        dtype === "float64" ? 1e-12 : 1e-5,
      );
    },
    run: () => step(net, net.parameters, x, t, 0.5),
  };
}

/** The cases, by what they show. */
export const training: readonly Case[] = [trainingCase("float64"), trainingCase("float32")];
