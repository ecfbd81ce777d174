/** The page: what is checked on the left, what is said of it on the right. */

import type { Hints } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Editor } from "./editor/editor.tsx";
import type { Judged } from "./editor/marks.ts";
import { exercise } from "./exercise/exercise.ts";
import { NetworkBar } from "./network/network-bar.tsx";
import { Summary, VerdictPane } from "./report/verdict.tsx";
import { subjectOf, type State } from "./state/state.ts";
import { usePageState, type Change } from "./state/use-state.ts";
import { Choice } from "./ui/choice.tsx";
import { Share } from "./ui/share.tsx";
import type { PageWords } from "./words/en.ts";
import { useWords } from "./words/use-words.ts";
import type { Answer } from "./worker/protocol.ts";
import { useCheck } from "./worker/use-check.ts";

function judgedBy(answer: Answer | null, words: PageWords): Judged {
  if (answer?.kind === "report") return { fault: null, marks: answer.marks.map((mark) => ({ ...mark, label: `${mark.says}: ${words.status[mark.status] ?? mark.status}` })) };
  return { fault: answer?.fault ?? null, marks: [] };
}

function Head({ state, change, words }: { readonly state: State; readonly change: Change; readonly words: PageWords }): JSX.Element {
  return (
    <header class="head">
      <p class="brand"><span class="sign-of" aria-hidden="true">∂</span>chainrule</p>
      <Choice label={words.language} name="lang" value={state.lang} options={[["en", "EN", "en"], ["zh", "中文", "zh-Hans"]]} choose={(lang) => change({ lang }, true)} />
    </header>
  );
}

function Work({ state, epoch, change, words, judged }: { readonly state: State; readonly epoch: number; readonly change: Change; readonly words: PageWords; readonly judged: Judged }): JSX.Element {
  const isExercise = state.screen === "exercise";
  return (
    <section class="work" aria-label={words.work}>
      <p class="note">{isExercise ? words.exerciseNote : words.yoursNote}</p>
      {isExercise
        ? <NetworkBar net={exercise.net} cost={exercise.cost} words={words} />
        : <NetworkBar net={state.net} cost={state.cost} words={words} change={(part) => change(part, true)} />}
      <Editor
        key={state.screen} text={isExercise ? state.exercise : state.text} epoch={epoch} label={words.work} hint={words.placeholder} judged={judged}
        change={(text) => change(isExercise ? { exercise: text } : { text })}
      />
      <p class="tools">
        {isExercise && state.exercise !== exercise.text && <button type="button" onClick={() => change({ exercise: exercise.text }, true)}>{words.reset}</button>}
        <Share words={words} />
      </p>
    </section>
  );
}

export function App(): JSX.Element {
  const [state, change, epoch] = usePageState();
  const words = useWords(state.lang);
  const subject = subjectOf(state);
  const answer = useCheck({ ...subject, lang: state.lang, hints: state.hints });
  const empty = subject.text.trim() === "";
  const judged = useMemo(() => judgedBy(empty ? null : answer, words), [answer, words, empty]);
  return (
    <>
      <a class="skip" href="#verdict" onClick={(event) => { event.preventDefault(); document.getElementById("verdict")?.focus(); }}>{words.skip}</a>
      <Head state={state} change={change} words={words} />
      <main>
        <div class="opening">
          <h1>{words.claim.before}<span class="figure">{exercise.checker}</span>{words.claim.after}</h1>
          <p>{words.lead}</p>
        </div>
        <div class="bar">
          <Choice label={words.screens.label} name="screen" value={state.screen} options={[["exercise", words.screens.exercise], ["yours", words.screens.yours]]} choose={(screen) => change({ screen }, true)} />
          <Choice label={words.hints.label} name="hints" shown value={String(state.hints)} options={words.hints.levels.map((level, k) => [String(k), level])} choose={(hints) => change({ hints: Number(hints) as Hints }, true)} />
        </div>
        <div class="columns">
          <Work state={state} epoch={epoch} change={change} words={words} judged={judged} />
          <section class="verdict" id="verdict" tabIndex={-1} aria-label={words.verdict}>
            <VerdictPane answer={answer} empty={empty} words={words} />
          </section>
        </div>
        <Summary answer={answer} empty={empty} words={words} />
      </main>
      <footer class="foot"><p>{words.foot}</p></footer>
    </>
  );
}
