/** A reading in the plain numbers that the judge takes. */

import type { Hand, Step } from "../report.ts";
import type { Problem } from "../claims/setting.ts";
import type { NumberArray } from "./given.ts";
import type { LayerRole } from "./names.ts";
import type { Placed } from "./numbering.ts";
import type { Reading } from "./submission.ts";
import type { Told } from "./told.ts";

/** Rows of numbers. */
export function rowsOf({ shape, data }: NumberArray): number[][] {
  const width = shape[1] ?? 1;
  return Array.from({ length: shape[0] ?? 1 }, (_, n) => Array.from(data.subarray(n * width, (n + 1) * width)));
}

/** Network, parameters and data; a bias that is not there is 0. `rows` makes rows of an array. */
export function problemOf(
  { sizes, activations, cost, W, b, x, t }: Reading,
  rows: (given: NumberArray) => number[][] = rowsOf,
): Problem {
  return {
    sizes,
    activations,
    cost,
    x: rows(x),
    t: rows(t),
    W: W.map((one) => (one === null ? [] : rows(one))),
    b: b.map((one, l) => (l === 0 ? [] : one === null ? new Array<number>(sizes[l]!).fill(0) : [...one.data])),
  };
}

/** The array as a hand has it: a number, a list, rows. */
function handed(given: NumberArray): number | number[] | number[][] {
  if (given.shape.length === 0) return given.data[0]!;
  return given.shape.length === 1 ? [...given.data] : rowsOf(given);
}

/** The person's own numbers; one array for two layers stays one. */
export function handOf(placed: readonly Placed[], told: Told = {}): Hand {
  const known = new Map<NumberArray, ReturnType<typeof handed>>();
  const part = (role: LayerRole): Record<string, Readonly<Record<number, never>>> | null => {
    const own = placed.filter((one) => one.role === role);
    if (own.length === 0) return null;
    const byLayer: Record<number, ReturnType<typeof handed>> = {};
    for (const { layer, value } of own) {
      if (!known.has(value)) known.set(value, handed(value));
      byLayer[layer] = known.get(value)!;
    }
    return { [role]: byLayer as Readonly<Record<number, never>> };
  };
  const step = (W: LayerRole, b: LayerRole, next: Step | null): Step | null => {
    const [weights, biases] = [part(W)?.[W], part(b)?.[b]];
    if (weights === undefined && biases === undefined && next === null) return null;
    return {
      ...(weights === undefined ? {} : { W: weights }),
      ...(biases === undefined ? {} : { b: biases }),
      ...(next === null ? {} : { next }),
    };
  };
  const next = step("nextW", "nextB", step("afterW", "afterB", null));
  const { costValue, eta, momentum, lambda, digits, decimals, tiedBiases, convention } = told;
  const single = { cost: costValue, eta, momentum, lambda, digits, decimals, tiedBiases, convention };
  return {
    ...part("u"),
    ...part("v"),
    ...part("delta"),
    ...part("gradW"),
    ...part("gradB"),
    ...(next === null ? {} : { next }),
    ...(Object.fromEntries(Object.entries(single).filter(([, value]) => value !== undefined)) as Partial<Hand>),
  };
}
