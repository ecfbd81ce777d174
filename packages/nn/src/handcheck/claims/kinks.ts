/**
 * Kinks: where σ has a corner and u stands exactly at it, every slope between those of its sides is a subgradient, and
 * none is wrong.
 */

import { costOf } from "../../network/cost.ts";
import { neuronOf } from "../../network/activation.ts";
import type { Corner } from "../../network/activations/record.ts";
import { slope as slopeAt } from "../equations/activations.ts";
import type { NeuronActivation } from "../equations/neurons.ts";
import { costSlope, lastOf, throughActivation, type Setting } from "./setting.ts";
import { cornerWithin } from "./sigma.ts";
import type { Tracked } from "../bounds/tracked.ts";

/** Holds where the units of a layer stand at corners, and ∂C/∂v^l. */
interface Kink {
  readonly activation: NeuronActivation;
  readonly corner: (i: number) => Corner | undefined;
  readonly slope: Tracked;
}

/** The corner at which each unit of layer l stands; `null` where none does. */
function cornersOf({ problem, u }: Setting, l: number): Kink["corner"] | null {
  const activation = problem.activations[l - 1]!;
  const corners = activation === "softmax" ? undefined : neuronOf(activation).corners;
  if (corners === undefined) return null;
  const { value, error } = u[l]!;
  const corner = (i: number): Corner | undefined => cornerWithin(corners, value[i]!, error?.[i] ?? 0);
  return value.some((_, i) => corner(i) !== undefined) ? corner : null;
}

/** True if some unit stands at a corner, or the cost does: then several δ are right. */
export const standsAtCorner = (setting: Setting): boolean =>
  costRanges(setting) !== null ||
  setting.problem.activations.some((_, index) => cornersOf(setting, index + 1) !== null);

/** The kinks of layer l; `null` where it has none. */
function kinkOf(setting: Setting, l: number, above: Tracked | null): Kink | null {
  const activation = setting.problem.activations[l - 1]!;
  const corner = cornersOf(setting, l);
  if (activation === "softmax" || corner === null) return null;
  const slope =
    l === setting.last ? costSlope(setting) : above === null ? null : setting.by.matmul(above, setting.W[l + 1]!);
  return slope === null ? null : { activation, corner, slope };
}

/** The least and the most of ∂C/∂v^L where the cost has a corner, sample by sample; `null` where none stands at one. */
function costRanges(setting: Setting): readonly (readonly (readonly [number, number])[])[] | null {
  const { record } = costOf(setting.problem.cost);
  if (record.slopeRanges === undefined) return null;
  const ranges = lastOf(setting).map((sample) => record.slopeRanges!(sample));
  return ranges.some((row) => row.some(([low, high]) => low !== high)) ? ranges : null;
}

/** δ^L through the last activation, with ∇_v C as it is given. */
const fromSlope = (setting: Setting, slopes: Tracked): Tracked => throughActivation(setting, setting.last, slopes);

/**
 * True if δ^L differs from what is expected in samples alone that stand at a corner of the cost, and lies there between
 * what its sides would give.
 */
function acceptsCost(setting: Setting, given: Tracked, expected: Tracked): boolean {
  const ranges = costRanges(setting);
  if (ranges === null || given.value.length !== expected.value.length) return false;
  const slopes = costSlope(setting);
  const { cols } = slopes;
  // δ is linear in ∇_v C: each entry's range is that of its parts.
  const [least, most] = [Float64Array.from(expected.value), Float64Array.from(expected.value)];
  for (let k = 0; k < cols; k++) {
    const of = (end: 0 | 1): Float64Array =>
      fromSlope(setting, {
        ...slopes,
        value: Float64Array.from(slopes.value, (g, i) =>
          i % cols === k ? ranges[Math.floor(i / cols)]![k]![end] - g : 0,
        ),
      }).value;
    const [low, high] = [of(0), of(1)];
    for (let i = 0; i < least.length; i++) {
      least[i]! += Math.min(low[i]!, high[i]!);
      most[i]! += Math.max(low[i]!, high[i]!);
    }
  }
  return given.value.every((x, i) => {
    const slack = (given.error?.[i] ?? 0) + (expected.error?.[i] ?? 0);
    return x >= least[i]! - slack && x <= most[i]! + slack;
  });
}

/** True if `given` differs from `expected` at kinks alone, and lies between what the two sides of each would give. */
export function acceptsKinks(
  setting: Setting,
  l: number,
  given: Tracked,
  expected: Tracked,
  above: Tracked | null,
): boolean {
  if (l === setting.last && acceptsCost(setting, given, expected)) return true;
  const kink = kinkOf(setting, l, above);
  if (kink === null || given.value.length !== expected.value.length) return false;
  return given.value.every((x, i) => {
    const slack = (given.error?.[i] ?? 0) + (expected.error?.[i] ?? 0);
    if (Math.abs(x - expected.value[i]!) <= slack) return true;
    const corner = kink.corner(i);
    if (corner === undefined) return false;
    const [g, room] = [kink.slope.value[i]!, slack + (kink.slope.error?.[i] ?? 0)];
    const sides = [corner.below * g, corner.above * g];
    return x >= Math.min(...sides) - room && x <= Math.max(...sides) + room;
  });
}

/**
 * δ^l with the usual choices of a slope at corners: the larger, the mean, the smaller; empty where no unit stands at
 * one.
 */
export function kinkChoices(setting: Setting, l: number, above: Tracked | null): Tracked[] {
  const ofCost = l === setting.last ? costChoices(setting) : [];
  const kink = kinkOf(setting, l, above);
  if (kink === null) return ofCost;
  const { slope, corner, activation } = kink;
  const choices: readonly ((one: Corner) => number)[] = [
    ({ below, above: other }) => Math.max(below, other),
    ({ below, above: other }) => (below + other) / 2,
    ({ below, above: other }) => Math.min(below, other),
  ];
  return [
    ...ofCost,
    ...choices.map((choice) => ({
      ...slope,
      value: slope.value.map((g, i) => {
        const one = corner(i);
        return g * (one === undefined ? slopeAt(activation, setting.u[l]!.value[i]!) : choice(one));
      }),
    })),
  ];
}

/** δ^L with the usual choices of a slope at corners of the cost: the least, the mean, the most. */
function costChoices(setting: Setting): Tracked[] {
  const ranges = costRanges(setting);
  if (ranges === null) return [];
  const slopes = costSlope(setting);
  return [0, 0.5, 1].map((share) =>
    fromSlope(setting, {
      ...slopes,
      value: slopes.value.map((_, i) => {
        const [low, high] = ranges[Math.floor(i / slopes.cols)]![i % slopes.cols]!;
        return low + share * (high - low);
      }),
    }),
  );
}

/** δ^l with what is known of gates that rounding cannot have opened: a printed 0 is 0 there. */
export function closed({ problem, u, rounded }: Setting, l: number, given: Tracked | undefined): Tracked | undefined {
  const activation = problem.activations[l - 1]!;
  if (
    given === undefined ||
    !rounded ||
    activation === "softmax" ||
    given.error === null ||
    given.value.length !== u[l]!.value.length
  )
    return given;
  const { corners = [], bounds } = neuronOf(activation);
  if (bounds.straight !== true || corners.length === 0) return given;
  const { value, error } = u[l]!;
  const isClosed = (i: number): boolean =>
    slopeAt(activation, value[i]!) === 0 && cornerWithin(corners, value[i]!, error?.[i] ?? 0) === undefined;
  return { ...given, error: given.error.map((bound, i) => (given.value[i] === 0 && isClosed(i) ? 0 : bound)) };
}
