/**
 * Everything that the page shows follows from this; the address holds it, so that back, forward, reload and a link keep
 * it.
 */

import type { Hints, Language } from "@chainrule/nn/handcheck";
import { exercise } from "../exercise/exercise.ts";
import { partNames, type PartName } from "../parts/parts.ts";

/** The exercise of the first screen, what somebody brought, or another part of the page. */
export type Screen = "exercise" | "yours" | PartName;
export const screens: readonly Screen[] = ["exercise", "yours", ...partNames];

export interface State {
  readonly screen: Screen;
  readonly lang: Language;
  readonly hints: Hints;
  /** The exercise as it was edited. */
  readonly exercise: string;
  /** What somebody brought, with the network that it is of. */
  readonly net: string;
  readonly cost: string;
  readonly text: string;
  /** What somebody brought is that text, or numbers in fields. */
  readonly form: "text" | "numbers";
  /** What stands in the fields, as a listing of arrays. */
  readonly numbers: string;
  /** By what the browser keeps files that were dropped; empty where there are none. */
  readonly files: string;
  /** What the address holds for each part alone, where it is not as at first. */
  readonly parts: Readonly<Partial<Record<PartName, string>>>;
}

export const first: State = {
  screen: "exercise",
  lang: "en",
  hints: 3,
  exercise: exercise.text,
  net: "3-4-2:sigmoid,sigmoid",
  cost: "quadratic",
  text: "",
  form: "text",
  numbers: "",
  files: "",
  parts: {},
};
