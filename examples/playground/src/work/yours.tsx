/** What a visitor brought: the network, and the work as it is written, typed number by number, or dropped. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Editor } from "../editor/editor.tsx";
import type { Taken } from "../files/attached.ts";
import { ChooseFiles, DropPlace } from "../files/drop.tsx";
import { NetworkBar } from "../network/network-bar.tsx";
import type { TypedProps } from "../numbers/typed.tsx";
import { Choice } from "../ui/choice.tsx";
import { Copy } from "../ui/copy.tsx";
import { later } from "../ui/later.tsx";
import { link, type WorkProps } from "./props.ts";

export const Typed = later<TypedProps>(async () => (await import("../numbers/typed.tsx")).Typed);

/** The work itself: numbers in fields, files, or a text. */
function Mine({ state, epoch, change, words, judged, answer, files }: WorkProps): JSX.Element {
  if (state.form === "numbers") {
    const fares = answer?.kind === "report" ? answer.fares : {};
    return (
      <Typed
        net={state.net}
        cost={state.cost}
        text={state.numbers}
        change={(numbers) => change({ numbers })}
        fares={fares}
        words={words}
      />
    );
  }
  if (state.files === "")
    return (
      <Editor
        text={state.text}
        epoch={epoch}
        label={words.work}
        hint={words.placeholder}
        judged={judged}
        change={(text) => change({ text })}
      />
    );
  return (
    <div class="attached">
      {files === null ? (
        <p>{words.lost}</p>
      ) : (
        <ul>
          {files.map(({ name }) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      )}
      <button type="button" onClick={() => change({ files: "" }, true)}>
        {words.removeFiles}
      </button>
    </div>
  );
}

export function Yours(props: WorkProps): JSX.Element {
  const { state, change, words, answer } = props;
  const [large, set] = useState(false);
  const taken = (what: Taken): void => {
    set(what.kind === "large");
    if (what.kind === "text") change({ text: what.text, files: "", form: "text" }, true);
    if (what.kind === "files") change({ files: what.id, text: "", form: "text" }, true);
  };
  const read = answer?.kind === "report" && state.form === "text" ? answer.read : null;
  const forms = (["text", "numbers"] as const).map((form) => [form, words.form[form]] as const);
  return (
    <DropPlace words={words} taken={taken}>
      <section class={state.form === "numbers" ? "work flowing" : "work"} aria-label={words.work}>
        <p class="note">{words.yoursNote}</p>
        {read === null ? (
          <NetworkBar net={state.net} cost={state.cost} words={words} change={(part) => change(part, true)} />
        ) : (
          <NetworkBar net={read.net} cost={read.cost} words={words} says={words.asRead} />
        )}
        <div class="how">
          <Choice
            label={words.form.label}
            name="form"
            value={state.form}
            options={forms}
            choose={(form) => change({ form }, true)}
          />
        </div>
        <Mine {...props} />
        {large && (
          <p class="note" role="alert">
            {words.tooLarge}
          </p>
        )}
        <p class="tools">
          <ChooseFiles words={words} taken={taken} />
          <Copy text={link} label={words.share} words={words} />
        </p>
      </section>
    </DropPlace>
  );
}
