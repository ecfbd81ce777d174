/** How a fit of NIST's sets is scored: digits of parameters and standard deviations beside the certified ones. */

import { leastSquares } from "@chainrule/autograd/optimize";
import { tensor, type Tensor } from "@chainrule/autograd";
import { clock } from "../clock.ts";
import { expand } from "../notation/expand.ts";
import { tensorFunction } from "../notation/tensors.ts";
import { digitsOf } from "./digits.ts";
import type { NistSet } from "./set.ts";

/** The digits that are asked for. */
export const ASKED = { parameters: 9, deviations: 7 } as const;
/** Of a sum of squares that is rounding, as that of Lanczos1, two digits are asked. */
const ROUNDED_SUM = 0.01;

/** One fit, scored. */
export interface NistRow {
  readonly name: string;
  readonly level: string;
  /** 1 or 2. */
  readonly start: number;
  readonly parameters: number;
  readonly deviations: number;
  readonly iterations: number;
  readonly evaluations: number;
  readonly milliseconds: number;
  readonly passed: boolean;
}

/** Fits a set from one of its starts, with nothing but the defaults. */
export function scoreNist(set: NistSet, start: number): NistRow {
  const f = tensorFunction(expand(set.texts, set.certified.length, set.y.length));
  const begun = clock();
  const fit = leastSquares((x: Tensor<[number]>) => f(x), tensor([...set.starts[start - 1]!]));
  const milliseconds = clock() - begun;
  const parameters = digitsOf([...fit.parameters.toTypedArray()], set.certified);
  const found = [...fit.standardDeviations.toTypedArray()];
  const scatter = Math.sqrt(fit.residualSum / (set.y.length - set.certified.length));
  // Where the sum is rounding, deviations are compared in units of the scatter: they hold the digits of the Jacobian.
  const isRounded = set.name === "Lanczos1";
  const unit = isRounded ? set.residualDeviation / scatter : 1;
  const deviations = digitsOf(
    found.map((one) => one * unit),
    set.standardDeviations,
  );
  const sum = Math.abs(fit.residualSum / set.residualSum - 1) <= ROUNDED_SUM;
  const passed = fit.converged && parameters >= ASKED.parameters && deviations >= ASKED.deviations && sum;
  return {
    name: set.name,
    level: set.level,
    start,
    parameters,
    deviations,
    iterations: fit.iterations,
    evaluations: fit.evaluations,
    milliseconds,
    passed,
  };
}
