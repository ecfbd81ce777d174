/** Everything that the page shows follows from this; the address holds it, so that back, forward, reload and a link keep it. */

import type { Hints, Language } from "@chainrule/nn/handcheck";
import { exercise } from "../exercise/exercise.ts";

/** What is checked: the exercise of the first screen, or what somebody brought. */
export type Screen = "exercise" | "yours";

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
}

export const first: State = { screen: "exercise", lang: "en", hints: 3, exercise: exercise.text, net: "3-4-2:sigmoid,sigmoid", cost: "quadratic", text: "" };

/** What is checked of a state. */
export interface Subject {
  readonly net: string;
  readonly cost: string;
  readonly text: string;
}

export const subjectOf = ({ screen, exercise: edited, net, cost, text }: State): Subject =>
  (screen === "exercise" ? { net: exercise.net, cost: exercise.cost, text: edited } : { net, cost, text });
