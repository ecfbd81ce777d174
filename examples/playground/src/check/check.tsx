/** The check: what is checked on the left, what is said of it on the right. */

import type { Hints } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { judgedBy } from "../editor/judged-by.ts";
import { exercise } from "../exercise/exercise.ts";
import { attached } from "../files/attached.ts";
import { CodePane } from "../code/code-pane.tsx";
import { isCode } from "../code/is-code.ts";
import { useCode } from "../code/use-code.ts";
import { Downloads } from "../report/downloads.tsx";
import { Summary, VerdictPane } from "../report/verdict.tsx";
import { useMayRun } from "../sandbox/use-may-run.ts";
import type { State } from "../state/state.ts";
import type { Change } from "../state/use-state.ts";
import { Choice } from "../ui/choice.tsx";
import { later } from "../ui/later.tsx";
import { Opening } from "../ui/opening.tsx";
import { Exercise } from "../work/exercise.tsx";
import type { WorkProps } from "../work/props.ts";
import type { PageWords } from "../words/en.ts";
import type { Subject } from "../worker/protocol.ts";
import { useAnswer } from "../worker/use-answer.ts";

interface Props {
  readonly state: State;
  readonly change: Change;
  readonly epoch: number;
  readonly words: PageWords;
}

/** The files that somebody brought; the first screen does without it. */
export const Yours = later<WorkProps>(async () => (await import("../work/yours.tsx")).Yours);

/** What is checked, and how much is told of it. */
function Bar({ state, change, words }: Props): JSX.Element {
  const checked = (["exercise", "yours"] as const).map((screen) => [screen, words.screens[screen]] as const);
  const levels = words.hints.levels.map((level, k) => [String(k), level] as const);
  const tell = (hints: string): void => change({ hints: Number(hints) as Hints }, true);
  return (
    <div class="bar">
      <Choice
        label={words.checked}
        name="screen"
        value={state.screen}
        options={checked}
        choose={(screen) => change({ screen }, true)}
      />
      <Choice label={words.hints.label} name="hints" shown value={String(state.hints)} options={levels} choose={tell} />
    </div>
  );
}

/** The arrays of which no entry is missing; nothing while none of them was derived. */
function derived(listing: string): string {
  const whole = listing.split("\n").filter((line) => !/\[\s*[,\]]|,\s*[,\]]/.test(line));
  return whole.some((line) => /^(?:grad|delta)/.test(line)) ? whole.join("\n") : "";
}

function subjectOf(state: State, files: Subject["files"]): Subject {
  if (state.screen === "exercise") return { net: exercise.net, cost: exercise.cost, text: state.exercise, files: [] };
  return {
    net: state.net,
    cost: state.cost,
    ...(state.form === "numbers" ? { text: derived(state.numbers), files: [] } : { text: state.text, files }),
  };
}

function Checked({ state, change, epoch, words }: Props): JSX.Element {
  const { screen, lang, hints } = state;
  const isExercise = screen === "exercise";
  const files = useMemo(() => (isExercise ? [] : attached(state.files)), [isExercise, state.files]);
  const subject = subjectOf(state, files ?? []);
  const key = JSON.stringify([lang, hints, subject.net, subject.cost, subject.text, isExercise ? "" : state.files]);
  const byCode = !isExercise && subject.files.length === 0 && isCode(subject.text);
  const { may, typed, run } = useMayRun(subject.text, (text) => !isCode(text));
  const [ran, end] = useCode(byCode && may ? subject : null, { lang, hints }, `${may} ${key}`);
  const read = useAnswer(
    { kind: "check", lang, hints, ...subject, ...(byCode ? { text: "" } : {}) },
    `${byCode} ${key}`,
  );
  const answer = byCode ? ran.answer : read;
  const empty = subject.text.trim() === "" && subject.files.length === 0;
  const judged = useMemo(() => judgedBy(empty ? null : answer, words), [answer, words, empty]);
  const changed: Change = (part, kept) => {
    if (part.text !== undefined) typed(part.text);
    change(part, kept);
  };
  const work = { state, epoch, change: changed, words, judged, answer: empty ? null : answer, files };
  return (
    <>
      <div class="columns">
        {isExercise ? <Exercise {...work} /> : <Yours {...work} />}
        <section class="verdict" id="verdict" tabIndex={-1} aria-label={words.verdict}>
          {byCode && answer === null ? (
            <CodePane failed={ran.failed} may={may} run={run} end={end} words={words} />
          ) : (
            <VerdictPane answer={answer} empty={empty} words={words} />
          )}
          {!empty && answer?.kind === "report" && (
            <Downloads subject={ran.subject ?? subject} lang={lang} hints={hints} words={words} />
          )}
        </section>
      </div>
      <Summary answer={answer} empty={empty} words={words} />
    </>
  );
}

export function Check(props: Props): JSX.Element {
  const {
    words: { claim, lead },
    state,
  } = props;
  return (
    <>
      <Opening
        title={
          <>
            {claim.before}
            <span class="figure">{exercise.checker}</span>
            {claim.after}
          </>
        }
        lead={lead}
      />
      <Bar {...props} />
      <Checked key={state.screen} {...props} />
    </>
  );
}
