/** A δ that was not handed in, read off the gradients that follow from it: right, chosen at a kink, or wrong under a name. */

import { fits } from "../bounds/tolerance.ts";
import { wrongFormulas } from "../catalogue/grammar.ts";
import { sceneAt } from "../catalogue/mistake.ts";
import { layerOf, type DerivedClaim, type NetworkClaim } from "../claims/of-network.ts";
import type { Canonical } from "../claims/conventions.ts";
import { diagnose, itself, type Observation } from "./diagnosis.ts";
import { kinkChoices } from "../claims/kinks.ts";
import type { Setting } from "../claims/setting.ts";
import { sameShape, type Tracked } from "../bounds/tracked.ts";
import type { Names } from "./names.ts";
import type { Inferred } from "./walk.ts";

/** What the gradients of its layer, and of the one below, show of a δ that was not handed in; `null` where it is right or nothing is known. */
export function inferred(setting: Setting, hand: Canonical, names: Names, claim: NetworkClaim, expected: Tracked, above: Tracked | null): Inferred<Tracked> | null {
  const { layer: l } = claim;
  const { gradients } = layerOf(setting, setting, hand, l, null);
  const observations = gradients.flatMap((one): Observation[] => {
    const correct = one.own(expected);
    return one.given === undefined || !sameShape(one.given, correct) ? [] : [{ yours: one.given, correct, through: one.own }];
  });
  if (observations.length === 0 || observations.some(({ yours, correct }) => fits(yours, correct))) return null;
  const kink = kinkChoices(setting, l, above).find((choice) => observations.some(({ yours, through }) => fits(yours, through(choice))));
  if (kink !== undefined) return { standing: "chosen", seen: kink, diagnosis: null };
  const single = onlySample(setting, gradients, expected);
  const place = { ...names.placeOf(claim), factor: hand.gradientFactor };
  const found = diagnose(observations, names.candidates(claim, { observed: single }), place);
  const apart = belowIsRight(setting, hand, l, expected) || (found === null && single === null && gradients.every((one) => explainedApart(setting, names, one, expected)));
  if (apart) return null;
  if (found !== null && found.candidate !== null) return { standing: "fails", seen: found.candidate.value(), diagnosis: found.diagnosis };
  const diagnosis = found?.diagnosis ?? names.nameless(observations, place, observations[0]!.yours === gradients[0].given ? "BP3" : "BP4");
  return { standing: "fails", seen: single, diagnosis };
}

/** Of one sample ∂C/∂b is δ itself, where ∂C/∂W agrees with it. */
function onlySample({ samples }: Setting, [{ given: gradB }, weights]: ReturnType<typeof layerOf>["gradients"], expected: Tracked): Tracked | null {
  if (samples !== 1 || gradB === undefined || !sameShape(gradB, expected)) return null;
  return weights.given === undefined || fits(weights.given, weights.own(gradB)) ? gradB : null;
}

/** Gradients below that are right show that δ^l was: what is wrong here is BP3 or BP4. */
function belowIsRight(setting: Setting, hand: Canonical, l: number, expected: Tracked): boolean {
  if (l === 1) return false;
  const { error, gradients } = layerOf(setting, setting, hand, l - 1, null);
  const below = error.own(expected);
  return gradients.some(({ given, own }) => given !== undefined && fits(given, own(below)));
}

/** Whether a gradient is right, or wrong by a mistake of its own, where δ^l is what is expected. */
function explainedApart(setting: Setting, names: Names, claim: DerivedClaim, expected: Tracked): boolean {
  const { given, rule, layer, own } = claim;
  if (given === undefined) return true;
  const found = diagnose([itself(given, own(expected))], wrongFormulas(rule, { ...sceneAt(setting, layer, names.delta), delta: expected }), names.placeOf(claim));
  return found !== null && found.candidate !== null;
}
