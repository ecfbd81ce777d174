/** Gradients and Hessians of the 35 problems beside an evaluation with 96 digits. */

import { grad, hessian, tensor, type Tensor } from "@chainrule/autograd";
import { errorOf, exactSum } from "../notation/exact.ts";
import { tensorFunction } from "../notation/tensors.ts";
import type { Problem } from "./problems.ts";
import { squared } from "./score.ts";

/**
 * Errors beside the sum of the sizes of the terms of each entry; of gradients at minima, which vanish, beside what the
 * last bits of x move.
 */
export interface Accuracy {
  readonly number: number;
  readonly name: string;
  readonly where: string;
  readonly gradient: number;
  readonly hessian: number;
}

/** The points at which a problem is looked at: its start, the generic point, and the minima that are points. */
export function pointsOf({
  start,
  checkPoint,
  minima,
  others,
}: Problem): readonly (readonly [where: string, x: readonly number[]])[] {
  const at = [...minima, ...others].flatMap(({ computedAt, at: published }) => {
    const x = computedAt ?? published;
    return x?.every((one) => typeof one === "number") === true ? [["minimum", x] as const] : [];
  });
  return [["start", start], ...(checkPoint === null ? [] : [["check point", checkPoint.x] as const]), ...at];
}

export function accuracyOf(problem: Problem, where: string, x: readonly number[]): Accuracy {
  const f = tensorFunction(problem.residuals);
  const loss = (given: Tensor<[number]>): Tensor<[]> => squared(f(given));
  const point = tensor([...x]);
  const exact = exactSum(problem.residuals, x);
  const sizes = where === "minimum" ? exact.gradientMoves : exact.gradientTerms;
  const slope = grad(loss)(point).toTypedArray();
  const bend = hessian(loss)(point).toTypedArray();
  let [gradient, second] = [0, 0];
  for (let j = 0, at = 0; j < x.length; j++) {
    gradient = Math.max(gradient, errorOf(slope[j]!, exact.gradient[j]!, sizes[j]!));
    for (let k = 0; k <= j; k++, at++)
      second = Math.max(second, errorOf(bend[j * x.length + k]!, exact.hessian[at]!, exact.hessianTerms[at]!));
  }
  return { number: problem.number, name: problem.name, where, gradient, hessian: second };
}
