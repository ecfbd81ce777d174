/**
 * Tokens to formulas: one parser of operators for plain text, index notation and LaTeX.
 *
 * From loose to tight: `+ -`, then `.* ⊙ * @ · ./`, then `/` and two factors side by side, then powers and transposes.
 * So `W^T δ ⊙ σ′(u)` is (W^T δ) ⊙ σ′(u), and `1/N δ v^T` is (1/N) δ v^T. Factors side by side, `@` and `·` are the
 * matrix product, `.*` and ⊙ go entry by entry. `*` is NumPy's, entry by entry, in a text with `np.`, `@`, `.T`, `**`
 * or `axis=`; else MATLAB's, the matrix product.
 */

import { syntax } from "../../locales/syntax.ts";
import { arrayCall, comparison, method, transposed } from "./arrays.ts";
import type { BinaryOperator, Expr } from "./ast.ts";
import { call, callAhead, ownCall, summationIndex, type Grammar } from "./calls.ts";
import { across, unexpected, type Cursor } from "./cursor.ts";
import type { Token } from "./lexer.ts";
import { arrayFunctions, costDerivative, libraries, namedFunction, namedQuantity } from "./names.ts";
import { stop } from "./problem.ts";
import {
  derivative,
  differentialAhead,
  gradient,
  hat,
  scripted,
  step,
  symbol,
  withoutArguments,
  type Scripted,
} from "./quantities.ts";
import { superscript } from "./scripts.ts";

const TIMES = 20;
const BESIDE = 30;

const binary: ReadonlyMap<string, readonly [number, BinaryOperator]> = new Map<
  string,
  readonly [number, BinaryOperator]
>([
  ["+", [10, "add"]],
  ["-", [10, "subtract"]],
  ["odot", [TIMES, "hadamard"]],
  ["@", [TIMES, "matmul"]],
  ["./", [TIMES, "divide"]],
  ["/", [BESIDE, "divide"]],
]);

/** Signs that begin a factor. */
const beginning: ReadonlySet<string> = new Set(["partial", "nabla", "sum", "frac"]);

const comparing: ReadonlySet<string> = new Set([">", "<", ">=", "<="]);

/** Words that end a formula: what follows says for which neurons or layers it holds. */
export const closing: ReadonlySet<string> = new Set(["for", "where", "with", "if"]);

/** Longer formulas than any that a person derives are refused rather than walked. */
const DEEPEST = 100;

/** How signs are read that mean different things to different people. */
export interface Signs {
  /** True if `*` goes entry by entry. */
  readonly star: boolean;
  /** True if `·` does. */
  readonly dot: boolean;
  /** True if a lone axis counts from 0. */
  readonly numpy: boolean;
  /** True if ⊙ binds no looser than factors side by side: `a ⊙ b c^T` is (a ⊙ b) c^T. */
  readonly loose: boolean;
  /** True if a sum without an axis runs down the rows. */
  readonly matlab: boolean;
}

/** Reads expressions from a cursor, one after another. */
export class Expressions {
  readonly #cursor: Cursor;
  readonly #signs: Signs;
  readonly #grammar: Grammar;
  #depth = 0;

  constructor(cursor: Cursor, signs: Signs, own: Grammar["own"]) {
    this.#cursor = cursor;
    this.#signs = signs;
    this.#grammar = {
      expression: (minimum) => this.#expression(minimum),
      numpy: signs.numpy,
      matlab: signs.matlab,
      own,
    };
  }

  /** The expression that begins here. */
  next(): Expr {
    this.#depth = 0;
    return this.#expression(0);
  }

  #expression(minimum: number): Expr {
    const cursor = this.#cursor;
    this.#descend();
    let left = this.#operand();
    for (;;) {
      const token = cursor.peek();
      const [power, operator] = this.#operatorAt(token);
      if (operator === null || power <= minimum) break;
      if (!this.#isBeside(token)) cursor.take();
      if (cursor.isOver()) stop("syntax", token, syntax.nothingToTheRight);
      const right = this.#expression(power);
      left =
        operator === "greater"
          ? comparison(token.text, left, right)
          : { kind: "binary", operator, left, right, ...across(left, right) };
    }
    this.#depth -= 1;
    return left;
  }

  /** Formulas of people are shallow; the stack is not endless. */
  #descend(): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) stop("syntax", this.#cursor.peek(), syntax.tooDeep({ most: DEEPEST }));
  }

  /** True if a factor stands here with no sign before it. */
  #isBeside(token: Token): boolean {
    return token.kind !== "operator" || beginning.has(token.text);
  }

  #operatorAt(token: Token): readonly [number, BinaryOperator | null] {
    const beside = this.#signs.loose ? TIMES : BESIDE;
    if (token.kind === "operator") {
      if (token.text === "*") return [TIMES, this.#signs.star ? "hadamard" : "matmul"];
      if (token.text === "cdot") return [TIMES, this.#signs.dot ? "hadamard" : "matmul"];
      if (comparing.has(token.text)) return [5, "greater"];
      const known = binary.get(token.text);
      if (known !== undefined) return known;
      return [beside, beginning.has(token.text) ? "matmul" : null];
    }
    const begins =
      token.kind === "number" || token.kind === "open" || (token.kind === "word" && !closing.has(token.text));
    return [beside, begins ? "matmul" : null];
  }

  #operand(): Expr {
    const cursor = this.#cursor;
    const token = cursor.peek();
    if (token.kind === "operator" && (token.text === "-" || token.text === "+")) {
      cursor.take();
      const of = this.#expression(TIMES - 5);
      return token.text === "+" ? of : { kind: "unary", operator: "negate", of, ...across(token, of) };
    }
    return this.#postfix(this.#primary());
  }

  #primary(): Expr {
    const cursor = this.#cursor;
    const token = cursor.peek();
    switch (token.kind) {
      case "number":
        cursor.take();
        return { kind: "number", value: Number(token.text), start: token.start, end: token.end };
      case "open": {
        cursor.take();
        if (cursor.is("close")) stop("syntax", across(token, cursor.peek()), syntax.emptyParentheses);
        const inner = this.#expression(0);
        const close = cursor.close(token);
        // Braces only group what a script or a font belongs to: {W}^l is W^l.
        if (token.text === "{" && inner.kind === "symbol") return this.#finish(scripted(cursor, inner));
        return token.text === "{" ? inner : { ...inner, ...across(token, close) };
      }
      case "word":
        return this.#word();
      case "operator":
        if (token.text === "nabla") return gradient(cursor);
        if (token.text === "sum") return this.#sum();
        if (token.text === "partial") return derivative(cursor, false);
        if (token.text === "frac") return this.#fraction();
        break;
      case "close":
      case "end":
      case "eof":
        break;
    }
    return unexpected(token, syntax.operand);
  }

  #fraction(): Expr {
    const cursor = this.#cursor;
    const start = cursor.take();
    this.#descend();
    const combined = cursor.is("open", "{") && cursor.is("word", undefined, 1) && /^d[CELJ]$/.test(cursor.peek(1).text);
    if (cursor.is("open", "{") && (differentialAhead(cursor, 1) || combined)) {
      this.#depth -= 1;
      return derivative(cursor, true);
    }
    const part = (): Expr => {
      const open = cursor.accept("open", "{");
      if (open === null) return this.#primary();
      if (cursor.is("close")) stop("syntax", across(open, cursor.peek()), syntax.emptyBraces);
      const inner = this.#expression(0);
      cursor.close(open);
      return inner;
    };
    const left = part();
    const right = part();
    this.#depth -= 1;
    return { kind: "binary", operator: "divide", left, right, ...across(start, cursor.last()) };
  }

  #sum(): Expr {
    const cursor = this.#cursor;
    const start = cursor.take();
    const letters = summationIndex(cursor);
    if (cursor.isOver()) stop("syntax", start, syntax.nothingToSum);
    // Σ reaches over products up to the next + or -.
    const of = this.#expression(TIMES - 1);
    const place = across(start, of);
    return (letters.length === 0 ? [null] : letters).reduceRight<Expr>(
      (inner, index) => ({ kind: "sigma", index, of: inner, ...place }),
      of,
    );
  }

  #word(): Expr {
    const cursor = this.#cursor;
    const token = cursor.take();
    const word = token.text;
    if (libraries.has(word) && cursor.is("operator") && /^\.[a-z]/.test(cursor.peek().text)) {
      const dotted = cursor.take();
      return this.#called({ ...dotted, text: dotted.text.slice(1) }, true);
    }
    if (word === "sum" && !cursor.is("open", "(")) {
      cursor.at -= 1;
      return this.#sum();
    }
    if (word === "nabla" && cursor.is("operator", "_")) {
      cursor.at -= 1;
      return gradient(cursor);
    }
    if (word === "hat") return this.#finish(hat(cursor, token));
    if (/^d[CELJ]$/.test(word) && cursor.is("operator", "/") && cursor.is("word", undefined, 1)) {
      cursor.at -= 1;
      return derivative(cursor, false);
    }
    if (word === "Delta" && cursor.is("word")) {
      cursor.at -= 1;
      return this.#finish(step(cursor));
    }
    // Euler's number raised to a sum of other things than a layer.
    if (
      word === "e" &&
      cursor.is("operator", "^") &&
      (cursor.is("operator", "-", 1) || (cursor.is("open", undefined, 1) && cursor.is("operator", "-", 2)))
    ) {
      cursor.take();
      const of = this.#postfix(this.#exponent());
      return { kind: "call", name: "exp", prime: false, layer: null, of, ...across(token, of) };
    }
    return this.#called(token, false);
  }

  /** A function with its argument, or a quantity with its scripts. */
  #called(token: Token, fromLibrary: boolean): Expr {
    const cursor = this.#cursor;
    const own = this.#grammar.own.get(token.text);
    if (own !== undefined && cursor.is("open", "(")) return ownCall(cursor, this.#grammar, token, own);
    if (costDerivative.test(token.text) && cursor.is("open", "(")) return this.#slopeOfCost(token);
    if (arrayFunctions.has(token.text) && (fromLibrary || cursor.is("open", "(")))
      return arrayCall(cursor, this.#grammar, token, fromLibrary);
    const called = namedFunction(token.text);
    if (called !== null && (!called.soft || callAhead(cursor, token.text)))
      return call(cursor, this.#grammar, token, called);
    if (fromLibrary) stop("name", token, syntax.unknownFunction({ name: token.text }));
    const found = namedQuantity(token.text);
    const read = scripted(
      cursor,
      found === null ? symbol("local", null, token, token.text) : symbol(found.name, found.layer, token),
    );
    if (found?.name === "cost") withoutArguments(cursor);
    // grad_v C is ∇_v C.
    if (/^grad_/.test(token.text) && cursor.is("word") && namedQuantity(cursor.peek().text)?.name === "cost")
      cursor.take();
    return this.#finish(read);
  }

  /** `cost_derivative(a, y)`: ∂C/∂v of the output, whatever it is given. */
  #slopeOfCost(token: Token): Expr {
    const cursor = this.#cursor;
    const open = cursor.take();
    for (;;) {
      const given = this.#expression(0);
      const isWhole =
        given.kind === "symbol" &&
        (given.layer === null ||
          (given.layer.base === "L" && given.layer.offset === 0) ||
          given.layer.base === "number");
      if (!isWhole) stop("syntax", given, syntax.outputAndTarget({ name: token.text }));
      if (cursor.accept("operator", ",") === null) break;
    }
    return { ...symbol("gradV", { base: "L", offset: 0 }, token), ...across(token, cursor.close(open)) };
  }

  #finish({ node, transposed: isTransposed }: Scripted): Expr {
    return isTransposed ? transposed(node, node) : node;
  }

  #postfix(operand: Expr): Expr {
    const cursor = this.#cursor;
    let result = operand;
    for (;;) {
      const token = cursor.peek();
      if (token.kind !== "operator") return result;
      if (token.text === "'") {
        cursor.take();
        result = transposed(result, across(result, token));
      } else if (token.text === ".^") {
        cursor.take();
        const right = this.#exponent();
        result = { kind: "binary", operator: "power", left: result, right, ...across(result, right) };
      } else if (token.text === "^") {
        cursor.take();
        const script = superscript(cursor);
        if (script?.transpose === true && script.layer === null) result = transposed(result, across(result, script));
        else if (script !== null && script.layer?.base === "number")
          result = {
            kind: "binary",
            operator: "power",
            left: result,
            right: { kind: "number", value: script.layer.offset, start: script.start, end: script.end },
            ...across(result, script),
          };
        else if (script !== null) stop("syntax", script, syntax.noLayerOfThis);
        else {
          const right = this.#exponent();
          result = { kind: "binary", operator: "power", left: result, right, ...across(result, right) };
        }
      } else if (/^\.[A-Za-z]/.test(token.text)) result = method(cursor, this.#grammar, result);
      else return result;
    }
  }

  /** Returns what stands behind a power sign: one operand, with a sign before it. */
  #exponent(): Expr {
    const cursor = this.#cursor;
    const minus = cursor.accept("operator", "-");
    const of = this.#primary();
    return minus === null ? of : { kind: "unary", operator: "negate", of, ...across(minus, of) };
  }
}
