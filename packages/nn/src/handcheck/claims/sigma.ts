/** v = σ(u) and σ′(u), each number with its rounding bound, from what the records of activations say of their shape. */

import { neuronOf, type ActivationName, type ElementwiseName } from "../../network/activation.ts";
import type { Corner } from "../../network/activations/record.ts";
import { softmax } from "../equations/activations.ts";
import { neuron } from "../equations/neurons.ts";
import { fromRows, toRows, type Arithmetic, type Tracked } from "../bounds/tracked.ts";

/**
 * How far f strays from f(x) over the interval of an error, where it turns nowhere but at `turns`: at the ends, or at
 * one of those.
 */
function strays(f: (x: number) => number, x: number, dx: number, turns: readonly number[]): number {
  const own = f(x);
  let most = Math.max(Math.abs(f(x - dx) - own), Math.abs(f(x + dx) - own));
  for (const turn of turns) if (Math.abs(turn - x) < dx) most = Math.max(most, Math.abs(f(turn) - own));
  return most;
}

/** v = σ(u) */
export function output(by: Arithmetic, activation: ActivationName, u: Tracked): Tracked {
  if (activation === "softmax") return softmaxOf(by, u);
  const { value: sigma, slope } = neuron(activation);
  const { value, error } = u;
  if (error === null || activation === "linear") return by.map(u, sigma, slope);
  const {
    bounds: { lostInValue, turns = [] },
  } = neuronOf(activation);
  return withSlack(by.map({ ...u, error: null }, sigma, slope), (i) => {
    const [x, dx] = [value[i]!, error[i]!];
    return (
      (lostInValue === undefined ? 0 : 8 * by.epsilon * lostInValue(x)) + (dx === 0 ? 0 : strays(sigma, x, dx, turns))
    );
  });
}

/** An error beyond which e^u would overflow, and a share is anything between 0 and 1. */
const BEYOND = 300;

/**
 * p = softmax(u). Over the box of Δu a share is largest where its own input is at its most and all others are at their
 * least:
 * p_j e^Δu_j / (p_j e^Δu_j + Σ_{k≠j} p_k e^−Δu_k), and smallest the other way round.
 */
function softmaxOf(by: Arithmetic, u: Tracked): Tracked {
  const { rows, cols } = u;
  const value = fromRows(toRows(u).map((entries) => softmax(entries))).value;
  const error = new Float64Array(value.length);
  for (let from = 0; from < rows * cols; from += cols) {
    const [up, down] = [1, -1].map((sign) =>
      Float64Array.from(
        { length: cols },
        (_, j) => value[from + j]! * Math.exp(sign * Math.min(BEYOND, u.error?.[from + j] ?? 0)),
      ),
    );
    const [most, least] = [up!, down!].map((list) => list.reduce((sum, one) => sum + one, 0));
    for (let j = 0; j < cols; j++) {
      const p = value[from + j]!;
      const [high, low] = [up![j]! / (up![j]! + least! - down![j]!), down![j]! / (down![j]! + most! - up![j]!)];
      error[from + j] = by.floor + (p === 0 ? 0 : Math.max(high - p, p - low) + (4 + cols) * by.epsilon * high);
    }
  }
  return { rows, cols, value, error };
}

/** σ′(x) entry by entry, of any matrix: also of the wrong one. At a corner it is the slope that the equations take. */
export function slopeOf(by: Arithmetic, activation: ElementwiseName, x: Tracked): Tracked {
  const { slope } = neuron(activation);
  const {
    corners = [],
    bounds: { straight = false, bends = [], lostInSlope = fromOne },
  } = neuronOf(activation);
  const { value, error } = x;
  const own = by.map({ ...x, error: null }, slope, () => 0);
  if (straight) return own;
  return withSlack(own, (i) => {
    const [u, du] = [value[i]!, error?.[i] ?? 0];
    // A person computes v (1 − v), 1 − v², e^u from v + 1: rounding then counts in units of what cancels, not of σ′.
    const lost = 8 * by.epsilon * lostInSlope(u);
    if (du === 0) return lost;
    const corner = cornerWithin(corners, u, du);
    const side = (at: number): number =>
      corner === undefined || at > corner.at === u > corner.at
        ? slope(at)
        : u > corner.at
          ? corner.above
          : corner.below;
    return lost + strays(side, u, du, bends);
  });
}

const fromOne = (u: number): number => 1 + Math.abs(u);

/** True if σ is flat nowhere, so that what was multiplied by σ′ can be divided by it again. */
export const hasSlope = (activation: ElementwiseName): boolean =>
  (neuronOf(activation).corners ?? []).every(({ below, above }) => below !== 0 && above !== 0);

/** The corner that u may stand at. */
export function cornerWithin(corners: readonly Corner[], u: number, error: number): Corner | undefined {
  return corners.find(({ at }) => Math.abs(u - at) <= error);
}

/** σ′(u) for somebody who has it from u, or from v as v (1 − v) or 1 − v², where v is no better than its digits. */
export function ownSlopeOf(
  by: Arithmetic,
  activation: ElementwiseName,
  u: Tracked,
  v: Tracked,
  rounded: boolean,
): Tracked {
  const slopes = slopeOf(by, activation, u);
  const {
    corners = [],
    bounds: { straight = false, largest, steep },
  } = neuronOf(activation);
  // Where rounding hides on which side of a corner u stands, the slope is that of either.
  const jump = (i: number): number => {
    const corner = rounded ? cornerWithin(corners, u.value[i]!, u.error?.[i] ?? 0) : undefined;
    return corner === undefined ? 0 : Math.abs(corner.above - corner.below);
  };
  if (straight) return rounded && corners.length > 0 ? withSlack(slopes, jump) : slopes;
  const { value, error } = v;
  if (error === null) return slopes;
  // v + 1, 1 − e^−v and v/u + …: their slopes in v stay below 2.
  if (steep === undefined || largest === undefined) return withSlack(slopes, (i) => jump(i) + 2 * error[i]!);
  return withError(slopes, (i, bound) => {
    const fromOutput = error[i]! * (steep(value[i]!) + error[i]!);
    // The error of u is in that of v already: whoever goes through v is not off by both.
    return rounded
      ? Math.max(bound, within(fromOutput, slopes.value[i]!, largest) + 8 * by.epsilon)
      : bound + fromOutput;
  });
}

/** An error of what cannot leave the interval from 0 to `largest`. */
const within = (error: number, value: number, largest: number): number =>
  Math.min(error, Math.max(value, largest - value));

function withError(tracked: Tracked, change: (i: number, bound: number) => number): Tracked {
  return { ...tracked, error: tracked.error?.map((bound, i) => change(i, bound)) ?? null };
}

function withSlack(tracked: Tracked, slack: (i: number) => number): Tracked {
  return withError(tracked, (i, bound) => bound + slack(i));
}
