/**
 * Layers told by the letters of their neurons alone: δ_k of the outputs, δ_j of the hidden units, w_kj between them, as
 * in textbooks.
 */

import { symbolsIn, type Formula, type SymbolNode } from "./ast.ts";
import { changedSymbols } from "./numbering.ts";

const isMatrix = ({ name }: SymbolNode): boolean =>
  name === "W" || name === "gradW" || name === "stepW" || name === "nextW";
const isOfLayer = (node: SymbolNode): boolean =>
  isMatrix(node) || ["b", "u", "v", "delta", "gradV", "gradB", "stepB", "nextB"].includes(node.name);

/**
 * The layer of each letter: that of the targets is the last, and a weight joins two that are neighbors; null where they
 * do not say it.
 */
function layersOf(symbols: readonly SymbolNode[], last: number): ReadonlyMap<string, number> | null {
  const letters = ({ indices }: SymbolNode): string[] =>
    indices.filter((index): index is string => typeof index === "string");
  const outputs = new Set(symbols.filter(({ name }) => name === "t").flatMap(letters));
  const pairs = symbols
    .filter((node) => isMatrix(node) && node.indices.length === 2)
    .map(letters)
    .filter(({ length }) => length === 2);
  if (outputs.size !== 1) return null;
  const found = new Map([...outputs].map((letter) => [letter, last] as const));
  for (let l = last; l > 0; l--) {
    const here = [...found].filter(([, layer]) => layer === l).map(([letter]) => letter);
    for (const pair of pairs) {
      const [one, other] = pair as [string, string];
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const)
        if (here.includes(from) && !found.has(to)) found.set(to, l - 1);
    }
  }
  return pairs.some(([one, other]) => Math.abs((found.get(one!) ?? -9) - (found.get(other!) ?? 9)) !== 1)
    ? null
    : found;
}

/** Formulas whose quantities have indices and no layers, with the layers that the letters mean. */
export function withLettersAsLayers(formulas: readonly Formula[], last: number): readonly Formula[] {
  const symbols = formulas.flatMap(({ target, values }) => [target, ...values].flatMap(symbolsIn));
  const isBare = (node: SymbolNode): boolean => node.layer === null && node.indices.length > 0;
  // Where anything has a layer of its own, letters are neurons of any.
  if (
    last < 2 ||
    symbols.some((node) => isOfLayer(node) && node.layer !== null && node.layer.base !== "input") ||
    !symbols.some((node) => isMatrix(node) && isBare(node))
  )
    return formulas;
  const layers = layersOf(symbols, last);
  if (layers === null) return formulas;
  return changedSymbols(formulas, (node) => {
    const own = isBare(node) && isOfLayer(node) ? node.indices.map((index) => layers.get(String(index))) : [];
    if (own.length === 0 || own.includes(undefined)) return node;
    return { ...node, layer: { base: "number", offset: Math.max(...(own as number[])) } };
  });
}
