/** A task as it is worked on: what is given, the work, what the check says of it, and the file to hand in. */

import type { LineStatus } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Editor } from "../../editor/editor.tsx";
import { judgedBy } from "../../editor/judged-by.ts";
import { NetworkBar } from "../../network/network-bar.tsx";
import { specOf } from "../../network/spec.ts";
import { Fields } from "../../numbers/fields.tsx";
import { listed, textOf } from "../../numbers/listing.ts";
import { askedOf, filled, givenOf, isBlank } from "../../numbers/quantities.ts";
import { en as fieldsEn } from "../../numbers/words/en.ts";
import { zh as fieldsZh } from "../../numbers/words/zh.ts";
import { Summary, VerdictPane } from "../../report/verdict.tsx";
import { save } from "../../ui/save.ts";
import { wordsOf } from "../../words/words-of.ts";
import type { Answer } from "../../worker/protocol.ts";
import { useAnswer } from "../../worker/use-answer.ts";
import { fileNameOf, handedFile } from "./handed.ts";
import { first } from "./place.ts";
import type { ClassProps } from "./teacher.tsx";
import { useNumbers } from "./use-numbers.ts";

interface WorkProps extends ClassProps {
  readonly epoch: number;
  readonly given: string;
  readonly answer: Answer | null;
}

const noFares: Readonly<Record<string, LineStatus>> = {};

function Typing({ place, words, set, given, answer }: WorkProps): JSX.Element {
  const { task, work } = place;
  const says = wordsOf(words, { en: fieldsEn, zh: fieldsZh });
  const spec = specOf(task.net);
  const asked = askedOf(spec, task.samples);
  return (
    <>
      <Fields label={says.given} quantities={givenOf(spec, task.samples)} listing={listed(given)} words={words} />
      <Fields
        label={says.asked}
        quantities={asked}
        listing={filled(asked, listed(work), new Map())}
        words={words}
        fares={answer?.kind === "report" ? answer.fares : noFares}
        change={(listing) => set({ ...place, work: textOf(listing) })}
      />
    </>
  );
}

function Writing({ place, words, set, epoch, answer }: WorkProps): JSX.Element {
  const judged = useMemo(() => judgedBy(answer, words), [answer, words]);
  return (
    <Editor
      text={place.work}
      epoch={epoch}
      label={words.work}
      hint={words.placeholder}
      judged={judged}
      change={(work) => set({ ...place, work })}
    />
  );
}

function HandIn({ place, own, set, given, empty }: WorkProps & { readonly empty: boolean }): JSX.Element {
  const { task, work, name } = place;
  return (
    <form
      class="hand-in"
      onSubmit={(event) => {
        event.preventDefault();
        save(handedFile(task, given, work), fileNameOf(name), "text/plain");
      }}
    >
      <label>
        <span>{own.name}</span>{" "}
        <input
          value={name}
          autocomplete="name"
          onInput={({ currentTarget }) => set({ ...place, name: currentTarget.value })}
        />
      </label>
      <button type="submit" class="main" disabled={empty}>
        {own.save(fileNameOf(name))}
      </button>
      <p class="soft">{own.saveSays}</p>
    </form>
  );
}

export function Student(props: ClassProps & { readonly epoch: number }): JSX.Element {
  const { place, lang, words, own } = props;
  const { task, work } = place;
  const told = useNumbers(task, lang);
  const given = told?.kind === "told" ? told.told.given : "";
  const isNumbers = task.form === "numbers";
  const empty = isNumbers ? isBlank(listed(work)) || given === "" : work.trim() === "";
  // Of numbers the file itself is what is checked; formulas have its lines but for the heading.
  const text = isNumbers ? handedFile(task, given, work) : work;
  const question = { kind: "check", lang, hints: task.hints, net: task.net, cost: task.cost, text, files: [] } as const;
  const asked = useAnswer(question, JSON.stringify([lang, task.hints, task.net, task.cost, text]));
  const answer = empty ? null : asked;
  const shared = { ...props, given, answer };
  return (
    <>
      <div class="columns">
        <section class={isNumbers ? "work flowing" : "work"} aria-label={words.work}>
          <NetworkBar net={task.net} cost={task.cost} words={words} />
          {isNumbers ? <Typing {...shared} /> : <Writing {...shared} />}
          <HandIn {...shared} empty={empty} />
        </section>
        <section class="verdict" id="verdict" tabIndex={-1} aria-label={words.verdict}>
          <VerdictPane answer={answer} empty={empty} words={words} />
          <p class="soft told-how-much">
            {own.toldHowMuch(words.hints.levels[task.hints]!)}{" "}
            <a
              href="#class"
              onClick={(event) => {
                event.preventDefault();
                props.set(first, true);
              }}
            >
              {own.another}
            </a>
          </p>
        </section>
      </div>
      <Summary answer={answer} empty={empty} words={words} />
    </>
  );
}
