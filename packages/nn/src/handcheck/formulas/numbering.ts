/**
 * How layers are numbered: from the input as 0 or as 1, parameters with the layer that they lead to or from. All become
 * one way.
 */

import { sense } from "../../locales/sense.ts";
import type { Words } from "../../locales/words.ts";
import { symbolsIn, withChildren, type Expr, type Formula, type Layer, type Quantity, type SymbolNode } from "./ast.ts";
import { stop } from "./problem.ts";

/** Holds what is added to the number of a layer, by the kind of what has it. */
export interface Numbering {
  readonly W: number;
  readonly v: number;
  readonly u: number;
  readonly delta: number;
  /** Says what the report says of it; null for the numbers as they are here. */
  readonly says: Words | null;
}

/** Here the input is layer 0, and W^l leads to layer l. */
export const ownNumbering: Numbering = { W: 0, v: 0, u: 0, delta: 0, says: null };

/**
 * Others, the likeliest first: Ng's Θ^l leads away from layer l; Nielsen counts all from 1; code counts lists from 0.
 */
export const otherNumberings: readonly Numbering[] = [
  { W: 0, v: -1, u: -1, delta: -1, says: sense.inputIsOne },
  { W: -1, v: -1, u: -1, delta: -1, says: sense.inputIsOne },
  { W: 0, v: 0, u: 0, delta: -1, says: sense.deltasFromOne },
  { W: 0, v: -1, u: 0, delta: -1, says: sense.outputsAndDeltasFromOne },
  { W: 1, v: 0, u: 0, delta: 0, says: sense.weightsFromZero },
  { W: 1, v: 0, u: 1, delta: 1, says: sense.layersFromZero },
  { W: 1, v: 1, u: 1, delta: 1, says: sense.layersFromZero },
];

/** Which of the numbers a quantity goes with. */
function kindOf(name: Quantity): "W" | "v" | "u" | "delta" | null {
  switch (name) {
    case "W":
    case "b":
    case "gradW":
    case "gradB":
    case "stepW":
    case "stepB":
    case "nextW":
    case "nextB":
      return "W";
    case "v":
    case "gradV":
      return "v";
    case "u":
      return "u";
    case "delta":
      return "delta";
    case "t":
    case "error":
    case "cost":
    case "N":
    case "eta":
    case "lambda":
    case "local":
      return null;
  }
}

/** A layer by the person's numbers as one of ours, of a network with `last` layers. */
export function renumberedLayer(layer: Layer, shift: number, last: number, at: SymbolNode): Layer {
  switch (layer.base) {
    case "input":
      return { base: "number", offset: 0 };
    case "hidden":
      if (last > 2) stop("layer", at, sense.whichHiddenLayer({ count: last - 1 }));
      return { base: "number", offset: last - 1 };
    case "L":
      return layer;
    case "l":
    case "number":
      return shift === 0 ? layer : { ...layer, offset: layer.offset + shift };
  }
}

/** Every symbol of some formulas, changed. */
export function changedSymbols(
  formulas: readonly Formula[],
  change: (node: SymbolNode, formula: Formula) => SymbolNode,
): Formula[] {
  return formulas.map((formula) => {
    const part = (expr: Expr): Expr => {
      if (expr.kind === "symbol") return change(expr, formula);
      if (expr.kind === "partial") return { ...expr, of: change(expr.of, formula), by: change(expr.by, formula) };
      return withChildren(expr, part);
    };
    return { ...formula, target: part(formula.target) as Formula["target"], values: formula.values.map(part) };
  });
}

/** Formulas by our numbers. */
export function renumbered(formulas: readonly Formula[], numbering: Numbering, last: number): Formula[] {
  const all = formulas.flatMap(({ target, values }) => [target, ...values].flatMap(symbolsIn));
  // CS231n's W and W2: where the others have numbers, the one without is the first.
  const numbers = new Map<string, Set<number>>();
  for (const { name, layer } of all) {
    if (kindOf(name) === "W" && layer?.base === "number")
      numbers.set(name, (numbers.get(name) ?? new Set()).add(layer.offset + numbering.W));
  }
  const isGeneral = all.some(({ layer }) => layer?.base === "l");
  const isFirst = ({ name, layer, indices }: SymbolNode): boolean => {
    const others = numbers.get(name);
    return (
      layer === null && indices.length === 0 && !isGeneral && others !== undefined && !others.has(1) && others.has(2)
    );
  };
  return changedSymbols(formulas, (node) => {
    const kind = kindOf(node.name);
    if (kind === null)
      return node.layer === null || node.name === "local"
        ? node
        : { ...node, layer: renumberedLayer(node.layer, 0, last, node) };
    if (isFirst(node)) return { ...node, layer: { base: "number", offset: 1 } };
    return node.layer === null ? node : { ...node, layer: renumberedLayer(node.layer, numbering[kind], last, node) };
  });
}

/** Of a network of one layer, taken out of a larger one, every number means this layer. */
export function onlyLayer(formulas: readonly Formula[]): Numbering {
  const largest = { W: 0, v: 0, u: 0, delta: 0 };
  for (const { name, layer } of formulas.flatMap(({ target, values }) => [target, ...values].flatMap(symbolsIn))) {
    const kind = kindOf(name);
    if (kind !== null && layer?.base === "number") largest[kind] = Math.max(largest[kind], layer.offset);
  }
  const shift = (number: number): number => (number > 1 ? 1 - number : 0);
  const { W, v, u, delta } = largest;
  return { W: shift(W), v: shift(v), u: shift(u), delta: shift(delta), says: sense.oneLayer };
}
