// All weights and biases of a network as one flat list, W^1 by rows, b^1, W^2 by rows, b^2, and so on.
import { costOfBatch } from "./forward.ts";
import type { LayerGradient } from "./backprop.ts";
import type { Matrix, PlainNetwork, Reduction } from "./network.ts";

/** Every weight and every bias. The document's n counts the weights alone. */
export function flattenParameters(net: PlainNetwork): number[] {
  return net.weights.flatMap((rows, index) => [
    ...Array.from(rows).flatMap((row) => Array.from(row)),
    ...Array.from(net.biases[index]!),
  ]);
}

/** Every gradient, in the order of `flattenParameters`. */
export function flattenGradients(layers: readonly LayerGradient[]): number[] {
  return layers.flatMap(({ gradW, gradB }) => [...gradW.flat(), ...gradB]);
}

/** The network with its weights and biases read from a flat list in the order of `flattenParameters`. */
export function withParameters(net: PlainNetwork, parameters: readonly number[]): PlainNetwork {
  let at = 0;
  const take = (count: number): number[] => parameters.slice(at, (at += count));
  const weights: number[][][] = [];
  const biases: number[][] = [];
  net.weights.forEach((rows, index) => {
    weights.push(Array.from(rows, (row) => take(row.length)));
    biases.push(take(net.biases[index]!.length));
  });
  if (at !== parameters.length) {
    throw new RangeError(
      `network: ${parameters.length} parameters but it has ${at} weights and biases: give them all in one flat list`,
    );
  }
  return { ...net, weights, biases };
}

/** C as a function of all parameters in one flat list, for difference quotients. */
export function costOfParameters(
  net: PlainNetwork,
  x: Matrix,
  t: Matrix,
  reduction: Reduction = "mean",
): (parameters: readonly number[]) => number {
  return (parameters) => costOfBatch(withParameters(net, parameters), x, t, reduction);
}
