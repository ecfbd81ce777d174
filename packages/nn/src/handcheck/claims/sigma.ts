/** v = σ(u) and σ′(u), each number with its rounding bound, from what the records of activations say of their shape. */

import { neuronOf, type ActivationName, type ElementwiseName } from "../../network/activation.ts";
import type { Corner } from "../../network/activations/record.ts";
import { softmax } from "../equations/activations.ts";
import { neuron } from "../equations/neurons.ts";
import { fromRows, toRows, type Arithmetic, type Tracked } from "../bounds/tracked.ts";

/** An error so large that the curvature of σ counts. */
const CURVED = 1e-8;

/** v = σ(u) */
export function output(by: Arithmetic, activation: ActivationName, u: Tracked): Tracked {
  if (activation === "softmax") return softmaxOf(by, u);
  const { value: sigma, slope } = neuron(activation);
  const plain = by.map(u, sigma, slope);
  const { value, error } = u;
  if (error === null || activation === "linear") return plain;
  const { corners = [], bounds: { curvature, lostInValue, turns = [] } } = neuronOf(activation);
  return withSlack(plain, (i) => {
    const [x, dx] = [value[i]!, error[i]!];
    const lost = lostInValue === undefined ? 0 : 8 * by.epsilon * lostInValue(x);
    if (dx < CURVED && curvature !== undefined && cornerWithin(corners, x, dx) === undefined) return lost + dx * dx;
    // Over an interval σ is between its values at the ends and where it turns.
    const v = sigma(x);
    let [low, high] = [v, v];
    for (const at of [x - dx, x + dx, ...turns.filter((turn) => Math.abs(turn - x) < dx)]) {
      const one = sigma(at);
      [low, high] = [Math.min(low, one), Math.max(high, one)];
    }
    return lost + Math.max(0, Math.max(high - v, v - low) - Math.abs(slope(x)) * dx);
  });
}

/** p = softmax(u): |Δp_j| ≤ p_j [(1 − p_j) Δu_j + Σ_{k≠j} p_k Δu_k] (1 + 2 max Δu), and never more than p_j (e^{2 max Δu} − 1). */
function softmaxOf(by: Arithmetic, u: Tracked): Tracked {
  const { rows, cols } = u;
  const value = fromRows(toRows(u).map((entries) => softmax(entries))).value;
  const error = new Float64Array(value.length);
  for (let from = 0; from < rows * cols; from += cols) {
    let [widest, mean] = [0, 0];
    for (let j = from; j < from + cols; j++) {
      const du = u.error?.[j] ?? 0;
      widest = Math.max(widest, du);
      mean += value[j]! * du;
    }
    for (let j = from; j < from + cols; j++) {
      const p = value[j]!;
      const moved = p === 0 ? 0 : Math.min(p * ((1 - 2 * p) * (u.error?.[j] ?? 0) + mean) * (1 + 2 * widest), p * Math.expm1(2 * widest), Math.max(p, 1 - p));
      error[j] = by.floor + moved + (4 + cols) * by.epsilon * p;
    }
  }
  return { rows, cols, value, error };
}

/** σ′(x) entry by entry, of any matrix: also of the wrong one. At a corner it is the slope that the equations take. */
export function slopeOf(by: Arithmetic, activation: ElementwiseName, x: Tracked): Tracked {
  const { slope } = neuron(activation);
  const { curvature, bend = 0, fold, largest, lostInSlope = fromOne } = neuronOf(activation).bounds;
  if (curvature === undefined) return by.map(x, slope, () => 0);
  const { value, error } = x;
  const own = by.map(x, slope, curvature);
  return withError(own, (i, bound) => {
    const [u, du] = [value[i]!, error?.[i] ?? 0];
    // σ″ changes by |σ‴| Δu, and by its jump where the interval reaches across one; σ′ stays between its least and its largest.
    const bent = bound + bend * du * du + (fold === undefined ? 0 : fold.jump * Math.max(0, du - Math.abs(u - fold.at)));
    // A person computes v (1 − v), 1 − v², e^u from v + 1: rounding then counts in units of what cancels, not of σ′.
    return (largest === undefined ? bent : within(bent, own.value[i]!, largest)) + 8 * by.epsilon * lostInSlope(u);
  });
}

const fromOne = (u: number): number => 1 + Math.abs(u);

/** Whether σ is flat nowhere, so that what was multiplied by σ′ can be divided by it again. */
export const hasSlope = (activation: ElementwiseName): boolean => (neuronOf(activation).corners ?? []).every(({ below, above }) => below !== 0 && above !== 0);

/** The corner that u may stand at. */
export function cornerWithin(corners: readonly Corner[], u: number, error: number): Corner | undefined {
  return corners.find(({ at }) => Math.abs(u - at) <= error);
}

/** σ′(u) for somebody who has it from u, or from v as v (1 − v) or 1 − v², where v is no better than its digits. */
export function ownSlopeOf(by: Arithmetic, activation: ElementwiseName, u: Tracked, v: Tracked, rounded: boolean): Tracked {
  const slopes = slopeOf(by, activation, u);
  const { corners = [], bounds: { curvature, largest, steep } } = neuronOf(activation);
  // Where rounding hides on which side of a corner u stands, the slope is that of either.
  const jump = (i: number): number => {
    const corner = rounded ? cornerWithin(corners, u.value[i]!, u.error?.[i] ?? 0) : undefined;
    return corner === undefined ? 0 : Math.abs(corner.above - corner.below);
  };
  if (curvature === undefined) return rounded && corners.length > 0 ? withSlack(slopes, jump) : slopes;
  const { value, error } = v;
  if (error === null) return slopes;
  // v + 1, 1 − e^−v and v/u + …: their slopes in v stay below 2.
  if (steep === undefined || largest === undefined) return withSlack(slopes, (i) => jump(i) + 2 * error[i]!);
  return withError(slopes, (i, bound) => {
    const fromOutput = error[i]! * (steep(value[i]!) + error[i]!);
    // The error of u is in that of v already: whoever goes through v is not off by both.
    return rounded ? Math.max(bound, within(fromOutput, slopes.value[i]!, largest) + 8 * by.epsilon) : bound + fromOutput;
  });
}

/** An error of what cannot leave the interval from 0 to `largest`. */
const within = (error: number, value: number, largest: number): number => Math.min(error, Math.max(value, largest - value));

function withError(tracked: Tracked, change: (i: number, bound: number) => number): Tracked {
  return { ...tracked, error: tracked.error?.map((bound, i) => change(i, bound)) ?? null };
}

function withSlack(tracked: Tracked, slack: (i: number) => number): Tracked {
  return withError(tracked, (i, bound) => bound + slack(i));
}
