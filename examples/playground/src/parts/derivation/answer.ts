/** The derivation of a network, as the page shows it and as it is copied. */

import { derive, type Derivation, type DeriveOptions, type Language, type NotationName } from "@chainrule/nn/handcheck";
import type { Drawn } from "../../network/figures.ts";
import { drawing } from "../../worker/figures-of.ts";
import { networkOf } from "../../worker/network-of.ts";

export interface DerivationAsked {
  readonly net: string;
  readonly cost: string;
  readonly notation: NotationName;
  /** The numbers to put in; `null` where letters are to stay. */
  readonly drawn: Drawn | null;
}

export interface DerivationTold {
  readonly html: string;
  readonly latex: string;
}

export function derivation({ net, cost, notation, drawn }: DerivationAsked, language: Language): DerivationTold {
  const options: DeriveOptions = { notation, language };
  const derived = drawn === null ? derive(networkOf(net, cost), options) : withNumbers(net, cost, drawn, options);
  return { html: derived.toMathML(), latex: derived.toLatex({ standalone: true }) };
}

function withNumbers(word: string, cost: string, drawn: Drawn, options: DeriveOptions): Derivation {
  const {
    net,
    figures: { x, t },
  } = drawing(word, cost, drawn);
  return derive(net, { ...options, numbers: { x, t } });
}
