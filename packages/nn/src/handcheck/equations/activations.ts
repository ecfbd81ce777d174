// Activations v = σ(u) of a whole layer and their derivatives.
import type { Activation, Vector } from "./network.ts";
import { neuron, type NeuronActivation } from "./neurons.ts";

/** softmax(u)_j = e^u_j / Σ_k e^u_k, with the largest u taken out of numerator and denominator. */
export function softmax(u: Vector): number[] {
  const top = largest(u);
  const powers = Array.from(u, (entry) => Math.exp(entry - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** −ln softmax(u)_j = (max u − u_j) + ln(1 + Σ e^(u_k − max u) over all k but the largest), exact near 0. */
export function negativeLogSoftmax(u: Vector): number[] {
  const top = largest(u);
  const at = Array.prototype.indexOf.call(u, top);
  let rest = 0;
  for (let k = 0; k < u.length; k++) if (k !== at) rest += Math.exp(u[k]! - top);
  const tail = Math.log1p(rest);
  return Array.from(u, (entry) => top - entry + tail);
}

/** v = σ(u) for a whole layer. */
export function activate(activation: Activation, u: Vector): number[] {
  return activation === "softmax" ? softmax(u) : Array.from(u, neuron(activation).value);
}

/** v_j = σ(u_j) for a neuron whose output depends on its own input alone. */
export const activateOne = (activation: NeuronActivation, u: number): number => neuron(activation).value(u);

/** σ′(u) = ∂v/∂u for a neuron whose output depends on its own input alone. */
export const slope = (activation: NeuronActivation, u: number): number => neuron(activation).slope(u);

/** J[k][j] = ∂v_k/∂u_j: diagonal with σ′(u_j), except for softmax, where J_kj = v_k ([k = j] − v_j). */
export function jacobian(activation: Activation, u: Vector): number[][] {
  if (activation !== "softmax") {
    return Array.from(u, (_, k) => Array.from(u, (entry, j) => (j === k ? slope(activation, entry) : 0)));
  }
  const v = softmax(u);
  // 1 − v_j is the sum of the others, and written so it does not cancel when v_j is near 1.
  return v.map((vk, k) => v.map((vj, j) => (j === k ? vk * sumExcept(v, k) : -vk * vj)));
}

/** Σ_{k ≠ j} x_k. */
export function sumExcept(x: Vector, j: number): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) if (k !== j) sum += x[k]!;
  return sum;
}

function largest(u: Vector): number {
  let top = -Infinity;
  for (let k = 0; k < u.length; k++) top = Math.max(top, u[k]!);
  return top;
}
