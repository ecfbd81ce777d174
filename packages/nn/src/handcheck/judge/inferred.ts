/** A δ that was not handed in, read off the gradients that follow from it: right, chosen at a kink, or wrong. */

import { fits } from "../bounds/tolerance.ts";
import { wrongFormulas } from "../catalogue/grammar.ts";
import { sceneAt } from "../catalogue/mistake.ts";
import { layerOf, type DerivedClaim, type NetworkClaim } from "../claims/of-network.ts";
import { diagnose, itself, type Observation } from "./diagnosis.ts";
import { kinkChoices } from "../claims/kinks.ts";
import type { Setting } from "../claims/setting.ts";
import { sameShape, type Tracked } from "../bounds/tracked.ts";
import type { Names } from "./names.ts";
import type { Inferred } from "./walk.ts";

/**
 * Returns what the gradients of its layer, and of the one below, show of a δ; `null` where it is right or nothing is
 * known.
 */
export function inferred(
  names: Names,
  claim: NetworkClaim,
  expected: Tracked,
  above: Tracked | null,
): Inferred<Tracked> | null {
  const { setting, hand } = names;
  const { layer: l } = claim;
  const { gradients } = layerOf(setting, setting, hand, l, null);
  const observations = gradients.flatMap((one): Observation[] => {
    const correct = one.own(expected);
    const isOpen = one.given === undefined || !sameShape(one.given, correct);
    return isOpen ? [] : [{ yours: one.given!, correct, through: one.own }];
  });
  if (observations.length === 0 || observations.some(({ yours, correct }) => fits(yours, correct))) return null;
  const gives = (delta: Tracked): boolean => observations.some(({ yours, through }) => fits(yours, through(delta)));
  const kink = kinkChoices(setting, l, above).find(gives);
  if (kink !== undefined) return { standing: "chosen", seen: kink, diagnosis: null };
  const single = onlySample(setting, gradients, expected);
  const place = { ...names.placeOf(claim), factor: hand.gradientFactor };
  const found = diagnose(observations, names.candidates(claim, { observed: single }), place);
  if (belowIsRight(names, l, expected)) return null;
  if (found === null && single === null && gradients.every((one) => explainedApart(names, one, expected))) return null;
  const shown = observations[0]!.yours === gradients[0].given ? "BP3" : "BP4";
  const diagnosis = found?.diagnosis ?? names.nameless(observations, place, shown);
  return { standing: "fails", seen: found?.candidate?.value() ?? single, diagnosis };
}

/** Of one sample ∂C/∂b is δ itself, where ∂C/∂W agrees with it. */
function onlySample(
  { samples }: Setting,
  [bias, weights]: readonly [DerivedClaim, DerivedClaim],
  expected: Tracked,
): Tracked | null {
  const { given: gradB } = bias;
  if (samples !== 1 || gradB === undefined || !sameShape(gradB, expected)) return null;
  return weights.given === undefined || fits(weights.given, weights.own(gradB)) ? gradB : null;
}

/** Gradients below that are right show that δ^l was: what is wrong here is BP3 or BP4. */
function belowIsRight({ setting, hand }: Names, l: number, expected: Tracked): boolean {
  if (l === 1) return false;
  const { error, gradients } = layerOf(setting, setting, hand, l - 1, null);
  const below = error.own(expected);
  return gradients.some(({ given, own }) => given !== undefined && fits(given, own(below)));
}

/** True if a gradient is right, or wrong by a mistake of its own, where δ^l is what is expected. */
function explainedApart(names: Names, claim: DerivedClaim, expected: Tracked): boolean {
  const { given, rule, layer, own } = claim;
  if (given === undefined) return true;
  const scene = { ...sceneAt(names.setting, layer, names.delta), delta: expected };
  const found = diagnose([itself(given, own(expected))], wrongFormulas(rule, scene), names.placeOf(claim));
  return found !== null && found.candidate !== null;
}
