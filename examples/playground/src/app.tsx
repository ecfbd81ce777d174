/** The page: what is checked on the left, what is said of it on the right. */

import type { Hints } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { DerivationPane } from "./derivation/derivation-pane.tsx";
import type { Judged } from "./editor/marks.ts";
import { exercise } from "./exercise/exercise.ts";
import { attached } from "./files/attached.ts";
import { NetworkBar } from "./network/network-bar.tsx";
import { Downloads } from "./report/downloads.tsx";
import { Summary, VerdictPane } from "./report/verdict.tsx";
import { notations, screens, type State } from "./state/state.ts";
import { usePageState, type Change } from "./state/use-state.ts";
import { Choice } from "./ui/choice.tsx";
import { Exercise, Yours } from "./work/work.tsx";
import type { PageWords } from "./words/en.ts";
import { useWords } from "./words/use-words.ts";
import type { Answer, Subject } from "./worker/protocol.ts";
import { useAnswer } from "./worker/use-answer.ts";

function judgedBy(answer: Answer | null, words: PageWords): Judged {
  if (answer?.kind === "report") return { fault: null, marks: answer.marks.map((mark) => ({ ...mark, label: `${mark.says}: ${words.status[mark.status] ?? mark.status}` })) };
  return { fault: answer?.kind === "fault" ? answer.fault : null, marks: [] };
}

interface Shown {
  readonly state: State;
  readonly change: Change;
  readonly epoch: number;
  readonly words: PageWords;
}

function Head({ state, change, words }: Shown): JSX.Element {
  return (
    <header class="head">
      <p class="brand"><span class="sign-of" aria-hidden="true">∂</span>chainrule</p>
      <Choice label={words.language} name="lang" value={state.lang} options={[["en", "EN", "en"], ["zh", "中文", "zh-Hans"]]} choose={(lang) => change({ lang }, true)} />
    </header>
  );
}

/** A choice of how much is told, or of a notation. */
function HowShown({ state, change, words }: Shown): JSX.Element {
  if (state.screen === "derivation") return <Choice label={words.notation} name="notation" shown value={state.notation} options={notations.map((name) => [name, words.notations[name] ?? name])} choose={(notation) => change({ notation }, true)} />;
  return <Choice label={words.hints.label} name="hints" shown value={String(state.hints)} options={words.hints.levels.map((level, k) => [String(k), level])} choose={(hints) => change({ hints: Number(hints) as Hints }, true)} />;
}

function Check({ state, change, epoch, words }: Shown): JSX.Element {
  const { screen, lang, hints } = state;
  const isExercise = screen === "exercise";
  const files = useMemo(() => (isExercise ? [] : attached(state.files)), [isExercise, state.files]);
  const subject: Subject = isExercise ? { net: exercise.net, cost: exercise.cost, text: state.exercise, files: [] } : { net: state.net, cost: state.cost, text: state.text, files: files ?? [] };
  const answer = useAnswer({ kind: "check", lang, hints, ...subject }, JSON.stringify([lang, hints, subject.net, subject.cost, subject.text, isExercise ? "" : state.files]));
  const empty = subject.text.trim() === "" && subject.files.length === 0;
  const judged = useMemo(() => judgedBy(empty ? null : answer, words), [answer, words, empty]);
  const work = { state, epoch, change, words, judged, answer: empty ? null : answer, files };
  return (
    <>
      <div class="columns">
        {isExercise ? <Exercise {...work} /> : <Yours {...work} />}
        <section class="verdict" id="verdict" tabIndex={-1} aria-label={words.verdict}>
          <VerdictPane answer={answer} empty={empty} words={words} />
          {!empty && answer?.kind === "report" && <Downloads subject={subject} lang={lang} hints={hints} words={words} />}
        </section>
      </div>
      <Summary answer={answer} empty={empty} words={words} />
    </>
  );
}

function Derivation({ state: { net, cost, lang, notation }, change, words }: Shown): JSX.Element {
  const answer = useAnswer({ kind: "derive", net, cost, lang, notation }, JSON.stringify([net, cost, lang, notation]));
  return (
    <div class="columns narrow">
      <div class="work">
        <p class="note">{words.derivationNote}</p>
        <NetworkBar net={net} cost={cost} words={words} change={(part) => change(part, true)} />
      </div>
      <section class="verdict" id="verdict" tabIndex={-1} aria-label={words.screens.derivation}><DerivationPane answer={answer} words={words} /></section>
    </div>
  );
}

export function App(): JSX.Element {
  const [state, change, epoch] = usePageState();
  const words = useWords(state.lang);
  const shown = { state, change, epoch, words };
  return (
    <>
      <a class="skip" href="#verdict" onClick={(event) => { event.preventDefault(); document.getElementById("verdict")?.focus(); }}>{words.skip}</a>
      <Head {...shown} />
      <main>
        <div class="opening">
          <h1>{words.claim.before}<span class="figure">{exercise.checker}</span>{words.claim.after}</h1>
          <p>{words.lead}</p>
        </div>
        <div class="bar">
          <Choice label={words.screens.label} name="screen" value={state.screen} options={screens.map((screen) => [screen, words.screens[screen]])} choose={(screen) => change({ screen }, true)} />
          <HowShown {...shown} />
        </div>
        {state.screen === "derivation" ? <Derivation {...shown} /> : <Check key={state.screen} {...shown} />}
      </main>
      <footer class="foot"><p>{words.foot}</p></footer>
    </>
  );
}
