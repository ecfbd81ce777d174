/** The slope of L2 regularization: how much of W a gradient gets, by the forms of the cost that people use. */

/** What stands before W in ∂C/∂W of the mean cost: λ/n for (λ/2n) Σw², λ for (λ/2) Σw², 2λ for λ Σw², and so on. */
export type DecayForm = "λ/n" | "λ" | "2λ" | "2λ/n" | "λ/2n";

/** The forms by what each is of λ/n. */
const shares: Readonly<Record<DecayForm, (samples: number) => number>> = {
  "λ/n": () => 1, λ: (samples) => samples, "2λ": (samples) => 2 * samples, "2λ/n": () => 2, "λ/2n": () => 0.5,
};

export const decayForms = Object.keys(shares) as readonly DecayForm[];

/** What a form is of λ/n. */
export const decayShare = (form: DecayForm, samples: number): number => shares[form](samples);

/** The forms that differ for so many samples. */
export function distinctForms(samples: number): readonly DecayForm[] {
  return decayForms.filter((form, at) => decayForms.findIndex((other) => shares[other](samples) === shares[form](samples)) === at);
}
