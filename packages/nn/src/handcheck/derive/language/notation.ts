/** Says what a notation fixes: the names of things, and where the numbers of a network stand. */

import { derivation } from "../../../locales/derivation.ts";
import type { Words } from "../../../locales/words.ts";
import type { Role } from "./ast.ts";

/** Whose letters and layouts a derivation is written in. */
export type NotationName = "document" | "nielsen" | "ng" | "haykin" | "cs231n";

/** How one entry is called, and how the whole array. */
interface Glyph {
  readonly one: string;
  readonly all: string;
}

/** A notation as data: renderers and equations ask this table and nothing else. */
export interface Notation {
  readonly name: NotationName;
  /** Whose it is, for the title. */
  readonly source: Words;
  readonly glyphs: Readonly<Record<Exclude<Role, "count">, Glyph>>;
  /** How the activation of a layer is called, and its derivative marked. */
  readonly sigma: string;
  /** The number of samples and the letter of one of them. */
  readonly count: string;
  readonly sample: string;
  /** How a layer's number is attached to a name. */
  readonly layerMark: "superscript" | "parentheses" | "brackets" | "suffix";
  /** How a sample within a sum is attached to a name. */
  readonly sampleMark: "subscript" | "parentheses";
  /** How a neuron is attached to a name: x_j, or x[j] as in code. */
  readonly indexMark: "subscript" | "brackets";
  /** The printed number of the input layer, and of the first neuron. */
  readonly inputLayer: 0 | 1;
  readonly firstNeuron: 0 | 1;
  /** True if layers of a network with one hidden layer are called M, I, J. */
  readonly lettersOfThree: boolean;
  /** The letters of the neurons, from the input layer upward. */
  readonly letters: string;
  /** The order of a weight's indices. */
  readonly weightIndices: "to-from" | "from-to";
  /** The layout of the whole W. */
  readonly weights: "out×in" | "in×out";
  /** Says whether arrays hold one sample as a column, or the batch with samples as columns or rows. */
  readonly arrays: "sample" | "columns" | "rows";
  /** −1 where δ is −∂E/∂u. */
  readonly deltaSign: 1 | -1;
  /** Says whether δ carries the 1/N of a mean already. */
  readonly delta: "perSample" | "reduced";
  /** True if the quadratic cost is written with e_j = t_j − v_j. */
  readonly errorSignal: boolean;
  /** Says whether derivatives have names (dW), or are written ∂C/∂W. */
  readonly derivatives: "partial" | "named";
  /** Says whether products of arrays are written as in mathematics or as in NumPy. */
  readonly products: "mathematics" | "code";
  /** True if equations are stated for an arbitrary layer l as well. */
  readonly general: boolean;
  /** Says whether the learning rule is Δw = …, or an assignment. */
  readonly learning: "difference" | "assignment" | "primed";
}

const alike = (name: string): Glyph => ({ one: name, all: name });

const greek: Notation["glyphs"] = {
  u: alike("u"),
  v: alike("v"),
  W: { one: "w", all: "W" },
  b: alike("b"),
  t: alike("t"),
  e: alike("e"),
  p: alike("p"),
  c: alike("c"),
  sampleCost: alike("C"),
  cost: alike("C"),
  delta: alike("δ"),
  // Never printed: these derivatives are written as ∂C/∂v, ∂C/∂W, ∂C/∂b.
  gradV: alike("∂C/∂v"),
  gradW: alike("∂C/∂W"),
  gradB: alike("∂C/∂b"),
  nextW: { one: "w", all: "W" },
  nextB: alike("b"),
  stepW: { one: "Δw", all: "ΔW" },
  eta: alike("η"),
};

const textbook = {
  sigma: "σ",
  count: "N",
  sample: "n",
  layerMark: "superscript",
  sampleMark: "subscript",
  indexMark: "subscript",
  inputLayer: 0,
  firstNeuron: 1,
  lettersOfThree: false,
  letters: "ijkmrshcfgq",
  weightIndices: "to-from",
  weights: "out×in",
  arrays: "sample",
  deltaSign: 1,
  delta: "perSample",
  errorSignal: false,
  derivatives: "partial",
  products: "mathematics",
  general: true,
  learning: "difference",
} as const;

/** All notations. */
export const notations: Readonly<Record<NotationName, Notation>> = {
  document: {
    ...textbook,
    name: "document",
    source: derivation.notationOfDocument,
    glyphs: greek,
    lettersOfThree: true,
    errorSignal: true,
  },
  nielsen: {
    ...textbook,
    name: "nielsen",
    source: derivation.notationOfNielsen,
    glyphs: { ...greek, u: alike("z"), v: alike("a"), t: alike("y") },
    count: "n",
    sample: "x",
    inputLayer: 1,
    learning: "primed",
  },
  haykin: {
    ...textbook,
    name: "haykin",
    source: derivation.notationOfHaykin,
    glyphs: {
      ...greek,
      u: alike("v"),
      v: alike("y"),
      t: alike("d"),
      sampleCost: alike("ℰ"),
      cost: { one: "ℰ_av", all: "ℰ_av" },
    },
    sigma: "φ",
    layerMark: "parentheses",
    sampleMark: "parentheses",
    deltaSign: -1,
    errorSignal: true,
  },
  ng: {
    ...textbook,
    name: "ng",
    source: derivation.notationOfNg,
    glyphs: {
      ...greek,
      u: { one: "z", all: "Z" },
      v: { one: "a", all: "A" },
      t: { one: "y", all: "Y" },
      p: { one: "p", all: "P" },
      sampleCost: alike("ℒ"),
      cost: alike("J"),
      delta: { one: "dz", all: "dZ" },
      gradV: { one: "da", all: "dA" },
      gradW: { one: "dw", all: "dW" },
      gradB: alike("db"),
      eta: alike("α"),
    },
    sigma: "g",
    count: "m",
    sample: "i",
    layerMark: "brackets",
    sampleMark: "parentheses",
    letters: "kjrshcfgq",
    arrays: "columns",
    derivatives: "named",
    learning: "assignment",
  },
  cs231n: {
    ...textbook,
    name: "cs231n",
    source: derivation.notationOfCs231n,
    glyphs: {
      ...greek,
      u: alike("z"),
      v: alike("hidden"),
      W: alike("W"),
      t: alike("y"),
      p: alike("probs"),
      sampleCost: alike("L"),
      cost: alike("L"),
      delta: alike("dz"),
      gradV: alike("dhidden"),
      gradW: alike("dW"),
      gradB: alike("db"),
      nextW: alike("W"),
      eta: alike("step_size"),
    },
    sample: "i",
    layerMark: "suffix",
    indexMark: "brackets",
    firstNeuron: 0,
    letters: "djkmrshcf",
    weightIndices: "from-to",
    weights: "in×out",
    arrays: "rows",
    delta: "reduced",
    derivatives: "named",
    products: "code",
    general: false,
    learning: "assignment",
  },
};
