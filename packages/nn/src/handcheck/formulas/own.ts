/** Says what functions that a text defines compute: recognized by their numbers, or written out where they stand. */

import { withChildren, type Expr, type FunctionName } from "./ast.ts";
import type { Span } from "./problem.ts";
import { meantBy, pointwise } from "./functions.ts";

/** A known function, or a body that stands in place of each call. */
export type Meaning =
  | { readonly kind: "known"; readonly name: FunctionName; readonly prime: boolean; readonly form?: "output" }
  | { readonly kind: "inline"; readonly parameter: Expr; readonly body: Expr };

/** A function that the text defines: its value, and what it gives under a flag such as `deriv`. */
export interface OwnFunction {
  readonly value: Meaning | null;
  readonly flagged: Meaning | null;
}

/** A call of it. */
export function applied(meaning: Meaning, of: Expr, { start, end }: Span): Expr {
  if (meaning.kind === "known") {
    const { name, prime, form } = meaning;
    return { kind: "call", name, prime, ...(form === undefined ? {} : { form }), layer: null, of, start, end };
  }
  const put = (expr: Expr): Expr =>
    sameSymbol(expr, meaning.parameter) ? { ...of, start, end } : { ...withChildren(expr, put), start, end };
  return put(meaning.body);
}

export function sameSymbol(one: Expr, other: Expr): boolean {
  return (
    one.kind === "symbol" &&
    other.kind === "symbol" &&
    one.name === other.name &&
    one.local === other.local &&
    one.layer?.base === other.layer?.base &&
    one.layer?.offset === other.layer?.offset &&
    one.indices.length === 0
  );
}

/** If two functions agree here, they are one; 0 is left out, where a ReLU has no slope. */
const samples = [-3.1, -1.7, -0.6, -0.2, 0.15, 0.4, 0.85, 1.3, 2.6];
const outputs = [0.07, 0.21, 0.4, 0.66, 0.93];

const candidates: readonly (readonly [name: "sigmoid" | "tanh" | "relu", inOutput: (y: number) => number])[] = [
  ["sigmoid", (y) => y * (1 - y)],
  ["tanh", (y) => 1 - y * y],
  ["relu", (y) => (y > 0 ? 1 : 0)],
];

/** Says what a body computes. */
export function meaningOf(body: Expr, parameter: Expr): Meaning {
  const equals = (at: readonly number[], known: (x: number) => number): boolean =>
    at.every((x) => {
      const value = valueAt(body, parameter, x);
      return value !== null && Math.abs(value - known(x)) <= 1e-12 * (1 + Math.abs(value));
    });
  for (const [name, inOutput] of candidates) {
    const [value, slope] = pointwise(name);
    if (equals(samples, value)) return { kind: "known", name, prime: false };
    if (equals(samples, slope)) return { kind: "known", name, prime: true };
    if (equals([...outputs, ...(name === "sigmoid" ? [] : outputs.map((y) => -y))], inOutput))
      return { kind: "known", name, prime: true, form: "output" };
  }
  return { kind: "inline", parameter, body };
}

/** The value of a body at a number; null where it holds more than numbers and its parameter. */
function valueAt(expr: Expr, parameter: Expr, x: number): number | null {
  const at = (part: Expr): number | null => valueAt(part, parameter, x);
  switch (expr.kind) {
    case "number":
      return expr.value;
    case "symbol":
      return sameSymbol(expr, parameter) ? x : null;
    case "unary": {
      const of = at(expr.of);
      return of === null || expr.operator === "diagonal" ? null : expr.operator === "negate" ? -of : of;
    }
    case "call": {
      const of = at(expr.of);
      if (of === null || (expr.name === "activation" && expr.prime)) return null;
      // A σ without a layer is a sigmoid where it is defined.
      const name = meantBy(expr.name, "sigmoid");
      if (name === "softmax") return null;
      if (expr.form !== undefined) return candidates.find((one) => one[0] === name)?.[1](of) ?? null;
      return pointwise(name)[expr.prime ? 1 : 0](of);
    }
    case "binary": {
      const [left, right] = [at(expr.left), at(expr.right)];
      if (left === null || right === null) return null;
      switch (expr.operator) {
        case "add":
          return left + right;
        case "subtract":
          return left - right;
        case "matmul":
        case "hadamard":
          return left * right;
        case "divide":
          return left / right;
        case "power":
          return left ** right;
        case "greater":
          return left > right ? 1 : 0;
      }
      break;
    }
    case "sigma":
    case "reduce":
    case "partial":
      return null;
  }
}
