/** Says what a derivation is, as data: its sections, with the network and the words that they are about. */

import type { Language } from "../../locales/words.ts";
import type { Bilingual, Section } from "./language/ast.ts";
import type { Notation } from "./language/notation.ts";
import type { Subject } from "./language/subject.ts";

export interface Derived {
  readonly title: Bilingual;
  readonly sections: readonly Section[];
  readonly subject: Subject;
  readonly language: Language;
}

/**
 * A derivation as plain data: the tree of its expressions, both languages, and what a reader needs to evaluate them.
 */
export interface DerivationJSON {
  readonly schema: "derivation/1";
  readonly title: Bilingual;
  readonly language: Language;
  readonly network: {
    readonly sizes: readonly number[];
    readonly activations: readonly string[];
    readonly cost: string;
    readonly reduction: "mean" | "sum";
  };
  /** The names and the layout: weights, arrays, the sign and the scale of δ. */
  readonly notation: Notation;
  readonly sections: readonly Section[];
}

export function derivationData({ title, sections, subject, language }: Derived): DerivationJSON {
  const { sizes, activations, cost, reduction, notation } = subject;
  return {
    schema: "derivation/1",
    title,
    language,
    network: { sizes, activations, cost, reduction },
    notation,
    sections,
  };
}
