/** Where a slip was published: the work, what it is, and the place in it. */

import type { Language } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import type { Exhibit } from "./published.ts";

const sorts: Readonly<Record<Language, Readonly<Record<Exhibit["sort"], string>>>> = {
  en: { book: "book", course: "course", library: "library", post: "post", answer: "question" },
  zh: { book: "图书", course: "课程", library: "程序库", post: "文章", answer: "问答" },
};

export const workOf = ({ work }: Exhibit, lang: Language): string => (typeof work === "string" ? work : work[lang]);

export const Where = ({ published, lang }: { readonly published: Exhibit; readonly lang: Language }): JSX.Element => (
  <span class="where">
    <cite>{workOf(published, lang)}</cite> <span class="sort">{sorts[lang][published.sort]}</span>{" "}
    {published.where[lang]}
  </span>
);
