/**
 * The tree of a formula: quantities with layers and indices, products that say which kind they are, sums, derivatives.
 */

import type { NeuronName } from "../../network/activations/table.ts";
import type { Span } from "./problem.ts";

/**
 * A layer as written: 2, l + 1, L - 1, the input x, the one hidden layer. A number has base `number`; the offset is
 * then the layer itself.
 */
export interface Layer {
  readonly base: "number" | "l" | "L" | "input" | "hidden";
  readonly offset: number;
}

/** An index as written: the letter k, or a fixed neuron counted from 1. */
export type Index = string | number;

/** The quantities that a formula can name; `local` is one that the person defined. */
export type Quantity =
  | "W"
  | "b"
  | "u"
  | "v"
  | "t"
  | "delta"
  | "gradV"
  | "gradW"
  | "gradB"
  | "stepW"
  | "stepB"
  | "nextW"
  | "nextB"
  | "error"
  | "cost"
  | "N"
  | "eta"
  | "lambda"
  | "local";

/** A quantity as written. */
export interface SymbolNode extends Span {
  readonly kind: "symbol";
  readonly name: Quantity;
  readonly layer: Layer | null;
  readonly indices: readonly Index[];
  /** The name of a `local`; empty for the others. */
  readonly local: string;
}

interface NumberNode extends Span {
  readonly kind: "number";
  readonly value: number;
}

type UnaryOperator = "negate" | "transpose" | "diagonal";

interface UnaryNode extends Span {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly of: Expr;
}

/** `hadamard`, `divide`, `power` and `greater` go entry by entry. */
export type BinaryOperator = "add" | "subtract" | "matmul" | "hadamard" | "divide" | "power" | "greater";

export interface BinaryNode extends Span {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
}

/** `activation` is σ of the layer of its argument; the others are what they are called. */
export type FunctionName = "activation" | NeuronName | "softmax" | "exp" | "log" | "sqrt" | "abs" | "sign";

export interface CallNode extends Span {
  readonly kind: "call";
  readonly name: FunctionName;
  /** σ′ instead of σ. */
  readonly prime: boolean;
  /**
   * How σ′ is written: by a `word` such as `sigmoid_derivative`, which takes u or the output; `output` where it takes
   * the output. By a sign, as σ′, it is the derivative at its argument.
   */
  readonly form?: "word" | "output";
  /** Along which axis a softmax runs, where that is said. */
  readonly axis?: 0 | 1;
  /** The layer of σ where it is written, as in σ_L′(u^L). */
  readonly layer: Layer | null;
  readonly of: Expr;
}

/** Σ_k; the index is null where none is written. */
export interface SigmaNode extends Span {
  readonly kind: "sigma";
  readonly index: string | null;
  readonly of: Expr;
}

/**
 * sum(x, axis), mean(x, axis) and max(x, axis): axis 0 runs down the rows, 1 along the columns, null over everything,
 * `samples` over the samples wherever they are.
 */
interface ReduceNode extends Span {
  readonly kind: "reduce";
  readonly how: "sum" | "mean" | "max";
  readonly axis: 0 | 1 | null | "samples";
  readonly of: Expr;
}

/** ∂a/∂b of two quantities, neither of which is the cost: those are quantities themselves. */
export interface PartialNode extends Span {
  readonly kind: "partial";
  readonly of: SymbolNode;
  readonly by: SymbolNode;
}

export type Expr = SymbolNode | NumberNode | UnaryNode | BinaryNode | CallNode | SigmaNode | ReduceNode | PartialNode;

/** One formula: a quantity and one or more right-hand sides, `δ = a = b`. */
export interface Formula extends Span {
  readonly target: SymbolNode | PartialNode;
  readonly values: readonly Expr[];
}

/** The parts of an expression one level down. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "symbol":
    case "number":
      return [];
    case "unary":
    case "call":
    case "sigma":
    case "reduce":
      return [expr.of];
    case "binary":
      return [expr.left, expr.right];
    case "partial":
      return [expr.of, expr.by];
  }
}

/** The same expression with other parts one level down. */
export function withChildren(expr: Expr, change: (part: Expr) => Expr): Expr {
  switch (expr.kind) {
    case "symbol":
    case "number":
    case "partial":
      return expr;
    case "unary":
    case "call":
    case "sigma":
    case "reduce":
      return { ...expr, of: change(expr.of) };
    case "binary":
      return { ...expr, left: change(expr.left), right: change(expr.right) };
  }
}

/** An expression and all of its parts, the whole first. */
export function* walk(expr: Expr): Generator<Expr> {
  yield expr;
  for (const part of children(expr)) yield* walk(part);
}

/** Every quantity in an expression. */
export function symbolsIn(expr: Expr): SymbolNode[] {
  return [...walk(expr)].filter((part): part is SymbolNode => part.kind === "symbol");
}
