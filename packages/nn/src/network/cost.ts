/**
 * Costs: what one sample's outputs cost against its targets, computed from the last layer's inputs where that is exact.
 */

import { ArgumentError, ShapeError, type Tensor } from "@chainrule/autograd";
import { additions, namesOfCosts } from "../locales/network.ts";
import { alike, type Words } from "../locales/words.ts";
import { isFault, type Fault, type LayerActivation } from "./activation.ts";
import type { CostRecord, LastLayer, Option, Told } from "./costs/record.ts";
import { costs, type BaseCost } from "./costs/table.ts";
import { spokenOf, type Value } from "./spoken.ts";

/**
 * A cost by its name, some with what they are told: `quadratic`, `huber(0.5)`, `crossEntropy(labelSmoothing=0.1)`.
 * docs/handcheck.md lists them.
 */
export type CostName = BaseCost | `${BaseCost}(${string})`;

/** A cost with what it is told: `{ name: "huber", delta: 0.5 }`. */
export interface CostChoice {
  readonly name: BaseCost;
  /** Huber's δ, 1 where nothing is said. */
  readonly delta?: number;
  /** The share of each target that is spread over the classes. */
  readonly labelSmoothing?: number;
  /** The weight of each class; of one output two weights are those of t = 0 and of t = 1. */
  readonly classWeights?: readonly number[];
  /** Says whether the terms of the outputs are averaged or summed. */
  readonly outputs?: "mean" | "sum";
}

/** Says what a network goes on with: a name, or a function of the user's own. */
export type LayerCost = CostName | ((v: Tensor, t: Tensor) => Tensor);

/**
 * A name, a name with what it is told, or a function of your own from outputs and targets (samples × units) to one cost
 * for each sample, or to one scalar.
 */
export type Cost = LayerCost | CostChoice;

export const costNames = Object.keys(costs) as readonly BaseCost[];

const nothing: Told = { delta: 1, labelSmoothing: 0, classWeights: null, outputs: null };

interface Known {
  readonly name: BaseCost;
  readonly record: CostRecord;
  readonly told: Told;
}

const known = new Map<string, Known>();

/** The record of a cost, and what it is told. */
export function costOf(cost: CostName): Known {
  let found = known.get(cost);
  if (found === undefined) {
    const name = /^\w+/.exec(cost)![0] as BaseCost;
    found = { name, record: costs[name], told: toldIn(cost, costs[name]) as Told };
    known.set(cost, found);
  }
  return found;
}

/** Other words for what a cost is told, in plain letters. */
const optionWords: Readonly<Record<Option, readonly string[]>> = {
  delta: ["", "delta", "beta"],
  labelSmoothing: ["labelsmoothing", "smoothing"],
  classWeights: ["classweights", "classweight", "weight", "weights"],
  outputs: ["outputs"],
};

/** Options of programs that change nothing that is judged here, or are judged by what holds. */
const passedOver: readonly string[] = ["reduction", "sizeaverage", "reduce", "fromlogits", "name"];

function toldIn(given: unknown, record: CostRecord): Told | Fault {
  const told: Record<Option, unknown> = { ...nothing };
  for (const [key, value] of spokenOf(given)?.options ?? []) {
    if (passedOver.includes(key) || value === null) continue;
    // PyTorch's pos_weight is the weight of t = 1.
    const positive = key === "posweight" ? [1, Array.isArray(value) ? (value as readonly number[])[0]! : value] : null;
    const option =
      positive === null
        ? record.takes.find((one) => optionWords[one].includes(key))
        : record.takes.find((one) => one === "classWeights");
    if (option === undefined)
      return {
        problem: `${key === "" ? String(value) : key}, which it does not take`,
        hint: record.takes.length === 0 ? "write its name alone" : `it takes ${record.takes.join(", ")}`,
      };
    const own = (positive ?? value) as Value;
    if (!holds(option, own)) return { problem: `${option} ${JSON.stringify(own)}`, hint: domains[option] };
    told[option] = own;
  }
  return told as Told;
}

const domains: Readonly<Record<Option, string>> = {
  delta: "give a positive number",
  labelSmoothing: "give a share from 0 up to, not including, 1",
  classWeights: "give a list of numbers that are not negative, one for each output, or two for one output",
  outputs: "it is mean or sum",
};

function holds(option: Option, value: Value): boolean {
  switch (option) {
    case "delta":
      return typeof value === "number" && value > 0 && Number.isFinite(value);
    case "labelSmoothing":
      return typeof value === "number" && value >= 0 && value < 1;
    case "classWeights":
      return Array.isArray(value) && value.length > 0 && value.every((one: number) => one >= 0 && Number.isFinite(one));
    case "outputs":
      return value === "mean" || value === "sum";
  }
}

/** A cost in the form that everything goes on with: what it is told only where that is not the usual. */
export function costText(name: BaseCost, { delta, labelSmoothing, classWeights, outputs }: Told): CostName {
  const { averages } = costs[name] as CostRecord;
  const own = [
    ...(delta === 1 ? [] : [String(delta)]),
    ...(labelSmoothing === 0 ? [] : [`labelSmoothing=${labelSmoothing}`]),
    ...(classWeights === null ? [] : [`classWeights=[${classWeights.join(",")}]`]),
    ...(outputs === null || (outputs === "mean") === averages ? [] : [`outputs=${outputs}`]),
  ];
  return own.length === 0 ? name : `${name}(${own.join(",")})`;
}

/** The records that a word names. */
export function costNamed(word: string): BaseCost | undefined {
  return (
    costNames.find((name) => name.toLowerCase() === word) ??
    costNames.find((name) => (costs[name] as CostRecord).aliases.includes(word))
  );
}

/**
 * A cost above a last layer: what everybody calls cross-entropy is of classes above a softmax, of two classes
 * elsewhere.
 */
export function above(name: BaseCost, activation: LayerActivation): BaseCost {
  if (name === "crossEntropy" && activation === "softmax") return "categoricalCrossEntropy";
  return name === "bce" && activation !== "softmax" ? "crossEntropy" : name;
}

/** The cost that is meant by what was said, above a last layer; or why it is none. */
export function costSaid(given: unknown, activation: LayerActivation, as?: BaseCost): CostName | Fault {
  const spoken = spokenOf(given);
  const name = as ?? (spoken === null ? undefined : costNamed(spoken.word));
  const shown = typeof given === "string" ? given : (JSON.stringify(given) ?? "undefined");
  if (spoken === null || name === undefined)
    return { problem: `unknown cost ${shown}`, hint: `use ${costNames.join(", ")}` };
  const told = toldIn(given, costs[name]);
  return isFault(told)
    ? { problem: `${name} with ${told.problem}`, hint: told.hint }
    : costText(above(name, activation), told);
}

/** How a cost is called, with what it is told. */
export const costWords = (cost: CostName): Words => withTold(namesOfCosts[costOf(cost).name], costOf(cost).told);

/** Words with what a cost is told. */
export function withTold(words: Words, { delta, labelSmoothing, classWeights, outputs }: Told): Words {
  const options = [
    ...(delta === 1 ? [] : [alike(`δ = ${delta}`)]),
    ...(labelSmoothing === 0 ? [] : [additions.labelSmoothing({ share: labelSmoothing })]),
    ...(classWeights === null ? [] : [additions.classWeights({ weights: classWeights })]),
    ...(outputs === null ? [] : [outputs === "sum" ? additions.summed : additions.averaged]),
  ];
  return options.length === 0 ? words : additions.options({ name: words, options });
}

/** Refuses what is no cost of a network with so many outputs. */
export function checkCost(cost: Cost | undefined, activation: LayerActivation, outputs: number): LayerCost {
  const given = cost ?? "quadratic";
  if (typeof given === "function") return given;
  const found = costSaid(given, activation);
  if (isFault(found))
    throw new ArgumentError({
      op: "network",
      problem: found.problem,
      hint: found.hint.startsWith("use ") ? `${found.hint}, or a function of v and t` : found.hint,
    });
  const { classWeights } = costOf(found).told;
  if (
    classWeights === null ||
    classWeights.length === outputs ||
    (outputs === 1 && classWeights.length === 2 && costOf(found).record.targets === "shares")
  )
    return found;
  throw new ArgumentError({
    op: "network",
    problem: `${classWeights.length} class weights for ${outputs} outputs`,
    hint: domains.classWeights,
  });
}

/** The mean cost of a batch. */
export function meanCost(cost: LayerCost, last: LastLayer): Tensor<[]> {
  const each = typeof cost === "function" ? cost(last.v, last.t) : costOf(cost).record.tensor(last, costOf(cost).told);
  const samples = last.v.shape[0]!;
  if (each.shape.length === 0) return each as Tensor<[]>;
  if (each.shape.length === 1 && each.shape[0] === samples) return each.mean();
  throw new ShapeError({
    op: "network",
    problem: `the cost gives shape [${each.shape.join(", ")}] for ${samples} samples`,
    hint: "return one cost for each sample, or one scalar",
    shapes: [each.shape],
  });
}
