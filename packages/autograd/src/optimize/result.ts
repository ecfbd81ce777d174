/** The result of an optimization: where it ended, and why. */

import type { Tensor } from "../graph/tensor.ts";
import type { Interruption } from "./stopping.ts";

/** Why it ended. The first ones mean that it converged, the others that it did not. */
export type Reason =
  /** The gradient, or what was to become 0, is 0, or as small as `gradientTolerance` says. */
  | "gradient"
  /** The last step changed no parameter by more than `stepTolerance` of its size. */
  | "step"
  /** The value fell by no more than `valueTolerance` of its size. */
  | "value"
  /**
   * Rounding hides what is left: neighboring numbers as parameters give as much of a difference as the gradient
   * promises.
   */
  | "rounding"
  | Interruption
  /** The value falls without end. */
  | "unbounded"
  /** No shorter step lowers the value, although the gradient is not small. */
  | "stuck"
  /**
   * The same, and differences of values disagree with the gradient: there is a kink or a jump, or a rule by hand is
   * wrong.
   */
  | "notSmooth"
  /** Every step that is not tiny ends where the function or its gradient is not finite. */
  | "notFinite";

/** The reasons that mean that it converged. */
export const CONVERGED: ReadonlySet<Reason> = new Set(["gradient", "step", "value", "rounding"]);

/** The outcome of every optimization. */
export interface Outcome<P> {
  /** The parameters in the structure of the start; what was a number is a scalar tensor, as in gradients. */
  readonly parameters: P;
  /** The value of the function there. */
  readonly value: Tensor<[]>;
  /** The gradient there, in the structure of the parameters. */
  readonly gradient: P;
  readonly iterations: number;
  /** How often the function was computed, with or without derivatives. */
  readonly evaluations: number;
  readonly converged: boolean;
  readonly reason: Reason;
  /** The reason as a sentence, with the numbers and the names of parameters that belong to it. */
  readonly message: string;
}
