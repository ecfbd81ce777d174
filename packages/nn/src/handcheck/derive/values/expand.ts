/**
 * Formulas for one neuron made concrete: letters become numbers, sums are written out, symbols are replaced by their
 * values.
 */

import type { Expression, Index, Letter, SymbolNode } from "../language/ast.ts";
import { number } from "../language/build.ts";
import { evaluate } from "./evaluate.ts";
import type { Scope } from "./symbols.ts";
import type { World } from "./world.ts";

/** Sums of more terms than this are printed with dots in their middle. */
const LONGEST = 4;

/** The expression with each part replaced, from the outside in; `replace` gives null where it goes on inside. */
function rewrite(node: Expression, replace: (part: Expression) => Expression | null): Expression {
  const given = replace(node);
  if (given !== null) return given;
  const inner = <E extends Expression>(part: E): Expression => rewrite(part, replace);
  switch (node.kind) {
    case "number":
    case "symbol":
    case "matrix":
    case "partial":
      return node;
    case "holds":
      return typeof node.left === "number" || "letter" in node.left ? node : { ...node, left: inner(node.left) };
    case "sum":
    case "sampleSum":
    case "negative":
    case "transpose":
    case "square":
    case "apply":
    case "axisSum":
    case "dots":
      return { ...node, of: inner(node.of) };
    case "plus":
      return { ...node, terms: node.terms.map(inner) };
    case "times":
    case "matmul":
    case "hadamard":
      return { ...node, factors: node.factors.map(inner) };
    case "fraction":
      return { ...node, top: inner(node.top), bottom: inner(node.bottom) };
  }
}

/** The expression with its free letters replaced by the numbers of neurons. */
export function at(node: Expression, neurons: ReadonlyMap<string, number>): Expression {
  const index = (given: Index): Index => (typeof given === "number" ? given : (neurons.get(given.letter) ?? given));
  const named = (given: SymbolNode): SymbolNode => ({ ...given, at: given.at.map(index) });
  return rewrite(node, (part) => {
    if (part.kind === "symbol") return named(part);
    if (part.kind === "partial") return { ...part, of: named(part.of), by: named(part.by) };
    // Within a sum its own letter is not free.
    if ((part.kind === "sum" || part.kind === "dots") && neurons.has(part.over.letter)) {
      const others = new Map(neurons);
      others.delete(part.over.letter);
      return { ...part, of: at(part.of, others) };
    }
    if (part.kind !== "holds") return null;
    const left = typeof part.left === "number" || "letter" in part.left ? index(part.left) : at(part.left, neurons);
    return { ...part, left, right: index(part.right) };
  });
}

/**
 * The expression with its sums over neurons written out; long ones with dots. `units` is the number of neurons of a
 * letter.
 */
export function writtenOut(node: Expression, units: (over: Letter) => number): Expression {
  return rewrite(node, (part) => {
    if (part.kind !== "sum") return null;
    const terms = unrolled(part.over, part.of, units(part.over)).map((term) =>
      term.kind === "dots" ? term : writtenOut(term, units),
    );
    return terms.length === 1 ? terms[0]! : { kind: "plus", terms };
  });
}

function unrolled(over: Letter, of: Expression, count: number): Expression[] {
  const term = (k: number): Expression => at(of, new Map([[over.letter, k]]));
  if (count <= LONGEST) return Array.from({ length: count }, (_, k) => term(k));
  const shown = 2;
  return [
    ...Array.from({ length: shown }, (_, k) => term(k)),
    { kind: "dots", over, from: shown, to: count - 1, of },
    term(count - 1),
  ];
}

/** The expression with every symbol and derivative replaced by its value. */
export function substituted(node: Expression, world: World, scope: Scope): Expression {
  const valued = (part: Expression): Expression => {
    const value = evaluate(part, world, scope);
    return typeof value === "number" ? number(value) : { kind: "matrix", rows: value };
  };
  return rewrite(node, (part) => {
    switch (part.kind) {
      case "symbol":
      case "partial":
        return valued(part);
      // Whether two neurons are the same one is a number already.
      case "holds":
        return valued(part);
      case "apply":
        return part.name === "slope" || part.name === "sigma" ? valued(part) : null;
      case "dots":
        return part;
      default:
        return null;
    }
  });
}
