/**
 * The words of a language; those of others than English come when they are asked for, and the last ones stand until
 * then.
 */

import type { Language } from "@chainrule/nn/handcheck";
import { useEffect, useState } from "preact/hooks";
import { en, type PageWords } from "./en.ts";

const known = new Map<Language, PageWords>([["en", en]]);

export function useWords(lang: Language): PageWords {
  const [words, set] = useState<PageWords>(known.get(lang) ?? en);
  useEffect(() => {
    let asked = true;
    const show = (found: PageWords): void => {
      known.set(lang, found);
      if (asked) set(found);
    };
    const found = known.get(lang);
    if (found !== undefined) show(found);
    else
      void import("./zh.ts").then(({ zh }) => {
        show(zh);
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
