/** The exercise of the first screen: its network, and the backward pass that was handed out. */

import type { JSX } from "preact";
import { Editor } from "../editor/editor.tsx";
import { exercise } from "../exercise/exercise.ts";
import { NetworkBar } from "../network/network-bar.tsx";
import { Copy } from "../ui/copy.tsx";
import { link, type WorkProps } from "./props.ts";

export function Exercise({ state, epoch, change, words, judged }: WorkProps): JSX.Element {
  return (
    <section class="work" aria-label={words.work}>
      <p class="note">{words.exerciseNote}</p>
      <NetworkBar net={exercise.net} cost={exercise.cost} words={words} />
      <Editor
        text={state.exercise}
        epoch={epoch}
        label={words.work}
        hint={words.placeholder}
        judged={judged}
        change={(text) => change({ exercise: text })}
      />
      <p class="tools">
        {state.exercise !== exercise.text && (
          <button type="button" onClick={() => change({ exercise: exercise.text }, true)}>
            {words.reset}
          </button>
        )}
        <Copy text={link} label={words.share} words={words} />
      </p>
    </section>
  );
}
