/** Quantities as written: symbols with their scripts, ∂C/∂w as one of them, ∂u/∂v as a derivative of two, ∇_v C. */

import { syntax } from "../../locales/syntax.ts";
import type { Index, Layer, PartialNode, Quantity, SymbolNode } from "./ast.ts";
import { across, unexpected, type Cursor } from "./cursor.ts";
import { namedQuantity, type NamedQuantity } from "./names.ts";
import { stop, type Span } from "./problem.ts";
import { placeIn, type Place } from "./places.ts";
import { subscript, superscript } from "./scripts.ts";

/** A symbol, and whether a transpose was among its scripts. */
export interface Scripted {
  readonly node: SymbolNode;
  readonly transposed: boolean;
}

export const gradientOf: Partial<Readonly<Record<Quantity, Quantity>>> = {
  W: "gradW",
  b: "gradB",
  u: "delta",
  v: "gradV",
};
const stepOf: Partial<Readonly<Record<Quantity, Quantity>>> = { W: "stepW", b: "stepB" };
const nextOf: Partial<Readonly<Record<Quantity, Quantity>>> = { W: "nextW", b: "nextB" };
const hasLayer: ReadonlySet<Quantity> = new Set([
  "W",
  "b",
  "u",
  "v",
  "delta",
  "gradV",
  "gradW",
  "gradB",
  "stepW",
  "stepB",
]);
const isMatrix: ReadonlySet<Quantity> = new Set(["W", "gradW", "stepW", "nextW"]);

export function symbol(name: Quantity, layer: Layer | null, span: Span, local = ""): SymbolNode {
  return { kind: "symbol", name, layer, indices: [], local, start: span.start, end: span.end };
}

/** Reads the scripts behind a symbol: `_{kj}^{l+1}`, `^{[2]T}`, `(n)`. A power is left where it is. */
export function scripted(cursor: Cursor, bare: SymbolNode): Scripted {
  let { name, layer } = bare;
  let { indices }: { indices: readonly Index[] } = bare;
  let end: number = bare.end;
  let transposed = false;
  let place: Place | null;
  const own = hasLayer.has(name);
  for (;;) {
    if (cursor.is("operator", "_")) {
      cursor.take();
      const script = subscript(cursor, isMatrix.has(name) ? 2 : 1);
      if (script.layer !== null) {
        // With a layer above, a number below is a neuron: δ_1^2.
        const above = layer !== null || (layerAhead(cursor) && script.layer.base === "number");
        if (above && script.layer.base === "number") indices = [script.layer.offset];
        else if (layer === null && own) layer = script.layer;
        else stop("syntax", script, syntax.secondLayer);
      } else {
        if (indices.length > 0) stop("syntax", script, syntax.secondIndices);
        indices = script.indices;
      }
      end = script.end;
    } else if (cursor.is("operator", "^")) {
      const before = cursor.at;
      cursor.take();
      const script = superscript(cursor);
      const layerTaken = script !== null && script.layer !== null && (layer !== null || !own);
      // On a symbol with a layer a number is a power; t and e belong to the last layer and may say so.
      if (script === null || (layerTaken && (own || script.layer?.base === "number"))) {
        cursor.at = before;
        break;
      }
      if (script.layer !== null && own) layer = script.layer;
      if (script.next) name = nextOf[name] ?? stop("syntax", script, syntax.noStepOfThis);
      if (script.transpose) transposed = true;
      if (script.prime) stop("syntax", script, syntax.primeOfQuantity);
      end = script.end;
      if (transposed) break;
    } else if (
      layer === null &&
      indices.length === 0 &&
      (own || name === "local") &&
      (place = placeIn(cursor)) !== null
    ) {
      if (place.kind === "layer") layer = place.layer;
      end = place.end;
    } else if (layer !== null && (place = partIn(cursor)) !== null) {
      end = place.end;
    } else if (caseMark(cursor) > 0) {
      const width = caseMark(cursor);
      if (width === 5) name = nextOf[name] ?? stop("syntax", cursor.peek(), syntax.noNextOfThis);
      cursor.at += width;
      end = cursor.last().end;
    } else break;
  }
  return { node: { ...bare, name, layer, indices, end }, transposed };
}

/** True if a superscript follows that is no transpose. */
function layerAhead(cursor: Cursor): boolean {
  const inner = cursor.is("open", "{", 1) ? 2 : 1;
  return cursor.is("operator", "^") && !cursor.is("word", "T", inner) && !cursor.is("operator", "'", inner);
}

/** `Theta2(:,2:end)`: a part of something whose layer is known. */
function partIn(cursor: Cursor): Place | null {
  const before = cursor.at;
  const place = placeIn(cursor);
  if (place?.kind === "part") return place;
  cursor.at = before;
  return null;
}

/** Skips what a cost says that it depends on: J(W, b), C(w). */
export function withoutArguments(cursor: Cursor): void {
  if (!cursor.is("open", "(")) return;
  for (let ahead = 1; ; ahead++) {
    const token = cursor.peek(ahead);
    if (token.kind === "close") {
      cursor.at += ahead + 1;
      return;
    }
    if (token.kind !== "word" && token.text !== ",") return;
  }
}

/** How many tokens `(n)`, the n-th sample, or `(n+1)`, the next step, takes here; 0 where neither stands here. */
function caseMark(cursor: Cursor): number {
  if (!cursor.is("open", "(") || !cursor.peek().tight || !cursor.is("word", "n", 1)) return 0;
  if (cursor.is("close", ")", 2)) return 3;
  return cursor.is("operator", "+", 2) && cursor.is("number", "1", 3) && cursor.is("close", ")", 4) ? 5 : 0;
}

/** True if ∂, or an upright d of `dC/dW`, begins here. */
export function differentialAhead(cursor: Cursor, ahead = 0): boolean {
  return (
    cursor.is("operator", "partial", ahead) ||
    (cursor.is("word", "d", ahead) && cursor.is("word", undefined, ahead + 1))
  );
}

/** One side of ∂a/∂b. */
function side(cursor: Cursor): SymbolNode {
  let word;
  if (cursor.accept("operator", "partial") !== null || cursor.is("word", "d")) {
    if (cursor.last().text !== "partial") cursor.take();
    const braces = cursor.accept("open", "{");
    word = cursor.accept("word") ?? unexpected(cursor.peek(), syntax.quantityAfterPartial);
    if (braces !== null) cursor.close(braces);
  } else {
    // The d of dW is part of the word.
    const whole = cursor.accept("word");
    if (whole === null || !/^d./.test(whole.text)) return unexpected(whole ?? cursor.peek(), syntax.partialOfQuantity);
    word = { ...whole, text: whole.text.slice(1) };
  }
  const found = namedQuantity(word.text);
  // The derivative of the cost by a name of the person's own is a name, too.
  if (found === null) return symbol("local", null, word, word.text);
  const { node, transposed } = scripted(cursor, symbol(found.name, found.layer, word));
  if (transposed) stop("syntax", node, syntax.transposedDerivative);
  return node;
}

/** ∂a/∂b behind \frac, or with a slash. */
export function derivative(cursor: Cursor, frac: boolean): SymbolNode | PartialNode {
  const first = frac ? cursor.last() : cursor.peek();
  const braces = frac ? cursor.take() : null;
  const of = side(cursor);
  if (braces !== null) cursor.close(braces);
  const second = frac ? (cursor.accept("open") ?? unexpected(cursor.peek(), syntax.denominator)) : null;
  if (!frac && cursor.accept("operator", "/") === null) unexpected(cursor.peek(), syntax.differentiatedBy);
  const by = side(cursor);
  if (second !== null) cursor.close(second);
  return quotient(of, by, across(first, cursor.last()));
}

/** ∂C/∂w is a quantity of its own; of other pairs the derivative stays. */
export function quotient(of: SymbolNode, by: SymbolNode, span: Span): SymbolNode | PartialNode {
  const place = { start: span.start, end: span.end };
  const isCost = of.name === "cost" || (of.name === "error" && of.indices.length === 0);
  const name = gradientOf[by.name];
  if (isCost && name !== undefined) return { ...by, name, ...place };
  if (isCost && by.name === "error") return { kind: "partial", of: { ...of, name: "cost" }, by, ...place };
  if (isCost && by.name === "local") return { ...by, local: `∂C/∂${by.local}`, ...place };
  const own = [of, by].find((one) => one.name === "local");
  if (own !== undefined) return stop("name", own, syntax.notDifferentiable({ name: own.local }));
  if (isCost) return stop("name", place, syntax.noDerivativeOfCost);
  return { kind: "partial", of, by, ...place };
}

/** ∇_v C, ∇_{W^l} C, ∇C. */
export function gradient(cursor: Cursor): SymbolNode {
  const start = cursor.take();
  let inner = symbol("v", null, start);
  if (cursor.accept("operator", "_") !== null) {
    const open = cursor.accept("open");
    const word = cursor.accept("word") ?? unexpected(cursor.peek(), syntax.gradientBy);
    const found: NamedQuantity | null = namedQuantity(word.text);
    if (found === null) return stop("name", word, syntax.noGradientBy({ name: word.text }));
    inner = symbol(found.name, found.layer, word);
    if (open !== null) {
      inner = scripted(cursor, inner).node;
      cursor.close(open);
    }
  }
  const cost = cursor.peek();
  // Nielsen's nabla_w and nabla_b are the gradients themselves.
  const own = gradientOf[inner.name];
  if (
    start.kind === "word" &&
    own !== undefined &&
    namedQuantity(cost.kind === "word" ? cost.text : "")?.name !== "cost"
  )
    return scripted(cursor, { ...inner, name: own, start: start.start }).node;
  if (cost.kind !== "word" || !["cost", "error"].includes(namedQuantity(cost.text)?.name ?? "")) {
    unexpected(cost, syntax.costAfterNabla);
  }
  scripted(cursor, symbol("N", null, cursor.take()));
  withoutArguments(cursor);
  return quotient(symbol("cost", null, cost), inner, across(start, cursor.last())) as SymbolNode;
}

/** ΔW, behind the Δ. */
export function step(cursor: Cursor): Scripted {
  const start = cursor.take();
  const word = cursor.peek();
  const found = word.kind === "word" ? namedQuantity(word.text) : null;
  const name = found === null ? undefined : stepOf[found.name];
  if (name === undefined) return unexpected(word, syntax.changeOf);
  cursor.take();
  return scripted(cursor, symbol(name, found!.layer, across(start, word)));
}

/** ŷ, behind the hat: the output of the network. */
export function hat(cursor: Cursor, start: Span): Scripted {
  const open = cursor.accept("open");
  const word = cursor.accept("word");
  if (word === null || !/^[yv]$/.test(word.text)) return unexpected(word ?? cursor.peek(), syntax.underHat);
  if (open !== null) cursor.close(open);
  return scripted(cursor, symbol("v", { base: "L", offset: 0 }, across(start, cursor.last())));
}
