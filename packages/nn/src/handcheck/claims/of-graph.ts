/** Says what is claimed of a graph: the gradient at each name, all of what it follows from handed in or known. */

import { isSubgradient, type Corner } from "../bounds/corners.ts";
import { gapOf, residualOf, type Known } from "../bounds/compare.ts";
import { sameShape, type Numbers } from "../bounds/numbers.ts";
import type { Claim, Comparison } from "./claim.ts";

/** An array, with what else would be as right a consequence: what cancels may be left out. */
export interface Noisy extends Known {
  readonly otherwise?: Numbers | undefined;
}

const within = (a: Numbers, b: Numbers, allowed: number): boolean => a.data.length === 0 || gapOf(a, b) <= allowed;

/** Arrays with noise. */
export const withNoise: Comparison<Noisy> = {
  byTruth: true,
  sized: (yours, right) => sameShape(yours.value.shape, right.value.shape),
  finite: ({ value }) => value.data.every(Number.isFinite),
  fits: ({ value }, { value: right, otherwise = right, allowed }) =>
    value.data.some((x) => !Number.isFinite(x)) || within(value, right, allowed) || within(value, otherwise, allowed),
  residual: ({ value }, right) => residualOf(value, right.value, right.allowed),
};

/** The claim about the gradient at a name: `local` follows from the person's own gradients, `truth` from none. */
export function gradientAt(
  name: string,
  given: Numbers,
  local: Noisy,
  truth: Noisy,
  corner: Corner | undefined,
): Claim<Noisy> {
  return {
    name: `d${name}`,
    formula: "",
    from: null,
    given: { value: given, allowed: 0 },
    own: () => local,
    truth: () => truth,
    chosen: ({ value }) =>
      corner !== undefined && isSubgradient(value, local.value, corner, local.allowed)
        ? { ...local, otherwise: value }
        : null,
  };
}
