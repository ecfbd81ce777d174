// The cost C of one sample and its gradient ∇_v C with respect to the output of the last layer.
import { activate, negativeLogSoftmax, sumExcept, softmax } from "./activations.ts";
import { softplus } from "./neurons.ts";
import type { Activation, Cost, Vector } from "./network.ts";

/**
 * C of one sample, from the input u of the last layer, so that saturated outputs lose nothing.
 *
 * The document calls the cost C, then e, then C again, and uses e for the error signal e_j and for a unit vector too;
 * here the cost is C, the error signal e_j = t_j − v_j.
 */
export function sampleCost(cost: Cost, activation: Activation, u: Vector, t: Vector): number {
  const v = activate(activation, u);
  switch (cost) {
    // C = ½ Σ_j (t_j − v_j)²
    case "quadratic":
      return 0.5 * sumOver(t, (tj, j) => (tj - v[j]!) ** 2);
    // C = −Σ_j [t_j ln v_j + (1 − t_j) ln(1 − v_j)]; of a sigmoid, −ln v = softplus(−u) and −ln(1 − v) = softplus(u)
    case "crossEntropy":
      return activation === "sigmoid"
        ? sumOver(t, (tj, j) => weighted(tj, softplus(-u[j]!)) + weighted(1 - tj, softplus(u[j]!)))
        : sumOver(t, (tj, j) => weighted(tj, -Math.log(v[j]!)) + weighted(1 - tj, -Math.log1p(-v[j]!)));
    // C = −Σ_j t_j ln v_j
    case "categoricalCrossEntropy": {
      const logs = activation === "softmax" ? negativeLogSoftmax(u) : v.map((vj) => -Math.log(vj));
      return sumOver(t, (tj, j) => weighted(tj, activation === "sigmoid" ? softplus(-u[j]!) : logs[j]!));
    }
    // C = −Σ_j t_j ln softmax(v)_j
    case "softmaxCrossEntropy": {
      const logs = negativeLogSoftmax(v);
      return sumOver(t, (tj, j) => weighted(tj, logs[j]!));
    }
  }
}

/** ∇_v C: the entries ∂C/∂v_j of one sample. */
export function costGradient(cost: Cost, v: Vector, t: Vector): number[] {
  switch (cost) {
    // ∂C/∂v_j = v_j − t_j, that is −e_j
    case "quadratic":
      return Array.from(t, (tj, j) => v[j]! - tj);
    // ∂C/∂v_j = −t_j / v_j + (1 − t_j) / (1 − v_j)
    case "crossEntropy":
      return Array.from(t, (tj, j) => weighted(1 - tj, 1 / (1 - v[j]!)) - weighted(tj, 1 / v[j]!));
    // ∂C/∂v_j = −t_j / v_j
    case "categoricalCrossEntropy":
      return Array.from(t, (tj, j) => weighted(-tj, 1 / v[j]!));
    case "softmaxCrossEntropy":
      return logitGradient(v, t);
  }
}

/**
 * ∂/∂z_j of −Σ_k t_k ln softmax(z)_k = s_j Σ_k t_k − t_j with s = softmax(z): s − t for targets that sum to 1.
 * Written as Σ_{k≠j} (s_j t_k − t_j s_k), which is the same because Σ_k s_k = 1, and does not cancel when s_j is near t_j = 1.
 */
export function logitGradient(z: Vector, t: Vector): number[] {
  const s = softmax(z);
  return s.map((sj, j) => sj * sumExcept(t, j) - t[j]! * sumExcept(s, j));
}

// 0 · ln 0 = 0: a class that the target excludes costs nothing, however sure the network is.
function weighted(weight: number, term: number): number {
  return weight === 0 ? 0 : weight * term;
}

function sumOver(t: Vector, term: (tj: number, j: number) => number): number {
  let sum = 0;
  for (let j = 0; j < t.length; j++) sum += term(t[j]!, j);
  return sum;
}
