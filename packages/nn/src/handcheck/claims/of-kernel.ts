/** Says what is claimed of a kernel: one gradient of each input, on all probes at once. */

import { keepsSums, type Corner } from "../bounds/corners.ts";
import { residualOf, type Known } from "../bounds/compare.ts";
import { largest, map, sameShape, type Numbers } from "../bounds/numbers.ts";
import type { Residual } from "../report.ts";
import type { Claim, Comparison } from "./claim.ts";

/** Holds what is right on one probe, and the slopes that are as right at a corner. */
export interface Truth extends Known {
  readonly corners: Corner["ranges"];
  /** Sums that every choice at the corners leaves as they are. */
  readonly sums?: Corner["sums"];
}

/** One array on each probe. */
type Probes = readonly Known[];

/** The numbers, with what is right in the place of NaN. */
const numbersOf = (yours: Numbers, { data }: Numbers): Numbers =>
  map(yours, (x, i) => (Number.isFinite(x) ? x : (data[i] ?? x)));

/** Returns where a probe is furthest off, in units of what is allowed. */
const residualOn = ({ value }: Known, right: Known): Residual | null =>
  residualOf(numbersOf(value, right.value), right.value, right.allowed);

function worst(yours: Probes, right: Probes): Residual | null {
  const all = yours.flatMap((one, p) => residualOn(one, right[p]!) ?? []);
  return all.sort((a, b) => b.overTolerance - a.overTolerance)[0] ?? null;
}

/** Arrays on probes. */
export const onProbes: Comparison<Probes> = {
  byTruth: false,
  sized: (yours, right) => yours.every(({ value: { shape } }, p) => sameShape(shape, right[p]!.value.shape)),
  finite: (yours) => yours.length > 0 && yours.every(({ value }) => value.data.every(Number.isFinite)),
  fits: (yours, right) => (worst(yours, right)?.overTolerance ?? 0) <= 1,
  residual: worst,
};

/** The truth with what is accepted at corners put in its place; `null` where nothing is to choose. */
function atCorners({ value: yours }: Known, { value, allowed, corners, sums = [] }: Truth): Known | null {
  const room = allowed + 1e-7 * largest(value.data);
  if (corners.size === 0 || !keepsSums(yours, value, { ranges: corners, sums }, room)) return null;
  const data = value.data.slice();
  for (const [i, [low, high]] of corners) data[i] = Math.min(Math.max(yours.data[i]!, low - allowed), high + allowed);
  return { value: { data, shape: value.shape }, allowed };
}

/** A gradient on one probe. */
interface Probe {
  readonly yours: Numbers;
  readonly truth: Truth;
}

/** The claim about one gradient; nothing was handed in where there is no probe. */
export function gradientOf(name: string, formula: string, probes: readonly Probe[]): Claim<Probes> {
  // Where the forward gives no number there is no derivative to compare with.
  const kept = probes.filter(({ truth }) => truth.value.data.every(Number.isFinite));
  const truths = kept.map(({ truth }) => truth);
  return {
    name,
    formula,
    from: null,
    own: () => truths,
    truth: () => truths,
    given: probes.length === 0 ? undefined : kept.map(({ yours }) => ({ value: yours, allowed: 0 })),
    chosen: (given) => {
      const choices = given.map((one, p) => atCorners(one, truths[p]!));
      return choices.every((one) => one === null) ? null : choices.map((one, p) => one ?? truths[p]!);
    },
  };
}
