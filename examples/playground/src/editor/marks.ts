/** What the check says of each line, beside it; and the stretch that cannot be read. */

import { StateEffect, StateField, type EditorState, type Range } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker, type DecorationSet } from "@codemirror/view";
import type { Fault, Mark } from "../worker/protocol.ts";
import { signs } from "./signs.ts";

export interface Judged {
  readonly marks: readonly (Mark & { readonly label: string })[];
  readonly fault: Fault | null;
}

export const judge = StateEffect.define<Judged>();

class Sign extends GutterMarker {
  readonly status: string;
  readonly label: string;
  constructor(status: string, label: string) {
    super();
    this.status = status;
    this.label = label;
  }
  override eq(other: Sign): boolean {
    return other.status === this.status && other.label === this.label;
  }
  override toDOM(): Node {
    const node = document.createElement("span");
    node.className = `sign ${this.status}`;
    node.textContent = signs[this.status] ?? "";
    node.title = this.label;
    return node;
  }
}

const nothing: Judged = { marks: [], fault: null };

/** The last judgement; typing keeps it until the next one is there, lines that were added or taken away too. */
const judged = StateField.define<Judged>({
  create: () => nothing,
  update: (value, transaction) =>
    (transaction.effects.find((effect) => effect.is(judge))?.value as Judged | undefined) ?? value,
});

function decorationsOf(state: EditorState): DecorationSet {
  const { marks, fault } = state.field(judged);
  const { doc } = state;
  const found: Range<Decoration>[] = marks
    .filter(({ line }) => line <= doc.lines)
    .map(({ line, status }) => Decoration.line({ class: `judged ${status}` }).range(doc.line(line).from));
  if (fault !== null) {
    const [from, to] = [Math.min(fault.start, doc.length), Math.min(Math.max(fault.end, fault.start + 1), doc.length)];
    if (from < to) found.push(Decoration.mark({ class: "unread" }).range(from, to));
  }
  return Decoration.set(found, true);
}

export const judgement = [
  judged,
  EditorView.decorations.compute([judged, "doc"], decorationsOf),
  gutter({
    class: "signs",
    lineMarker: (view, { from }) => {
      const { number } = view.state.doc.lineAt(from);
      const own = view.state.field(judged).marks.find(({ line }) => line === number);
      return own === undefined ? null : new Sign(own.status, own.label);
    },
    lineMarkerChange: (update) => update.startState.field(judged) !== update.state.field(judged),
    initialSpacer: () => new Sign("ok", ""),
  }),
];
