/**
 * The gradient check of the course's exercise 4, 3-5-3 with five samples, whose numbers are sines; solved with samples
 * as columns and unrolled by hand.
 */

import type { PlainParameters } from "../../handcheck/judge/probe.ts";
import type { Hand } from "../../handcheck/report.ts";
import type { Example } from "./example.ts";

/** `reshape(sin(1:rows*columns), rows, columns) / 10`: Octave fills columns first. */
const sines = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => Math.sin(1 + i + j * rows) / 10));

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** `delta3 = a3 - y; delta2 = (Theta2' * delta3)(2:end) .* sigmoidGradient(z2)`, both gradients divided by m. */
function backward({ W1, b1, W2, b2 }: PlainParameters, x: number[][], y: number[][]): Hand {
  const layer = (W: number[][], b: number[], input: number[]): number[] =>
    W.map((row, j) => row.reduce((sum, w, k) => sum + w * input[k]!, b[j]!));
  const z2 = x.map((sample) => layer(W1!, b1!, sample));
  const a2 = z2.map((row) => row.map(sigmoid));
  const a3 = a2.map((row) => layer(W2!, b2!, row).map(sigmoid));
  const delta3 = a3.map((row, n) => row.map((a, j) => a - y[n]![j]!));
  const delta2 = z2.map((row, n) =>
    row.map((z, k) => delta3[n]!.reduce((sum, d, j) => sum + W2![j]![k]! * d, 0) * sigmoid(z) * (1 - sigmoid(z))),
  );
  const mean = (delta: number[][], input: number[][]): number[][] =>
    delta[0]!.map((_, j) =>
      input[0]!.map((__, k) => delta.reduce((sum, d, n) => sum + d[j]! * input[n]![k]!, 0) / delta.length),
    );
  const ones = x.map(() => [1]);
  return {
    delta: { 1: delta2, 2: delta3 },
    gradW: { 1: mean(delta2, x), 2: mean(delta3, a2) },
    gradB: { 1: mean(delta2, ones).flat(), 2: mean(delta3, ones).flat() },
  };
}

const [theta1, theta2] = [sines(5, 4), sines(3, 6)];

export const ex4: Example = {
  network: {
    sizes: [3, 5, 3],
    activations: "sigmoid",
    cost: "crossEntropy",
    // The first column of Theta is the bias.
    parameters: {
      W1: theta1.map((row) => row.slice(1)),
      b1: theta1.map((row) => row[0]!),
      W2: theta2.map((row) => row.slice(1)),
      b2: theta2.map((row) => row[0]!),
    },
  },
  // y = 1 + mod(1:m, 3)
  data: { x: sines(5, 3), t: [1, 2, 3, 4, 5].map((m) => [0, 1, 2].map((k) => (m % 3 === k ? 1 : 0))) },
  given: { kind: "backward", backward },
};
