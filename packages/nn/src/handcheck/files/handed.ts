/** Says what was handed in as arrays or as a text: named values, and formulas where there are some. */

import { headingOf } from "../formulas/heading.ts";
import { SourceError, type GivenRecord, type Source } from "../intake/given.ts";
import { networkWord } from "../intake/network-word.ts";
import { fromCode } from "../intake/sources/code.ts";
import { withPrinted } from "../intake/sources/listing.ts";
import { recordOf } from "../intake/values.ts";
import { fileErrors } from "../../locales/file-errors.ts";
import { alike, type Words } from "../../locales/words.ts";

export interface Handed {
  readonly values: GivenRecord;
  /** The text of formulas; the values then say what they are of. */
  readonly formulas: string | null;
  /** Says what is said of how it was read. */
  readonly notes: readonly Words[];
}

/** A network in one word, `3-4-2:tanh,softmax`, as a listing's first line has it. */
function withNetwork(values: GivenRecord): GivenRecord {
  const word = values.entries.get("net");
  const spec = typeof word === "string" ? fromCode(networkWord(word)) : undefined;
  if (spec === undefined) return values;
  // Under the name that means nothing else: `net` is what goes into a unit as well.
  return recordOf(new Map([...[...values.entries].filter(([name]) => name !== "net"), ["network", spec]]));
}

/** Returns what a source holds: its strings may hold arrays that were printed, or formulas. */
export function handedBy(source: Source): Handed {
  const values = withNetwork(withPrinted(source.values));
  const { notes } = source;
  const text = values.entries.get("formulas");
  if (text === undefined) return { values, formulas: null, notes };
  if (typeof text !== "string")
    throw new SourceError(fileErrors.formulasNoText, alike('"formulas": "delta1 = (W2^T delta2) .* s\'(u1)"'));
  const rest = new Map(values.entries);
  rest.delete("formulas");
  if (rest.has("hand")) throw new SourceError(fileErrors.handAndFormulas, fileErrors.oneThing);
  return { values: recordOf(rest), formulas: text, notes };
}

/** Formulas with the network that their text names itself, where it names one. */
export function handedAs(text: string): Handed & { readonly named: boolean } {
  const { net, cost } = headingOf(text);
  const spec = net === null ? undefined : fromCode(cost === null ? networkWord(net) : { ...networkWord(net), cost });
  return {
    values: recordOf(new Map(spec === undefined ? [] : [["network", spec]])),
    formulas: text,
    notes: [],
    named: spec !== undefined,
  };
}
