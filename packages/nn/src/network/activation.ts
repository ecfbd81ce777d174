/** Activations: the function by which a layer turns its inputs u into its outputs v. */

import { ArgumentError, ConfigError, type Tensor } from "@chainrule/autograd";
import type { ActivationRecord, Neuron } from "./activations/record.ts";
import { softmax } from "./activations/softmax.ts";
import { neurons, type NeuronName, type WithParameter } from "./activations/table.ts";
import { numberIn, numberText, spokenOf, type Spoken } from "./spoken.ts";

/** The activations that take a number, with it: `leakyRelu(0.2)`, `hardSigmoid(1/6)`. */
type Given = `${WithParameter}(${number})` | `${WithParameter}(${number}/${number})`;

/** An activation whose output depends on its own input alone. A hard sigmoid says its slope, since two are in use. */
export type ElementwiseName = Exclude<NeuronName, "hardSigmoid"> | Given;

/** The activations that the equations BP1 to BP4 know by name. */
export type ActivationName = ElementwiseName | "softmax";

/** An activation with its parameter: `{ name: "leakyRelu", slope: 0.2 }`. */
export type ActivationChoice =
  | { readonly name: "leakyRelu" | "hardSigmoid"; readonly slope: number }
  | { readonly name: "elu"; readonly alpha: number };

/** Says what a layer of a network computes: an activation by its name, or a function of the user's own. */
export type LayerActivation = ActivationName | ((u: Tensor) => Tensor);

/**
 * A name, a name with its parameter, or a function of your own from the inputs of a layer (samples × units) to its
 * outputs.
 */
export type Activation = LayerActivation | ActivationChoice;

/** The names of all records, for lists and offers. */
export const recordNames = [...Object.keys(neurons), "softmax"] as readonly (NeuronName | "softmax")[];

/** The record of a name without its parameter. */
export const recordOf = (name: NeuronName): ActivationRecord => neurons[name];

/** The name and the parameter of an activation. */
export function partsOf(activation: ElementwiseName): { readonly name: NeuronName; readonly parameter: number } {
  const [, name, given] = /^(\w+)(?:\((.*)\))?$/.exec(activation)!;
  return {
    name: name as NeuronName,
    parameter: given === undefined ? (recordOf(name as NeuronName).parameter?.usual ?? 0) : numberIn(given),
  };
}

const made = new Map<ElementwiseName, Neuron>();

/** Returns what is known of an activation, with its parameter. */
export function neuronOf(activation: ElementwiseName): Neuron {
  let neuron = made.get(activation);
  if (neuron === undefined) {
    const { name, parameter } = partsOf(activation);
    made.set(activation, (neuron = recordOf(name).neuron(parameter)));
  }
  return neuron;
}

/** The name without its parameter. */
export const nameOf = (activation: ActivationName): NeuronName | "softmax" =>
  activation === "softmax" ? activation : partsOf(activation).name;

/** True if an activation is one of several that differ in a number which nobody takes for granted. */
export const mustBeSaid = (activation: ActivationName): boolean =>
  activation !== "softmax" && recordOf(partsOf(activation).name).parameter?.usual === null;

/**
 * Every activation without its parameter, and those whose parameter must be said with each in use: what somebody may
 * have taken for another.
 */
export const everyActivation: readonly ActivationName[] = recordNames.flatMap((name) =>
  name !== "softmax" && recordOf(name).parameter?.usual === null
    ? (recordOf(name).meant as readonly ActivationName[])
    : [name as ActivationName],
);

/**
 * A name and its parameter in the form that everything goes on with: without the parameter where that is the usual one.
 */
function textOf(name: NeuronName, value: number | undefined): ActivationName {
  const { parameter } = recordOf(name);
  return (value === undefined || value === parameter?.usual ? name : `${name}(${numberText(value)})`) as ActivationName;
}

/** A fault in words that both a program and a report can say. */
export interface Fault {
  readonly problem: string;
  readonly hint: string;
}

export const isFault = <T>(found: T | Fault): found is Fault =>
  typeof found === "object" && found !== null && "problem" in found;

const shown = (given: unknown): string => (typeof given === "string" ? given : (JSON.stringify(given) ?? "undefined"));

const listed = (): string =>
  recordNames
    .map((name) =>
      name !== "softmax" && recordOf(name).parameter !== undefined
        ? `${name}(${recordOf(name).parameter!.name})`
        : name,
    )
    .join(", ");

/** The record that a word in plain letters names. */
export function recordNamed(word: string): NeuronName | "softmax" | undefined {
  return recordNames.find(
    (name) =>
      name.toLowerCase() === word ||
      (name === "softmax" ? softmax : recordOf(name)).aliases.some((alias) => alias === word),
  );
}

/** Every activation that a name may mean, the likeliest first; or why it is none. */
export function activationsNamed(given: unknown): readonly ActivationName[] | Fault {
  const spoken = spokenOf(given);
  const name = spoken === null ? undefined : recordNamed(spoken.word);
  if (spoken === null || name === undefined)
    return { problem: `an unknown activation ${shown(given)}`, hint: `use ${listed()}` };
  if (name === "softmax") return withoutOptions(spoken, ["dim", "axis", ""], "softmax", [name]);
  const record = recordOf(name);
  const { named, parameter } = record;
  if (named !== undefined && spoken.options.get(named.option) !== undefined) {
    const said = spoken.options.get(named.option);
    const meant = (said === named.value || said === true ? named.as : name) as ActivationName;
    return withoutOptions(spoken, [named.option], name, [meant]);
  }
  if (parameter === undefined)
    return withoutOptions(spoken, ["inplace"], name, [
      name as ActivationName,
      ...((record.meant ?? []) as readonly ActivationName[]),
    ]);
  const own = [...spoken.options].filter(([key]) => key !== "inplace");
  const [key, value] = own[0] ?? [];
  if (key === undefined)
    return parameter.usual === null ? (record.meant as readonly ActivationName[]) : [textOf(name, undefined)];
  const known = key === "" || key === parameter.name || parameter.aliases.includes(key);
  if (own.length > 1 || !known)
    return {
      problem: `${name} with ${own.map(([one]) => one).join(", ")}, and it takes ${parameter.name} alone`,
      hint: `write ${name}(${parameter.usual ?? "0.2"})`,
    };
  if (typeof value !== "number" || !parameter.holds(value))
    return { problem: `${name} with ${parameter.name} ${String(value)}`, hint: `give ${parameter.domain}` };
  return [textOf(name, value)];
}

function withoutOptions(
  spoken: Spoken,
  known: readonly string[],
  name: string,
  found: readonly ActivationName[],
): readonly ActivationName[] | Fault {
  const odd = [...spoken.options.keys()].filter((key) => !known.includes(key));
  return odd.length === 0
    ? found
    : { problem: `${name} with ${odd[0] === "" ? "a number" : odd[0]!}, and it takes none`, hint: `write ${name}` };
}

/** The function of an activation that has been checked. */
export function activationFunction(activation: LayerActivation): (u: Tensor) => Tensor {
  if (typeof activation === "function") return activation;
  return activation === "softmax" ? softmax.tensor : neuronOf(activation).tensor;
}

/** One activation as everything goes on with it. */
function checkActivation(activation: Activation, layer: number): LayerActivation {
  if (typeof activation === "function") return activation;
  const found = activationsNamed(activation);
  const [first] = isFault(found) ? [] : found;
  const open = first !== undefined && !isFault(found) && found.length > 1 && mustBeSaid(first);
  if (first !== undefined && !open) return first;
  const { problem, hint } = isFault(found)
    ? found
    : { problem: `the activation ${shown(activation)}, which may be ${found.join(" or ")}`, hint: "say which" };
  throw new ArgumentError({
    op: "network",
    problem: `layer ${layer} has ${problem}`,
    hint: hint.startsWith("use ") ? `${hint}, or a function of u` : hint,
  });
}

/** One checked activation for each layer; a single one stands for all. */
export function checkActivations(
  activations: Activation | readonly Activation[] | undefined,
  layers: number,
): readonly LayerActivation[] {
  const given = activations ?? "sigmoid";
  const list = Array.isArray(given)
    ? (given as readonly Activation[])
    : Array.from({ length: layers }, () => given as Activation);
  if (list.length !== layers) {
    throw new ConfigError({
      op: "network",
      problem: `${list.length} activations for ${layers} layers`,
      hint: "give one for each layer after the input, or a single one for all",
    });
  }
  return list.map((activation, index) => checkActivation(activation, index + 1));
}
