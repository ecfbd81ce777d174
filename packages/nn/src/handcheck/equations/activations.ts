// Activations v = σ(u) and their derivatives, accurate where they saturate.
import type { Activation, Vector } from "./network.ts";

/** σ(u) = 1 / (1 + e^-u), without overflow on either side. */
export function sigmoid(u: number): number {
  if (u >= 0) return 1 / (1 + Math.exp(-u));
  const power = Math.exp(u);
  return power / (1 + power);
}

/** softplus(u) = ln(1 + e^u), so that −ln σ(u) = softplus(−u) stays exact where σ(u) rounds to 1 or 0. */
export function softplus(u: number): number {
  return Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
}

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

/** leakyRelu(u) = u above 0, and so much of it below. */
export const LEAK = 0.01;

/** v = σ(u) for a whole layer. */
export function activate(activation: Activation, u: Vector): number[] {
  return activation === "softmax" ? softmax(u) : Array.from(u, (entry) => activateOne(activation, entry));
}

/** v_j = σ(u_j) for a neuron whose output depends on its own input alone. */
export function activateOne(activation: Exclude<Activation, "softmax">, u: number): number {
  switch (activation) {
    case "sigmoid":
      return sigmoid(u);
    case "tanh":
      return Math.tanh(u);
    case "relu":
      // Written so that NaN stays NaN.
      return u <= 0 ? 0 : u;
    case "leakyRelu":
      return u <= 0 ? LEAK * u : u;
    // u above 0, e^u − 1 below
    case "elu":
      return u <= 0 ? Math.expm1(u) : u;
    // u σ(u)
    case "silu":
      return u * sigmoid(u);
    case "softplus":
      return softplus(u);
    case "linear":
      return u;
  }
}

/** σ′(u) = ∂v/∂u for a neuron whose output depends on its own input alone. */
export function slope(activation: Exclude<Activation, "softmax">, u: number): number {
  switch (activation) {
    // The document gives dy/dz = y (1 − y): right, but 1 − y is 0 as soon as y rounds to 1; 1 − σ(u) = σ(−u) is not.
    case "sigmoid":
      return sigmoid(u) * sigmoid(-u);
    // 1 − tanh² u = 1 / cosh² u, without the cancellation; squared last, so that cosh² does not overflow.
    case "tanh": {
      const reciprocal = 1 / Math.cosh(u);
      return reciprocal * reciprocal;
    }
    // relu′(0) = 0 by agreement.
    case "relu":
      return Number.isNaN(u) ? NaN : u > 0 ? 1 : 0;
    case "leakyRelu":
      return Number.isNaN(u) ? NaN : u > 0 ? 1 : LEAK;
    case "elu":
      return u > 0 ? 1 : Math.exp(u);
    // σ(u) + u σ′(u)
    case "silu":
      return sigmoid(u) * (1 + u * sigmoid(-u));
    case "softplus":
      return sigmoid(u);
    case "linear":
      return 1;
  }
}

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
