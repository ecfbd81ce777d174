// BP1 to BP4 in vector form, for one sample; δ^l = ∂C/∂u^l.
// The document calls δ "the gradient": it is the gradient with respect to u, the error of a layer, not that of a
// weight.
// It cites michaelnielsen.org; the equations are those of neuralnetworksanddeeplearning.com, chapter 2, with z → u and
// a → v.
import { activate, jacobian, slope } from "./activations.ts";
import { collapsedDelta, costGradient } from "./costs.ts";
import type { Activation, Cost, Matrix, Vector } from "./network.ts";

/** BP1: δ^L = ∇_v C ⊙ σ_L′(u^L), by whichever of its three forms is right and exact for this cost and activation. */
export function bp1(cost: Cost, activation: Activation, u: Vector, t: Vector): number[] {
  return (
    bp1Collapsed(cost, activation, u, t) ??
    throughActivation(costGradient(cost, activate(activation, u), t), activation, u)
  );
}

/**
 * BP1 as printed: δ^L = ∇_v C ⊙ σ′(u^L), that is δ_j = ∂C/∂v_j σ′(u_j).
 *
 * The document calls ⊙ a "scalar product"; that would be one number. ⊙ multiplies entry by entry (Hadamard, Schur).
 */
export function bp1Hadamard(gradV: Vector, activation: Exclude<Activation, "softmax">, u: Vector): number[] {
  return Array.from(u, (uj, j) => gradV[j]! * slope(activation, uj));
}

/**
 * BP1 where each output depends on every input of its layer: δ_j^L = Σ_k ∂C/∂v_k ∂v_k/∂u_j.
 *
 * The document prints δ_j = ∂C/∂v_j ∂v_j/∂u_j "for all j": it holds only where v_j depends on u_j alone, so not for
 * softmax.
 */
export function bp1Jacobian(gradV: Vector, activation: Activation, u: Vector): number[] {
  const dv = jacobian(activation, u);
  return Array.from(u, (_, j) => {
    let sum = 0;
    for (let k = 0; k < u.length; k++) sum += gradV[k]! * dv[k]![j]!;
    return sum;
  });
}

/**
 * BP1 where σ′ cancels against ∇_v C: δ^L = v − t. Undefined for the pairs where nothing cancels.
 * There the form as printed would divide by an output that has rounded to 0.
 */
export function bp1Collapsed(cost: Cost, activation: Activation, u: Vector, t: Vector): number[] | undefined {
  return collapsedDelta(cost, activation, u, t);
}

/**
 * BP2: δ^l = ((W^{l+1})ᵀ δ^{l+1}) ⊙ σ_l′(u^l), with the weights that made u^{l+1}, never those of after the update.
 *
 * The document prints one closing parenthesis too many; the vector form itself is right.
 * It derives the output layer's update before this one and does not say which weights this one reads.
 */
export function bp2(weightsAbove: Matrix, deltaAbove: Vector, activation: Activation, u: Vector): number[] {
  return throughActivation(gradientBelow(weightsAbove, deltaAbove, u.length), activation, u);
}

/** ∂C/∂v^l = (W^{l+1})ᵀ δ^{l+1}: what a layer's δ says about its input v^l, which has `units` entries. */
export function gradientBelow(weightsAbove: Matrix, deltaAbove: Vector, units: number): number[] {
  const gradV = new Array<number>(units).fill(0);
  for (let k = 0; k < deltaAbove.length; k++) {
    for (let j = 0; j < units; j++) gradV[j]! += weightsAbove[k]![j]! * deltaAbove[k]!;
  }
  return gradV;
}

/**
 * BP3: ∂C/∂b^l = δ^l, for one sample; a batch takes the sum or the mean over its samples, which the document leaves
 * out.
 */
export function bp3(delta: Vector): number[] {
  return Array.from(delta);
}

/**
 * BP4: ∂C/∂W^l = δ^l (v^{l−1})ᵀ, out × in like W^l itself.
 *
 * The document prints ∂C/∂w = v^{l−1} δ^l: two columns have no product, and v^{l−1} (δ^l)ᵀ would be the transpose of
 * this.
 */
export function bp4(delta: Vector, vBelow: Vector): number[][] {
  return Array.from(delta, (deltaJ) => Array.from(vBelow, (vk) => deltaJ * vk));
}

// (∂v/∂u)ᵀ g: the step from ∂C/∂v to ∂C/∂u of one layer.
function throughActivation(gradV: Vector, activation: Activation, u: Vector): number[] {
  return activation === "softmax" ? bp1Jacobian(gradV, activation, u) : bp1Hadamard(gradV, activation, u);
}
