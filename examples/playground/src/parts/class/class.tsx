/** For a class: a task that a link holds, and what is handed in for it. */

import type { JSX } from "preact";
import { Opening } from "../../ui/opening.tsx";
import { wordsOf } from "../../words/words-of.ts";
import type { PartProps } from "../parts.ts";
import "./class.css";
import { atOf, placeOf } from "./place.ts";
import { Student } from "./student.tsx";
import { Teacher } from "./teacher.tsx";
import { en } from "./words/en.ts";
import { zh } from "./words/zh.ts";

export function Class({ lang, words, at, go, epoch }: PartProps): JSX.Element {
  const own = wordsOf(words, { en, zh });
  const place = placeOf(at);
  const { title, lead } = place.role === "set" ? own.set : own.do[place.task.form];
  const shared = { place, lang, words, own, set: (next: typeof place, kept?: boolean): void => go(atOf(next), kept) };
  return (
    <>
      <Opening title={title} lead={lead} />
      {place.role === "set" ? <Teacher {...shared} /> : <Student {...shared} epoch={epoch} />}
    </>
  );
}
