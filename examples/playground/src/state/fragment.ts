/** The state as the fragment of the address, which no server sees: only what is not as at first is written. */

import type { Hints } from "@chainrule/nn/handcheck";
import { partNames } from "../parts/parts.ts";
import { first, screens, type State } from "./state.ts";

/** `#yours?net=3-4-2:tanh,softmax&hints=1&text=…` */
export function fragmentOf(state: State): string {
  const { screen } = state;
  const shared = (["lang", "hints", "exercise", "net", "cost", "text", "form", "numbers", "files"] as const).flatMap(
    (key) => (state[key] === first[key] ? [] : [[key, String(state[key])]]),
  );
  const own = partNames.flatMap((name) => ((state.parts[name] ?? "") === "" ? [] : [[name, state.parts[name]!]]));
  const pairs = [...shared, ...own];
  if (pairs.length === 0) return screen === first.screen ? "" : `#${screen}`;
  return `#${screen}?${new URLSearchParams(pairs).toString()}`;
}

const oneOf = <T extends string>(among: readonly T[], said: string | null, otherwise: T): T =>
  among.find((one) => one === said) ?? otherwise;

/** The state of a fragment; what cannot be read is as at first. */
export function stateOf(fragment: string): State {
  const [screen = "", rest = ""] = fragment.replace(/^#/, "").split(/\?(.*)/s);
  const said = new URLSearchParams(rest);
  const text = (key: "exercise" | "net" | "cost" | "text" | "numbers" | "files"): string => said.get(key) ?? first[key];
  const hints = said.get("hints") ?? "";
  return {
    screen: oneOf(screens, screen, first.screen),
    lang: oneOf(["en", "zh"], said.get("lang"), first.lang),
    hints: /^[0-3]$/.test(hints) ? (Number(hints) as Hints) : first.hints,
    exercise: text("exercise"),
    net: text("net"),
    cost: text("cost"),
    text: text("text"),
    form: oneOf(["text", "numbers"], said.get("form"), first.form),
    numbers: text("numbers"),
    files: text("files"),
    parts: Object.fromEntries(
      partNames.flatMap((name) => ((said.get(name) ?? "") === "" ? [] : [[name, said.get(name)]])),
    ),
  };
}
