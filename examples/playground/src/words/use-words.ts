/**
 * The words of a language; those of others than English come when they are asked for, and the last ones stand until
 * then.
 */

import type { Language } from "@chainrule/nn/handcheck";
import { useEffect, useState } from "preact/hooks";
import { en, type PageWords } from "./en.ts";

const known = new Map<Language, PageWords>([["en", en]]);

/** Asks for the words of a language, unless they are there. */
export async function wordsCome(lang: Language): Promise<PageWords> {
  const found = known.get(lang) ?? (await import("./zh.ts")).zh;
  known.set(lang, found);
  return found;
}

export function useWords(lang: Language): PageWords {
  const [words, set] = useState<PageWords>(known.get(lang) ?? en);
  useEffect(() => {
    let asked = true;
    const found = known.get(lang);
    if (found !== undefined) set(found);
    else
      void wordsCome(lang).then((come) => {
        if (asked) set(come);
      });
    return () => {
      asked = false;
    };
  }, [lang]);
  useEffect(() => {
    document.documentElement.lang = words.tag;
    document.title = `chainrule: ${words.title}`;
  }, [words]);
  return words;
}
