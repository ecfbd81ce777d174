/** A text that is edited, with what the check says beside its lines. */

import { history, historyKeymap, insertNewline } from "@codemirror/commands";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { judge, judgement, type Judged } from "./marks.ts";
import { paint, type Written } from "./paint.ts";

interface Props {
  readonly text: string;
  /** Another number says that the text is not what was typed here, and replaces it. */
  readonly epoch: number;
  readonly label: string;
  readonly hint: string;
  readonly judged: Judged;
  /** What it is written in; formulas where nothing is said. */
  readonly written?: Written;
  readonly change: (text: string) => void;
}

const named = new Compartment();

const names = (label: string, hint: string) => [
  EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
  placeholder(hint),
];

export function Editor({ text, epoch, label, hint, judged, change, written = "formulas" }: Props): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(change);
  changed.current = change;
  // Before the first painting: what stands below must not move when the text comes.
  useLayoutEffect(() => {
    const made = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          judgement,
          history(),
          drawSelection(),
          paint[written],
          EditorView.lineWrapping,
          named.of(names(label, hint)),
          // The rest of the keys is the browser's own; the package's would bring a parser with them.
          keymap.of([...historyKeymap, { key: "Enter", run: insertNewline }]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
    };
  }, []);
  useEffect(() => {
    const made = view.current!;
    if (made.state.doc.toString() !== text)
      made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: text } });
  }, [epoch]);
  useEffect(() => {
    view.current!.dispatch({ effects: judge.of(judged) });
  }, [judged]);
  useEffect(() => {
    view.current!.dispatch({ effects: named.reconfigure(names(label, hint)) });
  }, [label, hint]);
  return <div class="editor" ref={host} />;
}
