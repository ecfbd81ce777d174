/**
 * A script's names by what they may mean: where its backward pass begins, where the step behind it, and what is worth a
 * copy.
 */

import type { Given } from "../given.ts";
import { meaningsOf, plainName, scopeOf } from "../meaning.ts";
import type { Role } from "../names.ts";
import { isList, isNumbers, isRecord } from "../values.ts";

export interface ScriptRoles {
  /** Names whose first assignment begins the backward pass. */
  readonly gradients: readonly string[];
  /** Names whose assignment is the step behind it. */
  readonly parameters: readonly string[];
  /** Everything else that is copied where the backward pass begins. */
  readonly wanted: readonly string[];
  /** Names of the inputs, and of the targets: where several are in sight the nearest is what the pass used. */
  readonly data: readonly (readonly string[])[];
}

const gradients: readonly Role[] = ["gradW", "gradB", "delta"];
const parameters: readonly Role[] = ["W", "b"];
export const having =
  (roles: readonly Role[]) =>
  (name: string): boolean =>
    meaningsOf(name, "top").some(({ role }) => roles.includes(role));
const beside: readonly Role[] = ["x", "t", "u", "v", "W", "b"];

/** The strength of L2 by its names in programs, some of which say less in a file of numbers. */
export const isDecay = (name: string): boolean =>
  having(["lambda"])(name) ||
  ["reg", "reglambda", "regstrength", "regularization", "lambdareg"].includes(plainName(name).text);

/** Names that may describe the network beside the arrays. */
export const describing = (names: readonly string[]): string[] =>
  names.filter(
    (name) =>
      scopeOf(name, "top") === "network" ||
      meaningsOf(name, "top").some(({ role }) => ["sizes", "activations", "costName", "biases"].includes(role)),
  );

const isWords = (value: Given): boolean =>
  typeof value === "string" ||
  typeof value === "boolean" ||
  (isList(value) && value.entries.every((entry) => typeof entry === "string"));

/**
 * True for a value that describes a network; a loss that a script computes is a number on the way, and nobody handed it
 * in.
 */
export const describes = (value: Given): boolean =>
  isWords(value) ||
  isRecord(value) ||
  (isNumbers(value) && value.shape.length === 1 && value.data.every(Number.isInteger));

/** The roles of everything that a script assigns or loops over. */
export function scriptRoles(names: readonly string[]): ScriptRoles {
  const ofGradients = names.filter((name) => having(gradients)(name) && !having(["x", "t", "W", "b"])(name));
  const rest = names.filter((name) => !ofGradients.includes(name));
  const holders = rest.filter((name) => ["parameters", "forward", "gradients"].includes(scopeOf(name, "top") ?? ""));
  return {
    data: [rest.filter(having(["x"])), rest.filter(having(["t"]))],
    gradients: ofGradients,
    parameters: rest.filter(having(parameters)),
    wanted: [...new Set([...rest.filter(having(beside)), ...holders, ...rest.filter(isDecay), ...describing(rest)])],
  };
}
