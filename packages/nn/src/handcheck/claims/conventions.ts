/** Conventions: which layouts, signs and scales a person uses, found by which of them satisfies most equations. */

import { judging } from "../../locales/judging.ts";
import { joined, type Words } from "../../locales/words.ts";
import { costOf } from "../../network/cost.ts";
import { meanCost } from "./cost.ts";
import { distinctForms } from "./decay.ts";
import type { Convention, ConventionChoice } from "../report.ts";
import type { Cost } from "../equations/network.ts";
import type { Raw, RawByLayer, RawHand } from "./hand.ts";
import type { Setting } from "./setting.ts";
import { transpose, type Tracked } from "../bounds/tracked.ts";

/** Holds what the network itself uses. */
export const ownConvention: Convention = {
  weights: "out×in",
  samples: "rows",
  layerBase: 1,
  deltaSign: 1,
  reduction: "mean",
  delta: "perSample",
  half: true,
  decay: "λ/n",
};

/** Returns what a network with a cost uses: the ½ stands where the cost has it. */
export const ownOf = (cost: Cost): Convention => ({
  ...ownConvention,
  half: costOf(cost).record.squares?.half ?? true,
});

/** Returns what is declared: nothing, the network's own convention in full, or the parts that are named. */
export function declaredOf(convention: ConventionChoice | undefined, cost: Cost): Partial<Convention> {
  return convention === undefined || convention === "auto" ? {} : convention === "ours" ? ownOf(cost) : convention;
}

/** A hand in the network's own convention: samples as rows, W out × in, δ of each sample, gradients of the mean. */
export interface Canonical {
  readonly u: Readonly<Record<number, Tracked>>;
  readonly v: Readonly<Record<number, Tracked>>;
  readonly delta: Readonly<Record<number, Tracked>>;
  readonly gradW: Readonly<Record<number, Tracked>>;
  readonly gradB: Readonly<Record<number, Tracked>>;
  readonly nextW: Readonly<Record<number, Tracked>>;
  readonly nextB: Readonly<Record<number, Tracked>>;
  readonly afterW: Readonly<Record<number, Tracked>>;
  readonly afterB: Readonly<Record<number, Tracked>>;
  readonly momentum: number | null;
  readonly cost: number | null;
  readonly costError: number;
  /** Says what the person's δ and gradients are of the network's own. */
  readonly deltaFactor: number;
  readonly gradientFactor: number;
}

/** Returns what a cost with or without the ½ is of the network's own. */
const halved = (half: boolean, own: Convention): number => (half === own.half ? 1 : half ? 0.5 : 2);

/** Returns what a δ is multiplied by under a convention. */
function deltaFactor({ deltaSign, half, delta, reduction }: Convention, samples: number, own: Convention): number {
  return deltaSign * halved(half, own) * (delta === "reduced" && reduction === "mean" ? 1 / samples : 1);
}

/** Returns what a gradient is multiplied by under a convention. */
function gradientFactor({ half, reduction }: Convention, samples: number, own: Convention): number {
  return halved(half, own) * (reduction === "sum" ? samples : 1);
}

/**
 * A hand, read under a convention. Shapes that fit nothing stay as they are: an equation will name them.
 * `added` reads the gradients as corrections that a step adds, −∂C/∂w: with δ = −∂C/∂u they are δ vᵀ again.
 */
export function normalize(raw: RawHand, convention: Convention, setting: Setting, added = false): Canonical {
  const {
    samples,
    problem: { sizes, cost },
  } = setting;
  const own = ownOf(cost);
  const [ofDelta, ofGradient] = [
    deltaFactor(convention, samples, own),
    gradientFactor(convention, samples, own) * (added ? -1 : 1),
  ];
  const each = (given: RawByLayer, read: (raw: Raw, l: number) => Tracked, factor: number): Record<number, Tracked> =>
    Object.fromEntries(Object.entries(given).map(([l, one]) => [l, unscale(read(one, Number(l)), factor)]));
  const bySample = (raw: Raw, l: number): Tracked =>
    oriented(raw.matrix, raw.flat, samples, sizes[l]!, convention.samples === "columns");
  const byWeight = (raw: Raw, l: number): Tracked => {
    // Of one unit a flat list is its row, of one input it is the column, whichever way matrices lie.
    if (raw.flat) return sizes[l] !== 1 && sizes[l - 1] === 1 ? turnedOnce(raw.matrix) : raw.matrix;
    return convention.weights === "in×out" ? turnedOnce(raw.matrix) : raw.matrix;
  };
  const byUnit = (raw: Raw, l: number): Tracked => {
    const one = setting.problem.tiedBiases === true ? asOne(raw.matrix) : raw.matrix;
    if (one.rows === sizes[l] && one.cols === 1) return turnedOnce(one);
    if (one.rows === 1 && one.cols === sizes[l]) return one;
    // One row for each sample: not reduced.
    return convention.samples === "columns" && one.cols === samples && one.rows === sizes[l] ? turnedOnce(one) : one;
  };
  return {
    u: each(raw.u, bySample, 1),
    v: each(raw.v, bySample, 1),
    delta: each(raw.delta, bySample, ofDelta),
    gradW: each(raw.gradW, byWeight, ofGradient),
    gradB: each(raw.gradB, byUnit, ofGradient),
    nextW: each(raw.nextW, byWeight, 1),
    nextB: each(raw.nextB, byUnit, 1),
    afterW: each(raw.afterW, byWeight, 1),
    afterB: each(raw.afterB, byUnit, 1),
    momentum: raw.momentum,
    cost: raw.cost,
    costError: raw.costError,
    deltaFactor: ofDelta,
    gradientFactor: ofGradient,
  };
}

/** The one bias of a layer, written out for each of its units, is one number. */
function asOne(given: Tracked): Tracked {
  const { rows, cols, value, error } = given;
  if (value.length < 2 || Math.min(rows, cols) > 1 || !value.every((x) => x === value[0])) return given;
  return { rows: 1, cols: 1, value: value.slice(0, 1), error: error && error.slice(0, 1) };
}

function oriented(one: Tracked, flat: boolean, samples: number, units: number, columns: boolean): Tracked {
  // A flat list is the one sample, or the one unit of every sample.
  if (flat)
    return one.cols === units && samples === 1 ? one : units === 1 && one.cols === samples ? turnedOnce(one) : one;
  if (one.rows === samples && one.cols === units && one.rows !== one.cols) return one;
  return columns ? turnedOnce(one) : one;
}

/**
 * Holds what was divided by a factor, and turned: several conventions read one array alike, and what follows from it
 * follows once.
 */
const unscaled = new WeakMap<Tracked, Map<number, Tracked>>();
const transposes = new WeakMap<Tracked, Tracked>();

function unscale(one: Tracked, factor: number): Tracked {
  if (factor === 1) return one;
  const known = unscaled.get(one) ?? new Map<number, Tracked>();
  unscaled.set(one, known);
  const error = (): Float64Array | null => one.error?.map((x) => x / Math.abs(factor)) ?? null;
  const found = known.get(factor) ?? { ...one, value: one.value.map((x) => x / factor), error: error() };
  known.set(factor, found);
  return found;
}

function turnedOnce(one: Tracked): Tracked {
  const found = transposes.get(one) ?? transpose(one);
  transposes.set(one, found);
  return found;
}

/** Which way the matrices of a part lie by their sizes. */
function lieOf(
  given: RawByLayer,
  rows: (l: number) => number,
  cols: (l: number) => number,
): "as is" | "turned" | "either" {
  let [fits, turns] = [true, true];
  for (const [key, { matrix, flat }] of Object.entries(given)) {
    const l = Number(key);
    if (flat) continue;
    fits &&= matrix.rows === rows(l) && matrix.cols === cols(l);
    turns &&= matrix.rows === cols(l) && matrix.cols === rows(l);
  }
  return fits === turns ? "either" : fits ? "as is" : "turned";
}

/** The layouts of W that the sizes allow. */
function weightsAllowed({ nextW, gradW }: RawHand, { problem: { sizes } }: Setting): readonly Convention["weights"][] {
  const lie = lieOf(
    { ...nextW, ...gradW },
    (l) => sizes[l]!,
    (l) => sizes[l - 1]!,
  );
  return lie === "turned" ? ["in×out"] : lie === "as is" ? ["out×in"] : ["out×in", "in×out"];
}

/** The places of samples that the sizes allow. */
function samplesAllowed(
  { u, v, delta }: RawHand,
  { samples, problem: { sizes } }: Setting,
): readonly Convention["samples"][] {
  const all = [u, v, delta].map((part) =>
    lieOf(
      part,
      () => samples,
      (l) => sizes[l]!,
    ),
  );
  return all.includes("turned") ? ["columns"] : all.includes("as is") ? ["rows"] : ["rows", "columns"];
}

/** How far a convention is from the network's own. */
const rankOf = (one: Convention, own: Convention): number =>
  Number(one.weights !== ownConvention.weights) +
  Number(one.samples !== ownConvention.samples) +
  Number(one.delta !== ownConvention.delta) +
  1.5 * Number(one.reduction !== ownConvention.reduction) +
  1.5 * Number(one.deltaSign !== ownConvention.deltaSign) +
  2 * Number(one.half !== own.half) +
  2.5 * Number(one.decay !== ownConvention.decay);

/** The conventions worth trying, the likeliest first; declared parts are kept. */
export function conventionsFor(raw: RawHand, setting: Setting, declared: Partial<Convention>): Convention[] {
  const { samples, decay: own, problem } = setting;
  const usual = ownOf(problem.cost);
  const choices = <K extends keyof Convention>(
    key: K,
    open: boolean,
    values: readonly Convention[K][],
  ): readonly Convention[K][] => (declared[key] !== undefined ? [declared[key]] : open ? values : [usual[key]]);
  const several = samples > 1;
  const hasDelta = Object.keys(raw.delta).length > 0;
  // Whoever says how the cost is scaled, by its ½ and its mean, has the λ of that cost.
  const regularized = own !== null && own !== 0 && (declared.half === undefined || declared.reduction === undefined);
  const { layerBase } = raw;
  const [rows, layouts] = [samplesAllowed(raw, setting), weightsAllowed(raw, setting)];
  const list: Convention[] = [];
  for (const half of choices("half", costOf(problem.cost).record.squares !== undefined, halvesAllowed(raw, setting)))
    for (const reduction of choices("reduction", several, reductionsAllowed(raw, setting)))
      for (const delta of choices("delta", several && hasDelta && reduction === "mean", ["perSample", "reduced"]))
        for (const deltaSign of choices("deltaSign", hasDelta, [1, -1]))
          for (const samplesAs of choices("samples", true, rows))
            for (const weights of choices("weights", true, layouts))
              for (const decay of choices("decay", regularized, distinctForms(samples)))
                list.push({ weights, samples: samplesAs, layerBase, deltaSign, reduction, delta, half, decay });
  return list
    .map((one, order) => ({ one, order }))
    .sort((a, b) => rankOf(a.one, usual) - rankOf(b.one, usual) || a.order - b.order)
    .map(({ one }) => one);
}

/**
 * A cost that the person computed says whether it is a sum or a mean over the samples; without one, either is possible.
 */
function reductionsAllowed({ cost }: RawHand, setting: Setting): readonly Convention["reduction"][] {
  if (cost === null) return ["mean", "sum"];
  const { samples, problem } = setting;
  const own = meanCost(setting);
  const { squares } = costOf(problem.cost).record;
  const scales = squares === undefined ? [1] : squares.half ? [1, 2] : [1, 0.5];
  const near = (factor: number): boolean =>
    scales.some((c) => Math.abs(cost - c * factor * own) <= 1e-3 * Math.abs(c * factor * own));
  const [mean, sum] = [near(1), near(samples)];
  return mean === sum ? ["mean", "sum"] : [mean ? "mean" : "sum"];
}

/** A cost that the person computed says whether it has its ½; without one, either is possible. */
function halvesAllowed({ cost }: RawHand, setting: Setting): readonly boolean[] {
  const { samples } = setting;
  const { half: usual } = ownOf(setting.problem.cost);
  const own = (usual ? 1 : 0.5) * meanCost(setting);
  const near = (expected: number): boolean => cost !== null && Math.abs(cost - expected) <= 1e-3 * Math.abs(expected);
  const [half, whole] = [near(own) || near(own * samples), near(2 * own) || near(2 * own * samples)];
  return half === whole ? [usual, !usual] : [half];
}

/** The convention in a sentence, and which parts were found rather than said. */
export function conventionNote(
  used: Convention,
  declared: Partial<Convention>,
  samples: number,
  cost: Cost,
): { inferred: (keyof Convention)[]; note: Words } {
  const keys = Object.keys(ownConvention) as (keyof Convention)[];
  const own = ownOf(cost);
  const differs = keys.filter((key) => used[key] !== own[key]);
  const inferred = differs.filter((key) => declared[key] === undefined);
  const sentences: Record<keyof Convention, Words> = {
    weights: judging.weightsInOut,
    samples: judging.samplesAsColumns,
    layerBase: judging.layersFromZero,
    deltaSign: judging.turnedDelta,
    reduction: judging.sumOfSamples({ count: samples }),
    delta: judging.deltaOfMean,
    half: used.half ? judging.costWithHalf : judging.costWithoutHalf,
    decay: judging.otherDecay({ decay: used.decay }),
  };
  if (differs.length === 0) return { inferred, note: judging.sameConvention };
  // What scales or turns everything is a convention until somebody says otherwise.
  const otherwise: Partial<Record<keyof Convention, Words>> = {
    deltaSign: judging.orTurned,
    reduction: judging.orSummed,
    delta: judging.orDeltaOfMean,
    half: used.half ? judging.orHalf : judging.orDouble,
    decay: judging.orDecay,
  };
  const sentence = (key: keyof Convention): Words => {
    const [is, or] = [sentences[key], inferred.includes(key) ? otherwise[key] : undefined];
    return or === undefined ? is : judging.readAs({ is, otherwise: or });
  };
  const what = joined(differs.map(sentence), judging.period);
  return { inferred, note: judging.different({ what }) };
}
