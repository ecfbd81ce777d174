/**
 * Says what there is to know of a cost: one record each, in two parts, from which networks, checks, derivations, names
 * and tables are made.
 */

import type { Tensor } from "@chainrule/autograd";
import type { Writer } from "../activations/record.ts";

/** Holds what a cost is told besides its name. */
export interface Told {
  /** Says where Huber's parabola becomes a line. */
  readonly delta: number;
  /**
   * The share of each target that is spread over the classes: t becomes (1 − s) t + s/K, of two classes (1 − s) t +
   * s/2.
   */
  readonly labelSmoothing: number;
  /** The weight of the terms of each class; of one output two weights are those of t = 0 and of t = 1. */
  readonly classWeights: readonly number[] | null;
  /** Says whether the terms of the outputs are averaged or summed, where that is told. */
  readonly outputs: "mean" | "sum" | null;
}

export type Option = keyof Told;

/** Holds what a cost looks at, samples as rows. */
export interface LastLayer {
  readonly u: Tensor;
  readonly v: Tensor;
  readonly t: Tensor;
  /** Its name, or a function of the user's own. */
  readonly activation: string | ((u: Tensor) => Tensor);
}

/**
 * One output on paper: v_j; how much of the sample counts for it and against it, t_j and 1 − t_j where nothing is told;
 * its share of a softmax.
 */
export interface Place<E> {
  readonly v: E;
  readonly t: E;
  readonly rest: E;
  readonly share: E;
}

/** Holds what the formulas of a cost are written with. */
export interface Terms<E> {
  readonly here: Place<E>;
  readonly other: Place<E>;
  /** e_j = t_j − v_j, where the notation has it. */
  readonly error: E | null;
  readonly sum: (of: E) => E;
  readonly sumOther: (of: E) => E;
  /** 1 where the other output is this one. */
  readonly same: E;
  readonly outputs: number;
  readonly told: Told;
}

/** One sample in numbers, each with what it may be off. */
export interface Sample {
  readonly v: ArrayLike<number>;
  readonly dv: ArrayLike<number>;
  readonly t: ArrayLike<number>;
  readonly dt: ArrayLike<number>;
  /** How much counts for each output and against it. */
  readonly hit: ArrayLike<number>;
  readonly miss: ArrayLike<number>;
  /** ∂C/∂v_j */
  readonly g: ArrayLike<number>;
  readonly epsilon: number;
  readonly told: Told;
}

/** A cost. */
export interface CostRecord {
  /** C of a sample, and of a batch. */
  readonly formula: string;
  readonly batch: string;
  /** Other names, in small letters without separators. */
  readonly aliases: readonly string[];
  /** Says what it can be told. */
  readonly takes: readonly Option[];
  /** Which targets it has: any numbers, shares between 0 and 1, shares that sum to 1, one class, or −1 and 1. */
  readonly targets: "numbers" | "shares" | "classes" | "one class" | "signs";
  /** c of C = c ½ Σ (t − v)², for costs that are squares; and whether the ½ is in it. */
  readonly squares?: { readonly scale: (outputs: number) => number; readonly half: boolean };
  /** True if its terms are averaged over the outputs where nothing is told. */
  readonly averages?: boolean;
  /**
   * Activations of the last layer above which σ′ cancels, so that δ = v − t for targets that sum to 1 or are of two
   * classes.
   */
  readonly collapsesAbove?: "sigmoid" | "softmax" | "linear";
  /** One cost for each sample. */
  readonly tensor: (last: LastLayer, told: Told) => Tensor;
  /** Returns what each ∂C/∂v_j may be off, kinks apart. */
  readonly slopeErrors: (sample: Sample) => readonly number[];
  /** The least and the most that ∂C/∂v_j may be, where v and t may stand at a kink; none for costs without. */
  readonly slopeRanges?: (sample: Sample) => readonly (readonly [number, number])[];
  /** On which side of each kink the outputs stand. */
  readonly regions?: (v: ArrayLike<number>, t: ArrayLike<number>) => readonly number[];
  /** |∂C/∂t_j|, no less. */
  readonly byTarget: (v: number, t: number) => number;
  /** Costs whose gradient is taken for this one's. */
  readonly confused?: readonly string[];
}

/** The part of a record that derivations and tables alone read, so that a page that checks does not load it. */
export interface CostOnPaper {
  readonly source: string;
  readonly value: <E>(by: Writer<E>, terms: Terms<E>) => E;
  /** ∂C/∂v_j in steps, the last one the simplest. */
  readonly slope: <E>(by: Writer<E>, terms: Terms<E>) => readonly E[];
  /** δ where σ′ cancels, as `plus` − `minus`; `sumsToOne` where the masses sum to 1. */
  readonly collapsed?: <E>(
    by: Writer<E>,
    terms: Terms<E>,
    activation: string,
  ) => { readonly plus: E | null; readonly minus: E; readonly sumsToOne?: E } | null;
  readonly numpy: string;
}

/** Entry by entry of a sample. */
export const each = ({ v }: Pick<Sample, "v">, f: (j: number) => number): number[] => Array.from(v, (_, j) => f(j));

/** The factor of terms that are averaged or summed over the outputs. */
export const factorOf = ({ outputs }: Told, count: number, averages: boolean): number =>
  (outputs === null ? averages : outputs === "mean") ? 1 / count : 1;
