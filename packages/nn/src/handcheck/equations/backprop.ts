// Back-propagation over a batch: BP1 at the last layer, BP2 downward, BP3 and BP4 at every layer.
import { sampleCost } from "./costs.ts";
import { activity, requireBatch } from "./forward.ts";
import type { Activity } from "./forward.ts";
import type { Matrix, PlainNetwork, Reduction, Vector } from "./network.ts";
import { bp1, bp2, bp3, bp4 } from "./vector-form.ts";

/** Holds what back-propagation says about one layer. */
export interface LayerGradient {
  /** Row n is δ^l of sample n: ∂C_n/∂u^l of that sample's own cost, whatever the reduction. */
  readonly delta: number[][];
  /** ∂C/∂W^l of the batch, out × in. */
  readonly gradW: number[][];
  /** ∂C/∂b^l of the batch. */
  readonly gradB: number[];
}

/** The cost of a batch and, in `layers[l - 1]`, the gradients of layer l. */
export interface Backprop {
  readonly cost: number;
  readonly layers: readonly LayerGradient[];
}

/** δ, ∂C/∂W and ∂C/∂b of every layer, for a batch with one sample in each row of x and t. */
export function backprop(net: PlainNetwork, x: Matrix, t: Matrix, reduction: Reduction = "mean"): Backprop {
  const samples = requireBatch(net, x, t);
  const last = net.weights.length;
  const layers = net.weights.map((weights) => ({
    delta: [] as number[][],
    gradW: Array.from(weights, (row) => new Array<number>(row.length).fill(0)),
    gradB: new Array<number>(weights.length).fill(0),
  }));
  let cost = 0;

  for (let n = 0; n < samples; n++) {
    const seen = activity(net, x[n]!);
    cost += sampleCost(net.cost, net.activations[last - 1]!, seen.u[last]!, t[n]!);
    sampleDeltas(net, seen, t[n]!).forEach((delta, index) => {
      const layer = layers[index]!;
      layer.delta.push(delta);
      accumulate(layer.gradB, bp3(delta));
      // index is l − 1, so v[index] is v^{l−1}
      bp4(delta, seen.v[index]!).forEach((row, j) => accumulate(layer.gradW[j]!, row));
    });
  }

  if (reduction === "sum") return { cost, layers };
  for (const { gradW, gradB } of layers) for (const row of [...gradW, gradB]) divide(row, samples);
  return { cost: cost / samples, layers };
}

/** δ^1 … δ^L of one sample, as `[δ^1, …, δ^L]`. */
export function sampleDeltas(net: PlainNetwork, { u }: Activity, t: Vector): number[][] {
  const last = net.weights.length;
  let delta = bp1(net.cost, net.activations[last - 1]!, u[last]!, t);
  const deltas = [delta];
  for (let l = last - 1; l >= 1; l--) {
    // net.weights[l] is W^{l+1}
    delta = bp2(net.weights[l]!, delta, net.activations[l - 1]!, u[l]!);
    deltas.unshift(delta);
  }
  return deltas;
}

function accumulate(sum: number[], term: readonly number[]): void {
  for (let k = 0; k < sum.length; k++) sum[k]! += term[k]!;
}

function divide(row: number[], by: number): void {
  for (let k = 0; k < row.length; k++) row[k]! /= by;
}
