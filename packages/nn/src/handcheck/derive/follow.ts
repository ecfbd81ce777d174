/** `follow`: one sample through a network and back, a step at a time, each formula with its numbers put in. */

import { checkOptions, ConfigError, option, type OptionKinds } from "@chainrule/autograd";
import type { Network } from "../../network/network.ts";
import { equationHtml } from "../report/html/page.ts";
import { displayLatex } from "../report/latex-formula.ts";
import type { TracedWeight } from "./argument/chain.ts";
import { pathsOf } from "./argument/paths.ts";
import { stepsOf, type Known } from "./argument/steps.ts";
import { drawnEquation } from "./document.ts";
import type { EquationBlock } from "./language/ast.ts";
import type { NotationName } from "./language/notation.ts";
import { requireWeight, subjectOf } from "./language/subject.ts";
import { worldFrom, type DeriveNumbers } from "./values/given.ts";
import type { World } from "./values/world.ts";

/** How the steps are written. */
export interface FollowOptions {
  /** `"document"` where nothing is said. */
  readonly notation?: NotationName;
  /** Digits behind the point; 4 where nothing is said. */
  readonly places?: number;
}

/** One equation: as data, and as it is shown. */
export interface PlacedEquation extends EquationBlock {
  /** MathML, in lines of about so many characters. */
  toMathML(options?: { readonly columns?: number }): string;
  toLatex(): string;
}

/** One step on the way: what it makes known of which neuron. */
export interface FollowedStep {
  /** `u` and `v` on the way up, then the cost, then `delta`, and `gradient`: by the neuron's bias and its weights. */
  readonly knows: readonly Known[];
  readonly layer: number;
  /** Counted from 0; `null` for the cost. */
  readonly neuron: number | null;
  /** Of more than four that differ in an index alone the first four. */
  readonly equations: readonly PlacedEquation[];
}

/** One path from a weight to the cost. */
export interface FollowedPath {
  /** The neurons that it visits from the weight upward; two in a layer of softmax, which may be the same. */
  readonly neurons: readonly { readonly layer: number; readonly neuron: number }[];
  /** The product of the derivatives along it. */
  readonly value: number;
  readonly equation: PlacedEquation;
}

/** Holds what leads from a weight to the cost. */
export interface FollowedWeight {
  readonly count: number;
  /** The paths one by one; none where there are more than 16. */
  readonly paths: readonly FollowedPath[];
  /** ∂C/∂w as the sum over all paths. */
  readonly sum: PlacedEquation;
}

/** A sample followed through a network and back. */
export interface Followed {
  readonly steps: readonly FollowedStep[];
  /** The numbers themselves, `[layer][neuron]` from the input on: u, v and δ = ∂C/∂u; empty where a layer has none. */
  readonly u: readonly (readonly number[])[];
  readonly v: readonly (readonly number[])[];
  readonly delta: readonly (readonly number[])[];
  readonly cost: number;
  /** The derivatives of the layer l at `[l - 1]`: by its weights, out × in, and by its biases. */
  readonly gradients: readonly { readonly W: readonly (readonly number[])[]; readonly b: readonly number[] }[];
  /** The paths from a weight to the cost; `to` and `from` are counted from 0. */
  readonly paths: (weight: TracedWeight) => FollowedWeight;
}

const kinds: OptionKinds<FollowOptions> = { notation: option.checkedLater, places: option.checkedLater };

/**
 * Follows one sample through a network and back, as somebody would with pencil and paper: each neuron's u and v, the
 * cost, each neuron's δ and the gradients that it gives.
 *
 * @param network - what `network()` gives, with activations and a cost that have names
 * @param numbers - `x` and `t` of one sample, and `parameters` where they are not the network's first ones
 * @param options - notation, digits
 * @returns the steps in order, each with its equations, and all numbers
 * @throws ConfigError for activations or costs that are functions of the user's own, ShapeError where sizes do not fit
 *
 * @example
 * follow(network({ sizes: [2, 2, 1] }), { x: [1, 0], t: [1] }).steps.length // => 10
 */
export function follow(network: Network, numbers: DeriveNumbers, options: FollowOptions = {}): Followed {
  const call = "follow(network, { x, t }, { notation, places })";
  const { notation = "document", places = 4 } = checkOptions("follow", options, kinds, { call });
  if (!Number.isInteger(places) || places < 1 || places > 15) {
    const hint = "give a whole number of digits from 1 to 15";
    throw new ConfigError({ op: "follow", problem: `places is ${String(places)}`, hint });
  }
  const subject = subjectOf(network, notation, "mean", "follow");
  const world = worldFrom("follow", network, subject, numbers);
  const placed = (equation: EquationBlock): PlacedEquation => {
    const drawn = () => drawnEquation(equation, { subject, shapes: false, places });
    return {
      ...equation,
      toMathML: ({ columns } = {}) => equationHtml(drawn(), columns),
      toLatex: () => displayLatex(drawn()),
    };
  };
  const [{ u, v, delta, cost }] = world.samples as readonly [World["samples"][number]];
  return {
    steps: stepsOf(world).map((step) => ({ ...step, equations: step.equations.map(placed) })),
    u,
    v,
    delta,
    cost,
    gradients: world.batch.layers.map(({ gradW, gradB }) => ({ W: gradW, b: gradB })),
    paths(weight) {
      requireWeight("follow", subject, weight);
      const { count, each, sum } = pathsOf(world, weight);
      return { count, sum: placed(sum), paths: each.map((path) => ({ ...path, equation: placed(path.equation) })) };
    },
  };
}
