// What the tests of the engine share: a network with random numbers, and its right backprop by the plain loops.
import { network, type ActivationName, type CostName, type Network } from "../../../src/index.ts";
import { backprop, type PlainNetwork } from "../../../src/handcheck/equations/index.ts";
import { genericProblem } from "../../../src/handcheck/claims/generic.ts";
import type { PlainParameters } from "../../../src/handcheck/index.ts";
import type { Hand } from "../../../src/handcheck/report.ts";
import type { Problem } from "../../../src/handcheck/claims/setting.ts";

export function problemOf(
  sizes: readonly number[],
  activations: readonly ActivationName[],
  cost: CostName,
  samples: number,
  seed = 1,
): Problem {
  return genericProblem({ sizes, activations, cost }, samples, seed);
}

export function networkOf({ sizes, activations, cost, W, b }: Problem): Network {
  const layers = W.map((_, l) => l).slice(1);
  const parameters: Record<string, readonly (readonly number[])[] | readonly number[]> = Object.fromEntries(
    layers.flatMap((l): [string, readonly (readonly number[])[] | readonly number[]][] => [
      [`W${l}`, W[l]!],
      [`b${l}`, b[l]!],
    ]),
  );
  return network({ sizes, activations: [...activations], cost, parameters });
}

export function dataOf({ x, t }: Problem): { x: number[][]; t: number[][] } {
  return { x: x.map((row) => [...row]), t: t.map((row) => [...row]) };
}

/** The right backprop: δ of each sample, gradients of the mean. */
export function rightHand({
  W,
  b,
  activations,
  cost,
  x,
  t,
}: Problem): Required<Pick<Hand, "delta" | "gradW" | "gradB">> {
  const plain: PlainNetwork = { weights: W.slice(1), biases: b.slice(1), activations, cost };
  const { layers } = backprop(plain, x, t);
  const by = <T>(pick: (layer: (typeof layers)[number]) => T): Record<number, T> =>
    Object.fromEntries(layers.map((layer, index) => [index + 1, pick(layer)]));
  return { delta: by(({ delta }) => delta), gradW: by(({ gradW }) => gradW), gradB: by(({ gradB }) => gradB) };
}

/** The right backprop as a function of what the check hands over. */
export function rightFunction({
  activations,
  cost,
  sizes,
}: Pick<Problem, "activations" | "cost" | "sizes">): (
  p: PlainParameters,
  x: number[][],
  t: number[][],
) => ReturnType<typeof rightHand> {
  return (p, x, t) => {
    const layers = sizes.map((_, l) => l);
    const W = layers.map((l) => (l === 0 ? [] : p[`W${l}`]!));
    const b = layers.map((l) => (l === 0 ? [] : p[`b${l}`]!));
    return rightHand({ sizes, activations, cost, W, b, x, t });
  };
}
