/** A network in one word, `4-5-3:sigmoid,softmax`, as a command line, a heading or a listing says it. */

import { activationsNamed, isFault, recordNames } from "../../network/activation.ts";
import { parts } from "../../network/spoken.ts";
import { guess } from "../nearest.ts";
import { SourceError } from "./given.ts";

/** Sizes and activations by name, one for all layers or one for each. */
export interface NetworkWord {
  readonly sizes: readonly number[];
  readonly activations: string | readonly string[];
}

/** Reads the word; throws a `SourceError` that begins with `net`. */
export function networkWord(text: string): NetworkWord {
  const [, layers = "", names] = /^([^:]*)(?::(.*))?$/.exec(text) ?? [];
  const sizes = layers.split("-").map((size) => (/^\d+$/.test(size) ? Number(size) : NaN));
  if (sizes.length < 2 || sizes.some((size) => !(size >= 1 && size <= 1e6)))
    throw new SourceError(`net ${text} is no network`, "such as 4-5-3:sigmoid,softmax");
  const given = names === undefined ? ["sigmoid"] : parts(names);
  for (const name of given) {
    const found = activationsNamed(name);
    if (isFault(found))
      throw new SourceError(
        `net: ${name === "" ? "an activation is missing" : found.problem.replace(/^an /, "")}${guess(name, recordNames)}`,
        found.hint.replace(/^use /, "give one of "),
      );
  }
  if (given.length !== 1 && given.length !== sizes.length - 1) {
    throw new SourceError(
      `net ${text}: ${given.length} activations for ${sizes.length - 1} layers`,
      "give one for each layer after the input, or one for all",
    );
  }
  return { sizes, activations: given.length === 1 ? given[0]! : given };
}
