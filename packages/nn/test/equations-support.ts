// What the tests of the equations share: Mazur's network, random ragged networks, and relative closeness.
import { expect } from "vitest";
import type { Activation, Cost, PlainNetwork } from "../src/handcheck/equations/index.ts";
import type { Random } from "../src/random.ts";

/** The example of mattmazur.com/2015/03/17; both neurons of a layer share one bias there. */
export const mazur: PlainNetwork = {
  weights: [
    [
      [0.15, 0.2],
      [0.25, 0.3],
    ],
    [
      [0.4, 0.45],
      [0.5, 0.55],
    ],
  ],
  biases: [
    [0.35, 0.35],
    [0.6, 0.6],
  ],
  activations: ["sigmoid", "sigmoid"],
  cost: "quadratic",
};
export const mazurInput = [0.05, 0.1];
export const mazurTarget = [0.01, 0.99];

/** Every entry of `actual` within `relative` of the entry of `expected`, relative to that entry. */
export function expectClose(actual: ArrayLike<number>, expected: readonly number[], relative: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs(actual[i]! - value) / (Math.abs(value) || 1);
    expect(error, `entry ${i}: ${actual[i]} instead of ${value}`).toBeLessThanOrEqual(relative);
  });
}

/** ‖a − b‖ / (‖a‖ + ‖b‖) */
export function relativeDistance(a: readonly number[], b: readonly number[]): number {
  const norm = (x: readonly number[]): number => Math.hypot(...x);
  return norm(a.map((value, i) => value - b[i]!)) / (norm(a) + norm(b));
}

/** A network with these widths, its weights and biases normal and scaled by `scale`. */
export function randomNetwork(
  random: Random,
  widths: readonly number[],
  activations: readonly Activation[],
  cost: Cost,
  scale = 1,
): PlainNetwork {
  const row = (n: number): number[] => Array.from(random.normalArray(n), (value) => value * scale);
  const above = widths.slice(1);
  return {
    weights: above.map((units, l) => Array.from({ length: units }, () => row(widths[l]!))),
    biases: above.map((units) => row(units)),
    activations,
    cost,
  };
}
