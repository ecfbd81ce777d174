/** How a search of the 35 problems is scored: which published minimum it has reached, if any. */

import { leastSquares, minimize, type Outcome } from "@chainrule/autograd/optimize";
import { mul, sum, tensor, type Tensor } from "@chainrule/autograd";
import { clock } from "../clock.ts";
import { tensorFunction } from "../notation/tensors.ts";
import type { Minimum, Problem } from "./problems.ts";

export const FACTORS = [1, 10, 100] as const;
/** A value counts as a published minimum within this part of it, and below this size where that is 0. */
const NEAR = 1e-6;
const ZERO = 1e-12;

/** One search, scored. */
export interface MghRow {
  readonly number: number;
  readonly name: string;
  readonly factor: number;
  readonly value: number;
  /** The published value that was reached; `null` for none. */
  readonly reached: number | null;
  /** It is a known local minimum that was not published. */
  readonly other: boolean;
  readonly iterations: number;
  readonly evaluations: number;
  readonly milliseconds: number;
  /** Why it ended, or why it could not begin. */
  readonly reason: string;
}

/** The start, or one so many times farther; Watson's, which is 0, is moved by 10 and 100. */
export const startOf = ({ number, start }: Problem, factor: number): number[] =>
  start.map((one) => (number === 20 ? one + (factor === 1 ? 0 : factor) : one * factor));

const best = ({ value, computedValue }: Minimum): number => computedValue ?? value;

const near = (minima: readonly Minimum[], value: number): number | null => {
  const found = minima.find(
    (minimum) => Math.abs(value - best(minimum)) <= Math.max(NEAR * Math.abs(best(minimum)), ZERO),
  );
  return found === undefined ? null : best(found);
};

/** The published minimum that a value is. */
export const reachedBy = ({ minima }: Problem, value: number): number | null => near(minima, value);
/** A known local minimum that is not among them. */
export const isOther = ({ others }: Problem, value: number): boolean => near(others, value) !== null;

/** What searches: each takes residuals as a function of a tensor. */
export const METHODS = ["leastSquares", "minimize"] as const;
export type Method = (typeof METHODS)[number];

type Residuals = (x: Tensor) => Tensor;

const searches: { readonly [method in Method]: (f: Residuals, start: Tensor) => Outcome<Tensor> } = {
  leastSquares: (f, start) => leastSquares((x: Tensor) => f(x), start),
  minimize: (f, start) => minimize((x: Tensor) => squared(f(x)), start),
};

/** Searches from a start, with nothing but the defaults. */
export function scoreMgh(problem: Problem, factor: number, method: Method): MghRow {
  const f = tensorFunction(problem.residuals);
  const start = tensor(startOf(problem, factor));
  const begun = clock();
  const same = { number: problem.number, name: problem.name, factor };
  try {
    const found = searches[method](f, start);
    const milliseconds = clock() - begun;
    const value = found.value.item();
    return {
      ...same,
      value,
      reached: reachedBy(problem, value),
      other: isOther(problem, value),
      iterations: found.iterations,
      evaluations: found.evaluations,
      milliseconds,
      reason: found.reason,
    };
  } catch (error) {
    return {
      ...same,
      value: NaN,
      reached: null,
      other: false,
      iterations: 0,
      evaluations: 1,
      milliseconds: clock() - begun,
      reason: error instanceof Error ? error.message.split("\n")[0]! : "failed",
    };
  }
}

/** Σ r² */
export const squared = (r: Tensor): Tensor<[]> => sum(mul(r, r)) as Tensor<[]>;
