/**
 * Functions of whole arrays, in the names of NumPy, torch and MATLAB: sum(x, axis=1), np.dot(a, b), and what stands
 * behind a dot, as in W2.T.
 */

import { syntax } from "../../locales/syntax.ts";
import type { BinaryNode, BinaryOperator, Expr, SymbolNode } from "./ast.ts";
import type { Grammar } from "./calls.ts";
import { across, unexpected, type Cursor } from "./cursor.ts";
import type { Token } from "./lexer.ts";
import { unchanging } from "./names.ts";
import { stop, type Span } from "./problem.ts";

type Axis = 0 | 1 | null;

interface Arguments {
  readonly values: readonly Expr[];
  /** Undefined where nothing is said; null for `axis=None`. */
  readonly axis: Axis | undefined;
  readonly end: Token;
}

function argumentsOf(cursor: Cursor, grammar: Grammar, name: Token, zeroBased: boolean): Arguments {
  const open =
    cursor.accept("open", "(") ?? unexpected(cursor.peek(), syntax.argumentsInParentheses({ name: name.text }));
  const values: Expr[] = [];
  let axis: Axis | undefined;
  while (!cursor.is("close")) {
    if (cursor.is("word") && cursor.is("operator", "=", 1)) {
      const key = cursor.take();
      cursor.take();
      if (/^(?:axis|dim)$/.test(key.text)) axis = axisOf(cursor, true);
      else if (/^keep_?dims?$/.test(key.text)) cursor.take();
      else stop("syntax", key, syntax.axisAndKeepdims({ name: name.text, key: key.text }));
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
  const value =
    token.kind === "number" ? (minus ? 2 - Number(token.text) : Number(token.text) - (zeroBased ? 0 : 1)) : NaN;
  if (value !== 0 && value !== 1) stop("syntax", token, syntax.axis({ zeroBased }));
  return value;
}

/** The number of samples, however it is asked for. */
const samples = ({ start, end }: Span): SymbolNode => ({
  kind: "symbol",
  name: "N",
  layer: null,
  indices: [],
  local: "",
  start,
  end,
});

const numberOf = (value: number, { start, end }: Span): Expr => ({ kind: "number", value, start, end });

const combined = (operator: BinaryOperator, left: Expr, right: Expr, { start, end }: Span): BinaryNode => ({
  kind: "binary",
  operator,
  left,
  right,
  start,
  end,
});

/** a > b, a < b, a ≥ b, a ≤ b: 1 where it holds, 0 elsewhere. */
export function comparison(sign: string, left: Expr, right: Expr): Expr {
  const place = across(left, right);
  const greater =
    sign === ">" || sign === "<=" ? combined("greater", left, right, place) : combined("greater", right, left, place);
  return sign === ">" || sign === "<" ? greater : combined("subtract", numberOf(1, place), greater, place);
}

const isReduction = (name: string): boolean => /^\.?(?:sum|mean|max)$/.test(name);

const twoArguments: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ["dot", "matmul"],
  ["matmul", "matmul"],
  ["mm", "matmul"],
  ["multiply", "hadamard"],
  ["power", "power"],
  ["divide", "divide"],
  ["add", "add"],
  ["subtract", "subtract"],
]);

function argumentCount(name: string): 1 | 2 | 3 {
  if (name === "where") return 3;
  return twoArguments.has(name) || ["outer", "maximum", "max"].includes(name) ? 2 : 1;
}

/** The one where a condition is 1, the other where it is 0. */
const either = (condition: Expr, yes: Expr, no: Expr, place: Span): Expr =>
  combined(
    "add",
    combined("hadamard", condition, yes, place),
    combined("hadamard", combined("subtract", numberOf(1, place), condition, place), no, place),
    place,
  );

/** sum, mean, dot, outer, multiply, … behind their name. */
export function arrayCall(cursor: Cursor, grammar: Grammar, name: Token, fromLibrary: boolean): Expr {
  if (name.text === "cast") return cast(cursor, grammar, name);
  const zeroBased = fromLibrary || grammar.numpy;
  const { values, axis, end } = argumentsOf(cursor, grammar, name, zeroBased);
  const place = across(name, end);
  // The largest entry is taken off before a softmax.
  if (name.text === "max" && values.length === 1)
    return { kind: "reduce", how: "max", axis: axis ?? null, of: values[0]!, ...place };
  const count = argumentCount(name.text);
  if (/^(?:len|length|size)$/.test(name.text)) return samples(place);
  if (values.length !== count) {
    stop("syntax", place, syntax.argumentCount({ name: name.text, count, given: values.length }));
  }
  const [first, second] = [values[0]!, values[1]!];
  if (unchanging.has(name.text)) return { ...first, ...place };
  const operator = twoArguments.get(name.text);
  if (operator !== undefined) return { kind: "binary", operator, left: first, right: second, ...place };
  switch (name.text) {
    case "sum":
    case "mean":
      // Without a dimension MATLAB's sum runs down the rows, NumPy's over everything, on paper over the samples.
      return {
        kind: "reduce",
        how: name.text,
        axis: axis === undefined ? (zeroBased ? null : grammar.matlab ? 0 : "samples") : axis,
        of: first,
        ...place,
      };
    case "outer":
      return { kind: "binary", operator: "matmul", left: first, right: transposed(second, second), ...place };
    case "square":
      return combined("power", first, numberOf(2, place), place);
    case "transpose":
      return transposed(first, place);
    case "maximum":
    case "max":
      return largerThanZero(first, second, place);
    case "where":
      return either(first, second, values[2]!, place);
    case "diag":
      return { kind: "unary", operator: "diagonal", of: first, ...place };
    default:
      return { kind: "unary", operator: "negate", of: first, ...place };
  }
}

/** `tf.cast(x > 0, tf.float32)`: what it becomes changes no number. */
function cast(cursor: Cursor, grammar: Grammar, name: Token): Expr {
  const open = cursor.accept("open", "(") ?? unexpected(cursor.peek(), syntax.castInParentheses);
  const of = grammar.expression(0);
  if (cursor.accept("operator", ",") !== null) while (!cursor.is("close") && !cursor.isOver()) cursor.take();
  return { ...of, ...across(name, cursor.close(open)) };
}

/** max(0, x) is a ReLU of whatever it is given. */
function largerThanZero(first: Expr, second: Expr, place: Span): Expr {
  const isZero = (one: Expr): boolean => one.kind === "number" && one.value === 0;
  if (!isZero(first) && !isZero(second)) return stop("syntax", place, syntax.onlyMaxOfZero);
  return {
    kind: "call",
    name: "relu",
    prime: false,
    layer: null,
    of: isZero(first) ? second : first,
    start: place.start,
    end: place.end,
  };
}

/** Returns what stands behind a dot: `.T`, `.dot(b)`, `.sum(axis=0)`. */
export function method(cursor: Cursor, grammar: Grammar, left: Expr): Expr {
  const name = cursor.take();
  switch (name.text) {
    case ".T":
      return transposed(left, across(left, name));
    case ".dot":
    case ".matmul":
    case ".mm": {
      const { values, end } = argumentsOf(cursor, grammar, name, true);
      if (values.length !== 1) stop("syntax", name, syntax.oneArgument({ name: name.text, given: values.length }));
      return { kind: "binary", operator: "matmul", left, right: values[0]!, ...across(left, end) };
    }
    case ".transpose":
    case ".t": {
      const { end } = argumentsOf(cursor, grammar, name, true);
      return transposed(left, across(left, end));
    }
    case ".copy":
    case ".clone":
    case ".astype":
    case ".float": {
      const open = cursor.accept("open", "(") ?? unexpected(cursor.peek(), syntax.parenthesesOf({ name: name.text }));
      if (!cursor.is("close")) cursor.take();
      if (cursor.is("operator") && /^\./.test(cursor.peek().text)) cursor.take();
      return { ...left, ...across(left, cursor.close(open)) };
    }
    case ".shape": {
      const open = cursor.accept("open", "[") ?? unexpected(cursor.peek(), syntax.shapeIndex);
      cursor.take();
      return samples(across(left, cursor.close(open)));
    }
    case ".sum":
    case ".mean": {
      // The first number of x.sum(0) is the axis.
      const open = cursor.is("open", "(") && (cursor.is("number", undefined, 1) || cursor.is("operator", "-", 1));
      const { axis, end } = open ? lone(cursor) : argumentsOf(cursor, grammar, name, true);
      return {
        kind: "reduce",
        how: name.text === ".sum" ? "sum" : "mean",
        axis: axis ?? null,
        of: left,
        ...across(left, end),
      };
    }
    default:
      return stop("syntax", name, syntax.unknownMethod({ name: name.text }));
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
