/** Calls: σ(u), σ′(u), sum(x, axis=1), np.dot(a, b), and what stands behind a dot, as in W2.T. */

import type { BinaryOperator, Expr, Layer } from "./ast.ts";
import { across, unexpected, type Cursor } from "./cursor.ts";
import type { NamedFunction } from "./names.ts";
import { stop, type Span } from "./problem.ts";
import { subscript, superscript } from "./scripts.ts";
import type { Token } from "./lexer.ts";

/** How the parser of expressions is called back, and which axis a lone number of `sum(x, 1)` means. */
export interface Grammar {
  readonly expression: (minimum: number) => Expr;
  readonly numpy: boolean;
}

type Axis = 0 | 1 | null;

interface Arguments {
  readonly values: readonly Expr[];
  /** Undefined where nothing is said; null for `axis=None`. */
  readonly axis: Axis | undefined;
  readonly end: Token;
}

/** Whether a function's argument, or its prime or layer, begins here. */
export function callAhead(cursor: Cursor): boolean {
  for (let ahead = 0; ; ahead++) {
    if (cursor.is("open", "(", ahead) || cursor.is("open", "[", ahead)) return true;
    if (!cursor.is("operator", "'", ahead)) return ahead > 0;
  }
}

/** σ, σ′, σ_l′ with the argument in parentheses; log and exp may do without. */
export function call(cursor: Cursor, grammar: Grammar, name: Token, called: NamedFunction): Expr {
  let { prime } = called;
  let layer: Layer | null = null;
  for (;;) {
    if (cursor.accept("operator", "'") !== null) {
      if (prime) stop("syntax", cursor.last(), "a second derivative does not occur in backpropagation", "反向传播中没有二阶导数");
      prime = true;
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
      layer = script.layer ?? layer;
    } else break;
  }
  const open = cursor.accept("open", "(") ?? cursor.accept("open", "[") ?? cursor.accept("open", "{");
  if (open === null) {
    const shown = `${name.text}${prime ? "′" : ""}`;
    const loose = ["log", "exp", "sqrt", "tanh"].includes(called.name) && !cursor.isOver() && (cursor.is("word") || cursor.is("number"));
    if (!loose) stop("syntax", { start: name.start, end: cursor.last().end }, `${shown} needs its argument in parentheses: ${shown}(u)`, `${shown} 需要括号中的参数：${shown}(u)`);
    const of = grammar.expression(POSTFIX);
    return { kind: "call", name: called.name, prime, layer, of, ...across(name, of) };
  }
  if (cursor.is("close")) unexpectedArgument(cursor, name);
  const of = grammar.expression(0);
  cursor.close(open);
  return { kind: "call", name: called.name, prime, layer, of, ...across(name, cursor.last()) };
}

/** Tighter than any operator between two operands. */
const POSTFIX = 40;

function unexpectedArgument(cursor: Cursor, name: Token): never {
  return stop("syntax", cursor.peek(), `${name.text} has no argument`, `${name.text} 没有参数`);
}

function argumentsOf(cursor: Cursor, grammar: Grammar, name: Token, zeroBased: boolean): Arguments {
  const open = cursor.accept("open", "(") ?? unexpected(cursor.peek(), `the arguments of ${name.text} in parentheses`, `${name.text} 的括号参数`);
  const values: Expr[] = [];
  let axis: Axis | undefined;
  while (!cursor.is("close")) {
    if (cursor.is("word") && cursor.is("operator", "=", 1)) {
      const key = cursor.take();
      cursor.take();
      if (/^(?:axis|dim)$/.test(key.text)) axis = axisOf(cursor, true);
      else if (/^keep_?dims?$/.test(key.text)) cursor.take();
      else stop("syntax", key, `${name.text} has no argument ${key.text} here: axis and keepdims are known`, `${name.text} 在这里没有参数 ${key.text}：只认识 axis 和 keepdims`);
    } else if (values.length === 1 && isReduction(name.text)) axis = axisOf(cursor, zeroBased);
    else values.push(grammar.expression(0));
    if (cursor.accept("operator", ",") === null) break;
  }
  return { values, axis, end: cursor.close(open) };
}

function axisOf(cursor: Cursor, zeroBased: boolean): Axis {
  if (cursor.accept("word", "None") !== null) return null;
  const minus = cursor.accept("operator", "-") !== null;
  const token = cursor.take();
  const value = token.kind === "number" ? (minus ? 2 - Number(token.text) : Number(token.text) - (zeroBased ? 0 : 1)) : NaN;
  if (value !== 0 && value !== 1) stop("syntax", token, `expected an axis, ${zeroBased ? "0 or 1" : "1 or 2"}`, `应为轴号 ${zeroBased ? "0 或 1" : "1 或 2"}`);
  return value;
}

const isReduction = (name: string): boolean => /^\.?(?:sum|mean)$/.test(name);

const twoArguments: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ["dot", "matmul"], ["matmul", "matmul"], ["multiply", "hadamard"], ["power", "power"], ["divide", "divide"], ["add", "add"], ["subtract", "subtract"],
]);

/** sum, mean, dot, outer, multiply, … behind their name. */
export function arrayCall(cursor: Cursor, grammar: Grammar, name: Token, fromLibrary: boolean): Expr {
  const zeroBased = fromLibrary || grammar.numpy;
  const { values, axis, end } = argumentsOf(cursor, grammar, name, zeroBased);
  const place = across(name, end);
  const count = twoArguments.has(name.text) || name.text === "outer" ? 2 : 1;
  if (values.length !== count) {
    stop("syntax", place, `${name.text} takes ${count} argument${count === 1 ? "" : "s"}, ${values.length} given`, `${name.text} 需要 ${count} 个参数，给了 ${values.length} 个`);
  }
  const [first, second] = [values[0]!, values[1]!];
  const operator = twoArguments.get(name.text);
  if (operator !== undefined) return { kind: "binary", operator, left: first, right: second, ...place };
  switch (name.text) {
    case "sum":
    case "mean":
      // MATLAB's sum without a dimension runs down the rows, NumPy's over everything.
      return { kind: "reduce", how: name.text, axis: axis === undefined ? (zeroBased ? null : 0) : axis, of: first, ...place };
    case "outer":
      return { kind: "binary", operator: "matmul", left: first, right: transposed(second, second), ...place };
    case "square":
      return { kind: "binary", operator: "power", left: first, right: { kind: "number", value: 2, ...place }, ...place };
    case "transpose":
      return transposed(first, place);
    case "diag":
      return { kind: "unary", operator: "diagonal", of: first, ...place };
    default:
      return { kind: "unary", operator: "negate", of: first, ...place };
  }
}

/** What stands behind a dot: `.T`, `.dot(b)`, `.sum(axis=0)`. */
export function method(cursor: Cursor, grammar: Grammar, left: Expr): Expr {
  const name = cursor.take();
  switch (name.text) {
    case ".T":
      return transposed(left, across(left, name));
    case ".dot":
    case ".matmul":
    case ".mm": {
      const { values, end } = argumentsOf(cursor, grammar, name, true);
      if (values.length !== 1) stop("syntax", name, `${name.text} takes 1 argument, ${values.length} given`, `${name.text} 需要 1 个参数，给了 ${values.length} 个`);
      return { kind: "binary", operator: "matmul", left, right: values[0]!, ...across(left, end) };
    }
    case ".transpose":
    case ".t": {
      const { end } = argumentsOf(cursor, grammar, name, true);
      return transposed(left, across(left, end));
    }
    case ".sum":
    case ".mean": {
      // The first number of x.sum(0) is the axis.
      const open = cursor.is("open", "(") && (cursor.is("number", undefined, 1) || cursor.is("operator", "-", 1));
      const { axis, end } = open ? lone(cursor) : argumentsOf(cursor, grammar, name, true);
      return { kind: "reduce", how: name.text === ".sum" ? "sum" : "mean", axis: axis ?? null, of: left, ...across(left, end) };
    }
    default:
      return stop("syntax", name, `${name.text} is not known here: .T, .dot, .sum and .mean are`, `无法识别 ${name.text}：可用 .T、.dot、.sum、.mean`);
  }
}

function lone(cursor: Cursor): { readonly axis: Axis; readonly end: Token } {
  const open = cursor.take();
  const axis = axisOf(cursor, true);
  return { axis, end: cursor.close(open) };
}

export function transposed(of: Expr, span: Span): Expr {
  return { kind: "unary", operator: "transpose", of, start: span.start, end: span.end };
}

/** The index of Σ and what may follow it: `k`, `{k=1}^{n}`, `{i \in I}`; null where none is written. */
export function summationIndex(cursor: Cursor): readonly string[] {
  const letters: string[] = [];
  if (cursor.accept("operator", "_") !== null) {
    const open = cursor.accept("open");
    const word = cursor.accept("word") ?? unexpected(cursor.peek(), "the index of the sum, as in Σ_k", "求和下标，如 Σ_k");
    if (!/^[a-z]{1,2}$/.test(word.text)) stop("index", word, `${word.text} is no index: write a small letter, as in Σ_k`, `${word.text} 不是下标：请写小写字母，如 Σ_k`);
    letters.push(...Array.from(word.text));
    if (open !== null) {
      while (cursor.accept("operator", ",") !== null) letters.push((cursor.accept("word") ?? unexpected(cursor.peek(), "an index", "下标")).text);
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

