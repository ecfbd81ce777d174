/** The state as the fragment of the address, which no server sees: only what is not as at first is written. */

import type { Hints } from "@chainrule/nn/handcheck";
import { first, type State } from "./state.ts";

/** `#yours?net=3-4-2:tanh,softmax&hints=1&text=…` */
export function fragmentOf(state: State): string {
  const { screen } = state;
  const pairs = (["lang", "hints", "exercise", "net", "cost", "text"] as const).flatMap((key) => (state[key] === first[key] ? [] : [[key, String(state[key])]]));
  if (pairs.length === 0) return screen === first.screen ? "" : `#${screen}`;
  return `#${screen}?${new URLSearchParams(pairs).toString()}`;
}

/** The state of a fragment; what cannot be read is as at first. */
export function stateOf(fragment: string): State {
  const [screen = "", rest = ""] = fragment.replace(/^#/, "").split(/\?(.*)/s);
  const said = new URLSearchParams(rest);
  const text = (key: "exercise" | "net" | "cost" | "text"): string => said.get(key) ?? first[key];
  const hints = said.get("hints") ?? "";
  return {
    screen: screen === "yours" ? "yours" : "exercise",
    lang: said.get("lang") === "zh" ? "zh" : "en",
    hints: /^[0-3]$/.test(hints) ? (Number(hints) as Hints) : first.hints,
    exercise: text("exercise"), net: text("net"), cost: text("cost"), text: text("text"),
  };
}
