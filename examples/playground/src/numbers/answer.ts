/** Parameters and data drawn by a seed, short enough to calculate with, and every gradient that they have. */

import { Random } from "@chainrule/nn";
import { backprop, type Activation, type Cost } from "@chainrule/nn/equations";
import { specOf, type Spec } from "../network/spec.ts";
import { listed, textOf, whole, type Entries, type Listing } from "./listing.ts";
import { askedOf, filled, givenOf, type Quantity } from "./quantities.ts";

export interface NumbersAsked {
  readonly net: string;
  readonly cost: string;
  readonly seed: number;
  readonly samples: number;
  /** What was written in place of numbers that are drawn, as a listing. */
  readonly own: string;
}

export interface NumbersTold {
  /** The parameters and the data, as a listing. */
  readonly given: string;
  /** What follows from them, with all digits; empty while an entry is missing. */
  readonly right: string;
}

/** A number of two digits that is not 0, which would hide a mistake. */
const shortNumber = (random: Random): string => {
  const hundredths = 1 + random.integer(99);
  return (random.uniform() < 0.5 ? -hundredths / 100 : hundredths / 100).toFixed(2);
};

type Targets = "one of all" | "yes or no" | "any";

const targetsOf = (spec: Spec, cost: string): Targets =>
  spec.activations.at(-1) === "softmax" || /^(?:softmax|categorical)/i.test(cost)
    ? "one of all"
    : /crossEntropy/i.test(cost)
      ? "yes or no"
      : "any";

/** A target that the cost can be asked of. */
function targetRow(random: Random, units: number, targets: Targets): string[] {
  const hot = random.integer(units);
  return Array.from({ length: units }, (_, j) => {
    if (targets === "one of all") return j === hot ? "1" : "0";
    return targets === "yes or no" ? String(random.integer(2)) : ((1 + random.integer(99)) / 100).toFixed(2);
  });
}

/** Each array has a stream of its own: another width of one layer leaves the others as they were. */
function drawn({ name, rows, columns }: Quantity, seed: number, targets: Targets): Entries {
  const random = new Random(seed).split(name);
  return Array.from({ length: rows }, () =>
    name === "t" ? targetRow(random, columns, targets) : Array.from({ length: columns }, () => shortNumber(random)),
  );
}

function rightOf(spec: Spec, cost: string, given: Listing, samples: number): Listing {
  const at = (name: string): number[][] => given.get(name)!.map((row) => row.map(Number));
  const layers = spec.activations.map((_, k) => k + 1);
  const net = {
    weights: layers.map((l) => at(`W${l}`)),
    biases: layers.map((l) => at(`b${l}`)[0]!),
    activations: spec.activations as Activation[],
    cost: cost as Cost,
  };
  const found = backprop(net, at("x"), at("t")).layers;
  return new Map(
    askedOf(spec, samples).map(({ name, layer }) => {
      const { delta, gradB, gradW } = found[layer - 1]!;
      return [
        name,
        (name.startsWith("delta") ? delta : name.startsWith("gradB") ? [gradB] : gradW).map((row) => row.map(String)),
      ];
    }),
  );
}

export function numbers({ net, cost, seed, samples, own }: NumbersAsked): NumbersTold {
  const spec = specOf(net);
  const quantities = givenOf(spec, samples);
  const targets = targetsOf(spec, cost);
  const given = filled(
    quantities,
    listed(own),
    new Map(quantities.map((one) => [one.name, drawn(one, seed, targets)])),
  );
  const complete = whole(given).size === given.size;
  return { given: textOf(given), right: complete ? textOf(rightOf(spec, cost, given, samples)) : "" };
}
