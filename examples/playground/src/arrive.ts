/** The screen that the address asks for, loaded before anything is shown, so that nothing moves when it comes. */

import { Yours } from "./check/check.tsx";
import { partComes } from "./parts/part.tsx";
import { stateOf } from "./state/fragment.ts";
import type { State } from "./state/state.ts";
import { restore } from "./state/use-state.ts";
import { wordsCome } from "./words/use-words.ts";

async function screenComes({ screen, form }: State): Promise<void> {
  if (screen === "exercise") return;
  if (screen !== "yours") {
    await partComes(screen);
    return;
  }
  await Yours.comes();
  if (form === "numbers") await (await import("./work/yours.tsx")).Typed.comes();
}

/** Ends when the screen and its words are there, or cannot be had: then the page says what it can. */
export async function arrive(): Promise<void> {
  restore();
  const state = stateOf(location.hash);
  await Promise.allSettled([screenComes(state), wordsCome(state.lang)]);
}
