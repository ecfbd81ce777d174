// The learning rule w(τ+1) = w(τ) − η ∂e/∂w, for one weight and for a whole network.
import type { LayerGradient } from "./backprop.ts";
import type { PlainNetwork } from "./network.ts";

/**
 * w(τ+1) = w(τ) − η ∂e/∂w.
 *
 * The document counts updates and samples with the same n, which is right only while every sample makes one update.
 */
export function learn(w: number, gradient: number, eta: number): number {
  return w - eta * gradient;
}

/**
 * The network after one update of every weight and bias; the network it was given stays as it was.
 * All gradients are of the old weights: the document's order, J learned before I is derived, invites using new ones.
 */
export function learnNetwork(net: PlainNetwork, layers: readonly LayerGradient[], eta: number): PlainNetwork {
  return {
    ...net,
    weights: net.weights.map((rows, index) =>
      Array.from(rows, (row, j) => Array.from(row, (w, k) => learn(w, layers[index]!.gradW[j]![k]!, eta))),
    ),
    // Δb_j = −η δ_j: the document gives the bias gradient and never the update.
    biases: net.biases.map((bias, index) => Array.from(bias, (b, j) => learn(b, layers[index]!.gradB[j]!, eta))),
  };
}
