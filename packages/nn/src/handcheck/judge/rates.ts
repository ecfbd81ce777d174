/** Layers that step with a rate of their own, where gradients are known from the steps alone. */

import { judging } from "../../locales/judging.ts";
import type { Canonical } from "../claims/conventions.ts";
import { constantOf, shortest } from "../bounds/fit.ts";
import type { RawHand } from "../claims/hand.ts";
import { deltasOf } from "./network.ts";
import type { Judged } from "./network.ts";
import { bp3, bp4, regularized } from "../claims/local.ts";
import type { Doubt } from "../report.ts";
import type { Setting } from "../claims/setting.ts";
import { raised } from "../claims/text.ts";
import { fits } from "../bounds/tolerance.ts";
import type { Tracked } from "../bounds/tracked.ts";

/**
 * The hand with gradients from each layer's own rate, and the layers where a factor of the gradient would do as well.
 */
interface Rated {
  readonly hand: Canonical;
  readonly doubts: readonly Doubt[];
}

interface Own {
  readonly layer: number;
  /** The layer's rate over η. */
  readonly ratio: number;
}

/**
 * Returns what the rates are if no equation but the step fails; `null` where that explains nothing, or no better than
 * what was `found`.
 */
export function ownRates(setting: Setting, hand: Canonical, read: RawHand, found: Pick<Judged, "roots">): Rated | null {
  if (setting.eta === null || found.roots.length === 0) return null;
  const all = deltasOf(setting, hand).map((delta, l) => rateOf(setting, hand, read, l, delta));
  const known = all.filter((one): one is Own => one !== null && one !== "as told" && one !== "none");
  if (known.length === 0 || all.includes("none")) return null;
  // A factor that runs through several layers is one slip, and several rates are several.
  if (known.length > found.roots.length && found.roots.every(({ id }) => id !== "unknown")) return null;
  const { by } = setting;
  const [gradW, gradB] = [{ ...hand.gradW }, { ...hand.gradB }];
  for (const { layer, ratio } of known) {
    if (gradW[layer] !== undefined) gradW[layer] = by.scale(gradW[layer], 1 / ratio);
    if (gradB[layer] !== undefined) gradB[layer] = by.scale(gradB[layer], 1 / ratio);
  }
  const doubts = known
    .filter(({ ratio }) => factors(setting).includes(ratio))
    .map(({ layer, ratio }) => doubtAbout(layer, ratio));
  return { hand: { ...hand, gradW, gradB }, doubts };
}

/**
 * The rate of a layer over η, where its gradients are known from the step alone; `none` where no rate explains them.
 */
function rateOf(
  setting: Setting,
  hand: Canonical,
  read: RawHand,
  l: number,
  delta: Tracked,
): Own | "as told" | "none" | null {
  if (read.gradW[l] !== undefined || read.gradB[l] !== undefined) return null;
  const [W, b] = [hand.gradW[l], hand.gradB[l]];
  const pairs = [
    ...(W === undefined ? [] : [[W, regularized(setting, l, bp4(setting, l, delta))] as const]),
    ...(b === undefined ? [] : [[b, bp3(setting, delta)] as const]),
  ];
  if (pairs.length === 0) return null;
  if (pairs.some(([one, other]) => one.rows !== other.rows || one.cols !== other.cols)) return "none";
  if (pairs.every(([one, other]) => fits(one, other))) return "as told";
  const fitted = constantOf(pairs);
  const entries = pairs.reduce((sum, [one]) => sum + one.value.length, 0);
  if (fitted === null || fitted.c <= 0 || entries < 3) return "none";
  const eta = Math.abs(setting.eta!);
  const likely = [
    ...factors(setting).filter((one) => Math.abs(one - fitted.c) <= fitted.error),
    shortest({ c: fitted.c * eta, error: fitted.error * eta }) / eta,
    fitted.c,
  ];
  const ratio = likely.find((one) => pairs.every(([given, right]) => fits(given, setting.by.scale(right, one))));
  return ratio === undefined ? "none" : { layer: l, ratio };
}

/** Returns what a gradient is often multiplied by, so that a step alone does not tell it from a rate. */
const factors = ({ samples }: Setting): number[] => [2, 0.5, ...(samples > 1 ? [samples, 1 / samples] : [])];

function doubtAbout(layer: number, ratio: number): Doubt {
  const times = Number(ratio.toPrecision(6));
  return {
    equation: "STEP",
    layer,
    name: `W${raised(layer)}(τ+1)`,
    slips: [],
    decimals: null,
    asks: judging.layerRate({ layer, times }),
  };
}
