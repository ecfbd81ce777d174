/**
 * The ways to end an optimization from outside: the most iterations, a signal, a callback; and who is told of each
 * iteration.
 */

import { ArgumentError } from "../errors.ts";
import { option, type OptionKind, type OptionKinds } from "../options.ts";
import { progressOf, progressOption, type Progress, type ProgressStream } from "./progress.ts";

/** The news that a callback gets after each iteration. */
export interface Iteration<P> {
  /** How many iterations there were; 0 at the start. */
  readonly iteration: number;
  /** The value of the function. */
  readonly value: number;
  /** The parameters, made when they are asked for. */
  readonly parameters: P;
  /** The largest entry of the gradient, or of what is to become 0. */
  readonly slope: number;
  /** The largest change of a parameter in this iteration; 0 at the start. */
  readonly step: number;
  /** How often the function was computed until now. */
  readonly evaluations: number;
}

/** How an optimization ends before it has converged, and who hears of it. */
export interface StopOptions<P> {
  /** So many iterations at most. */
  readonly maxIterations?: number;
  /** Ends at the next iteration after it is aborted: what was reached is returned, not thrown away. */
  readonly signal?: AbortSignal;
  /** Called after each iteration, and at the start; `true` ends. */
  readonly callback?: (iteration: Iteration<P>) => unknown;
  /** A line of progress on the terminal (stderr), or on a stream with `write`; off where nothing is said. */
  readonly progress?: boolean | ProgressStream;
}

const signalOption: OptionKind = {
  takes: "the signal of an AbortController",
  type: "object",
  Refusal: ArgumentError,
  accepts: (value) => typeof value === "object" && value !== null && "aborted" in value,
};

export const stopKinds: OptionKinds<StopOptions<unknown>> = {
  maxIterations: option.whole(0),
  signal: signalOption,
  callback: option.callback,
  progress: progressOption,
};

/** Why it ended before it converged. */
export type Interruption = "maxIterations" | "aborted" | "callback";

/** Tells of an iteration, and says whether to go on. */
export interface Watch<P> {
  /** `null` to go on. */
  look(iteration: Iteration<P>): Interruption | null;
  /** Ends the line of progress. */
  end(): void;
}

/**
 * Watches one optimization.
 *
 * @param op - who asks, for the line of progress
 * @param most - the most iterations where the options say nothing
 */
export function watchOf<P>(op: string, options: StopOptions<P>, most: number): Watch<P> {
  const { maxIterations = most, signal, callback } = options;
  const progress: Progress | null = progressOf(op, options.progress);
  return {
    look(iteration) {
      progress?.show(iteration);
      if (callback !== undefined && callback(iteration) === true) return "callback";
      if (signal?.aborted === true) return "aborted";
      return iteration.iteration >= maxIterations ? "maxIterations" : null;
    },
    end: () => progress?.end(),
  };
}

/** An iteration whose tree is made when it is looked at. */
export function iterationOf<P>(told: Omit<Iteration<P>, "parameters">, parameters: () => P): Iteration<P> {
  let made: { readonly tree: P } | null = null;
  return {
    ...told,
    get parameters() {
      made ??= { tree: parameters() };
      return made.tree;
    },
  };
}
