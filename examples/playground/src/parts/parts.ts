/** The parts of the page beside the check: each is loaded when somebody goes to it. */

import type { Language } from "@chainrule/nn/handcheck";
import type { ComponentType } from "preact";
import type { State } from "../state/state.ts";
import type { Change } from "../state/use-state.ts";
import type { PageWords } from "../words/en.ts";

/** In the order in which the page offers them. A name is the part's place in the address, and its folder. */
export const partNames = ["flow", "find", "differences", "derivation", "gallery", "developers", "class"] as const;
export type PartName = (typeof partNames)[number];

export interface PartProps {
  readonly lang: Language;
  readonly words: PageWords;
  /** What the address holds for this part alone, in a form of its own; empty at first. */
  readonly at: string;
  /** Changes it; `kept` changes are steps that *back* goes back by. */
  readonly go: (at: string, kept?: boolean) => void;
  /** What all parts share, the network of the visitor's work among it. */
  readonly state: State;
  readonly change: Change;
  /** Grows whenever the address brings another state than the one that is shown. */
  readonly epoch: number;
}

export const parts: Readonly<Record<PartName, () => Promise<ComponentType<PartProps>>>> = {
  flow: async () => (await import("./flow/flow.tsx")).Flow,
  find: async () => (await import("./find/find.tsx")).Find,
  differences: async () => (await import("./differences/differences.tsx")).DifferencesPart,
  derivation: async () => (await import("./derivation/derivation.tsx")).Derivation,
  gallery: async () => (await import("./gallery/gallery.tsx")).Gallery,
  developers: async () => (await import("./developers/developers.tsx")).Developers,
  class: async () => (await import("./class/class.tsx")).Class,
};
