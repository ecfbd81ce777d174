/**
 * What parts ask of the worker: each adds a row of types, and the module that answers, which is loaded with the first
 * question.
 */

import type { Language } from "@chainrule/nn/handcheck";
import type { NumbersAsked, NumbersTold } from "../numbers/answer.ts";
import type { DerivationAsked, DerivationTold } from "./derivation/answer.ts";
import type { DevelopersAsked, DevelopersTold } from "./developers/answer.ts";
import type { DifferencesAsked, DifferencesTold } from "./differences/answer.ts";
import type { FindAsked, FindTold } from "./find/answer.ts";
import type { FlowAsked, FlowTold } from "./flow/answer.ts";
import type { GalleryAsked, GalleryTold } from "./gallery/answer.ts";

export interface PartWork {
  readonly flow: { readonly asked: FlowAsked; readonly told: FlowTold };
  readonly differences: { readonly asked: DifferencesAsked; readonly told: DifferencesTold };
  readonly derivation: { readonly asked: DerivationAsked; readonly told: DerivationTold };
  readonly find: { readonly asked: FindAsked; readonly told: FindTold };
  readonly gallery: { readonly asked: GalleryAsked; readonly told: GalleryTold };
  readonly developers: { readonly asked: DevelopersAsked; readonly told: DevelopersTold };
  /** The numbers of a network, which several places of the page ask for. */
  readonly numbers: { readonly asked: NumbersAsked; readonly told: NumbersTold };
}

export type WorkingPart = keyof PartWork;

/** Plain data goes in and out. What is thrown reaches the part as a fault. */
export type Answering<P extends WorkingPart> = (
  asked: PartWork[P]["asked"],
  lang: Language,
) => PartWork[P]["told"] | Promise<PartWork[P]["told"]>;

export const answering: { readonly [P in WorkingPart]: () => Promise<Answering<P>> } = {
  flow: async () => (await import("./flow/answer.ts")).flow,
  differences: async () => (await import("./differences/answer.ts")).differences,
  derivation: async () => (await import("./derivation/answer.ts")).derivation,
  find: async () => (await import("./find/answer.ts")).find,
  gallery: async () => (await import("./gallery/answer.ts")).gallery,
  developers: async () => (await import("./developers/answer.ts")).developers,
  numbers: async () => (await import("../numbers/answer.ts")).numbers,
};
