/**
 * Says what is claimed of a forward pass: u and v of each layer, each from what the person has below it, and the cost.
 */

import { costOf } from "../../network/cost.ts";
import { fits } from "../bounds/tolerance.ts";
import { sameShape, type Tracked } from "../bounds/tracked.ts";
import { once } from "../once.ts";
import type { Claim } from "./claim.ts";
import type { Canonical } from "./conventions.ts";
import { costsIn, single } from "./cost.ts";
import { input, type Setting } from "./setting.ts";
import { output } from "./sigma.ts";
import { raised, vName, wName } from "./text.ts";

/** One quantity of a forward pass. */
export interface ForwardClaim extends Claim<Tracked> {
  readonly rule: "u" | "v" | "cost";
  readonly layer: number;
}

/** A softmax does not see what is added to all of a sample's inputs: whoever takes off the largest has the same. */
function unshifted(given: Tracked, own: Tracked): Tracked {
  // Where nothing is shifted, the numbers stay what they are.
  if (!sameShape(given, own) || fits(given, own)) return given;
  const { rows, cols } = own;
  const shifts = Array.from({ length: rows }, (_, n) => {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += given.value[n * cols + j]! - own.value[n * cols + j]!;
    return sum / cols;
  });
  const value = given.value.map((x, i) => x - shifts[Math.floor(i / cols)]!);
  // Taking off the shift leaves the rounding of what was larger.
  const largest = Math.max(...shifts.map(Math.abs), ...Array.from(given.value, Math.abs));
  const error = Float64Array.from(value, (_, i) => (given.error?.[i] ?? 0) + 4 * Number.EPSILON * largest * cols);
  return fits({ ...given, value, error }, own) ? own : given;
}

/** Returns what is right, with room for somebody who went on with the rounded numbers that were handed in. */
function allowing(given: Tracked, own: Tracked): Tracked {
  return { ...own, error: own.value.map((x, i) => Math.max(own.error?.[i] ?? 0, Math.abs(given.value[i]! - x))) };
}

/** u^l = W^l v^{l-1} + b^l */
function inputAt(truth: Setting, { u }: Canonical, l: number, below: ForwardClaim | null): ForwardClaim {
  const isSoftmax = truth.problem.activations[l - 1] === "softmax";
  return {
    rule: "u",
    layer: l,
    name: `u${raised(l)}`,
    formula: `u${raised(l)} = ${wName(l)} ${vName(l - 1)} + b${raised(l)}`,
    given: u[l],
    from: below,
    own: (v) => input(truth, l, v ?? truth.v[0]!),
    truth: () => truth.u[l]!,
    onward: allowing,
    ...(isSoftmax ? { read: unshifted } : {}),
  };
}

/** v^l = σ(u^l) */
function outputAt(truth: Setting, { v }: Canonical, l: number, from: ForwardClaim): ForwardClaim {
  return {
    rule: "v",
    layer: l,
    name: vName(l),
    formula: `${vName(l)} = σ(u${raised(l)})`,
    given: v[l],
    from,
    own: (u) => output(truth.by, truth.problem.activations[l - 1]!, u!),
    truth: () => truth.v[l]!,
    onward: allowing,
  };
}

/** C of the person's own forward pass; a sum over the samples, and one with or without its ½, is as right. */
function costAfter(truth: Setting, own: Setting, hand: Canonical, from: ForwardClaim): ForwardClaim[] {
  if (hand.cost === null) return [];
  const { problem, samples, last } = own;
  const { squares, batch } = costOf(problem.cost).record;
  const scaled = squares === undefined ? [] : squares.half ? [2, 2 * samples] : [0.5, 0.5 * samples];
  const costs = once(() => costsIn(own));
  const conventional = (given: Tracked): Tracked | undefined =>
    [samples, ...scaled, hand.gradientFactor].map(costs().times).find((one) => fits(given, one));
  return [
    {
      rule: "cost",
      layer: last,
      name: "C",
      formula: batch,
      given: single(hand.cost, hand.costError),
      from,
      own: () => costs().times(1),
      truth: () => costsIn(truth).times(1),
      chosen: (given, local) => (fits(given, local) ? null : (conventional(given) ?? null)),
    },
  ];
}

/**
 * Every claim of a forward pass, from the first layer up. `own` is the person's pass: its u and v are those that were
 * met before the cost is asked for.
 */
export function* forwardClaims(truth: Setting, own: Setting, hand: Canonical): Generator<ForwardClaim> {
  let below: ForwardClaim | null = null;
  for (let l = 1; l <= truth.last; l++) {
    const from: ForwardClaim = inputAt(truth, hand, l, below);
    below = outputAt(truth, hand, l, from);
    yield* [from, below];
  }
  yield* costAfter(truth, own, hand, below!);
}
