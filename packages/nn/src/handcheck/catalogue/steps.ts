/** E5 to E7: what goes wrong in a step of the learning rule, and in the second of two. */

import { largest } from "../bounds/numbers.ts";
import type { Tracked } from "../bounds/tracked.ts";
import { stepped, type StepClaim } from "../claims/of-step.ts";
import { ruleText, type Path, type Point, type SecondClaim } from "../claims/second-step.ts";
import type { Setting } from "../claims/setting.ts";
import { mistakeOf } from "./catalogue.ts";
import { candidate, type Candidate } from "./mistake.ts";

/** w(τ+1) = w − c ∂C/∂w, as one of the named mistakes. */
export function stepBy(
  id: "E5" | "E6",
  setting: Setting,
  claim: StepClaim,
  key: string,
  c: number,
  text: string,
): Candidate {
  const { name, parameter, slope } = claim;
  const edit = { kind: "replace", term: `${text} → − η` } as const;
  return candidate([mistakeOf(id)], key, `${name} = ${parameter} ${text} ${slope}`, edit, () =>
    stepped(setting, claim, c),
  );
}

/** Returns what w(τ+1) = w − η ∂C/∂w may have been. */
export function stepMistakes(setting: Setting, claim: StepClaim, momentum: number): Candidate[] {
  const { samples } = setting;
  const eta = setting.eta!;
  const by = (key: string, c: number, text: string): Candidate => stepBy("E5", setting, claim, key, c, text);
  const remembered = (key: string, share: number, text: string): Candidate =>
    stepBy("E6", setting, claim, key, share * eta, text);
  return [
    by("ascent", -eta, "+ η"),
    by("no rate", 1, "−"),
    by("doubled", 2 * eta, "− 2η"),
    by("none", 0, "− 0 ·"),
    ...(samples > 1 ? [by("N", eta * samples, "− ηN"), by("1/N", eta / samples, "− (η/N)")] : []),
    ...(momentum === 0
      ? []
      : [
          remembered("mean", 1 - momentum, "− (1 − μ) η"),
          remembered("nesterov", 1 + momentum, "− (1 + μ) η"),
          remembered("not from 0", momentum, "− μ η"),
        ]),
  ];
}

/** Returns what w(τ+2) = w(τ+1) + μ v − η ∂C/∂w may have been, at one of the rates that the step may have. */
function mistakesAt({ name, path, step }: SecondClaim, rate: number): Candidate[] {
  const { momentum } = step;
  const g = path.slope;
  const make = (id: string, key: string, text: string, value: () => Tracked): Candidate =>
    secondCandidate({ name, path, step }, id, `${key} ${rate}`, text, value);
  const by = (alpha: number, c: number): Tracked => step.stepped(path, { alpha, rate: c });
  return [
    make("E7", "summed", `− η (${g}(τ) + ${g}(τ+1))`, () => by(1, rate)),
    make("E5", "ascent", `+ η ${g}`, () => by(momentum, -rate)),
    ...(momentum === 0
      ? []
      : [
          make("E6", "none", `− η ${g}`, () => by(0, rate)),
          make("E6", "mean", `+ μ v − (1 − μ) η ${g}`, () => by(momentum, rate * (1 - momentum))),
          make("E6", "sign", `− μ v − η ${g}`, () => by(-momentum, rate)),
          make("E6", "ahead", `+ μ v − η ${g} at w + μ v`, () =>
            step.stepped(path, { alpha: momentum, rate, slope: step.slopeAhead }),
          ),
          // The first step is −(1 + μ) η g there, so that v is its share 1/(1 + μ).
          make("E6", "nesterov", `+ μ (μ v − η ${g}) − η ${g}`, () =>
            by((momentum * momentum) / (1 + momentum), rate * (1 + momentum)),
          ),
        ]),
  ];
}

function secondCandidate(
  { name, path, step }: Pick<SecondClaim, "name" | "path" | "step">,
  id: string,
  key: string,
  text: string,
  value: () => Tracked,
): Candidate {
  const edit = { kind: "replace", term: `${text} → ${ruleText(step)} ${path.slope}` } as const;
  return candidate([mistakeOf(id)], key, `${name} = ${path.name}(τ+1) ${text}`, edit, value);
}

const short = (x: number): string => String(Number(x.toPrecision(4))).replace("-", "−");

/** Two constants fitted to what they are to explain: any name of the catalogue comes first. */
function fittedMistake({ name, path, step }: SecondClaim): Candidate[] {
  const fitted = fitOf(step.paths, step.slope);
  if (fitted === null) return [];
  const { alpha, beta } = fitted;
  // What rounding does to the numbers it does to the two constants as well.
  const blur = Math.max(0, ...step.paths.map(({ end }) => (end.error === null ? 0 : largest(end.error))));
  const id = Math.abs(alpha) < 0.02 ? "E5" : "E6";
  const text = `+ ${short(alpha)} v − ${short(beta)} ${path.slope}`;
  const one = secondCandidate({ name, path, step }, id, "fitted", text, () =>
    loosened(step.stepped(path, { alpha, rate: beta }), 4 * blur),
  );
  const untold = step.momentum === 0 && id === "E6" ? { says: mistakeOf("E6").also! } : {};
  return [{ ...one, edits: 2, ...untold }];
}

/** Returns what a second step may have been. */
export const secondMistakes = (claim: SecondClaim): Candidate[] => [
  ...claim.step.rates.flatMap((rate) => mistakesAt(claim, rate)),
  ...fittedMistake(claim),
];

function loosened(one: Tracked, slack: number): Tracked {
  return { ...one, error: Float64Array.from(one.value, (_, i) => slack + (one.error?.[i] ?? 0)) };
}

/**
 * α and β with w(τ+2) − w(τ+1) = α (w(τ+1) − w(τ)) − β ∂C/∂w over all tensors; `null` where they are not determined.
 */
function fitOf(paths: readonly Path[], slope: Point): { alpha: number; beta: number } | null {
  const [v, g, d]: [number[], number[], number[]] = [[], [], []];
  for (const { kind, layer, first, start, end } of paths) {
    const gradient = slope[kind][layer]!.value;
    for (let i = 0; i < end.value.length; i++) {
      v.push(first.value[i]!);
      g.push(gradient[i]!);
      d.push(end.value[i]! - start.value[i]!);
    }
  }
  // g turns little in one step: what of it is not along v is taken first, or both constants drown in rounding.
  const along = dot(v, g) / dot(v, v);
  const across = g.map((x, i) => x - along * v[i]!);
  if (d.length < 4 || !(dot(across, across) > 1e-16 * dot(g, g))) return null;
  const beta = plain(-dot(d, across) / dot(across, across));
  const rest = d.map((x, i) => x + beta * g[i]!);
  return { alpha: plain(dot(rest, v) / dot(v, v)), beta };
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** A constant that is nearly a short decimal is that: nobody chooses 0.9000000001. */
function plain(x: number): number {
  const near = Number(x.toPrecision(4));
  return Math.abs(x - near) <= 1e-7 ? near : x;
}
