/** The network of Nielsen's first chapter, 784-30-10, with `backprop` as his network.py has it, on ten drawn images. */

import { Random } from "../../random.ts";
import type { PlainParameters } from "../../handcheck/judge/probe.ts";
import type { Hand } from "../../handcheck/report.ts";
import type { Example } from "./example.ts";

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const sigmoidPrime = (z: number): number => sigmoid(z) * (1 - sigmoid(z));

/** https://github.com/mnielsen/neural-networks-and-deep-learning, src/network.py: one sample at a time, summed. */
function backward(p: PlainParameters, x: number[][], t: number[][]): Hand {
  const last = 2;
  const [W, b] = [
    [[], p.W1!, p.W2!],
    [[], p.b1!, p.b2!],
  ];
  const gradW: Record<number, number[][]> = {};
  const gradB: Record<number, number[]> = {};
  const delta: Record<number, number[][]> = {};
  for (let l = 1; l <= last; l++) {
    gradW[l] = W[l]!.map((row) => row.map(() => 0));
    gradB[l] = b[l]!.map(() => 0);
    delta[l] = [];
  }
  x.forEach((sample, n) => {
    const zs: number[][] = [[]];
    const activations = [sample];
    for (let l = 1; l <= last; l++) {
      zs.push(W[l]!.map((row, j) => row.reduce((sum, w, k) => sum + w * activations[l - 1]![k]!, b[l]![j]!)));
      activations.push(zs[l]!.map(sigmoid));
    }
    let error = activations[last]!.map((a, j) => (a - t[n]![j]!) * sigmoidPrime(zs[last]![j]!));
    for (let l = last; l >= 1; l--) {
      if (l < last)
        error = zs[l]!.map((z, k) => error.reduce((sum, d, j) => sum + W[l + 1]![j]![k]! * d, 0) * sigmoidPrime(z));
      delta[l]!.push(error);
      error.forEach((d, j) => {
        gradB[l]![j]! += d;
        activations[l - 1]!.forEach((a, k) => (gradW[l]![j]![k]! += d * a));
      });
    }
  });
  return { delta, gradW, gradB };
}

/** Pixels of ten images and their digits; what they show does not matter to a gradient. */
export function nielsen(): Example {
  const random = new Random("ten images");
  const x = Array.from({ length: 10 }, () =>
    Array.from(random.uniformArray(784), (pixel) => (pixel < 0.8 ? 0 : 5 * (pixel - 0.8))),
  );
  const t = x.map((_, digit) => Array.from({ length: 10 }, (__, j) => (j === digit ? 1 : 0)));
  return {
    network: { sizes: [784, 30, 10], activations: "sigmoid", cost: "quadratic", seed: 1 },
    data: { x, t },
    given: { kind: "backward", backward },
  };
}
