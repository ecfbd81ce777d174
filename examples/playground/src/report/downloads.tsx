/** The report to take away: as the page of the command, as LaTeX, as data. */

import type { Hints, Language } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { save } from "../ui/save.ts";
import { checker } from "../worker/checker.ts";
import type { Form, Subject } from "../worker/protocol.ts";
import type { PageWords } from "../words/en.ts";

const forms: readonly (readonly [form: Form, name: string, ending: string, type: string])[] = [
  ["html", "HTML", "html", "text/html"],
  ["latex", "LaTeX", "tex", "application/x-tex"],
  ["json", "JSON", "json", "application/json"],
];

export function Downloads({
  subject,
  lang,
  hints,
  words,
}: {
  readonly subject: Subject;
  readonly lang: Language;
  readonly hints: Hints;
  readonly words: PageWords;
}): JSX.Element {
  const download = async (form: Form, ending: string, type: string): Promise<void> => {
    const answer = await checker().ask({ kind: "download", form, lang, hints, ...subject });
    if (answer.kind === "text") save(answer.text, `chainrule-report.${ending}`, type);
  };
  return (
    <p class="downloads">
      <span>{words.download}</span>
      {forms.map(([form, name, ending, type]) => (
        <button key={form} type="button" onClick={() => void download(form, ending, type)}>
          {name}
        </button>
      ))}
    </p>
  );
}
