/** A network in one word, `4-5-3:sigmoid,softmax`, as a command line, a heading or a listing says it. */

import { fileErrors } from "../../locales/file-errors.ts";
import { alike, listed } from "../../locales/words.ts";
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
    throw new SourceError(fileErrors.noNetwork({ text }), fileErrors.networkIs({ example: "4-5-3:sigmoid,softmax" }));
  const given = names === undefined ? ["sigmoid"] : parts(names);
  for (const name of given) {
    const found = activationsNamed(name);
    if (isFault(found))
      throw new SourceError(
        name === ""
          ? fileErrors.noActivation
          : fileErrors.otherActivation({
              problem: found.problem.replace(/^an /, ""),
              near: guess(name, recordNames),
              name,
            }),
        fileErrors.activationHint({
          hint: found.hint.replace(/^use /, "give one of "),
          known: listed(recordNames.map(alike)),
        }),
      );
  }
  if (given.length !== 1 && given.length !== sizes.length - 1) {
    throw new SourceError(
      fileErrors.otherActivations({ text, count: given.length, layers: sizes.length - 1 }),
      fileErrors.oneForEach,
    );
  }
  return { sizes, activations: given.length === 1 ? given[0]! : given };
}
