/**
 * Says what is claimed: one named quantity, what was handed in for it, and the rule by which it follows from others.
 */

import type { Residual } from "../report.ts";

/** A rule of the derivation, whose wrong formulas are searched. */
export type Derived = "BP1" | "BP2" | "BP3" | "BP4";

/** Numbers of one kind beside each other: matrices with running error, arrays with what is allowed, several probes. */
export interface Comparison<N> {
  /** True if what agrees with the truth is right, whatever it was to follow from. */
  readonly byTruth: boolean;
  readonly sized: (yours: N, right: N) => boolean;
  readonly finite: (yours: N) => boolean;
  /** Within what is allowed; what is no number is passed over. */
  readonly fits: (yours: N, right: N) => boolean;
  /** Returns where they differ most; `null` where nothing can be compared. */
  readonly residual: (yours: N, right: N) => Residual | null;
}

/** One quantity. */
export interface Claim<N> {
  readonly name: string;
  readonly formula: string;
  readonly given: N | undefined;
  /**
   * Says what it follows from; `null` for what follows from the forward pass, or from gradients that are known before.
   */
  readonly from: Claim<N> | null;
  /** Its right-hand side, from what stands above it as the person has it, and as it is. */
  readonly own: (above: N | null) => N;
  readonly truth: (above: N | null) => N;
  /**
   * Returns what is as right where a choice is open, at kinks and corners; `null` where none is, or the rule's own was
   * taken.
   */
  readonly chosen?: (given: N, local: N, above: N | null) => N | null;
  /** Returns what was given as it is compared with what follows from above; as it is where nothing is said. */
  readonly read?: (given: N, local: N) => N;
  /** Returns what everything below follows from where what was given holds; the given itself where nothing is said. */
  readonly onward?: (given: N, local: N) => N;
}
