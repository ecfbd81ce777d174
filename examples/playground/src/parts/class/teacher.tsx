/** A task as it is set: what the link will hold, and what the teacher keeps. */

import type { Hints, Language } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { NetworkBar } from "../../network/network-bar.tsx";
import { specOf } from "../../network/spec.ts";
import { Fields } from "../../numbers/fields.tsx";
import { listed, textOf } from "../../numbers/listing.ts";
import { canBeTyped, filled, givenOf, MOST_SAMPLES, MOST_TYPED } from "../../numbers/quantities.ts";
import { en as fieldsEn } from "../../numbers/words/en.ts";
import { zh as fieldsZh } from "../../numbers/words/zh.ts";
import { fragmentOf } from "../../state/fragment.ts";
import { first as firstState } from "../../state/state.ts";
import { Choice } from "../../ui/choice.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Fault } from "../../ui/fault.tsx";
import { save } from "../../ui/save.ts";
import { NumberField } from "../../ui/number-field.tsx";
import { Stepper } from "../../ui/stepper.tsx";
import type { PageWords } from "../../words/en.ts";
import { wordsOf } from "../../words/words-of.ts";
import { referenceFile, referenceName } from "./handed.ts";
import { atOf, MOST_SEED, type Place, type Task } from "./place.ts";
import { useNumbers } from "./use-numbers.ts";
import type { en } from "./words/en.ts";

export interface ClassProps {
  readonly place: Place;
  readonly lang: Language;
  readonly words: PageWords;
  readonly own: typeof en;
  readonly set: (place: Place, kept?: boolean) => void;
}

/** The address that a student opens: the task, and nothing of what the teacher has on the page otherwise. */
const fragmentFor = (task: Task, lang: Language): string =>
  fragmentOf({
    ...firstState,
    lang,
    screen: "class",
    parts: { class: atOf({ task, role: "do", work: "", name: "" }) },
  });

const addressOf = (fragment: string): string => location.href.replace(/#.*$/, "") + fragment;

/** Which numbers: drawn by a seed, or the teacher's own in the place of some of them. */
function Numbers({
  place,
  words,
  own,
  set,
  given,
}: Omit<ClassProps, "lang"> & { readonly given: string }): JSX.Element {
  const { task } = place;
  const change = (part: Partial<Task>, kept = true): void => set({ ...place, task: { ...task, ...part } }, kept);
  const spec = specOf(task.net);
  const says = wordsOf(words, { en: fieldsEn, zh: fieldsZh });
  if (!canBeTyped(spec)) return <p class="note">{own.tooLarge(MOST_TYPED)}</p>;
  const quantities = givenOf(spec, task.samples);
  // What was typed last is not among the numbers that were told, until they are told anew.
  const listing = given === "" ? listed("") : filled(quantities, listed(task.own), listed(given));
  return (
    <>
      <div class="settings">
        <p class="setting">
          <span>{says.samples}</span>
          <Stepper
            label={says.samples}
            value={task.samples}
            most={MOST_SAMPLES}
            fewer={says.fewer}
            more={says.more}
            set={(samples) => change({ samples })}
          />
        </p>
        <p class="setting">
          <label>
            <span>{own.seed}</span>{" "}
            <NumberField
              min={0}
              max={MOST_SEED}
              value={task.seed}
              change={(value) => {
                if (/^\d{1,6}$/.test(value)) change({ seed: Number(value), own: "" });
              }}
            />
          </label>
          <button type="button" onClick={() => change({ seed: (task.seed + 1) % (MOST_SEED + 1), own: "" })}>
            {own.others}
          </button>
        </p>
      </div>
      <Fields
        label={task.own === "" ? own.drawn(task.seed) : own.ownNumbers}
        quantities={quantities}
        listing={listing}
        words={words}
        change={(listing) => change({ own: textOf(listing) }, false)}
      />
    </>
  );
}

function Settings({
  place,
  words,
  own,
  set,
  given,
}: Omit<ClassProps, "lang"> & { readonly given: string }): JSX.Element {
  const { task } = place;
  const change = (part: Partial<Task>): void => set({ ...place, task: { ...task, ...part } }, true);
  const forms = (["numbers", "formulas"] as const).map((form) => [form, own.forms[form]] as const);
  const levels = words.hints.levels.map((level, k) => [String(k), level] as const);
  return (
    <div class={task.form === "numbers" ? "work flowing" : "work"}>
      <NetworkBar net={task.net} cost={task.cost} words={words} change={(part) => change(part)} />
      <div class="settings">
        <Choice
          label={own.handIn}
          name="class-form"
          shown
          value={task.form}
          options={forms}
          choose={(form) => change({ form })}
        />
        <Choice
          label={words.hints.label}
          name="hints"
          shown
          value={String(task.hints)}
          options={levels}
          choose={(hints) => change({ hints: Number(hints) as Hints })}
        />
      </div>
      {task.form === "numbers" && <Numbers place={place} words={words} own={own} set={set} given={given} />}
    </div>
  );
}

export function Teacher({ place, lang, words, own, set }: ClassProps): JSX.Element {
  const { task } = place;
  const told = useNumbers(task, lang);
  const { given, right } = told?.kind === "told" ? told.told : { given: "", right: "" };
  const fragment = fragmentFor(task, lang);
  const command = `npx @chainrule/nn check handed-in --reference ${referenceName(task)}`;
  return (
    <div class="columns">
      <Settings place={place} words={words} own={own} set={set} given={given} />
      <section class="verdict steps" id="verdict" tabIndex={-1} aria-label={own.steps}>
        <ol>
          <li>
            <h2>{own.link.title}</h2>
            <p>{own.link.says(words.hints.levels[task.hints]!)}</p>
            <p class="acts">
              <Copy text={() => addressOf(fragment)} label={own.link.copy} words={words} />{" "}
              <a href={fragment}>{own.link.open}</a>
            </p>
          </li>
          <li>
            <h2>{own.back.title}</h2>
            <p>{own.back.says}</p>
          </li>
          <li>
            <h2>{own.verify.title}</h2>
            <p>{own.verify.says}</p>
            {told?.kind === "fault" ? (
              <Fault says={told.says} words={words} />
            ) : (
              <p class="acts">
                <button
                  type="button"
                  disabled={right === ""}
                  onClick={() => save(referenceFile(task, given, right), referenceName(task), "text/plain")}
                >
                  {own.verify.save(referenceName(task))}
                </button>
              </p>
            )}
            <pre tabIndex={0}>
              <code>{command}</code>
            </pre>
          </li>
        </ol>
        <aside class="honest">
          <h2>{own.honest.title}</h2>
          <p>{own.honest.says}</p>
        </aside>
      </section>
    </div>
  );
}
