/** What parts ask of the worker: each adds a row of types, and the module that answers, which is loaded with the first question. */

import type { Language } from "@chainrule/nn/handcheck";
import type { DerivationAsked, DerivationTold } from "./derivation/answer.ts";

export interface PartWork {
  readonly derivation: { readonly asked: DerivationAsked; readonly told: DerivationTold };
}

export type WorkingPart = keyof PartWork;

/** Plain data goes in and out. What is thrown reaches the part as a fault. */
export type Answering<P extends WorkingPart> = (asked: PartWork[P]["asked"], lang: Language) => PartWork[P]["told"] | Promise<PartWork[P]["told"]>;

export const answering: { readonly [P in WorkingPart]: () => Promise<Answering<P>> } = {
  derivation: async () => (await import("./derivation/answer.ts")).derivation,
};
