// The document's derivation for the layers M, I, J and half the sum of squares, factor by factor of the chain rule.
// The document drops its superscripts at random; here every name says its layer: m in M, i in I, j in J.
import { activateOne, slope } from "./activations.ts";
import type { Matrix, Vector } from "./network.ts";
import type { NeuronActivation } from "./neurons.ts";

/** The four factors of ∂e/∂w_ij, their δ_j (the first three) and their product. */
export interface OutputChain {
  /** ∂e/∂e_j = e_j */
  readonly costByError: number;
  /** ∂e_j/∂v_j = −1 */
  readonly errorByOutput: number;
  /** ∂v_j/∂u_j = σ_J′(u_j) */
  readonly outputByInput: number;
  /** ∂u_j/∂w_ij = v_i */
  readonly inputByWeight: number;
  /** δ_j = −e_j σ_J′(u_j) = (v_j − t_j) σ_J′(u_j) */
  readonly delta: number;
  /** ∂e/∂w_ij = δ_j v_i */
  readonly gradient: number;
}

/** The three factors of ∂e/∂w_mi, their δ_i (the first two) and their product. */
export interface HiddenChain {
  /** ∂e/∂v_i = Σ_j δ_j w_ij */
  readonly costByOutput: number;
  /** ∂v_i/∂u_i = σ_I′(u_i) */
  readonly outputByInput: number;
  /** ∂u_i/∂w_mi = v_m */
  readonly inputByWeight: number;
  /** δ_i = σ_I′(u_i) Σ_j δ_j w_ij */
  readonly delta: number;
  /** ∂e/∂w_mi = δ_i v_m */
  readonly gradient: number;
}

/** ∂e/∂w_ij = ∂e/∂e_j · ∂e_j/∂v_j · ∂v_j/∂u_j · ∂u_j/∂w_ij, with e = ½ Σ_j e_j² and e_j = t_j − v_j */
export function outputChain(
  i: number,
  j: number,
  activationJ: NeuronActivation,
  uJ: Vector,
  vI: Vector,
  t: Vector,
): OutputChain {
  const costByError = t[j]! - activateOne(activationJ, uJ[j]!);
  // The document leaves this −1 inside a product it never multiplies out. δ keeps it: δ_j = −e_j σ′(u_j), so the update
  // −η δ_j v_i adds +η e_j σ′(u_j) v_i. Haykin, whose e_j(n) this is, defines δ with the other sign; mixing flips every
  // step.
  const errorByOutput = -1;
  // The document calls the last layer linear and then differentiates a sigmoid: linear has σ′ = 1 and δ_j = v_j − t_j,
  // sigmoid has δ_j = (v_j − t_j) v_j (1 − v_j). Which of the two it is, the caller says.
  const outputByInput = slope(activationJ, uJ[j]!);
  const inputByWeight = vI[i]!;
  const delta = costByError * errorByOutput * outputByInput;
  return { costByError, errorByOutput, outputByInput, inputByWeight, delta, gradient: delta * inputByWeight };
}

/** ∂e/∂w_mi = ∂e/∂v_i · ∂v_i/∂u_i · ∂u_i/∂w_mi; `weightsJ[j][i]` is the document's w_ij */
export function hiddenChain(
  m: number,
  i: number,
  weightsJ: Matrix,
  deltaJ: Vector,
  activationI: NeuronActivation,
  uI: Vector,
  vM: Vector,
): HiddenChain {
  // The step the document skips: v_i reaches e through every u_j, so ∂e/∂v_i = Σ_j ∂e/∂u_j · ∂u_j/∂v_i = Σ_j δ_j w_ij.
  let costByOutput = 0;
  for (let j = 0; j < deltaJ.length; j++) costByOutput += deltaJ[j]! * weightsJ[j]![i]!;
  const outputByInput = slope(activationI, uI[i]!);
  const inputByWeight = vM[m]!;
  const delta = costByOutput * outputByInput;
  return { costByOutput, outputByInput, inputByWeight, delta, gradient: delta * inputByWeight };
}
