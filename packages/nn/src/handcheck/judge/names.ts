/** Naming what is wrong in a network: by the formulas of the catalogue at that place, or by what the numbers show. */

import { aliasedMistakes } from "../catalogue/aliased.ts";
import { wrongFormulas } from "../catalogue/grammar.ts";
import { sceneAt, type Candidate, type Scene } from "../catalogue/mistake.ts";
import type { NetworkClaim } from "../claims/of-network.ts";
import type { Canonical } from "../claims/conventions.ts";
import { diagnose, itself, unknown, type Observation, type Place } from "./diagnosis.ts";
import { genericLike } from "../claims/generic.ts";
import type { Explanation } from "../relations/explain.ts";
import type { Diagnosis } from "../report.ts";
import type { Setting } from "../claims/setting.ts";
import { gradBName, gradWName } from "../claims/text.ts";
import { sameShape, type Tracked } from "../bounds/tracked.ts";
import { unnamed } from "./unnamed.ts";

/** The names of one hand in one setting. */
export class Names {
  /** δ^l as everything below was judged with, filled from the top down; `null` where nobody knows it. */
  readonly delta: (Tracked | null)[] = [];
  /** Says what is said of roots without a name: worked out for those that are told. */
  readonly words = new Map<Diagnosis, () => Explanation>();
  readonly setting: Setting;
  readonly hand: Canonical;

  constructor(setting: Setting, hand: Canonical) {
    this.setting = setting;
    this.hand = hand;
  }

  /** Returns where a claim stands, with its wrong formulas on generic numbers. */
  placeOf({ rule, equation, layer, formula, factor }: NetworkClaim): Place {
    return {
      equation,
      layer,
      correct: formula,
      factor,
      elsewhere: () => {
        const { other, deltas } = genericLike(this.setting);
        return wrongFormulas(rule, sceneAt(other, layer, deltas));
      },
    };
  }

  /** Returns what may have been computed in the place of a claim. */
  candidates({ rule, layer }: NetworkClaim, known: Partial<Scene> = {}): Candidate[] {
    const scene = { ...sceneAt(this.setting, layer, this.delta), ...known };
    switch (rule) {
      case "BP3":
        return [...aliasedMistakes(layer, this.hand.gradB, gradBName), ...wrongFormulas(rule, scene)];
      case "BP4":
        return [...aliasedMistakes(layer, this.hand.gradW, gradWName), ...wrongFormulas(rule, scene)];
      default:
        return wrongFormulas(rule, { ...scene, gradW: this.#gradW(layer + 1) });
    }
  }

  /** The name of what was handed in for a claim; `null` where it has none. */
  find(claim: NetworkClaim, yours: Tracked, correct: Tracked): Diagnosis | null {
    const candidates = this.candidates(claim, { observed: yours });
    return diagnose([itself(yours, correct)], candidates, this.placeOf(claim))?.diagnosis ?? null;
  }

  /** A root that no formula gives; it shows in an `equation` that may be another than its own. */
  nameless(observations: readonly Observation[], place: Place, equation = place.equation): Diagnosis {
    const diagnosis = unknown(observations, place, []);
    const { yours, correct } = observations[0]!;
    const { setting, hand, delta } = this;
    const { layer } = place;
    if (layer > 0) this.words.set(diagnosis, () => unnamed(setting, { equation, layer, hand, delta }, yours, correct));
    return diagnosis;
  }

  /** ∂C/∂W of a layer as it was handed in, in the shape that it must have. */
  #gradW(l: number): Tracked | null {
    const given = this.hand.gradW[l];
    return given !== undefined && sameShape(given, this.setting.W[l]!) ? given : null;
  }
}
