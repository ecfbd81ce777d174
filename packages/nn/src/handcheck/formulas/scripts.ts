/**
 * Subscripts and superscripts: `_{kj}`, `^{l+1}`, `^T`, `^{[2]T}`, `_2`: layers, indices, transposes and powers told
 * apart.
 */

import { syntax } from "../../locales/syntax.ts";
import type { Index, Layer } from "./ast.ts";
import { across, unexpected, type Cursor } from "./cursor.ts";
import { stop, type Span } from "./problem.ts";
import { layerLetters } from "./names.ts";

/** Holds what a superscript can mean; a power is left to the parser of expressions. */
interface Superscript extends Span {
  readonly layer: Layer | null;
  readonly transpose: boolean;
  readonly prime: boolean;
  /** A parameter after the step: `W^+`, `W^{new}`. */
  readonly next: boolean;
  /** The number of the sample, `x^{(n)}`: every formula is for each sample. */
  readonly sample: boolean;
}

/** Holds what a subscript can mean. */
interface Subscript extends Span {
  readonly layer: Layer | null;
  readonly indices: readonly Index[];
}

const none = { layer: null, transpose: false, prime: false, next: false, sample: false };

/** A layer as its text: `l+1`, `2`, `L`, `J`; null where it is none. */
function readLayer(text: string): Layer | null {
  const letter = layerLetters.get(text);
  if (letter !== undefined) return { base: "number", offset: letter };
  if (/^\d{1,3}$/.test(text)) return { base: "number", offset: Number(text) };
  // UFLDL's number of layers is the last one.
  if (text === "n_l" || text === "nl") return { base: "L", offset: 0 };
  const relative = /^([lL])(?:([+-])(\d{1,3}))?$/.exec(text);
  if (relative === null) return null;
  const offset = relative[2] === undefined ? 0 : Number(relative[2] + relative[3]!);
  return { base: relative[1] as "l" | "L", offset };
}

/** The tokens of a script: those in its braces or parentheses, or the single one. Moves behind it. */
function scriptTokens(cursor: Cursor): { readonly text: string; readonly span: Span } {
  const first = cursor.take();
  if (first.kind === "open") {
    let depth = 1;
    let text = first.text === "{" ? "" : first.text;
    for (;;) {
      if (cursor.isOver()) cursor.close(first);
      const token = cursor.take();
      depth += token.kind === "open" ? 1 : token.kind === "close" ? -1 : 0;
      const outer = depth === 0 && first.text === "{";
      if (!outer && token.text !== "{" && token.text !== "}") text += token.text;
      if (depth === 0) return { text, span: across(first, token) };
    }
  }
  // A layer may follow its sign without braces only where it is one token: W^-1 is a power.
  if (first.kind === "number" || first.kind === "word" || (first.kind === "operator" && "'+".includes(first.text)))
    return { text: first.text, span: first };
  return unexpected(first, syntax.script);
}

/** Reads what stands behind ^ as a layer, a transpose, a prime; null, without moving, where it is a power. */
export function superscript(cursor: Cursor): Superscript | null {
  const before = cursor.at;
  if (cursor.is("operator", "-")) return null;
  const { text, span } = scriptTokens(cursor);
  const place = { start: span.start, end: span.end };
  if (/^\(?T\)?$/.test(text)) return { ...none, ...place, transpose: true };
  if (/^'+$/.test(text)) return { ...none, ...place, prime: true };
  if (/^(?:new|next|\+|\(new\)|\(n\+1\))$/.test(text)) return { ...none, ...place, next: true };
  if (/^[([]?[nmi][)\]]?$/.test(text) && text.length > 1) return { ...none, ...place, sample: true };
  // x, or n, before the layer is the sample.
  const parts = /^(?:[xn],)?[([]?(.*?)[)\]]?(?:,[xn])?(T?)('?)$/.exec(text)!;
  const layer = readLayer(parts[1]!);
  if (layer !== null) return { ...none, ...place, layer, transpose: parts[2] === "T", prime: parts[3] === "'" };
  cursor.at = before;
  return null;
}

/** Reads what stands behind _ as a layer or as indices; `many` says how many letters may stand together. */
export function subscript(cursor: Cursor, many: number): Subscript {
  const { text, span } = scriptTokens(cursor);
  const place = { start: span.start, end: span.end };
  const bare = text.replace(/^[([](.*)[)\]]$/, "$1");
  const layer = readLayer(bare);
  if (layer !== null && !layerLetters.has(bare)) return { ...place, layer, indices: [] };
  const listed = bare.includes(",") ? bare.split(",") : /^[a-z]+$/.test(bare) ? Array.from(bare) : [];
  const indices = listed.map((part): Index => (/^\d{1,4}$/.test(part) ? Number(part) : part));
  if (listed.length > 0 && indices.every((index) => (typeof index === "number" ? index > 0 : /^[a-z]$/.test(index)))) {
    if (indices.length <= many) return { ...place, layer: null, indices };
    stop("index", span, syntax.indexCount({ indices, many }));
  }
  return stop("syntax", span, syntax.layerOrIndices({ many, found: text }));
}
