/** An L2 term that nobody told: every gradient of W is right but for one and the same multiple of W. */

import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import type { Chosen, Way } from "./choose.ts";
import type { Canonical } from "../claims/conventions.ts";
import { constantOf, shortest } from "../bounds/fit.ts";
import { deltasOf, failures } from "./network.ts";
import { bp4 } from "../claims/local.ts";
import type { Doubt } from "../report.ts";
import type { Setting } from "../claims/setting.ts";
import { gradWName } from "../claims/text.ts";
import { sameShape, type Tracked } from "../bounds/tracked.ts";

/** One number explains so many entries by chance only where these are few. */
const ENOUGH = 3;

/** The hand read with the L2 term that it seems to have; `null` where that does not make all of it right. */
export function untoldDecay(
  truth: Setting,
  ways: Iterable<Way>,
): { readonly chosen: Chosen; readonly doubts: readonly Doubt[] } | null {
  if (truth.decay !== null) return null;
  for (const way of ways) {
    const { hand, forward } = way;
    const rests = restsOf(forward, hand);
    const factor = Math.abs(hand.gradientFactor);
    const found =
      rests.reduce((sum, [rest]) => sum + rest.value.filter((x, i) => Math.abs(x) > (rest.error?.[i] ?? 0)).length, 0) <
      ENOUGH
        ? null
        : constantOf(rests);
    if (found === null || found.c <= 0) continue;
    const written = shortest({ c: found.c * factor, error: found.error * factor });
    const added = { decay: written / factor, decayForm: "λ", lambda: written } as const;
    if (failures({ ...forward, ...added }, hand, 0) > 0) continue;
    const asks = question(written, truth.samples);
    const layers = Object.keys(hand.gradW)
      .map(Number)
      .sort((a, b) => b - a);
    const doubts = layers.map((layer): Doubt => ({
      equation: "REG",
      layer,
      name: gradWName(layer),
      slips: [],
      decimals: null,
      asks,
    }));
    return { chosen: { convention: way.convention, hand, truth: { ...way.truth, ...added } }, doubts };
  }
  return null;
}

/** Returns what is left of each gradient of W beside the data part, with its W. */
function restsOf(setting: Setting, hand: Canonical): (readonly [Tracked, Tracked])[] {
  const rests: (readonly [Tracked, Tracked])[] = [];
  deltasOf(setting, hand).forEach((delta, l) => {
    const [given, W] = [hand.gradW[l], setting.W[l]!];
    if (given !== undefined && sameShape(given, W)) rests.push([setting.by.sub(given, bp4(setting, l, delta)), W]);
  });
  return rests;
}

/** λ W, or (λ/n) W where only that has a λ that somebody would choose. */
function question(c: number, samples: number): Words {
  const mean = Number((c * samples).toPrecision(12));
  const lambda = String(mean).length < String(c).length ? mean : c;
  return judging.untoldDecay({ lambda, factor: c });
}
