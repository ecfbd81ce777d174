/** A place onto which files are dropped, and the button that does the same. */

import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { PageWords } from "../words/en.ts";
import { take, type Taken } from "./attached.ts";

interface Props {
  readonly words: PageWords;
  readonly taken: (what: Taken) => void;
  readonly children: ComponentChildren;
}

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

export function DropPlace({ words, taken, children }: Props): JSX.Element {
  const [over, set] = useState(false);
  const drop = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    set(false);
    void take([...event.dataTransfer!.files]).then(taken);
  };
  const drag = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    set(true);
  };
  return (
    <div
      class={`drop ${over ? "over" : ""}`}
      data-says={words.dropHere}
      onDragOver={drag}
      onDragLeave={() => set(false)}
      onDropCapture={drop}
    >
      {children}
    </div>
  );
}

export function ChooseFiles({ words, taken }: Omit<Props, "children">): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const choose = (): void => {
    const files = [...(input.current!.files ?? [])];
    input.current!.value = "";
    if (files.length > 0) void take(files).then(taken);
  };
  return (
    <>
      <input ref={input} type="file" multiple hidden onChange={choose} />
      <button type="button" onClick={() => input.current!.click()}>
        {words.chooseFiles}
      </button>
    </>
  );
}
