// What the tests of formulas share: networks, data, the witness's numbers, and closeness.
import { expect } from "vitest";
import {
  backprop,
  forward,
  type Activation,
  type Cost,
  type PlainNetwork,
} from "../../../src/handcheck/equations/index.ts";
import { formulaHand, formulas } from "../../../src/handcheck/formulas/formulas.ts";
import { FormulaError } from "../../../src/handcheck/formulas/problem.ts";
import type { FormulaOptions, FormulaReport } from "../../../src/handcheck/formulas/report.ts";
import type { Hand } from "../../../src/handcheck/report.ts";
import { network, type Network } from "../../../src/network/network.ts";
import { Random } from "../../../src/random.ts";
import { randomNetwork } from "../../equations-support.ts";

export interface World {
  readonly net: PlainNetwork;
  readonly x: number[][];
  readonly t: number[][];
}

/** A random network and a batch whose targets are probabilities. */
export function world(
  sizes: readonly number[],
  activations: readonly Activation[],
  cost: Cost,
  samples: number,
  seed = "world",
): World {
  const random = new Random(seed);
  const net = randomNetwork(random, sizes, activations, cost, 0.6);
  const rows = (width: number): number[][] =>
    Array.from({ length: samples }, () => Array.from(random.normalArray(width)));
  const t = rows(sizes[sizes.length - 1]!).map((row) => {
    const powers = row.map(Math.exp);
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  });
  return { net, x: rows(sizes[0]!), t };
}

export const three = (samples = 7): World => world([5, 4, 3], ["sigmoid", "sigmoid"], "quadratic", samples);
export const deep = (samples = 7): World => world([5, 4, 3, 2], ["tanh", "sigmoid", "sigmoid"], "quadratic", samples);
export const threeNet = network({ sizes: [5, 4, 3] });
export const deepNet = network({ sizes: [5, 4, 3, 2], activations: ["tanh", "sigmoid", "sigmoid"] });
export const squareNet = network({ sizes: [4, 4, 4, 4] });

/** Every array of a hand is the witness's, to 1e-13 of its largest entry. */
export function expectTruth({ net, x, t }: World, hand: Hand): void {
  const { layers, cost } = backprop(net, x, t);
  const seen = x.map((row) => forward(net, row));
  const close = (what: string, got: unknown, expected: readonly number[]): void => {
    const numbers = [got].flat(2) as number[];
    expect(numbers.length, what).toBe(expected.length);
    const scale = Math.max(...expected.map(Math.abs));
    numbers.forEach((value, i) =>
      expect(
        Math.abs(value - expected[i]!) / scale,
        `${what}: entry ${i} is ${value} instead of ${expected[i]!}`,
      ).toBeLessThanOrEqual(1e-13),
    );
  };
  for (const [l, delta] of Object.entries(hand.delta ?? {})) close(`δ${l}`, delta, layers[Number(l) - 1]!.delta.flat());
  for (const [l, gradW] of Object.entries(hand.gradW ?? {}))
    close(`∂C/∂W${l}`, gradW, layers[Number(l) - 1]!.gradW.flat());
  for (const [l, gradB] of Object.entries(hand.gradB ?? {})) close(`∂C/∂b${l}`, gradB, layers[Number(l) - 1]!.gradB);
  for (const [l, u] of Object.entries(hand.u ?? {}))
    close(
      `u${l}`,
      u,
      seen.flatMap((one) => one.u[Number(l)]!),
    );
  for (const [l, v] of Object.entries(hand.v ?? {}))
    close(
      `v${l}`,
      v,
      seen.flatMap((one) => one.v[Number(l)]!),
    );
  for (const [l, W] of Object.entries(hand.next?.W ?? {})) {
    close(
      `new W${l}`,
      W,
      Array.from(net.weights[Number(l) - 1]!).flatMap((row, j) =>
        Array.from(row).map((w, k) => w - hand.eta! * layers[Number(l) - 1]!.gradW[j]![k]!),
      ),
    );
  }
  for (const [l, b] of Object.entries(hand.next?.b ?? {}))
    close(
      `new b${l}`,
      b,
      Array.from(net.biases[Number(l) - 1]!).map((one, j) => one - hand.eta! * layers[Number(l) - 1]!.gradB[j]!),
    );
  if (hand.cost !== undefined) close("C", hand.cost, [cost]);
}

export function handOf({ net, x, t }: World, text: string, options?: FormulaOptions): Hand {
  return formulaHand(net, { x, t }, text, options);
}

/** What is given in a hand: `delta 1`, `gradW 2`, … */
export function given(hand: Hand): string[] {
  const parts = {
    delta: hand.delta,
    gradW: hand.gradW,
    gradB: hand.gradB,
    u: hand.u,
    v: hand.v,
    W: hand.next?.W,
    b: hand.next?.b,
  };
  const names = Object.entries(parts).flatMap(([part, byLayer]) =>
    Object.keys(byLayer ?? {}).map((l) => `${part} ${l}`),
  );
  return [...names, ...(hand.cost === undefined ? [] : ["cost"])].sort();
}

export function failure(run: () => unknown): FormulaError {
  try {
    run();
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
  throw new Error("expected a FormulaError");
}

/** The roots of a report: `B1 BP2 1`. */
export function roots(net: Network, text: string, options?: FormulaOptions): string[] {
  return named(formulas(net, text, options));
}

export function named({ roots: all }: FormulaReport): string[] {
  return all.map(({ id, equation, layer }) => `${id} ${equation} ${layer}`).sort();
}
