/** The second step of the learning rule: v ← μ v − η ∂C/∂w, w ← w + v, where both steps were handed in. */

import { fits } from "../bounds/tolerance.ts";
import { sameShape, toRows, type Tracked } from "../bounds/tracked.ts";
import { once } from "../once.ts";
import type { Claim } from "./claim.ts";
import type { Canonical } from "./conventions.ts";
import { bp3, bp4, regularized, trueDeltas } from "./local.ts";
import { ratesOf, type StepClaim } from "./of-step.ts";
import { settle, type Setting } from "./setting.ts";
import { gradBName, gradWName, raised } from "./text.ts";

/** Parameters, or what they are moved by. */
export interface Point {
  readonly W: readonly Tracked[];
  readonly b: readonly Tracked[];
}

/** One tensor of parameters through both steps. */
export interface Path {
  readonly layer: number;
  readonly name: string;
  readonly slope: string;
  readonly kind: "W" | "b";
  /** w(τ+1) − w(τ), and w(τ+2). */
  readonly first: Tracked;
  readonly start: Tracked;
  readonly end: Tracked;
}

/** How a step goes on: by so much of the one before, and by so much of a gradient, its start's or another. */
export interface Stride {
  readonly alpha: number;
  readonly rate: number;
  readonly slope?: Point;
}

/** Every tensor that both steps have. */
function pathsOf({ by, W, b, last }: Setting, { nextW, nextB, afterW, afterB }: Canonical): Path[] {
  const paths: Path[] = [];
  for (let layer = last; layer >= 1; layer--) {
    for (const [kind, before, start, end, slope] of [
      ["W", W[layer]!, nextW[layer], afterW[layer], gradWName(layer)],
      ["b", b[layer]!, nextB[layer], afterB[layer], gradBName(layer)],
    ] as const) {
      if (start === undefined || end === undefined || ![start, end].every((one) => sameShape(one, before))) continue;
      paths.push({ layer, kind, name: `${kind}${raised(layer)}`, slope, first: by.sub(start, before), start, end });
    }
  }
  return paths;
}

/**
 * Returns where the second step starts: with the handed biases, or with those that were left alone and those that were
 * changed.
 */
function pointsAfter({ by, W, b, eta }: Setting, { nextW, nextB, gradB, gradientFactor }: Canonical): Point[] {
  const weights = W.map((before, l) => (nextW[l] !== undefined && sameShape(nextW[l], before) ? nextW[l] : before));
  const given = b.map((before, l) => (nextB[l] !== undefined && sameShape(nextB[l], before) ? nextB[l] : before));
  const moved = given.map((before, l) => {
    const slope = gradB[l];
    return nextB[l] !== undefined || slope === undefined || slope.cols !== before.cols || slope.rows !== before.rows
      ? before
      : by.sub(before, by.scale(slope, (eta ?? 0) * Math.abs(gradientFactor)));
  });
  return [
    { W: weights, b: given },
    { W: weights, b: moved },
  ];
}

/** The gradients at other parameters, multiplied by `scale`. */
function gradientsAt(setting: Setting, { W, b }: Point, scale: number): Point {
  const { by, problem, decay } = setting;
  const plain = { ...problem, W: W.map(toRows), b: b.map(({ value }) => Array.from(value)) };
  // What the second step starts from was rounded as it was handed in.
  const errors = problem.errors && {
    ...problem.errors,
    W: W.map(({ error }) => error),
    b: b.map(({ error }) => error),
  };
  const there: Setting = {
    ...settle(errors === undefined ? plain : { ...plain, errors }, { epsilon: by.epsilon }),
    decay,
  };
  const deltas = trueDeltas(there);
  const each = (gradient: (l: number) => Tracked): Tracked[] =>
    W.map((from, l) => (l === 0 ? from : by.scale(gradient(l), scale)));
  return { W: each((l) => regularized(there, l, bp4(there, l, deltas[l]!))), b: each((l) => bp3(there, deltas[l]!)) };
}

/** One tensor of parameters after the second step. */
export interface SecondClaim extends Claim<Tracked> {
  readonly rule: "second";
  readonly layer: number;
  readonly path: Path;
  readonly step: SecondStep;
}

/** A second step on the person's own w(τ+1): the gradient there is computed here, on the same data. */
export class SecondStep {
  readonly paths: readonly Path[];
  readonly momentum: number;
  readonly rates: readonly number[];
  readonly #setting: Setting;
  readonly #scale: number;
  readonly #start: () => { readonly at: Point; readonly slope: Point };

  constructor(setting: Setting, hand: Canonical) {
    this.#setting = setting;
    this.rates = ratesOf(setting, hand);
    this.paths = this.rates.length === 0 ? [] : pathsOf(setting, hand);
    this.momentum = hand.momentum ?? 0;
    this.#scale = Math.abs(hand.gradientFactor);
    this.#start = once(() => this.#chosen(pointsAfter(setting, hand)));
  }

  /** The gradients where the second step starts. */
  get slope(): Point {
    return this.#start().slope;
  }

  /** The gradients where μ v would lead from there. */
  get slopeAhead(): Point {
    const { at } = this.#start();
    const { by } = this.#setting;
    const shift = (kind: "W" | "b"): Tracked[] =>
      at[kind].map((from, layer) => {
        const path = this.paths.find((one) => one.kind === kind && one.layer === layer);
        return path === undefined ? from : by.add(from, by.scale(path.first, this.momentum));
      });
    return gradientsAt(this.#setting, { W: shift("W"), b: shift("b") }, this.#scale);
  }

  /** w(τ+1) + α v − rate ∂C/∂w */
  stepped({ kind, layer, start, first }: Path, { alpha, rate, slope = this.slope }: Stride): Tracked {
    const { by } = this.#setting;
    return by.sub(by.add(start, by.scale(first, alpha)), by.scale(slope[kind][layer]!, rate));
  }

  /** Returns what the rule gives, with each rate that it may have. */
  right(path: Path, slope?: Point): Tracked[] {
    const own = slope === undefined ? {} : { slope };
    return this.rates.map((rate) => this.stepped(path, { alpha: this.momentum, rate, ...own }));
  }

  /** If the biases were not handed in, either they were changed as well or they were not. */
  #chosen(points: readonly Point[]): { readonly at: Point; readonly slope: Point } {
    const starts = points.map((at) => ({ at, slope: gradientsAt(this.#setting, at, this.#scale) }));
    const holds = ({ slope }: { readonly slope: Point }): boolean =>
      this.rates.some((_, r) => this.paths.every((path) => fits(path.end, this.right(path, slope)[r]!)));
    return starts.find(holds) ?? starts[0]!;
  }

  /** Returns what the rule gives by true values alone: from the true w(τ+1), by the true gradients there. */
  truth(path: Path, truth: Setting): Tracked {
    const [{ by, W, b }, rate] = [this.#setting, this.rates[0]!];
    const { at } = this.#start();
    const before = { W, b };
    const slope = gradientsAt(truth, before, this.#scale);
    const step = (kind: "W" | "b"): Tracked[] =>
      at[kind].map((there, l) =>
        l === 0 || there === before[kind][l] ? there : by.sub(before[kind][l]!, by.scale(slope[kind][l]!, rate)),
      );
    const start: Point = { W: step("W"), b: step("b") };
    const { kind, layer } = path;
    const own = { ...path, start: start[kind][layer]!, first: by.sub(start[kind][layer]!, before[kind][layer]!) };
    return this.stepped(own, { alpha: this.momentum, rate, slope: gradientsAt(truth, start, this.#scale) });
  }
}

/** The claims about the second step; each follows from the first step of its parameter, where that is claimed. */
export function secondStepsOf(
  setting: Setting,
  truth: Setting,
  hand: Canonical,
  firsts: readonly StepClaim[],
): SecondClaim[] {
  const step = new SecondStep(setting, hand);
  return step.paths.map((path) => {
    const { name, slope, end, layer } = path;
    const right = once(() => step.right(path));
    return {
      rule: "second",
      layer,
      path,
      step,
      name: `${name}(τ+2)`,
      formula: `${name}(τ+2) = ${name}(τ+1) ${ruleText(step)} ${slope}`,
      given: end,
      from: firsts.find(({ parameter }) => parameter === name) ?? null,
      own: () => right()[0]!,
      truth: () => step.truth(path, truth),
      chosen: (given, local) => (fits(given, local) ? null : (right().find((one) => fits(given, one)) ?? null)),
    };
  });
}

/** Returns what stands before the gradient in the rule. */
export const ruleText = ({ momentum }: SecondStep): string => (momentum === 0 ? "− η" : "+ μ v − η");
