/**
 * Says what there is to know of an activation: one record each, in two parts, from which networks, checks, derivations,
 * formulas, names and tables are made.
 */

import type { Tensor } from "@chainrule/autograd";

/** How a formula is written down, in whatever notation has these. */
export interface Writer<E> {
  readonly number: (value: number) => E;
  readonly plus: (...terms: readonly E[]) => E;
  readonly minus: (a: E, b: E) => E;
  readonly negative: (of: E) => E;
  /** A number before it. */
  readonly scaled: (c: number, of: E) => E;
  /** Entry by entry, as `square` and `over` are. */
  readonly times: (...factors: readonly E[]) => E;
  readonly over: (top: E, bottom: E) => E;
  readonly square: (of: E) => E;
  readonly apply: (name: "exp" | "ln" | "tanh" | "erf" | "abs" | "sign" | "positivePart", of: E) => E;
  /** 1 where it is above 0, 0 elsewhere. */
  readonly positive: (of: E) => E;
}

/** A corner of σ with the slopes on its two sides: any slope between them is a subgradient. */
export interface Corner {
  readonly at: number;
  readonly below: number;
  readonly above: number;
}

/** Holds what bounds of rounding errors are made of. */
interface Bounds {
  /** σ is made of straight lines. */
  readonly straight?: true;
  /** Says where σ turns, between corners. */
  readonly turns?: readonly number[];
  /** Says where σ′ turns, between corners. */
  readonly bends?: readonly number[];
  /** σ′ stays between 0 and this; none where it does not. */
  readonly largest?: number;
  /** Returns what cancels where people compute σ, in units of ε. */
  readonly lostInValue?: (u: number) => number;
  /** Returns what cancels where people compute σ′, in units of ε: 1 + |u| where nothing is said. */
  readonly lostInSlope?: (u: number) => number;
  /** |∂σ′/∂v| for those who have σ′ from v: 2 where nothing is said. */
  readonly steep?: (v: number) => number;
}

/** An activation whose output depends on its own input alone, its parameter put in. */
export interface Neuron {
  /** v = σ(u) of tensors, which autograd differentiates to any order. */
  readonly tensor: (u: Tensor) => Tensor;
  readonly corners?: readonly Corner[];
  readonly bounds: Bounds;
  /** σ′ from v alone, where v determines it and people write it so. */
  readonly ofOutput?: (v: number) => number;
  /** Activations whose slope is taken for this one's. */
  readonly confused?: readonly string[];
}

/** The number that an activation may be given, as in `leakyRelu(0.2)`. */
interface Parameter {
  readonly name: string;
  /** Other names of it, in plain letters. */
  readonly aliases: readonly string[];
  /** Says what it is where nothing is said; `null` where that must be said. */
  readonly usual: number | null;
  /** Says what it must be, in words, and whether a number is so. */
  readonly domain: string;
  readonly holds: (value: number) => boolean;
}

/** Code for σ and σ′ of a number u (TypeScript), of an array u (NumPy). */
export interface Code {
  /** A function, as it may stand in `u.map(…)`. */
  readonly typescript: string;
  /** The helpers that it calls. */
  readonly helpers?: readonly ("sigmoid" | "erf")[];
  readonly numpy: { readonly value: string; readonly slope: string };
}

/** An activation. */
export interface ActivationRecord {
  /** Other names, in small letters without separators. */
  readonly aliases: readonly string[];
  readonly parameter?: Parameter;
  /** The activation for a parameter; records without one are given 0 and do not look. */
  readonly neuron: (parameter: number) => Neuron;
  /** Says what a bare name may mean as well, the likeliest first: the numbers tell. */
  readonly meant?: readonly string[];
  /** Says what an option of it says is another record: `approximate="tanh"`. */
  readonly named?: { readonly option: string; readonly value: string; readonly as: string };
}

/** The part of a record that derivations and tables alone read, so that a page that checks does not load it. */
export interface OnPaper {
  /** Says where the formula is from. */
  readonly source: string;
  /** σ(u) and σ′(u) with a parameter, the slope by u or by v, whichever is usual. */
  readonly value: <E>(by: Writer<E>, u: E, parameter: number) => E;
  readonly slope: <E>(by: Writer<E>, u: E, v: E, parameter: number) => E;
  /** With the parameter put in as text. */
  readonly code: (parameter: string) => Code;
}

/** A record for one neuron without a parameter. */
export function plain({
  neuron,
  ...rest
}: Omit<ActivationRecord, "neuron" | "parameter"> & { readonly neuron: Neuron }): ActivationRecord {
  return { ...rest, neuron: () => neuron };
}
