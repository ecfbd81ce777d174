/** The derivation of a network, as the page shows it and as it is copied. */

import type { Network } from "@chainrule/nn";
import { derive, type Language, type NotationName } from "@chainrule/nn/handcheck";

export function derivation(network: Network, notation: NotationName, language: Language): { readonly html: string; readonly latex: string } {
  const derived = derive(network, { notation, language });
  return { html: derived.toMathML(), latex: derived.toLatex({ standalone: true }) };
}
