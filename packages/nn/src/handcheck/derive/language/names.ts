/** The name of a symbol in a notation: its parts, which every format then writes in its own way. */

import type { Name } from "../../report/formula.ts";
import type { Index, Layer, SymbolNode } from "./ast.ts";
import type { Notation } from "./notation.ts";
import { hasLetters, layerNumber, type Subject } from "./subject.ts";

const bare: Omit<Name, "base" | "code" | "layerMark" | "indexMark" | "sampleMark"> = {
  layer: "",
  indices: [],
  sample: "",
  after: "",
};

/** How a layer is called: its printed number, M, I or J, or l + 1. */
export function layerName(layer: Layer, subject: Subject): string {
  if (typeof layer === "number")
    return hasLetters(subject) ? "MIJ"[layer]! : String(layer + subject.notation.inputLayer);
  const { of, plus } = layer;
  return plus === 0 ? of : `${of}${plus > 0 ? "+" : "−"}${Math.abs(plus)}`;
}

/** How a neuron is called. */
export function indexName(index: Index, subject: Subject): string {
  return typeof index === "number" ? String(index + subject.notation.firstNeuron) : index.letter;
}

/** The name of a symbol. */
export function nameOf(node: SymbolNode, subject: Subject): Name {
  const { notation } = subject;
  const marks = {
    layerMark: notation.layerMark,
    indexMark: notation.indexMark,
    sampleMark: notation.sampleMark,
    code: false,
  };
  if (node.role === "count") return { ...bare, ...marks, base: notation.count };
  const glyph = notation.glyphs[node.role];
  const base = node.at.length > 0 ? glyph.one : glyph.all;
  const written =
    notation.products === "code"
      ? codeName(node, base, subject)
      : { base, layer: node.layer === null ? "" : layerName(node.layer, subject) };
  // In the letters M, I, J a neuron's letter says its layer.
  const told =
    hasLetters(subject) &&
    node.at.length > 0 &&
    node.at.every((index) => typeof index !== "number") &&
    typeof node.layer === "number";
  // [to, from] is printed from–to in code of that layout, and by the letters of the document: w_mi leads from m to i.
  const fromTo = notation.weightIndices === "from-to" || (hasLetters(subject) && typeof node.layer === "number");
  const order = fromTo ? [...node.at].reverse() : node.at;
  return {
    ...bare,
    ...marks,
    code: notation.products === "code" && (written.base.length > 1 || written.layer !== ""),
    base: written.base,
    layer: told ? "" : written.layer,
    indices: order.map((index) => indexName(index, subject)),
    sample: node.sample || alwaysMarked(node, subject) ? notation.sample : "",
    after: node.role === "nextW" || node.role === "nextB" ? AFTER[notation.learning] : "",
  };
}

/** If δ carries the mean, the cost of a sample must not be taken for that of the batch. */
function alwaysMarked({ role }: SymbolNode, { notation }: Subject): boolean {
  return role === "sampleCost" && notation.delta === "reduced";
}

const AFTER: Readonly<Record<Notation["learning"], string>> = { difference: "(τ+1)", primed: "′", assignment: "" };

/** Names as in the code of the notes: X, hidden1, scores, probs, dscores, dhidden1, dW1. */
function codeName({ role, layer }: SymbolNode, base: string, subject: Subject): { base: string; layer: string } {
  if (layer === null) return { base, layer: "" };
  const number = layerNumber(layer, subject, null);
  const last = number === subject.layers;
  const output =
    subject.activations.at(-1) === "softmax" && !subject.cost.startsWith("softmaxCrossEntropy") ? "probs" : "out";
  if (role === "v" && number === 0) return { base: "X", layer: "" };
  if (role === "u" && last) return { base: "scores", layer: "" };
  if (role === "delta" && last) return { base: "dscores", layer: "" };
  if (role === "v" && last) return { base: output, layer: "" };
  if (role === "gradV" && last) return { base: `d${output}`, layer: "" };
  // A single hidden layer needs no number.
  const alone = (role === "v" || role === "gradV") && subject.layers === 2;
  return { base, layer: alone ? "" : String(number) };
}

/** The name of a layer's activation; without the layer where all layers share one. */
export function sigmaName(layer: Layer, subject: Subject): { base: string; layer: string } {
  const shared = subject.activations.every((activation) => activation === subject.activations[0]);
  return { base: subject.notation.sigma, layer: shared ? "" : layerName(layer, subject) };
}
