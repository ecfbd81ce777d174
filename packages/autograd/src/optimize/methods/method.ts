/** A way to minimize, as the one who drives it sees it: steps, one at a time, until there is none. */

import type { Objective, Point } from "../objective.ts";
import type { Reason } from "../result.ts";

/** The point to which a step has led. */
export interface Stride {
  readonly point: Point;
  /** True if the step was as long as the method wanted. */
  readonly isFull: boolean;
  /** True if that length says how far the minimum still is, as a step by an exact Hessian does. */
  readonly isExact: boolean;
  /** By how much a model of the curvature says that the value can fall from here; infinite where there is none. */
  readonly promised: number;
  /** False where the method knows that the point is no minimum, such as a saddle with gradient 0. */
  readonly mayEnd: boolean;
}

/** Why there is no further step. */
export type End = Extract<Reason, "stuck" | "unbounded" | "notFinite" | "gradient">;

/** Yields the start, and then each point that it reaches. */
export type Method = (objective: Objective, start: Point, settings: Settings) => Generator<Stride, End>;

/** Settings of a method. */
export interface Settings {
  /** How many pairs of steps and gradients L-BFGS remembers. */
  readonly memory: number;
  /** The rate of Adam, and the first step of the others relative to the parameters. */
  readonly eta: number;
  /**
   * From how many parameters on the trust region is found from products with the Hessian, without the Hessian itself.
   */
  readonly dense: number;
}
