// BP1 to BP4 in scalar form, one neuron or one weight at a time, with every sum written out.
import { slope } from "./activations.ts";
import type { Matrix, Vector } from "./network.ts";
import type { NeuronActivation } from "./neurons.ts";

/** BP1: δ_j^L = ∂C/∂v_j · ∂v_j^L/∂u_j^L */
export function bp1Scalar(j: number, gradV: Vector, activation: NeuronActivation, u: Vector): number {
  return gradV[j]! * slope(activation, u[j]!);
}

/**
 * BP2: δ_j^l = Σ_k ∂C/∂u_k^{l+1} · ∂u_k^{l+1}/∂v_j^l · ∂v_j^l/∂u_j^l = Σ_k δ_k^{l+1} w_kj^{l+1} σ′(u_j^l)
 */
export function bp2Scalar(
  j: number,
  weightsAbove: Matrix,
  deltaAbove: Vector,
  activation: NeuronActivation,
  u: Vector,
): number {
  let sum = 0;
  for (let k = 0; k < deltaAbove.length; k++) {
    // The document's first factor is ∂C/∂u_j^{l+1}: it is the summed neuron k of the layer above that counts, not j.
    const costByInputAbove = deltaAbove[k]!;
    // The document ends in w_jk^l: wrong layer, wrong order. u_k^{l+1} = Σ_j w_kj^{l+1} v_j^l gives w_kj^{l+1}. On
    // layers of one width its form runs and even trains, on the wrong gradient.
    const inputAboveByOutput = weightsAbove[k]![j]!;
    const outputByInput = slope(activation, u[j]!);
    sum += costByInputAbove * inputAboveByOutput * outputByInput;
  }
  return sum;
}

/** BP3: ∂C/∂b_j^l = δ_j^l · ∂u_j^l/∂b_j^l = δ_j^l, for one sample */
export function bp3Scalar(j: number, delta: Vector): number {
  return delta[j]!;
}

/** BP4: ∂C/∂w_jk^l = δ_j^l · ∂u_j^l/∂w_jk^l = v_k^{l−1} δ_j^l */
export function bp4Scalar(j: number, k: number, delta: Vector, vBelow: Vector): number {
  return vBelow[k]! * delta[j]!;
}
