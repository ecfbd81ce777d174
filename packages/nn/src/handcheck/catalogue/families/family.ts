/**
 * Says what a family of operations is: a reference, its gradients in words, and the wrong formulas that people write
 * for them.
 */

import { vjp, type Tensor } from "@chainrule/autograd";
import type { Words } from "../../../locales/words.ts";
import type { Random } from "../../../random.ts";
import type { Kind } from "../../report.ts";
import type { Numbers } from "../../bounds/numbers.ts";

/** Says what an operation takes besides its inputs: `eps`, `stride`, `causal`, `layout`. */
export type Settings = Readonly<Record<string, number | boolean | string>>;

/** One input. */
interface InputSpec {
  readonly name: string;
  /** True if it has a gradient. */
  readonly differentiable: boolean;
  /** Its shape where nothing is said. */
  readonly shape: readonly number[];
  /** Its numbers; normal where nothing is said. */
  readonly draw?: (
    random: Random,
    shape: readonly number[],
    context: { readonly settings: Settings; readonly shapes: readonly (readonly number[])[] },
  ) => Float64Array;
}

/** A wrong formula for one gradient. */
export interface Slip {
  readonly id: string;
  readonly kind: Kind;
  /** The input whose gradient it is. */
  readonly of: string;
  readonly yours: string;
  readonly says: Words;
  /** True if it fits constants to what was given, so that sharper formulas come first. */
  readonly loose?: boolean;
  /**
   * Returns what it gives; `null` where it cannot be written for these shapes. Other shapes than the input's are meant.
   */
  readonly value: (inputs: readonly Tensor[], g: Tensor, settings: Settings, given: Tensor) => Tensor | null;
}

/** A family of operations. */
export interface Family {
  readonly name: string;
  readonly inputs: readonly InputSpec[];
  readonly settings: Settings;
  /** Other conventions of the forward, tried where it differs from the reference. */
  readonly variants: readonly { readonly settings: Settings; readonly says: Words }[];
  readonly forward: (inputs: readonly Tensor[], settings: Settings) => Tensor;
  /** The right formula of each gradient. */
  readonly formulas: Readonly<Record<string, string>>;
  readonly slips: readonly Slip[];
  readonly notes?: readonly Words[];
  /** Says what stands for a parameter that somebody's operation does not have: γ = 1, β = 0. */
  readonly neutral?: Readonly<Record<string, (inputs: readonly Tensor[]) => Tensor>>;
  /** Data at the corners of the function, and whether what is given there is a subgradient. */
  readonly kinks?: {
    draw(inputs: readonly Numbers[], settings: Settings): readonly Numbers[];
    accepts(inputs: readonly Numbers[], g: Numbers, given: Numbers, settings: Settings): boolean;
    /** Returns what is said of an accepted choice: which one it is. */
    says(inputs: readonly Numbers[], g: Numbers, given: Numbers, settings: Settings): Words;
    /** The name of what is no subgradient. */
    readonly slip: { readonly id: string; readonly kind: Kind; readonly yours: string; readonly says: Words };
  };
}

/** The numbers of a setting. */
export const numberOf = (settings: Settings, name: string): number => Number(settings[name] ?? 0);

/** Jᵀg of the operation by all of its inputs. */
export function pull(
  f: (inputs: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  g: Tensor,
): readonly Tensor[] {
  return vjp((...xs: Tensor[]) => f(xs), ...inputs).pullback(g);
}

type Row = readonly [id: string, kind: Kind, yours: string, says: Words, value: Slip["value"]];

/** Several slips of one gradient from a table. */
export function slipsOf(of: string, rows: readonly Row[]): Slip[] {
  return rows.map(([id, kind, yours, says, value]) => ({ id, kind, of, yours, says, value }));
}

/** Numbers that are clearly neither 0 nor 1: a factor forgotten or doubled is seen. */
export const awayFromOne = (random: Random, shape: readonly number[]): Float64Array => {
  const numbers = random.normalArray(shape.reduce((product, size) => product * size, 1));
  return numbers.map((x, i) => (i % 2 === 0 ? 1 : -1) * (1.4 + 0.5 * Math.abs(x)));
};
