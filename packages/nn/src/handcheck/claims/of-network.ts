/** Says what is claimed of a network: δ and two gradients of each layer, then the gradient of the input. */

import type { Canonical } from "./conventions.ts";
import { acceptsKinks, closed } from "./kinks.ts";
import { bp1, bp2, bp3, bp4, regularized, trueDeltas } from "./local.ts";
import type { Line } from "../report.ts";
import type { Setting } from "./setting.ts";
import { bp1Text, bp2Text, bp3Text, bp4Text, deltaName, gradBName, gradWName, INPUT_NAME } from "./text.ts";
import { fits, residual } from "../bounds/tolerance.ts";
import { sameShape, type Tracked } from "../bounds/tracked.ts";
import type { Claim, Comparison, Derived } from "./claim.ts";

/** One quantity of a network, and its rule. */
export interface NetworkClaim extends Claim<Tracked> {
  readonly rule: Derived | "input";
  readonly equation: Line["equation"];
  readonly layer: number;
  /** Says what the shown numbers are multiplied by, so that they are the person's own. */
  readonly factor: number;
}

/** One of BP1 to BP4. */
export interface DerivedClaim extends NetworkClaim {
  readonly rule: Derived;
}

/** The claims of a layer. */
interface Layer {
  readonly error: DerivedClaim;
  /** ∂C/∂b^l, ∂C/∂W^l */
  readonly gradients: readonly [bias: DerivedClaim, weights: DerivedClaim];
}

/** Matrices, each entry with its bound. */
export const byBounds: Comparison<Tracked> = { byTruth: false, sized: sameShape, finite: () => true, fits, residual };

/** δ^l, by BP1 or from δ^{l+1} by BP2. */
function errorAt(
  setting: Setting,
  truth: Setting,
  { delta, deltaFactor }: Canonical,
  l: number,
  from: DerivedClaim | null,
): DerivedClaim {
  const top = l === setting.last;
  const rule = top ? "BP1" : "BP2";
  return {
    rule,
    equation: rule,
    layer: l,
    name: deltaName(l),
    formula: top ? bp1Text(setting) : bp2Text(setting, l),
    factor: deltaFactor,
    given: closed(setting, l, delta[l]),
    from,
    own: (above) => (top ? bp1(setting) : bp2(setting, l, above!)),
    truth: (above) => {
      const all = trueDeltas(truth);
      return top || above === all[l + 1] ? all[l]! : bp2(truth, l, above!);
    },
    chosen: (given, local, above) =>
      !fits(given, local) && acceptsKinks(setting, l, given, local, above) ? given : null,
  };
}

/** The claims of layer l. */
export function layerOf(
  setting: Setting,
  truth: Setting,
  hand: Canonical,
  l: number,
  from: DerivedClaim | null,
): Layer {
  const error = errorAt(setting, truth, hand, l, from);
  type Follows = (at: Setting, delta: Tracked) => Tracked;
  const of = (
    rule: "BP3" | "BP4",
    name: string,
    formula: string,
    given: Tracked | undefined,
    follows: Follows,
  ): DerivedClaim => ({
    rule,
    equation: rule,
    layer: l,
    name,
    formula,
    given,
    factor: hand.gradientFactor,
    from: error,
    own: (delta) => follows(setting, delta!),
    truth: (delta) => follows(truth, delta!),
  });
  return {
    error,
    gradients: [
      of("BP3", gradBName(l), bp3Text(setting, l), hand.gradB[l], bp3),
      of("BP4", gradWName(l), bp4Text(setting, l), hand.gradW[l], (at, delta) => regularized(at, l, bp4(at, l, delta))),
    ],
  };
}

/** True if a claim is about δ, from which others follow. */
export const isError = ({ rule }: NetworkClaim): boolean => rule === "BP1" || rule === "BP2";

/** Every claim of the derivation: of a layer δ, then what follows from it. */
export function* claimsOf(setting: Setting, truth: Setting, hand: Canonical): Generator<DerivedClaim> {
  let above: DerivedClaim | null = null;
  for (let l = setting.last; l >= 1; l--) {
    const { error, gradients }: Layer = layerOf(setting, truth, hand, l, above);
    yield* [error, ...gradients];
    above = error;
  }
}

/** δ⁰ = ∂C/∂x = (W¹)ᵀ δ¹, where somebody hands it in; `from` is δ¹. */
export function inputOf({ by, W }: Setting, hand: Canonical, from: NetworkClaim): NetworkClaim[] {
  const given = hand.delta[0];
  const follows = (delta: Tracked | null): Tracked => by.matmul(delta!, W[1]!);
  if (given === undefined) return [];
  const formula = `${INPUT_NAME} = ∂C/∂x = (W¹)ᵀ δ¹`;
  const place = { rule: "input", equation: "BP2", layer: 0, name: INPUT_NAME, formula } as const;
  return [{ ...place, factor: hand.deltaFactor, given, from, own: follows, truth: follows }];
}
