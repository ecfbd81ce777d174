/**
 * Says what stands in brackets behind a name in code: `weights[0]`, `activations[-1]`, `zs[l-1]`, and
 * `Theta2(:,2:end)`, which leaves the bias out.
 */

import { syntax } from "../../locales/syntax.ts";
import type { Layer } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { stop, type Span } from "./problem.ts";

/** A layer of a list; or all of an array but what belongs to the bias. */
export type Place = ({ readonly kind: "layer"; readonly layer: Layer } & Span) | ({ readonly kind: "part" } & Span);

/** Reads what stands in tight brackets behind a name; null, without moving, where that is no place in a list. */
export function placeIn(cursor: Cursor): Place | null {
  const open = cursor.peek();
  if (open.kind !== "open" || !open.tight) return null;
  const found = inside(cursor);
  if (found === null) return null;
  const { text, count } = found;
  const end = cursor.peek(count).end;
  const span = { start: open.start, end };
  if (text.includes(":")) {
    if (!/^(?::,)?(?:2:(?:end|n)|1:)(?:,:)?$|^:(?:,:)?$/.test(text)) stop("syntax", span, syntax.partOfArray);
    cursor.at += count + 1;
    return { kind: "part", ...span };
  }
  // Parentheses behind a name are a product, braces in LaTeX a group.
  const layer = open.text === "[" || (open.text === "{" && /^\d+$/.test(text)) ? layerOf(text) : null;
  if (layer === null) return null;
  cursor.at += count + 1;
  return { kind: "layer", layer, ...span };
}

/**
 * Returns what stands between a bracket and its partner, and how many tokens away that is; null where it is more than a
 * place.
 */
function inside(cursor: Cursor): { readonly text: string; readonly count: number } | null {
  let text = "";
  for (let count = 1; count < 12; count++) {
    const token = cursor.peek(count);
    if (token.kind === "close") return { text, count };
    if (token.kind !== "number" && token.kind !== "word" && !(token.kind === "operator" && /^[-+:,]$/.test(token.text)))
      return null;
    text += token.text;
  }
  return null;
}

/**
 * Lists count from their end with a minus: -1 is the last layer, -l the l-th from the end, which is as good a number of
 * a layer as l.
 */
function layerOf(text: string): Layer | null {
  if (/^\d+$/.test(text)) return { base: "number", offset: Number(text) };
  if (/^-\d+$/.test(text)) return { base: "L", offset: 1 + Number(text) };
  const [, sign, offset = "0"] = /^(-?)[li]([+-]\d+)?$/.exec(text) ?? [];
  return sign === undefined ? null : { base: "l", offset: Number(offset) };
}
