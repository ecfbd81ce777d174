/** What is checked: the network, and the work as it is written or dropped. */

import type { HandedFile } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Editor } from "../editor/editor.tsx";
import type { Judged } from "../editor/marks.ts";
import { exercise } from "../exercise/exercise.ts";
import type { Taken } from "../files/attached.ts";
import { ChooseFiles, DropPlace } from "../files/drop.tsx";
import { NetworkBar } from "../network/network-bar.tsx";
import type { State } from "../state/state.ts";
import type { Change } from "../state/use-state.ts";
import { Copy } from "../ui/copy.tsx";
import type { PageWords } from "../words/en.ts";
import type { Answer } from "../worker/protocol.ts";

interface Props {
  readonly state: State;
  readonly epoch: number;
  readonly change: Change;
  readonly words: PageWords;
  readonly judged: Judged;
  readonly answer: Answer | null;
  /** Files that were dropped; `null` where they are another tab's. */
  readonly files: readonly HandedFile[] | null;
}

const link = (): string => location.href;

export function Exercise({ state, epoch, change, words, judged }: Props): JSX.Element {
  return (
    <section class="work" aria-label={words.work}>
      <p class="note">{words.exerciseNote}</p>
      <NetworkBar net={exercise.net} cost={exercise.cost} words={words} />
      <Editor text={state.exercise} epoch={epoch} label={words.work} hint={words.placeholder} judged={judged} change={(text) => change({ exercise: text })} />
      <p class="tools">
        {state.exercise !== exercise.text && <button type="button" onClick={() => change({ exercise: exercise.text }, true)}>{words.reset}</button>}
        <Copy text={link} label={words.share} words={words} />
      </p>
    </section>
  );
}

export function Yours({ state, epoch, change, words, judged, answer, files }: Props): JSX.Element {
  const [large, set] = useState(false);
  const taken = (what: Taken): void => {
    set(what.kind === "large");
    if (what.kind === "text") change({ text: what.text, files: "" }, true);
    if (what.kind === "files") change({ files: what.id, text: "" }, true);
  };
  const read = answer?.kind === "report" ? answer.read : null;
  return (
    <DropPlace words={words} taken={taken}>
      <section class="work" aria-label={words.work}>
        <p class="note">{words.yoursNote}</p>
        {read === null
          ? <NetworkBar net={state.net} cost={state.cost} words={words} change={(part) => change(part, true)} />
          : <NetworkBar net={read.net} cost={read.cost} words={words} says={words.asRead} />}
        {state.files === ""
          ? <Editor text={state.text} epoch={epoch} label={words.work} hint={words.placeholder} judged={judged} change={(text) => change({ text })} />
          : (
            <div class="attached">
              {files === null ? <p>{words.lost}</p> : <ul>{files.map(({ name }) => <li key={name}>{name}</li>)}</ul>}
              <button type="button" onClick={() => change({ files: "" }, true)}>{words.removeFiles}</button>
            </div>
          )}
        {large && <p class="note" role="alert">{words.tooLarge}</p>}
        <p class="tools"><ChooseFiles words={words} taken={taken} /><Copy text={link} label={words.share} words={words} /></p>
      </section>
    </DropPlace>
  );
}
