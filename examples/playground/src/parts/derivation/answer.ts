/** The derivation of a network, as the page shows it and as it is copied. */

import { derive, type Language, type NotationName } from "@chainrule/nn/handcheck";
import { networkOf } from "../../worker/network-of.ts";

export interface DerivationAsked {
  readonly net: string;
  readonly cost: string;
  readonly notation: NotationName;
}

export interface DerivationTold {
  readonly html: string;
  readonly latex: string;
}

export function derivation({ net, cost, notation }: DerivationAsked, language: Language): DerivationTold {
  const derived = derive(networkOf(net, cost), { notation, language });
  return { html: derived.toMathML(), latex: derived.toLatex({ standalone: true }) };
}
