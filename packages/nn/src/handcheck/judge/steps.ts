/** Naming what is wrong in a step of the learning rule: by the formulas of the catalogue, or by its rate. */

import { judging } from "../../locales/judging.ts";
import { constantOf, shortest } from "../bounds/fit.ts";
import type { Tracked } from "../bounds/tracked.ts";
import { secondMistakes, stepBy, stepMistakes } from "../catalogue/steps.ts";
import type { Candidate } from "../catalogue/mistake.ts";
import type { StepClaim } from "../claims/of-step.ts";
import type { SecondClaim } from "../claims/second-step.ts";
import type { Setting } from "../claims/setting.ts";
import { featuresOf } from "../relations/features.ts";
import type { Diagnosis } from "../report.ts";
import { diagnose, itself, nameOf, unknown, type Place } from "./diagnosis.ts";
import { shownOf } from "./unnamed.ts";

const placeOf = ({ layer, formula }: StepClaim | SecondClaim): Place => ({
  equation: "STEP",
  layer,
  correct: formula,
  factor: 1,
  elsewhere: () => [],
});

/** The names of the steps of one hand. */
export class StepNames {
  readonly #setting: Setting;
  readonly #momentum: number;
  /** Rates that layers have of their own: said once for W and b. */
  readonly #rates: Record<number, number> = {};

  constructor(setting: Setting, momentum: number) {
    this.#setting = setting;
    this.#momentum = momentum;
  }

  /** The mistake of a step that is no right one; `null` where it was told of its layer before. */
  find(claim: StepClaim | SecondClaim, yours: Tracked, correct: Tracked): Diagnosis | null {
    const [place, observation] = [placeOf(claim), itself(yours, correct)];
    if (yours.rows !== correct.rows || yours.cols !== correct.cols)
      return unknown(
        [observation],
        place,
        featuresOf(shownOf(yours, correct), this.#setting).map(({ words }) => words),
      );
    if (claim.rule === "second") return nameOf(observation, secondMistakes(claim), place);
    const { layer, before, gradient } = claim;
    const rate = rateOf(this.#setting.by.sub(before, yours), gradient, this.#rates[layer]);
    if (rate !== null && this.#rates[layer] === rate) return null;
    const candidates = stepMistakes(this.#setting, claim, this.#momentum);
    const found = diagnose([observation], candidates, place);
    const rated = found !== null || rate === null ? null : diagnose([observation], [this.#atRate(claim, rate)], place);
    if (rated !== null && rate !== null) this.#rates[layer] = rate;
    return (found ?? rated)?.diagnosis ?? unknown([observation], place, []);
  }

  /** A step by another rate than the one that was told. */
  #atRate(claim: StepClaim, rate: number): Candidate {
    const eta = this.#setting.eta!;
    const squared = Math.abs(rate - eta * eta) <= 1e-9 * rate;
    return {
      ...stepBy("E5", this.#setting, claim, "rate", rate, `− ${rate}`),
      says: judging.otherRate({ rate, squared }),
    };
  }
}

/** c of a step −c ∂C/∂w: its own where several entries show one, else the rate of the layer. */
function rateOf(moved: Tracked, gradient: Tracked, known: number | undefined): number | null {
  const found = constantOf([[moved, gradient]]);
  if (found === null || found.c <= 0) return null;
  if (known !== undefined && Math.abs(found.c - known) <= found.error) return known;
  return moved.value.length < 2 ? null : shortest(found);
}
