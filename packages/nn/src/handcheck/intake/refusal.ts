/** Says what was handed in and cannot be used: said by name, since nothing may be ignored. */

import type { Words } from "../../locales/words.ts";

/** Reasons why a submission cannot be judged, for the person who wrote it. */
export class Refusal extends Error {
  readonly says: readonly Words[];

  constructor(says: readonly Words[]) {
    // Several ways to read a submission may fail for one reason.
    const once = says.filter(({ en }, at) => says.findIndex((other) => other.en === en) === at);
    super(once.map(({ en }) => en).join("; "));
    this.name = "Refusal";
    this.says = once;
  }
}
