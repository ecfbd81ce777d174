/** Derivatives by a complex step, which subtracts nothing: there is no ε too small. */

import type { Differences } from "../equations/differences.ts";
import { complex, type Complex } from "./arithmetic.ts";

/** A power of two near 1e-100, whose square is nothing beside 1. */
const STEP = 2 ** -332;

/**
 * ∂C/∂w_i ≈ Im C(w + iε 1_i) / ε: n evaluations at complex numbers, error O(ε²), no cancellation (Squire, Trapp 1998).
 *
 * @param costOfParameters - the cost at complex parameters, such as `complexCostOfParameters` gives
 * @param parameters - the point, which is real
 * @param epsilon - the step
 * @returns the gradient, and how often the cost was computed
 *
 * @example
 * complexDifference(([w]) => ({ re: w!.re ** 2 - w!.im ** 2, im: 2 * w!.re * w!.im }), [3]).gradient // => [6]
 */
export function complexDifference(
  costOfParameters: (parameters: readonly Complex[]) => Complex,
  parameters: readonly number[],
  epsilon = STEP,
): Differences {
  const here = parameters.map((value) => complex(value));
  let evaluations = 0;
  const gradient = parameters.map((value, i) => {
    evaluations += 1;
    return costOfParameters(here.with(i, complex(value, epsilon))).im / epsilon;
  });
  return { gradient, evaluations };
}
