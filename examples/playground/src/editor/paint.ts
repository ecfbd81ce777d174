/**
 * Colors of formulas, whatever they are written in: comments, numbers, and the quantities of a backward pass; and of
 * code.
 */

import type { Extension } from "@codemirror/state";
import {
  Decoration,
  MatchDecorator,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from "@codemirror/view";

const classes = ["comment", "number", "gradient", "function"] as const;
const decorations = classes.map((name) => Decoration.mark({ class: `paint-${name}` }));

// The groups stand in the order of the classes.
const formulas =
  /(#.*$|%.*$|\/\/.*$)|((?<![\w.])\d+\.?\d*(?:e[-+]?\d+)?)|((?:\b(?:d[A-Z]\w*|delta\w*|grad\w*)|[δ∂∇]\S*|\\(?:delta|partial|nabla)\b))|(\b(?:np|torch|sigmoid|tanh|relu|softmax|exp|log|sum|mean|dot|multiply|maximum|where)\b)/gmu;
const script =
  /(\/\/.*$)|((?<![\w.])\d+\.?\d*(?:e[-+]?\d+)?)|("[^"\n]*"|'[^'\n]*'|`[^`\n]*`)|(\b(?:import|from|export|const|let|function|return|for|while|if|else|break|continue|of|in|new|type|throw)\b)/gmu;

function painted(pattern: RegExp): Extension {
  const painter = new MatchDecorator({
    regexp: pattern,
    decorate: (add, from, to, match) => {
      const kind = classes.findIndex((_, k) => match[k + 1] !== undefined);
      if (kind >= 0) add(from, to, decorations[kind]!);
    },
  });
  return ViewPlugin.fromClass(
    class {
      painted: DecorationSet;
      constructor(view: EditorView) {
        this.painted = painter.createDeco(view);
      }
      update(update: ViewUpdate): void {
        this.painted = painter.updateDeco(update, this.painted);
      }
    },
    { decorations: (plugin) => plugin.painted },
  );
}

export type Written = "formulas" | "script";

export const paint: Readonly<Record<Written, Extension>> = { formulas: painted(formulas), script: painted(script) };
