/**
 * Calls of functions that go entry by entry: σ(u), σ′(u), nonlin(x, deriv=True), those that the text defines; and the
 * index of Σ.
 */

import { syntax } from "../../locales/syntax.ts";
import type { CallNode, Expr, Layer } from "./ast.ts";
import { across, unexpected, type Cursor } from "./cursor.ts";
import type { NamedFunction } from "./names.ts";
import { applied, type OwnFunction } from "./own.ts";
import { stop, type Span } from "./problem.ts";
import { subscript, superscript } from "./scripts.ts";
import type { Token } from "./lexer.ts";

/**
 * How the parser of expressions is called back, which axis a lone number of `sum(x, 1)` means, and what the text
 * defines.
 */
export interface Grammar {
  readonly expression: (minimum: number) => Expr;
  readonly numpy: boolean;
  readonly matlab: boolean;
  readonly own: ReadonlyMap<string, OwnFunction>;
}

/** True if a function's argument, or its prime or layer, begins here. */
export function callAhead(cursor: Cursor, word: string): boolean {
  // In Octave h' is the hidden layer, transposed; h (y - t)ᵀ is a product with it.
  if (word === "h" && cursor.is("open", "(") && !cursor.peek().tight) return false;
  if (word === "h" && cursor.is("operator", "'") && !cursor.is("open", "(", 1)) return false;
  for (let ahead = 0; ; ahead++) {
    if (cursor.is("open", "(", ahead) || cursor.is("open", "[", ahead)) return true;
    if (cursor.is("operator", "'", ahead)) {
      if (cursor.is("operator", "'", ahead + 1)) return true;
      continue;
    }
    // sᵀ (u + 1) is a product with s, transposed: no function is.
    if (cursor.is("operator", "^", ahead) && cursor.is("word", "T", ahead + 2)) return false;
    // g^{[1]'}(z): a layer with a prime, and then the argument.
    const after = cursor.is("operator", "^", ahead) ? scriptEnd(cursor, ahead + 1) : null;
    return after === null ? ahead > 0 : cursor.is("open", "(", after) || cursor.is("operator", "'", after);
  }
}

/** `g[1](z)` and `g[1]'(z)`: the layer in brackets, and then the argument. */
function listed(cursor: Cursor): boolean {
  return (
    cursor.is("open", "[") &&
    cursor.peek().tight &&
    cursor.is("number", undefined, 1) &&
    cursor.is("close", "]", 2) &&
    (cursor.is("open", "(", 3) || cursor.is("operator", "'", 3))
  );
}

/** Returns where the script in braces that begins there ends; null where none begins. */
function scriptEnd(cursor: Cursor, from: number): number | null {
  if (!cursor.is("open", undefined, from)) return null;
  for (let [ahead, depth] = [from, 0]; ; ahead++) {
    if (cursor.is("eof", undefined, ahead) || cursor.is("end", undefined, ahead)) return null;
    depth += cursor.is("open", undefined, ahead) ? 1 : cursor.is("close", undefined, ahead) ? -1 : 0;
    if (depth === 0) return ahead + 1;
  }
}

/** The marks behind the name of a function: a prime, a layer, a power. */
interface Marks {
  readonly prime: boolean;
  readonly layer: Layer | null;
  readonly power: number | null;
}

function marksOf(cursor: Cursor, called: NamedFunction): Marks {
  let { prime } = called;
  let layer: Layer | null = null;
  let power: number | null = null;
  for (;;) {
    if (cursor.accept("operator", "'") !== null) {
      if (prime) stop("syntax", cursor.last(), syntax.secondDerivative);
      prime = true;
    } else if (listed(cursor)) {
      layer = { base: "number", offset: Number(cursor.peek(1).text) };
      cursor.at += 3;
    } else if (cursor.accept("operator", "_") !== null) {
      const script = subscript(cursor, 1);
      // In a plain σ_k the letter is the layer's name; which one is said by the argument.
      layer = script.layer;
    } else if (cursor.is("operator", "^")) {
      const before = cursor.at;
      cursor.take();
      const script = superscript(cursor);
      if (script === null || script.transpose) {
        cursor.at = before;
        break;
      }
      if (script.prime) prime = true;
      // tanh² z is a square; σ² belongs to layer 2.
      if (called.name !== "activation" && script.layer?.base === "number") {
        power = script.layer.offset;
        continue;
      }
      layer = script.layer ?? layer;
    } else break;
  }
  return { prime, layer, power };
}

/** The argument of a function that does without parentheses, as log and exp may. */
function looseArgument(cursor: Cursor, grammar: Grammar, name: Token, called: NamedFunction, prime: boolean): Expr {
  const isLoose =
    ["log", "exp", "sqrt", "tanh"].includes(called.name) &&
    !cursor.isOver() &&
    (cursor.is("word") || cursor.is("number"));
  const shown = `${name.text}${prime ? "′" : ""}`;
  if (!isLoose) stop("syntax", { start: name.start, end: cursor.last().end }, syntax.needsArgument({ name: shown }));
  return grammar.expression(POSTFIX);
}

/** σ, σ′, σ_l′ with the argument in parentheses; log and exp may do without. */
export function call(cursor: Cursor, grammar: Grammar, name: Token, called: NamedFunction): Expr {
  const { prime, layer, power } = marksOf(cursor, called);
  const form = called.prime ? ({ form: "word" } as const) : {};
  const made = (of: Expr, end: Span): CallNode => ({
    kind: "call",
    name: called.name,
    prime,
    ...form,
    layer,
    of,
    ...across(name, end),
  });
  const open = cursor.accept("open", "(") ?? cursor.accept("open", "[") ?? cursor.accept("open", "{");
  if (open === null) {
    const of = looseArgument(cursor, grammar, name, called, prime);
    return made(of, of);
  }
  if (cursor.is("close")) unexpectedArgument(cursor, name);
  const of = grammar.expression(0);
  const axis = called.name === "softmax" ? softmaxAxis(cursor) : {};
  const flagged = flag(cursor);
  const end = cursor.close(open);
  const whole = flagged ? ({ ...made(of, end), prime: true, form: "word" } as const) : { ...made(of, end), ...axis };
  if (power === null) return whole;
  const right = { kind: "number", value: power, start: name.start, end: name.end } as const;
  return { kind: "binary", operator: "power", left: whole, right, ...across(name, end) };
}

/** A function that the text defines, with its argument and perhaps its flag. */
export function ownCall(cursor: Cursor, grammar: Grammar, name: Token, own: OwnFunction): Expr {
  const open =
    cursor.accept("open", "(") ?? unexpected(cursor.peek(), syntax.argumentInParentheses({ name: name.text }));
  if (cursor.is("close")) unexpectedArgument(cursor, name);
  const of = grammar.expression(0);
  const flagged = flag(cursor);
  const place = across(name, cursor.close(open));
  const meaning = flagged ? own.flagged : own.value;
  if (meaning === null) return stop("name", place, syntax.notInDefinition({ name: name.text, derivative: flagged }));
  return applied(meaning, of, place);
}

/** `softmax(z, axis=1)` runs along the rows, `dim=0` down the columns; the last axis is that of the units. */
function softmaxAxis(cursor: Cursor): { readonly axis?: 0 | 1 } {
  const isNamed = cursor.is("word", "axis", 1) || cursor.is("word", "dim", 1);
  const at = isNamed ? 3 : 1;
  if (
    !cursor.is("operator", ",") ||
    !(cursor.is("number", undefined, at) || (cursor.is("operator", "-", at) && cursor.is("number", "1", at + 1)))
  )
    return {};
  const last = cursor.is("operator", "-", at);
  const number = cursor.peek(last ? at + 1 : at);
  cursor.at += at + (last ? 2 : 1);
  if (cursor.accept("operator", ",") !== null) {
    // keepdims and the like change nothing here.
    while (!cursor.is("close") && !cursor.isOver()) cursor.take();
  }
  if (!/^[01]$/.test(number.text)) stop("syntax", number, syntax.axisFromZero);
  return last ? {} : { axis: Number(number.text) === 0 ? 0 : 1 };
}

/** `, deriv=True` behind the argument of a function: its derivative is meant. */
function flag(cursor: Cursor): boolean {
  if (cursor.accept("operator", ",") === null) return false;
  const word = cursor.accept("word") ?? unexpected(cursor.peek(), syntax.derivOrOne);
  if (word.text === "True" || word.text === "true") return true;
  if (word.text === "False" || word.text === "false") return false;
  const named =
    /^(?:is_?)?(?:der|grad|prime|back)/i.test(word.text) && cursor.accept("operator", "=") !== null
      ? cursor.accept("word")
      : null;
  if (named === null || !/^(?:true|false)$/i.test(named.text)) {
    return stop("syntax", word, syntax.onlyDeriv({ found: word.text }));
  }
  return /^true$/i.test(named.text);
}

/** Tighter than any operator between two operands. */
const POSTFIX = 40;

function unexpectedArgument(cursor: Cursor, name: Token): never {
  return stop("syntax", cursor.peek(), syntax.noArgument({ name: name.text }));
}

/** The index of Σ and what may follow it: `k`, `{k=1}^{n}`, `{i \in I}`; null where none is written. */
export function summationIndex(cursor: Cursor): readonly string[] {
  const letters: string[] = [];
  if (cursor.accept("operator", "_") !== null) {
    const open = cursor.accept("open");
    const word = cursor.accept("word") ?? unexpected(cursor.peek(), syntax.indexOfSum);
    if (!/^[a-z]{1,2}$/.test(word.text)) stop("index", word, syntax.noIndex({ name: word.text }));
    letters.push(...Array.from(word.text));
    if (open !== null) {
      while (cursor.accept("operator", ",") !== null) {
        letters.push((cursor.accept("word") ?? unexpected(cursor.peek(), syntax.index)).text);
      }
      // Bounds and sets say what the quantities say already.
      while (!cursor.is("close") && !cursor.isOver()) cursor.take();
      cursor.close(open);
    }
  }
  if (cursor.accept("operator", "^") !== null) {
    const open = cursor.accept("open");
    if (open === null) cursor.take();
    else {
      while (!cursor.is("close") && !cursor.isOver()) cursor.take();
      cursor.close(open);
    }
  }
  return letters;
}
