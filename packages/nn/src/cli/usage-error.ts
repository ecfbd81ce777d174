/** The command was called in a way that it does not know: exit status 64. */

import type { Words } from "../locales/words.ts";

/** Says what is wrong with the call, and what to do about it; `message` is in English. */
export class UsageError extends Error {
  readonly says: Words;
  readonly advises: Words;

  constructor(says: Words, advises: Words) {
    super(says.en);
    this.name = "UsageError";
    this.says = says;
    this.advises = advises;
  }
}
