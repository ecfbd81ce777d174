// The forward pass: u^l = W^l v^{l−1} + b^l, v^l = σ_l(u^l), and the cost of a sample or a batch.
import { activate } from "./activations.ts";
import { sampleCost } from "./costs.ts";
import { requireLength, widths } from "./network.ts";
import type { Matrix, PlainNetwork, Reduction, Vector } from "./network.ts";

/** The inputs u[l] and outputs v[l] of every layer for one sample. */
export interface Activity {
  /** `u[l]` is u^l; `u[0]` is empty, since the input layer has no net input. */
  readonly u: readonly (readonly number[])[];
  /** `v[l]` is v^l; `v[0]` is x. */
  readonly v: readonly (readonly number[])[];
}

/**
 * u_j = b_j + Σ_k w_jk v_k. The document's three-layer part prints the sum without the bias that its first lines have.
 */
export function neuronInput(weights: Vector, bias: number, v: Vector): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k]! * v[k]!;
  return sum + bias;
}

/** u^l and v^l of every layer for one sample x. */
export function forward(net: PlainNetwork, x: Vector): Activity {
  requireLength("x", x, widths(net)[0]!);
  return activity(net, x);
}

/** C of one sample. */
export function costOfSample(net: PlainNetwork, x: Vector, t: Vector): number {
  return costOfBatch(net, [x], [t]);
}

/**
 * C of a batch, one sample in each row: (1/N) Σ_n C_n, or Σ_n C_n with `"sum"`.
 * The document never says how the costs of its samples become one.
 */
export function costOfBatch(net: PlainNetwork, x: Matrix, t: Matrix, reduction: Reduction = "mean"): number {
  const samples = requireBatch(net, x, t);
  const last = net.weights.length;
  let sum = 0;
  for (let n = 0; n < samples; n++) {
    sum += sampleCost(net.cost, net.activations[last - 1]!, activity(net, x[n]!).u[last]!, t[n]!);
  }
  return reduction === "mean" ? sum / samples : sum;
}

/** The number of samples, once every row of inputs and targets has been found to fit the network. */
export function requireBatch(net: PlainNetwork, x: Matrix, t: Matrix): number {
  const units = widths(net);
  if (x.length !== t.length) {
    throw new RangeError(`network: ${x.length} inputs but ${t.length} targets: give one target for each input`);
  }
  if (x.length === 0) throw new RangeError("network: the batch is empty: give at least one sample");
  for (let n = 0; n < x.length; n++) {
    requireLength(`input ${n}`, x[n]!, units[0]!);
    requireLength(`target ${n}`, t[n]!, units[units.length - 1]!);
  }
  return x.length;
}

/** `forward` for a network and a sample that have already been checked. */
export function activity(net: PlainNetwork, x: Vector): Activity {
  // The document says v = σ(u) "for every neuron"; the input layer has neither σ nor bias nor δ: v^0 = x.
  const u: number[][] = [[]];
  const v: number[][] = [Array.from(x)];
  for (let l = 1; l <= net.weights.length; l++) {
    const bias = net.biases[l - 1]!;
    const input = Array.from(net.weights[l - 1]!, (row, j) => neuronInput(row, bias[j]!, v[l - 1]!));
    u.push(input);
    v.push(activate(net.activations[l - 1]!, input));
  }
  return { u, v };
}
