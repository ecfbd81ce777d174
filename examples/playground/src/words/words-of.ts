/** The words of a part in the language of the page: a part comes with all of its words. */

import type { Language } from "@chainrule/nn/handcheck";
import type { PageWords } from "./en.ts";

export const wordsOf = <W>(words: PageWords, known: Readonly<Record<Language, W>>): W =>
  known[words.tag === "en" ? "en" : "zh"];
