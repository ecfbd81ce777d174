/**
 * The language that a derivation is written in: expressions, equations and blocks, as data that say nothing about
 * looks.
 */

import type { Language } from "../../../locales/words.ts";

/** A layer by its number (0 is the input), or relative to the letters l (any hidden layer) and L (the last). */
export type Layer = number | { readonly of: "l" | "L"; readonly plus: number };

/** A letter that stands for every neuron of a layer. */
export interface Letter {
  readonly letter: string;
  readonly layer: Layer;
}

/** A neuron: a letter, or its number from 0. */
export type Index = Letter | number;

/** Says what a symbol means; how it is written is up to a notation. */
export type Role =
  | "u"
  | "v"
  | "W"
  | "b"
  | "t"
  | "e"
  | "p"
  | "c"
  | "sampleCost"
  | "cost"
  | "delta"
  | "gradV"
  | "gradW"
  | "gradB"
  | "nextW"
  | "nextB"
  | "stepW"
  | "eta"
  | "count";

export interface NumberNode {
  readonly kind: "number";
  readonly value: number;
}
/** `at` is empty for a whole array; a weight's is [to, from]. `sample` marks one sample within a sum over all. */
export interface SymbolNode {
  readonly kind: "symbol";
  readonly role: Role;
  readonly layer: Layer | null;
  readonly at: readonly Index[];
  readonly sample: boolean;
}
/** ∂ of / ∂ by */
export interface PartialNode {
  readonly kind: "partial";
  readonly of: SymbolNode;
  readonly by: SymbolNode;
}
interface SumNode {
  readonly kind: "sum";
  readonly over: Letter;
  readonly of: Expression;
}
/** A sum over the samples of the batch. */
interface SampleSumNode {
  readonly kind: "sampleSum";
  readonly of: Expression;
}
interface PlusNode {
  readonly kind: "plus";
  readonly terms: readonly Expression[];
}
interface NegativeNode {
  readonly kind: "negative";
  readonly of: Expression;
}
/** Numbers multiplied; an array among them is scaled. */
interface TimesNode {
  readonly kind: "times";
  readonly factors: readonly Expression[];
}
interface MatmulNode {
  readonly kind: "matmul";
  readonly factors: readonly Expression[];
}
/** Multiplied entry by entry. */
interface HadamardNode {
  readonly kind: "hadamard";
  readonly factors: readonly Expression[];
}
interface TransposeNode {
  readonly kind: "transpose";
  readonly of: Expression;
}
export interface FractionNode {
  readonly kind: "fraction";
  readonly top: Expression;
  readonly bottom: Expression;
}
interface SquareNode {
  readonly kind: "square";
  readonly of: Expression;
}
/** `sigma` and `slope` are those of a layer. */
export interface ApplyNode {
  readonly kind: "apply";
  readonly name: "sigma" | "slope" | "exp" | "ln" | "tanh" | "erf" | "abs" | "sign" | "positivePart";
  readonly layer: Layer | null;
  readonly of: Expression;
}
/** 1 where the statement holds, 0 elsewhere: [k = j], [u > 0]. */
export interface HoldsNode {
  readonly kind: "holds";
  readonly left: Expression | Index;
  readonly relation: "=" | ">";
  readonly right: Index;
}
interface MatrixNode {
  readonly kind: "matrix";
  readonly rows: readonly (readonly number[])[];
}
/** Entries added along an axis that stays, with length 1. */
interface AxisSumNode {
  readonly kind: "axisSum";
  readonly of: Expression;
  readonly axis: 0 | 1;
}
/** The terms of a long sum that are not printed: `of` for the numbers `from` up to, not including, `to`. */
interface DotsNode {
  readonly kind: "dots";
  readonly over: Letter;
  readonly from: number;
  readonly to: number;
  readonly of: Expression;
}

/** An expression as the derivation prints and evaluates it. */
export type Expression =
  | NumberNode
  | SymbolNode
  | PartialNode
  | SumNode
  | SampleSumNode
  | PlusNode
  | NegativeNode
  | TimesNode
  | MatmulNode
  | HadamardNode
  | TransposeNode
  | FractionNode
  | SquareNode
  | ApplyNode
  | HoldsNode
  | MatrixNode
  | AxisSumNode
  | DotsNode;

/** Words with expressions among them. */
export type Prose = readonly (string | Expression)[];

/** The same sentence in both languages. */
export type Bilingual = Readonly<Record<Language, Prose>>;

/** left = step = step = …; every step equals `left`. */
export interface EquationBlock {
  readonly kind: "equation";
  readonly label: string | null;
  readonly left: Expression;
  readonly relation: "=" | ":=";
  readonly steps: readonly Expression[];
  /** The sentence that says why. */
  readonly why: Bilingual | null;
  /** Shapes are printed under every symbol. */
  readonly shapes: boolean;
  /** The last step holds for targets that sum to 1 only. */
  readonly sharesSumToOne: boolean;
}

/** One factor of a chain, what it is, and the equation it follows from. */
export interface Factor {
  readonly factor: Expression;
  readonly value: readonly Expression[];
  readonly because: { readonly left: Expression; readonly right: Expression };
}

interface FactorsBlock {
  readonly kind: "factors";
  readonly factors: readonly Factor[];
}
export interface TextBlock {
  readonly kind: "text";
  readonly tone: "plain" | "remark";
  readonly say: Bilingual;
}
interface TableBlock {
  readonly kind: "table";
  readonly head: readonly Bilingual[];
  readonly rows: readonly (readonly Bilingual[])[];
}

/** One piece of a section: an equation, a table of factors, prose, or a table. */
export type Block = EquationBlock | FactorsBlock | TextBlock | TableBlock;

/** One step of the argument: a title and its pieces. */
export interface Section {
  readonly title: Bilingual;
  readonly blocks: readonly Block[];
}
