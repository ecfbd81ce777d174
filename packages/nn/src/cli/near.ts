/** Names what was probably meant, as a question. */

import { nearest } from "../handcheck/nearest.ts";
import { usageErrors } from "../locales/usage-errors.ts";
import { alike, type Words } from "../locales/words.ts";

/** `; did you mean …?` where that can be guessed. */
export function near(word: string, words: readonly string[], written: (word: string) => string = String): Words {
  const meant = nearest(word, words);
  return meant === null ? alike("") : usageErrors.didYouMean({ meant: written(meant) });
}
