/** A derivation as plain data: the tree of its expressions, both languages, and what a reader needs to evaluate them. */

import type { Derived, Language } from "../derived.ts";
import type { Bilingual, Section } from "../language/ast.ts";
import type { Notation } from "../language/notation.ts";

export interface DerivationJSON {
  readonly schema: "derivation/1";
  readonly title: Bilingual;
  readonly language: Language;
  readonly network: { readonly sizes: readonly number[]; readonly activations: readonly string[]; readonly cost: string; readonly reduction: "mean" | "sum" };
  /** The names and the layout: weights, arrays, the sign and the scale of δ. */
  readonly notation: Notation;
  readonly sections: readonly Section[];
}

export function toJSON({ title, sections, subject, language }: Derived): DerivationJSON {
  const { sizes, activations, cost, reduction, notation } = subject;
  return { schema: "derivation/1", title, language, network: { sizes, activations, cost, reduction }, notation, sections };
}
