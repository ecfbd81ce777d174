/** Says what is claimed of the learning rule: w(τ+1) = w − η ∂C/∂w of each layer, by the person's own gradient. */

import { sameShape, type Tracked } from "../bounds/tracked.ts";
import { fits } from "../bounds/tolerance.ts";
import type { Claim } from "./claim.ts";
import type { Canonical } from "./conventions.ts";
import type { DerivedClaim } from "./of-network.ts";
import type { Setting } from "./setting.ts";
import { gradBName, gradWName, raised } from "./text.ts";

/** One tensor of parameters after a step. */
export interface StepClaim extends Claim<Tracked> {
  readonly rule: "step";
  readonly layer: number;
  /** The parameter, `W¹`, and its gradient. */
  readonly parameter: string;
  readonly slope: string;
  /** The parameter before, and the person's own gradient of it. */
  readonly before: Tracked;
  readonly gradient: Tracked;
}

/** w − c ∂C/∂w */
export const stepped = ({ by }: Setting, { before, gradient }: StepClaim, c: number): Tracked =>
  by.sub(before, by.scale(gradient, c));

/** The rates that a step may have: a sum of gradients goes with η/N, Nielsen's update. */
export const ratesOf = ({ eta, samples }: Setting, { gradientFactor }: Canonical): readonly number[] =>
  eta === null ? [] : [eta, ...(samples > 1 && Math.abs(gradientFactor) === samples ? [eta / samples] : [])];

/** The bias that all units of a layer share. */
const shared = ({ value }: Tracked): Tracked => ({ rows: 1, cols: 1, value: value.slice(0, 1), error: null });

/** The claim about what follows from one gradient; none where the step or its gradient was not handed in. */
function stepOf(setting: Setting, hand: Canonical, from: DerivedClaim): StepClaim[] {
  const { by, problem } = setting;
  const { layer: l, rule, given: gradient } = from;
  const [next, own, letter, slope] =
    rule === "BP4"
      ? ([hand.nextW[l], setting.W[l]!, "W", gradWName(l)] as const)
      : ([hand.nextB[l], setting.b[l]!, "b", gradBName(l)] as const);
  const before = letter === "b" && problem.tiedBiases === true ? shared(own) : own;
  if (next === undefined || gradient === undefined || !sameShape(gradient, before)) return [];
  // Corrections that are added are gradients that are subtracted.
  const scaled = (one: Tracked): Tracked => by.scale(one, Math.abs(hand.gradientFactor));
  const rates = ratesOf(setting, hand);
  const after = (slopeThere: Tracked, rate = rates[0]!): Tracked => by.sub(before, by.scale(scaled(slopeThere), rate));
  const parameter = `${letter}${raised(l)}`;
  return [
    {
      rule: "step",
      layer: l,
      name: `${parameter}(τ+1)`,
      formula: `${parameter}(τ+1) = ${parameter} − η ${slope}`,
      parameter,
      slope,
      before,
      gradient: scaled(gradient),
      given: next,
      from,
      own: (above) => after(above!),
      truth: (above) => after(above!),
      chosen: (given, local, above) =>
        fits(given, local)
          ? null
          : (rates
              .slice(1)
              .map((rate) => after(above!, rate))
              .find((one) => fits(given, one)) ?? null),
    },
  ];
}

/** The claims about the first step: of each layer W, then b. */
export function stepsOf(setting: Setting, hand: Canonical, claims: readonly DerivedClaim[]): StepClaim[] {
  if (setting.eta === null) return [];
  const of = (rule: "BP4" | "BP3", l: number): DerivedClaim =>
    claims.find((one) => one.rule === rule && one.layer === l)!;
  const layers = Array.from({ length: setting.last }, (_, index) => setting.last - index);
  return layers.flatMap((l) => [...stepOf(setting, hand, of("BP4", l)), ...stepOf(setting, hand, of("BP3", l))]);
}
