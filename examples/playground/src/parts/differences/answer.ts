/** The gradient by differences for many ε, beside backprop's, and how often each asks for the cost. */

import {
  backprop,
  centralDifference,
  costOfParameters,
  flattenGradients,
  flattenParameters,
  forwardDifference,
  type Differences,
  type PlainNetwork,
} from "@chainrule/nn/equations";
import { complexCostOfParameters, complexDifference } from "@chainrule/nn/handcheck";
import type { Drawn } from "../../network/figures.ts";
import { drawing } from "../../worker/figures-of.ts";
import { exponents, ways, type Way } from "./place.ts";

export interface DifferencesAsked {
  readonly net: string;
  readonly cost: string;
  readonly drawn: Drawn;
}

/** What a way gives for one ε. */
export interface Reading {
  /** ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖), as courses' checkers print it. */
  readonly error: number;
  /** The derivative that is looked at. */
  readonly value: number;
}

export interface Curve {
  /** One for each ε. */
  readonly readings: readonly Reading[];
  /** How often the cost is computed for the whole gradient. */
  readonly evaluations: number;
}

export interface DifferencesTold {
  /** Weights and biases of the network, and how many of them the curves follow. */
  readonly parameters: number;
  readonly followed: number;
  readonly curves: Readonly<Record<Way, Curve>>;
  /** The derivative that is looked at, by backprop, and its place: `W1.0.2`. */
  readonly exact: number;
  readonly place: string;
}

/** Of more parameters so many are followed, evenly spread: the curve of all looks the same and takes long. */
const FOLLOWED = 64;

const norm = (x: readonly number[]): number => Math.hypot(...x);
const apart = (a: readonly number[], b: readonly number[]): number => {
  const sizes = norm(a) + norm(b);
  return sizes === 0 ? 0 : norm(a.map((value, k) => value - b[k]!)) / sizes;
};

/** The names of all parameters, in the order of `flattenParameters`. */
function placesOf({ weights, biases }: PlainNetwork): string[] {
  return weights.flatMap((rows, l) => [
    ...Array.from(rows).flatMap((row, j) => Array.from(row, (_, i) => `W${l + 1}.${j}.${i}`)),
    ...Array.from(biases[l]!, (_, j) => `b${l + 1}.${j}`),
  ]);
}

export function differences({ net: word, cost, drawn }: DifferencesAsked): DifferencesTold {
  const {
    net,
    figures: { x, t, W, b },
  } = drawing(word, cost, drawn);
  const plain: PlainNetwork = {
    weights: W,
    biases: b,
    activations: net.activations as PlainNetwork["activations"],
    cost: net.cost as PlainNetwork["cost"],
  };
  const all = flattenParameters(plain);
  const gradient = flattenGradients(backprop(plain, [x], [t]).layers);
  const spread = Math.max(1, all.length / FOLLOWED);
  const indices = Array.from({ length: Math.min(all.length, FOLLOWED) }, (_, k) => Math.floor(k * spread));
  const [point, exact] = [indices.map((i) => all[i]!), indices.map((i) => gradient[i]!)];
  // The others stay where they are.
  const filled = <E>(rest: readonly E[], some: readonly E[]): E[] => {
    const full = [...rest];
    indices.forEach((i, k) => {
      full[i] = some[k]!;
    });
    return full;
  };
  const real = costOfParameters(plain, [x], [t]);
  const complex = complexCostOfParameters(plain, [x], [t]);
  const still = all.map((re) => ({ re, im: 0 }));
  const largest = exact.reduce((best, value, k) => (Math.abs(value) > Math.abs(exact[best]!) ? k : best), 0);
  const given: Readonly<Record<Way, (epsilon: number) => Differences>> = {
    forward: (epsilon) => forwardDifference((some) => real(filled(all, some)), point, epsilon),
    central: (epsilon) => centralDifference((some) => real(filled(all, some)), point, epsilon),
    complex: (epsilon) => complexDifference((some) => complex(filled(still, some)), point, epsilon),
  };
  // Counted for all parameters, of a cost that takes no time.
  const counted: Readonly<Record<Way, number>> = {
    forward: forwardDifference(() => 0, all).evaluations,
    central: centralDifference(() => 0, all).evaluations,
    complex: complexDifference(() => ({ re: 0, im: 0 }), all).evaluations,
  };
  const curveOf = (way: Way): Curve => ({
    evaluations: counted[way],
    readings: exponents.map((exponent) => {
      const found = given[way](10 ** exponent).gradient;
      return { error: apart(found, exact), value: found[largest]! };
    }),
  });
  return {
    parameters: all.length,
    followed: point.length,
    exact: exact[largest]!,
    place: placesOf(plain)[indices[largest]!]!,
    curves: Object.fromEntries(ways.map((way) => [way, curveOf(way)])) as Record<Way, Curve>,
  };
}
