/** A backprop with one slip of the catalogue in it: a lesson or an exercise that the check itself solves. */

import { ArgumentError, checkOptions, option, type OptionKinds } from "@chainrule/autograd";
import { network as makeNetwork, type Network } from "../network/network.ts";
import { Random } from "../random.ts";
import { toRows, type Tracked } from "./bounds/tracked.ts";
import { wrongFormulas } from "./catalogue/grammar.ts";
import { sceneAt, type Candidate } from "./catalogue/mistake.ts";
import type { Derived } from "./claims/claim.ts";
import { genericProblem } from "./claims/generic.ts";
import { bp2, bp3, bp4, trueDeltas } from "./claims/local.ts";
import { settle, type Problem, type Setting } from "./claims/setting.ts";
import type { Activation, Cost } from "./equations/network.ts";
import type { Compared } from "./report/of-network.ts";
import type { Diagnosis, Hand } from "./report.ts";
import { handcheck } from "./judge/handcheck.ts";

/** Holds what is planted, and in how much data. */
export interface PlantOptions {
  /** Of everything that is drawn; 0 where nothing is said. */
  readonly seed?: number | string;
  /** How many samples the data have; 3 where nothing is said. */
  readonly samples?: number;
  /** A mistake by its id; any of the typical ones where nothing is said. */
  readonly id?: string;
  /** The equation that is to be wrong; any where nothing is said. */
  readonly equation?: "BP1" | "BP2" | "BP3" | "BP4";
  /** The layer at which; any where nothing is said. */
  readonly layer?: number;
}

const kinds: OptionKinds<PlantOptions> = {
  seed: option.seed,
  samples: option.whole(1),
  id: option.text,
  equation: option.oneOf("BP1", "BP2", "BP3", "BP4"),
  layer: option.whole(1),
};

/** Somebody's numbers with one slip in them. */
export interface Planted {
  /** The network that was given, with the parameters that were drawn. */
  readonly network: Network;
  readonly data: { readonly x: readonly (readonly number[])[]; readonly t: readonly (readonly number[])[] };
  /** δ and the gradients of every layer: below the slip each equation is right, and computed from what is wrong. */
  readonly hand: Hand;
  /** Says what the check says of it: where the slip is, and which. */
  readonly root: Diagnosis;
  /** The numbers beside the right ones, for `reportHtml` and `reportPart`. */
  readonly tensors: readonly Compared[];
}

/** A wrong formula in its place. */
interface Slip {
  readonly equation: Derived;
  readonly layer: number;
  readonly candidate: Candidate;
}

/** Everything that a backward pass gives, by layer. */
interface Backward {
  readonly delta: readonly Tracked[];
  readonly gradB: readonly Tracked[];
  readonly gradW: readonly Tracked[];
}

const equations = ["BP1", "BP2", "BP3", "BP4"] as const;

/** The backward pass from the top down, with a slip in one of its equations or with none. */
function backward(setting: Setting, slip: Slip | null): Backward {
  const delta: Tracked[] = [];
  const gradB: Tracked[] = [];
  const gradW: Tracked[] = [];
  const wrong = (equation: Derived, l: number): Tracked | null =>
    slip?.equation === equation && slip.layer === l ? slip.candidate.value() : null;
  const right = trueDeltas(setting);
  for (let l = setting.last; l >= 1; l--) {
    const own =
      l === setting.last ? (wrong("BP1", l) ?? right[l]!) : (wrong("BP2", l) ?? bp2(setting, l, delta[l + 1]!));
    delta[l] = own;
    gradB[l] = wrong("BP3", l) ?? bp3(setting, own);
    gradW[l] = wrong("BP4", l) ?? bp4(setting, l, own);
  }
  return { delta, gradB, gradW };
}

/** In an order that the seed draws. */
function shuffled<T>(random: Random, all: readonly T[]): T[] {
  const list = [...all];
  random.shuffle(list);
  return list;
}

/** The layers at which a rule holds. */
function layersOf(rule: Derived, last: number): number[] {
  if (rule === "BP1") return [last];
  return Array.from({ length: rule === "BP2" ? last - 1 : last }, (_, k) => k + 1);
}

/** The slips that may be planted, in the order in which they are tried: each equation has its turn, then each name. */
function* slips(setting: Setting, { id, equation, layer }: PlantOptions, random: Random): Generator<Slip> {
  const deltas = trueDeltas(setting);
  for (const rule of shuffled(
    random,
    equations.filter((one) => equation === undefined || one === equation),
  )) {
    const layers = layersOf(rule, setting.last).filter((one) => layer === undefined || one === layer);
    for (const l of shuffled(random, layers)) {
      const wrong = wrongFormulas(rule, { ...sceneAt(setting, l, deltas), most: 1 });
      const candidates = wrong.filter((one) => one.edits === 1 && (id === undefined ? one.asked : one.id === id));
      const names = new Set(candidates.map((one) => one.id));
      for (const name of shuffled(random, [...names])) {
        const own = candidates.filter((one) => one.id === name);
        for (const candidate of shuffled(random, own)) yield { equation: rule, layer: l, candidate };
      }
    }
  }
}

const byLayer = (all: readonly Tracked[]): Record<number, number[][]> =>
  Object.fromEntries(all.flatMap((one, l) => (l === 0 ? [] : [[l, toRows(one)]])));

/** Yours beside the truth, equation by equation in the order of the backward pass. */
function compared(setting: Setting, mine: Backward, truth: Backward): Compared[] {
  const found: Compared[] = [];
  for (let layer = setting.last; layer >= 1; layer--) {
    const add = (equation: string, part: keyof Backward): void => {
      found.push({ equation, layer, yours: toRows(mine[part][layer]!), correct: toRows(truth[part][layer]!) });
    };
    add(layer === setting.last ? "BP1" : "BP2", "delta");
    add("BP3", "gradB");
    add("BP4", "gradW");
  }
  return found;
}

/** The network with the parameters of a problem. */
function networkOf({ sizes, activations, cost, W, b }: Problem): Network {
  const parameters: Record<string, readonly (readonly number[])[] | readonly number[]> = {};
  for (let l = 1; l < sizes.length; l++) {
    parameters[`W${l}`] = W[l]!;
    parameters[`b${l}`] = b[l]!;
  }
  return makeNetwork({ sizes, activations, cost, parameters });
}

/**
 * Makes somebody's backprop with one slip of the catalogue: parameters, data, δ and gradients, everything right but one
 * equation at one layer, and what follows from it. The check has solved it: it finds this one root, under this name.
 * What the data do not show, or what is another convention, is not planted.
 *
 * @param network - sizes, activations and cost; its parameters are drawn anew
 * @param options - the seed, the number of samples, and what is to be wrong
 * @returns network, data and numbers as `handcheck` takes them, with the root that it finds
 * @throws ArgumentError where nothing of what is asked for can be planted
 *
 * @example
 * const planted = plantMistake(network({ sizes: [3, 4, 2] }), { seed: 7, id: "B1" });
 * const { roots } = handcheck(planted.network, planted.data, planted.hand);
 * roots.map(({ equation, layer, id }) => `${equation} at layer ${layer}: ${id}`) // => ["BP2 at layer 1: B1"]
 */
export function plantMistake(network: Network, options: PlantOptions = {}): Planted {
  const call = "plantMistake(network, { seed, samples, id, equation, layer })";
  const asked = checkOptions("plantMistake", options, kinds, { call });
  const { seed = 0, samples = 3 } = asked;
  if (network.activations.some((one) => typeof one === "function") || typeof network.cost === "function") {
    throw new ArgumentError({
      op: "plantMistake",
      problem: "the network has a function of your own",
      hint: "use activations and a cost that have names",
    });
  }
  const { sizes } = network;
  const [activations, cost] = [network.activations as readonly Activation[], network.cost as Cost];
  const problem = genericProblem({ sizes, activations, cost, classes: true }, samples, `plant ${seed}`);
  const setting = settle(problem);
  const [own, truth, { x, t }] = [networkOf(problem), backward(setting, null), problem];
  for (const slip of slips(setting, asked, new Random(`slip ${seed}`))) {
    const mine = backward(setting, slip);
    const hand: Hand = { delta: byLayer(mine.delta), gradW: byLayer(mine.gradW), gradB: byLayer(mine.gradB) };
    const {
      verdict,
      roots: [root, ...more],
    } = handcheck(own, { x, t }, hand);
    const isIt = root?.equation === slip.equation && root.layer === slip.layer && root.id === slip.candidate.id;
    if (verdict === "mistake" && more.length === 0 && isIt) {
      return { network: own, data: { x, t }, hand, root, tensors: compared(setting, mine, truth) };
    }
  }
  throw new ArgumentError({
    op: "plantMistake",
    problem: `no mistake${asked.id === undefined ? "" : ` ${asked.id}`} can be planted there that the data would show`,
    hint: "ask for another id, equation or layer, or give more samples",
  });
}
