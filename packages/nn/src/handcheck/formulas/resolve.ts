/** Formulas at layers: a formula for every l becomes one rule for each layer where all of its quantities exist. */

import { sense } from "../../locales/sense.ts";
import { nearest } from "../nearest.ts";
import {
  symbolsIn,
  walk,
  withChildren,
  type Expr,
  type Formula,
  type Layer,
  type PartialNode,
  type Quantity,
  type SymbolNode,
} from "./ast.ts";
import { stop, type Problem } from "./problem.ts";
import { plainName } from "./versions.ts";

/** One formula at one layer: every layer in it is a number. */
export interface Rule {
  /** Its place among the formulas of the text. */
  readonly order: number;
  readonly target: SymbolNode;
  /** Every right-hand side; the last is what the formula claims. */
  readonly values: readonly Expr[];
  /** The layer for which a general formula was read; null where it was written for one. */
  readonly at: number | null;
}

/** All rules of a text, and what the person should know about how they were read. */
export interface Program {
  readonly rules: readonly Rule[];
  readonly notes: readonly Problem[];
}

/** Quantities of a layer after the input; v and ∂C/∂v exist at the input too. */
const fromLayerOne: ReadonlySet<Quantity> = new Set([
  "W",
  "b",
  "u",
  "delta",
  "gradW",
  "gradB",
  "stepW",
  "stepB",
  "nextW",
  "nextB",
]);
const fromInput: ReadonlySet<Quantity> = new Set(["v", "gradV"]);
const ofLastLayer: ReadonlySet<Quantity> = new Set(["cost", "error"]);
const matrices: ReadonlySet<Quantity> = new Set(["W", "gradW", "stepW", "nextW"]);
const targets: ReadonlySet<Quantity> = new Set([
  ...fromLayerOne,
  ...fromInput,
  "cost",
  "error",
  "local",
  "eta",
  "lambda",
  "N",
]);

const hasLayer = (node: SymbolNode): boolean => fromLayerOne.has(node.name) || fromInput.has(node.name);

/** The name by which rules and quantities find each other. */
export function keyOf({ name, layer, local }: SymbolNode): string {
  return name === "local" ? `local ${local}` : `${name} ${layer === null ? "" : layer.offset}`;
}

/** Turns the formulas of a text into rules for a network with `last` layers. */
export function resolve(formulas: readonly Formula[], last: number): Program {
  const notes: Problem[] = [];
  const written: Rule[] = [];
  const general: Rule[] = [];
  formulas.forEach((formula, order) => {
    const layered = withLayers(formula, last, notes);
    const usesL = [layered.target, ...layered.values].some((expr) =>
      [...walk(expr)].some((part) => layerOf(part)?.base === "l"),
    );
    if (!usesL) {
      written.push(atLayer(layered, order, null, last));
      return;
    }
    if (layered.target.layer?.base !== "l") {
      stop("layer", layered.target, sense.layerOnRightOnly);
    }
    const layers = Array.from({ length: last }, (_, index) => index + 1).filter((l) => exists(layered, l, last));
    if (layers.length === 0) stop("layer", layered.target, sense.noLayerHasAll({ last }));
    const below = layersBelow(layered, last);
    if (below !== null) {
      const { start, end } = layered.target;
      notes.push({ kind: "layer", start, end, says: sense.noSuchLayerBelow({ l: below.l, layer: below.layer }) });
    }
    for (const l of layers) general.push(atLayer(layered, order, l, last));
  });
  // What is written for one layer stands before what is written for all.
  const keys = new Set(written.map(({ target }) => keyOf(target)));
  const rules = [...written, ...general.filter(({ target }) => !keys.has(keyOf(target)))].sort(
    (a, b) => a.order - b.order,
  );
  formulas.forEach(({ target }, order) => {
    if (general.some((rule) => rule.order === order) && !rules.some((rule) => rule.order === order)) {
      notes.push({ kind: "layer", start: target.start, end: target.end, says: sense.everyLayerHasItsOwn });
    }
  });
  const own = new Set(rules.filter(({ target }) => target.name === "local").map(({ target }) => target.local));
  for (const rule of rules) {
    for (const node of rule.values.flatMap(symbolsIn)) {
      if (node.name === "local" && !own.has(node.local)) unknown(node, own);
    }
  }
  return { rules, notes };
}

/** A name that nothing explains, with the one that was probably meant. */
function unknown(node: SymbolNode, own: ReadonlySet<string>): never {
  const name = plainName(node.local);
  const near = nearest(
    name,
    [...[...own].map(plainName), ...usualNames].filter((one) => one !== name),
  );
  return stop("name", node, sense.unknownName({ name, near }));
}

const usualNames = [
  "delta",
  "output",
  "hidden",
  "target",
  "yhat",
  "probs",
  "scores",
  "weights",
  "activations",
  "learning_rate",
  "sigmoid",
  "lambda",
];

interface Layered {
  readonly target: SymbolNode;
  readonly values: readonly Expr[];
}

function layerOf(part: Expr): Layer | null {
  return part.kind === "symbol" || part.kind === "call" ? part.layer : null;
}

/** The layer of each index letter, by the quantities of a formula that have a layer or need none. */
function layersOfLetters(all: readonly SymbolNode[]): Map<string, Layer> {
  const bound = new Map<string, Layer>();
  for (const { name, layer, indices } of all) {
    const letter = indices[0];
    const known = ofLastLayer.has(name) || name === "t" ? ({ base: "L", offset: 0 } as const) : layer;
    if (known !== null && !matrices.has(name) && typeof letter === "string" && !bound.has(letter))
      bound.set(letter, known);
  }
  return bound;
}

/** A quantity in the layer that its indices tell; `null` where they tell none. */
function layeredByIndices(node: SymbolNode, bound: ReadonlyMap<string, Layer>, last: number): SymbolNode | null {
  const [first = null, second = null] = node.indices.map((index) =>
    typeof index === "string" ? (bound.get(index) ?? null) : null,
  );
  if (!matrices.has(node.name)) return first === null ? null : { ...node, layer: first };
  if (first === null || second === null) return null;
  const [a, b] = [number(first, last), number(second, last)];
  if (a === null || b === null || Math.abs(a - b) !== 1) return null;
  // w_ij from i to j is the document's first half; here the neuron that is reached comes first.
  return {
    ...node,
    layer: a > b ? first : second,
    indices: a > b ? node.indices : [node.indices[1]!, node.indices[0]!],
  };
}

/** Gives a layer to what has none: by its index, by the left side, by what the quantity is. */
function withLayers(formula: Formula, last: number, notes: Problem[]): Layered {
  if (formula.target.kind === "partial" || !targets.has(formula.target.name)) {
    stop("name", formula.target, sense.notCheckable);
  }
  const left = formula.target;
  const all = [left, ...formula.values].flatMap((expr) => symbolsIn(expr));
  const bound = layersOfLetters(all);
  const general = all.some(({ layer }) => layer?.base === "l");
  // The document's m, i and j run over its layers M, I and J.
  const byLetters = last === 2 && !general;
  if (byLetters)
    ["m", "i", "j"].forEach(
      (letter, layer) => bound.has(letter) || bound.set(letter, { base: "number", offset: layer }),
    );

  const byIndices = (node: SymbolNode): SymbolNode | null => layeredByIndices(node, bound, last);
  const settle = (node: SymbolNode, fallback: Layer | null): SymbolNode => {
    if (!hasLayer(node)) return node;
    if (node.layer !== null) {
      const ordered = byLetters && matrices.has(node.name) ? byIndices(node) : null;
      return ordered !== null && number(ordered.layer!, last) === number(node.layer, last) ? ordered : node;
    }
    const found = byIndices(node) ?? (fallback === null ? null : { ...node, layer: fallback });
    if (found === null) stop("layer", node, sense.whichLayer({ last }));
    return found;
  };
  const usual: Layer | null = general ? { base: "l", offset: 0 } : last === 1 ? { base: "number", offset: 1 } : null;
  // The document calls the cost e as well: e = ½ Σ e_j² gives no e_j.
  const isCost =
    left.name === "error" &&
    left.indices.length === 0 &&
    formula.values.some((value) => [...walk(value)].some(({ kind }) => kind === "sigma" || kind === "reduce"));
  const target = settle(
    isCost ? { ...left, name: "cost" } : left,
    left.name === "gradV" && !general ? { base: "L", offset: 0 } : usual,
  );
  if (hasLayer(left) && left.layer === null && general && byIndices(left) === null) {
    notes.push({ kind: "layer", start: target.start, end: target.end, says: sense.readAtLayerL });
  }
  const fallback = target.layer ?? (ofLastLayer.has(target.name) ? { base: "L", offset: 0 } : usual);
  const change = (expr: Expr): Expr => {
    if (expr.kind === "symbol") return settle(expr, fallback);
    if (expr.kind === "partial") return { ...expr, of: settle(expr.of, fallback), by: settle(expr.by, fallback) };
    return withChildren(expr, change);
  };
  return { target, values: formula.values.map(change) };
}

/** The number of a layer where it is one; of a layer relative to l, its offset. */
function number(layer: Layer, last: number): number | null {
  return layer.base === "L" ? last + layer.offset : layer.offset;
}

function at(layer: Layer, l: number | null, last: number): number {
  return layer.offset + (layer.base === "l" ? (l ?? 0) : layer.base === "L" ? last : 0);
}

const within = (node: SymbolNode, layer: number, last: number): boolean =>
  layer >= (fromInput.has(node.name) ? 0 : 1) && layer <= last;

function exists({ target, values }: Layered, l: number, last: number): boolean {
  return [target, ...values.flatMap(symbolsIn)].every(
    (node) => !hasLayer(node) || within(node, at(node.layer!, l, last), last),
  );
}

/** A layer where a formula has its left side and names what would stand below the input. */
function layersBelow({ target, values }: Layered, last: number): { readonly l: number; readonly layer: number } | null {
  for (let l = 1; l < last; l++) {
    if (!within(target, at(target.layer!, l, last), last)) continue;
    const low = values
      .flatMap(symbolsIn)
      .filter(hasLayer)
      .find((node) => at(node.layer!, l, last) < (fromInput.has(node.name) ? 0 : 1));
    if (low !== undefined) return { l, layer: at(low.layer!, l, last) };
  }
  return null;
}

function atLayer({ target, values }: Layered, order: number, l: number | null, last: number): Rule {
  const place = (node: SymbolNode): SymbolNode => {
    if (node.layer === null) return node;
    const layer = at(node.layer, l, last);
    if (!within(node, layer, last)) {
      const first = fromInput.has(node.name) ? 0 : 1;
      stop("layer", node, sense.noSuchLayer({ layer, first, last }));
    }
    return { ...node, layer: { base: "number", offset: layer } };
  };
  const change = (expr: Expr): Expr => {
    if (expr.kind === "symbol") return place(expr);
    if (expr.kind === "partial") return derivativeOf({ ...expr, of: place(expr.of), by: place(expr.by) });
    if (expr.kind === "call" && expr.layer !== null) {
      const layer = at(expr.layer, l, last);
      if (layer < 1 || layer > last) stop("layer", expr, sense.noActivation({ layer, last }));
      return { ...withChildren(expr, change), layer: { base: "number", offset: layer } } as Expr;
    }
    return withChildren(expr, change);
  };
  const left = place(target);
  return { order, target: left, values: values.map((value) => withSummationIndex(change(value), left)), at: l };
}

/** ∂u/∂v is a weight, ∂u/∂w an output, ∂e/∂v is -1; ∂v/∂u stays, because softmax mixes the neurons. */
function derivativeOf(node: PartialNode): Expr {
  const { of, by, start, end } = node;
  const [upper, lower] = [of.layer?.offset ?? 0, by.layer?.offset ?? 0];
  const same = of.indices.length === by.indices.length && of.indices.every((index, i) => index === by.indices[i]);
  if (of.name === "cost" && by.name === "error") return { ...by, start, end };
  if (of.name === "error" && by.name === "v" && same)
    return { kind: "unary", operator: "negate", of: { kind: "number", value: 1, start, end }, start, end };
  if (of.name === "u" && by.name === "v" && upper === lower + 1 && of.indices.length === by.indices.length) {
    return { ...of, name: "W", indices: [...of.indices, ...by.indices], start, end };
  }
  if (of.name === "v" && by.name === "u" && upper === lower && of.indices.length === by.indices.length) return node;
  if (of.name === "u" && by.name === "b" && upper === lower && same) return { kind: "number", value: 1, start, end };
  if (
    of.name === "u" &&
    by.name === "W" &&
    upper === lower &&
    of.indices.length === 1 &&
    by.indices.length === 2 &&
    by.indices.includes(of.indices[0]!)
  ) {
    const source = by.indices[0] === of.indices[0] ? by.indices[1]! : by.indices[0]!;
    return { ...of, name: "v", layer: { base: "number", offset: upper - 1 }, indices: [source], start, end };
  }
  return stop("name", node, sense.noFactor);
}

/** A Σ without an index sums over the one index that is not on the left; over all entries where there is none. */
function withSummationIndex(expr: Expr, target: SymbolNode): Expr {
  if (expr.kind !== "sigma") return withChildren(expr, (part) => withSummationIndex(part, target));
  const of = withSummationIndex(expr.of, target);
  if (expr.index !== null) return { ...expr, of };
  const letters = new Set(
    symbolsIn(of)
      .flatMap(({ indices }) => indices)
      .filter((index) => typeof index === "string" && !target.indices.includes(index)),
  );
  if (letters.size > 1) stop("index", expr, sense.whichIndex({ letters: [...letters] }));
  const [letter] = letters;
  return letter === undefined
    ? { kind: "reduce", how: "sum", axis: null, of, start: expr.start, end: expr.end }
    : { ...expr, index: String(letter), of };
}
