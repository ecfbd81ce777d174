/** Says what a check of a hand-derived backprop says: the report as data, schema `handcheck/1`. */

import type { Words } from "../locales/words.ts";
import type { Matrix, Vector } from "./equations/network.ts";
import type { Points } from "./points.ts";

/**
 * Says what stands before W in ∂C/∂W of the mean cost: λ/n for (λ/2n) Σw², λ for (λ/2) Σw², 2λ for λ Σw², and so on.
 */
export type DecayForm = "λ/n" | "λ" | "2λ" | "2λ/n" | "λ/2n";

/** How somebody lays out and scales what they derive. Different is not wrong. */
export interface Convention {
  /** W is out × in, as here and in Nielsen; in × out in Ng's and CS231n's code. */
  readonly weights: "out×in" | "in×out";
  /** Says where a sample stands. */
  readonly samples: "rows" | "columns";
  /** The number of the first layer after the input. */
  readonly layerBase: 0 | 1;
  /** -1 for Haykin, whose δ is -∂E/∂u. */
  readonly deltaSign: 1 | -1;
  /** How the costs of the samples become one. */
  readonly reduction: "sum" | "mean";
  /** Says whether δ is each sample's own, or carries the 1/N of the mean already. */
  readonly delta: "perSample" | "reduced";
  /** True if a cost of squares has its ½. */
  readonly half: boolean;
  /** Says what stands before W in the slope of the L2 term. */
  readonly decay: DecayForm;
}

/**
 * Says what is known of somebody's convention: parts of it, nothing, or that it is the network's own in every part, so
 * that a factor on everything is a mistake.
 */
export type ConventionChoice = Partial<Convention> | "auto" | "ours";

/** Parameters after a step, by layer. */
export interface Step {
  readonly W?: Readonly<Record<number, Matrix>>;
  readonly b?: Readonly<Record<number, Vector>>;
  /** After one more step, on the same data. */
  readonly next?: Step;
}

/** Holds what a person derived by hand, by layer from 1 (or from `layerBase`); every part may be missing. */
export interface Hand {
  readonly u?: Readonly<Record<number, Matrix | Vector>>;
  readonly v?: Readonly<Record<number, Matrix | Vector>>;
  readonly cost?: number;
  /** Also the gradient of the input, as layer 0. */
  readonly delta?: Readonly<Record<number, Matrix | Vector>>;
  readonly gradW?: Readonly<Record<number, Matrix>>;
  readonly gradB?: Readonly<Record<number, Vector | Matrix | number>>;
  /** Each layer has one bias for all of its units, as in Mazur's example: its gradient is the sum of their δ. */
  readonly tiedBiases?: boolean;
  /** The parameters after one step of the learning rule, with the η and the λ that were used. */
  readonly next?: Step;
  readonly eta?: number;
  /** μ of a step with momentum: v ← μ v − η ∂C/∂w from v = 0, w ← w + v. */
  readonly momentum?: number;
  /** λ of L2 regularization, (λ/2n)Σw² or another usual form of it, part of the gradient of W where it is given. */
  readonly lambda?: number;
  readonly convention?: ConventionChoice;
  /** How many significant digits the numbers were copied with; all of them where nothing is said. */
  readonly digits?: number;
  /** Or how many decimals. */
  readonly decimals?: number;
}

/** The answer to "is it right?", each with an exit code of its own. */
export type Verdict = "correct" | "mistake" | "forward-wrong" | "contract" | "inconclusive";

/**
 * How one equation fares: `root` is a mistake of its own, `inherited` the consequence of one above, `convention` and
 * `kink` are right, `undecided` what the numbers cannot tell.
 */
export type LineStatus =
  "ok" | "root" | "inherited" | "convention" | "kink" | "undecided" | "missing" | "shape" | "nan";

/** How far two arrays are apart, and what is allowed. */
export interface Residual {
  readonly maxAbs: number;
  readonly maxRel: number;
  readonly ulps: number;
  /** The largest |difference| over what rounding explains: 1 is the limit. */
  readonly overTolerance: number;
  /** Says where the worst entry is. */
  readonly at: readonly number[];
  readonly yours: number;
  readonly correct: number;
}

/** Something that was derived, and how it fares. */
export interface JudgedLine {
  /** Says what it is: `δ²`, `∂C/∂W²`, `dx`. */
  readonly name: string;
  /** The right-hand side as the report prints it, where it is known. */
  readonly formula: string;
  readonly status: LineStatus;
  /** Against the right-hand side computed from the person's own values. */
  readonly local: Residual | null;
  /** Against the truth. */
  readonly global: Residual | null;
}

/** One equation at one layer. */
export interface Line extends JudgedLine {
  readonly equation: "forward" | "BP1" | "BP2" | "BP3" | "BP4" | "REG" | "STEP";
  readonly layer: number;
}

/** Says what sort of slip a mistake is, without saying which. */
export type Kind = "missing" | "extra" | "other" | "sign" | "constant" | "unknown";

/** A mistake, with its name where the catalogue has one. */
export interface Mistake {
  /** The stable id of the catalogue: `B1`; `unknown` where nothing in it explains the numbers. */
  readonly id: string;
  /** From 0 to 1. */
  readonly confidence: number;
  /** The formula that reproduces the person's numbers, and the correct one. */
  readonly yours: string;
  readonly correct: string;
  readonly says: Words;
  /** Other explanations that fit as well. */
  readonly alternatives: readonly Pick<Mistake, "id" | "yours" | "says">[];
  /** The entry that is furthest off; `null` where it is not about an entry. */
  readonly example: { readonly index: readonly number[]; readonly yours: number; readonly correct: number } | null;
  /** Says what the numbers show: ratios, ranks, permutations. */
  readonly features: readonly Words[];
}

/** A mistake in an equation. */
export interface Diagnosis extends Mistake {
  readonly equation: Line["equation"];
  readonly layer: number;
  readonly edit: { readonly kind: "insert" | "delete" | "replace"; readonly term: string };
  readonly alternatives: readonly Diagnosis[];
  readonly example: NonNullable<Mistake["example"]>;
}

/** An equation that holds within the digits, and mistakes that would hold as well. */
export interface Doubt {
  readonly equation: Line["equation"];
  readonly layer: number;
  readonly name: string;
  readonly slips: readonly { readonly id: string; readonly says: Words }[];
  /** How many decimals more would decide; `null` where all of it is printed as 0. */
  readonly decimals: number | null;
  /** Says what would decide where no digits do: something that may not have been told. */
  readonly asks?: Words;
}

/** Holds what this data could not have revealed. */
export interface Blindness {
  readonly tried: number;
  readonly missed: readonly {
    readonly id: string;
    readonly equation: string;
    readonly layer: number;
    readonly why: Words;
  }[];
  readonly advice: readonly Words[];
}

/** The whole report. */
export interface Report {
  readonly schema: "handcheck/1";
  readonly verdict: Verdict;
  readonly network: {
    readonly sizes: readonly number[];
    readonly activations: readonly string[];
    readonly cost: string;
    readonly samples: number;
  };
  /** How the cost is called, and its formula; absent where nothing was judged. */
  readonly costSaid?: { readonly words: Words; readonly formula: string };
  readonly convention: {
    readonly used: Convention;
    readonly inferred: readonly (keyof Convention)[];
    readonly note: Words;
  };
  readonly lines: readonly Line[];
  readonly roots: readonly Diagnosis[];
  /** Equations that the digits cannot decide. */
  readonly undecided: readonly Doubt[];
  /** Says what the numbers were read as, `4 decimals`, where that was not each number itself. */
  readonly rounding: Words | null;
  readonly contract: readonly Words[];
  readonly blindness: Blindness;
  /**
   * The references agree with each other: autograd, the plain loops, one directional difference, unless every step of
   * it crosses a kink.
   */
  readonly witness: {
    readonly autograd: number;
    readonly difference: number;
    readonly agrees: boolean;
    readonly noDifference?: true;
  };
  /**
   * How what was handed in was read, where names, layout or cost were not the network's own; absent where nothing had
   * to be read.
   */
  readonly readAs?: readonly Words[];
  /** Says what a verdict of right hangs on. */
  readonly condition?: Words;
  /** Equations passed over equations given; an inherited failure does not count against them. */
  readonly score: { readonly passed: number; readonly given: number };
  /** Partial credit, where points were asked for. */
  readonly points?: Points;
}

/**
 * A report, of numbers or of formulas: with how formulas were understood, what is wrong with the steps before their
 * ends, and what else there is to know.
 */
export interface AnyReport extends Report {
  readonly formulas?: readonly { readonly line: number; readonly text: string }[];
  readonly steps?: readonly {
    readonly line: number;
    readonly text: string;
    readonly right: boolean;
    readonly problem: Words | null;
    readonly roots: readonly Diagnosis[];
  }[];
  readonly notes?: readonly Words[];
}

/** Typical mistakes of a kernel that its inputs could not have revealed. */
export interface OpBlindness {
  readonly tried: number;
  /** Each by its id and its formula, which gives the right gradient `of` an input here. */
  readonly missed: readonly { readonly id: string; readonly of: string; readonly yours: string; readonly why: Words }[];
  /** The inputs were handed in: the check tried drawn ones beside them, on which these mistakes may show. */
  readonly given: boolean;
}

/** A mistake in gradients of a kernel or of a graph. */
export interface OpDiagnosis extends Mistake {
  /** The gradients that it explains. */
  readonly of: readonly string[];
  readonly kind: Kind;
}

/** The check of a kernel or of a graph, as data. */
export interface OpFindings {
  readonly schema: "opcheck/1";
  readonly name: string;
  readonly verdict: Verdict;
  /** Says what the gradients are compared with. */
  readonly reference: "autograd" | "differences";
  /**
   * Who wrote what autograd differentiates, where it is no operation that is known by name: whoever wrote the file
   * decides by it what is right.
   */
  readonly referenceBy?: "file" | "teacher";
  readonly dtype: string;
  /** The output of the kernel against the reference; `null` where there is none. */
  readonly forward: JudgedLine | null;
  readonly lines: readonly JudgedLine[];
  readonly roots: readonly OpDiagnosis[];
  /** Says what is no mistake and worth knowing: conventions, kinks, what cancels. */
  readonly notes: readonly Words[];
  /** ⟨g, Jv⟩ by differences of the person's own forward, beside ⟨Jᵀg, v⟩ by the reference: the relative gap. */
  readonly witness: { readonly adjoint: number; readonly agrees: boolean } | null;
  readonly score: { readonly passed: number; readonly given: number };
  /** Of an operation that is known by name: what its inputs could not show. */
  readonly blindness?: OpBlindness;
  /** Partial credit, where points were asked for. */
  readonly points?: Points;
  /** Why it could not be judged, where that is no matter of one gradient. */
  readonly contract: readonly Words[];
}

/** A gradient as it was given, beside the right one: all axes but the last are rows. */
export interface ComparedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly yours: readonly (readonly number[])[];
  readonly correct: readonly (readonly number[])[];
}

/** Findings, and the numbers behind them. */
export interface ExaminedOp {
  readonly findings: OpFindings;
  readonly tensors: readonly ComparedArray[];
  /** Returns what the inputs cannot show, worked out when it is asked for. */
  readonly blindness?: () => OpBlindness;
}

/** The exit code of a verdict: a program can ask without reading. */
export function exitCode(verdict: Verdict): 0 | 1 | 2 | 3 | 4 {
  switch (verdict) {
    case "correct":
      return 0;
    case "mistake":
      return 1;
    case "forward-wrong":
      return 2;
    case "contract":
      return 3;
    case "inconclusive":
      return 4;
  }
}
