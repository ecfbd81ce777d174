// The plain description of a network that the equations read: numbers in arrays and names, nothing of any tensor
// library.
import type { BaseCost } from "./costs.ts";
import type { NeuronActivation } from "./neurons.ts";

/** A column of numbers: `number[]`, `Float64Array` or any other array of numbers. */
export type Vector = ArrayLike<number>;

/** Rows of numbers. */
export type Matrix = ArrayLike<Vector>;

/** The function that turns a neuron's input u into its output v. */
export type Activation = NeuronActivation | "softmax";

/**
 * The cost of one sample, of the output v and the target t, some with what they are told: `huber(0.5)`,
 * `crossEntropy(labelSmoothing=0.1)`.
 * `softmaxCrossEntropy` contains the softmax: it reads v as logits, so the last layer is linear.
 * The document says "sum of squares" but uses half of it, and so does `quadratic`: without the ½ every δ doubles.
 */
export type Cost = BaseCost | `${BaseCost}(${string})`;

/** How the costs (and so the gradients) of the samples of a batch become one: C = (1/N) Σ_n C_n, or C = Σ_n C_n. */
export type Reduction = "mean" | "sum";

/**
 * A network with layers 1..L; layer 0 is the input.
 *
 * The document names layers M, I, J in its first half and l in its second; here M = 0, I = 1, J = 2 = L.
 * Its first half writes w_ij for the weight from i to j, its second half w_jk for the weight to j from k, without
 * saying that the layout changed. Here there is one layout: `weights[l - 1][j][k]` is w^l_jk, to j from k (out × in).
 */
export interface PlainNetwork {
  /** `weights[l - 1]` is W^l, out × in. */
  readonly weights: readonly Matrix[];
  /** `biases[l - 1]` is b^l. */
  readonly biases: readonly Vector[];
  /** `activations[l - 1]` is σ_l: the document writes one σ for all layers, yet calls its last layer linear. */
  readonly activations: readonly Activation[];
  readonly cost: Cost;
}

/** The number of units of each layer, the input first. */
export function widths(net: PlainNetwork): number[] {
  const layers = net.weights.length;
  if (layers === 0) throw new RangeError("network: it has no layers: give at least one weight matrix");
  if (net.biases.length !== layers || net.activations.length !== layers) {
    throw new RangeError(
      `network: ${layers} weight matrices, ${net.biases.length} bias vectors and ${net.activations.length} activations: ` +
        "give one of each for every layer",
    );
  }
  const result = [net.weights[0]![0]?.length ?? 0];
  for (let l = 1; l <= layers; l++) {
    const below = result[l - 1]!;
    const rows = net.weights[l - 1]!;
    for (let j = 0; j < rows.length; j++) {
      if (rows[j]!.length !== below) {
        throw new RangeError(
          `network: row ${j} of W^${l} has ${rows[j]!.length} weights but layer ${l - 1} has ${below} units: ` +
            "give W^l as out × in, one row for each unit of layer l",
        );
      }
    }
    if (net.biases[l - 1]!.length !== rows.length) {
      throw new RangeError(
        `network: b^${l} has ${net.biases[l - 1]!.length} entries but W^${l} has ${rows.length} rows: give one bias for each row`,
      );
    }
    result.push(rows.length);
  }
  return result;
}

/** Refuses an input or a target whose length is not that of the layer which it belongs to. */
export function requireLength(what: string, vector: Vector, length: number): void {
  if (vector.length !== length) {
    throw new RangeError(
      `network: ${what} has ${vector.length} entries but its layer has ${length} units: give one entry for each unit`,
    );
  }
}
