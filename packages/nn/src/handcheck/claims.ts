/** What is claimed of a network: δ and two gradients of each layer, each with the rule by which it follows from a δ, from the top down. */

import type { Derived } from "./catalogue/mistake.ts";
import type { Canonical } from "./conventions.ts";
import { acceptsKinks, closed } from "./kinks.ts";
import { bp1, bp2, bp3, bp4, regularized } from "./local.ts";
import type { Setting } from "./setting.ts";
import { bp1Text, bp2Text, bp3Text, bp4Text, deltaName, gradBName, gradWName } from "./text.ts";
import { overTolerance } from "./tolerance.ts";
import type { Tracked } from "./tracked.ts";

/** One quantity, as it was handed in, and its rule. */
export interface Claim {
  readonly rule: Derived;
  readonly layer: number;
  readonly name: string;
  readonly formula: string;
  readonly given: Tracked | undefined;
  /** What the shown numbers are multiplied by, so that they are the person's own. */
  readonly factor: number;
  /** Its right-hand side from δ^l, or of δ^l itself from δ^{l+1}; in another setting as well. */
  readonly follows: (setting: Setting, source: Tracked | null) => Tracked;
}

/** The claims of a layer. */
export interface Layer {
  readonly error: Claim;
  /** ∂C/∂b^l, ∂C/∂W^l */
  readonly gradients: readonly [bias: Claim, weights: Claim];
}

export const fits = (a: Tracked, b: Tracked): boolean => overTolerance(a, b, 1) <= 1;
export const sized = (a: Tracked, b: Tracked): boolean => a.rows === b.rows && a.cols === b.cols;

/** The claims about layer l. */
export function layerOf(setting: Setting, hand: Canonical, l: number): Layer {
  const top = l === setting.last;
  const factor = hand.gradientFactor;
  return {
    error: {
      rule: top ? "BP1" : "BP2", layer: l, name: deltaName(l), formula: top ? bp1Text(setting) : bp2Text(setting, l), given: closed(setting, l, hand.delta[l]), factor: hand.deltaFactor,
      follows: (at, above) => (top ? bp1(at) : bp2(at, l, above!)),
    },
    gradients: [
      { rule: "BP3", layer: l, name: gradBName(l), formula: bp3Text(setting, l), given: hand.gradB[l], factor, follows: (at, delta) => bp3(at, delta!) },
      { rule: "BP4", layer: l, name: gradWName(l), formula: bp4Text(setting, l), given: hand.gradW[l], factor, follows: (at, delta) => regularized(at, l, bp4(at, l, delta!)) },
    ],
  };
}

/** Every layer from the top down, with δ^l as the claims below see it: the person's own where its shape fits, else what follows from above. */
function* walk(setting: Setting, hand: Canonical): Generator<Layer & { readonly expected: Tracked; readonly above: Tracked | null; readonly delta: Tracked }> {
  let above: Tracked | null = null;
  for (let l = setting.last; l >= 1; l--) {
    const layer = layerOf(setting, hand, l);
    const expected = layer.error.follows(setting, above);
    const { given } = layer.error;
    const delta: Tracked = given !== undefined && sized(given, expected) ? given : expected;
    yield { ...layer, expected, above, delta };
    above = delta;
  }
}

/** δ^l as each equation below is given it; index 0 is empty. */
export function deltasOf(setting: Setting, hand: Canonical): readonly Tracked[] {
  const deltas: Tracked[] = [];
  for (const { error, delta } of walk(setting, hand)) deltas[error.layer] = delta;
  return deltas;
}

/** How many of the given claims fail, counted no further than `enough`: what conventions are compared by. */
export function failing(setting: Setting, hand: Canonical, enough: number): number {
  let count = 0;
  for (const { error, gradients, expected, above, delta } of walk(setting, hand)) {
    const { given, layer } = error;
    if (given !== undefined && !fits(given, expected) && !(sized(given, expected) && acceptsKinks(setting, layer, given, expected, above))) count += 1;
    for (const one of gradients) if (one.given !== undefined && !fits(one.given, one.follows(setting, delta))) count += 1;
    if (count > enough) break;
  }
  return count;
}
