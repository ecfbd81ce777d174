/** The slope of L2 regularization: how much of W a gradient gets, by the forms of the cost that people use. */

import type { DecayForm } from "../report.ts";

/** The forms by what each is of λ/n. */
const shares: Readonly<Record<DecayForm, (samples: number) => number>> = {
  "λ/n": () => 1,
  λ: (samples) => samples,
  "2λ": (samples) => 2 * samples,
  "2λ/n": () => 2,
  "λ/2n": () => 0.5,
};

export const decayForms = Object.keys(shares) as readonly DecayForm[];

/** Returns what a form is of λ/n. */
export const decayShare = (form: DecayForm, samples: number): number => shares[form](samples);

/** The forms that differ for so many samples. */
export function distinctForms(samples: number): readonly DecayForm[] {
  return decayForms.filter(
    (form, at) => decayForms.findIndex((other) => shares[other](samples) === shares[form](samples)) === at,
  );
}
