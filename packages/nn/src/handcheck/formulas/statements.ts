/**
 * Tokens to formulas: a quantity, a sign, one or more right-hand sides; assignments to parts of an array; functions on
 * the left.
 */

import { syntax } from "../../locales/syntax.ts";
import type { CallNode, Expr, Formula, SymbolNode } from "./ast.ts";
import type { Grammar } from "./calls.ts";
import { across, Cursor, unexpected } from "./cursor.ts";
import type { Token } from "./lexer.ts";
import { namedQuantity } from "./names.ts";
import { closing, Expressions, type Signs } from "./parse.ts";
import { stop, type Problem, type Span } from "./problem.ts";
import { symbol } from "./quantities.ts";

/** The formulas of a text, and what in it is none. */
interface Statements {
  readonly formulas: readonly Formula[];
  readonly notes: readonly Problem[];
}

/** Longer formulas than any that a person derives are refused rather than walked. */
const MOST_TOKENS = 2000;

const assigning: ReadonlySet<string> = new Set(["=", "+=", "-=", "*=", "/="]);

/** Reads the formulas in a list of tokens. */
export function parseTokens(tokens: readonly Token[], signs: Signs, own: Grammar["own"]): Statements {
  return new Reader(tokens, signs, own).all();
}

/** Reads a list of tokens as one expression. */
export function parseExpression(tokens: readonly Token[], signs: Signs, own: Grammar["own"]): Expr {
  const cursor = new Cursor(tokens);
  const expr = new Expressions(cursor, signs, own).next();
  while (cursor.accept("end") !== null);
  return cursor.is("eof") ? expr : unexpected(cursor.peek(), syntax.operatorOrEndOfLine);
}

class Reader {
  readonly #cursor: Cursor;
  readonly #expressions: Expressions;

  constructor(tokens: readonly Token[], signs: Signs, own: Grammar["own"]) {
    this.#cursor = new Cursor(tokens);
    this.#expressions = new Expressions(this.#cursor, signs, own);
  }

  all(): Statements {
    const formulas: Formula[] = [];
    const notes: Problem[] = [];
    const cursor = this.#cursor;
    for (;;) {
      while (cursor.accept("end") !== null);
      if (cursor.is("eof")) break;
      const one = this.#masked() ?? this.#formula();
      if ("says" in one) notes.push(one);
      else formulas.push(one);
    }
    if (formulas.length === 0) stop("syntax", notes[0] ?? cursor.peek(), syntax.noFormula);
    return { formulas, notes };
  }

  #formula(): Formula | Problem {
    const cursor = this.#cursor;
    const begin = cursor.at;
    const left = this.#expressions.next();
    const sign = cursor.peek();
    if (cursor.is("operator", "approx")) stop("syntax", sign, syntax.approximation);
    if (sign.kind !== "operator" || !assigning.has(sign.text)) unexpected(sign, syntax.equalsSign);
    if (left.kind !== "symbol" && left.kind !== "partial" && !isDefinition(left)) {
      stop("syntax", left, syntax.leftSide);
    }
    const values: Expr[] = [];
    for (let operator = this.#sign(); operator !== null; operator = this.#sign()) {
      if (operator !== sign.text) stop("syntax", cursor.last(), syntax.signOrEnd({ sign: sign.text }));
      if (cursor.isOver()) {
        stop("syntax", { start: cursor.last().start, end: cursor.last().end }, syntax.nothingToTheRight);
      }
      values.push(changed(operator, left, this.#expressions.next()));
      if (operator !== "=") break;
    }
    this.#close(begin, left);
    const place = across(left, values[values.length - 1]!);
    if (left.kind === "call") return { kind: "syntax", ...place, says: syntax.definesFunction };
    return { target: left as SymbolNode, values, ...place };
  }

  #sign(): string | null {
    const { kind, text } = this.#cursor.peek();
    return kind === "operator" && assigning.has(text) ? this.#cursor.take().text : null;
  }

  #close(begin: number, left: Span): void {
    const cursor = this.#cursor;
    this.#clause();
    const isNext = cursor.last().text === "," && !cursor.isOver();
    if (!cursor.isOver() && !isNext) unexpected(cursor.peek(), syntax.operatorOrEnd);
    if (cursor.at - begin > MOST_TOKENS) stop("syntax", left, syntax.tooLong({ most: MOST_TOKENS }));
  }

  /** `, ∀ j` and `for l = L-1, …, 1`: every formula holds wherever it can. */
  #clause(): void {
    const cursor = this.#cursor;
    const comma = cursor.is("operator", ",") ? 1 : 0;
    const next = cursor.peek(comma);
    const isClause = cursor.is("operator", "forall", comma) || (next.kind === "word" && closing.has(next.text));
    if (isClause) while (!cursor.isOver()) cursor.take();
    // Another formula may stand behind a comma.
    else if (comma === 1 && this.#formulaBehind()) cursor.take();
    // A sentence may go on with a comma behind a formula.
    else if (comma === 1 && (cursor.is("end", undefined, 1) || cursor.is("eof", undefined, 1))) cursor.take();
  }

  /** True if a sign of a formula follows before the end, outside of parentheses. */
  #formulaBehind(): boolean {
    const cursor = this.#cursor;
    for (let [ahead, depth] = [1, 0]; ; ahead++) {
      if (cursor.is("end", undefined, ahead) || cursor.is("eof", undefined, ahead)) return false;
      if (depth === 0 && cursor.is("operator", "=", ahead)) return ahead > 1;
      depth += cursor.is("open", undefined, ahead) ? 1 : cursor.is("close", undefined, ahead) ? -1 : 0;
    }
  }

  /** `p[range(N), y] -= 1` takes 1 from the entry of the right class, which is p - t; `d[h <= 0] = 0` cuts d off. */
  #masked(): Formula | null {
    const cursor = this.#cursor;
    const begin = cursor.at;
    const end = this.#bracketEnd();
    if (end === null) return null;
    const name = cursor.take();
    const found = namedQuantity(name.text);
    const target = found === null ? symbol("local", null, name, name.text) : symbol(found.name, found.layer, name);
    const open = cursor.take();
    const byClass = this.#targetEntries();
    const mask = byClass ? null : this.#expressions.next();
    const whole = { ...target, ...across(name, cursor.close(open)) };
    const sign = cursor.take();
    const number = cursor.accept("number");
    const wanted = byClass ? "1" : "0";
    if (number?.text.replace(/\.0*$/, "") !== wanted || sign.text !== (byClass ? "-=" : "=")) {
      stop("syntax", across(sign, cursor.last()), syntax.maskedValue({ byClass }));
    }
    const place = across(name, cursor.last());
    this.#close(begin, whole);
    const value: Expr =
      mask === null
        ? { kind: "binary", operator: "subtract", left: { ...whole }, right: symbol("t", null, place), ...place }
        : {
            kind: "binary",
            operator: "hadamard",
            left: { ...whole },
            right: {
              kind: "binary",
              operator: "subtract",
              left: { kind: "number", value: 1, ...place },
              right: mask,
              ...place,
            },
            ...place,
          };
    return { target: whole, values: [value], ...place };
  }

  /**
   * Returns where the bracket of `name[…]` ends, if a condition or `range(N), y` stands in it and a sign behind; null
   * elsewhere.
   */
  #bracketEnd(): number | null {
    const cursor = this.#cursor;
    if (!cursor.is("word") || !cursor.is("open", "[", 1) || !cursor.peek(1).tight) return null;
    let depth = 0;
    let condition = false;
    for (let ahead = 1; ; ahead++) {
      const token = cursor.peek(ahead);
      if (token.kind === "eof" || token.kind === "end") return null;
      if (token.kind === "open") depth += 1;
      if (token.kind === "close") depth -= 1;
      condition ||=
        (token.kind === "operator" && [">", "<", ">=", "<="].includes(token.text)) ||
        /^\.?(?:range|arange)$/.test(token.text);
      if (depth === 0) {
        const sign = cursor.peek(ahead + 1);
        return condition && sign.kind === "operator" && assigning.has(sign.text) ? ahead : null;
      }
    }
  }

  /** `range(N), y`: the entry of the right class of each sample. */
  #targetEntries(): boolean {
    const cursor = this.#cursor;
    let ahead = 0;
    while (
      cursor.is("word", undefined, ahead) &&
      cursor.is("operator", undefined, ahead + 1) &&
      /^\.[a-z]/.test(cursor.peek(ahead + 1).text)
    )
      ahead += 1;
    if (!/^\.?(?:range|arange)$/.test(cursor.peek(ahead).text)) return false;
    for (let depth = 0; !cursor.isOver(); cursor.take()) {
      if (depth === 0 && cursor.is("operator", ",")) break;
      depth += cursor.is("open") ? 1 : cursor.is("close") ? -1 : 0;
    }
    const comma = cursor.accept("operator", ",");
    const of = cursor.accept("word");
    if (comma === null || of === null || namedQuantity(of.text)?.name !== "t") {
      return unexpected(of ?? cursor.peek(), syntax.classes);
    }
    return true;
  }
}

/** A function of one symbol on the left: `σ(z) = 1 / (1 + exp(-z))`. */
function isDefinition(left: Expr): left is CallNode {
  return left.kind === "call" && left.of.kind === "symbol" && left.name !== "exp" && left.name !== "log";
}

/** Returns what `left op= right` gives. */
function changed(sign: string, target: Expr, right: Expr): Expr {
  const place = across(target, right);
  const left = { ...target };
  switch (sign) {
    case "+=":
      return { kind: "binary", operator: "add", left, right, ...place };
    case "-=":
      return { kind: "binary", operator: "subtract", left, right, ...place };
    case "*=":
      return { kind: "binary", operator: "hadamard", left, right, ...place };
    case "/=":
      return { kind: "binary", operator: "divide", left, right, ...place };
    default:
      return right;
  }
}
