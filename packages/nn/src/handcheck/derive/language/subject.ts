/** The network that a derivation is about, checked, with the notation that it is written in. */

import { ConfigError } from "@chainrule/autograd";
import { recordNames, type ActivationName } from "../../../network/activation.ts";
import { costNames, type CostName } from "../../../network/cost.ts";
import type { Network } from "../../../network/network.ts";
import type { Index, Layer, Letter } from "./ast.ts";
import { notations, type Notation, type NotationName } from "./notation.ts";

/** Holds what every part of a derivation asks about its network. */
export interface Subject {
  /** The units of each layer, the input first. */
  readonly sizes: readonly number[];
  /** L, the number of layers after the input. */
  readonly layers: number;
  readonly activations: readonly ActivationName[];
  readonly cost: CostName;
  readonly reduction: "mean" | "sum";
  readonly notation: Notation;
}

/** The network and the notation as a subject; functions of the user's own are refused by name. */
export function subjectOf(
  net: Pick<Network, "sizes" | "layers" | "activations" | "cost">,
  notation: NotationName,
  reduction: "mean" | "sum",
  op = "derive",
): Subject {
  const activations = net.activations.map((activation, index): ActivationName => {
    if (typeof activation !== "function") return activation;
    throw new ConfigError({
      op,
      problem: `layer ${index + 1} has the function ${nameOfFunction(activation)} as activation, whose derivative has no formula here`,
      hint: `use ${recordNames.join(", ")}`,
    });
  });
  const { cost } = net;
  if (typeof cost === "function") {
    throw new ConfigError({
      op,
      problem: `the cost is the function ${nameOfFunction(cost)}, whose derivative has no formula here`,
      hint: `use ${costNames.join(", ")}`,
    });
  }
  const table = notations[notation];
  if (table === undefined) {
    const hint = `use ${Object.keys(notations).join(", ")}`;
    throw new ConfigError({ op, problem: `there is no notation ${notation as string}`, hint });
  }
  const letters = lettersFor(table, net.layers).length;
  if (net.layers >= letters) {
    const hint = `${op} at most ${letters - 1} layers: every further one repeats BP2`;
    throw new ConfigError({ op, problem: `${net.layers} layers need more letters than there are`, hint });
  }
  return { sizes: net.sizes, layers: net.layers, activations, cost, reduction, notation: table };
}

/** Refuses a weight that the network does not have; `to` and `from` are counted from 0. */
export function requireWeight(
  op: string,
  { sizes, layers }: Subject,
  { layer, to, from }: { readonly layer: number; readonly to: number; readonly from: number },
): void {
  const fits = (index: number, length = 0): boolean => Number.isInteger(index) && index >= 0 && index < length;
  if (fits(to, sizes[layer]) && fits(from, sizes[layer - 1])) return;
  const problem = `there is no weight to ${to} from ${from} in layer ${layer}`;
  throw new ConfigError({ op, problem, hint: `layers count from 1 to ${layers}, neurons from 0` });
}

function nameOfFunction(given: { readonly name: string }): string {
  return given.name === "" ? "without a name" : given.name;
}

function lettersFor(notation: Notation, layers: number): string {
  return notation.lettersOfThree && layers === 2 ? "mij" : notation.letters;
}

/** True if the layers are called M, I, J. */
export function hasLetters({ notation, layers }: Subject): boolean {
  return notation.lettersOfThree && layers === 2;
}

/** The letter of the neurons of a layer; the other letter of the same layer has a prime. */
export function letterOf(subject: Subject, layer: number, other = false): Letter {
  const letter = lettersFor(subject.notation, subject.layers)[layer]!;
  return { letter: other ? `${letter}′` : letter, layer };
}

/** The number of a layer, with l given a number. */
export function layerNumber(layer: Layer, subject: Subject, l: number | null): number {
  if (typeof layer === "number") return layer;
  return (layer.of === "L" ? subject.layers : l!) + layer.plus;
}

/** The number of a neuron that the letters stand for, from 0. */
export function neuronNumber(index: Index, letters: ReadonlyMap<string, number>): number {
  return typeof index === "number" ? index : letters.get(index.letter)!;
}

export const activationOf = (subject: Subject, layer: number): ActivationName => subject.activations[layer - 1]!;

export const isLast = (subject: Subject, layer: number): boolean => layer === subject.layers;

/** True if each output of a layer depends on its own input alone. */
export const isElementwise = (subject: Subject, layer: number): boolean => activationOf(subject, layer) !== "softmax";
