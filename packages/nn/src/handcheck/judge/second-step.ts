/** The second step of the learning rule: v ← μ v − η ∂C/∂w, w ← w + v, where both steps were handed in. */

import type { Canonical } from "../claims/conventions.ts";
import { itself, nameOf, type Place } from "./diagnosis.ts";
import { bp3, bp4, regularized, trueDeltas } from "../claims/local.ts";
import { mistakeOf } from "../catalogue/catalogue.ts";
import { candidate, type Candidate } from "../catalogue/mistake.ts";
import type { Diagnosis, Line } from "../report.ts";
import { settle, type Setting } from "../claims/setting.ts";
import { gradBName, gradWName, raised } from "../claims/text.ts";
import { overTolerance, residual } from "../bounds/tolerance.ts";
import { sameShape, toRows, type Tracked } from "../bounds/tracked.ts";

/** Parameters, and what they are moved by. */
interface Point {
  readonly W: readonly Tracked[];
  readonly b: readonly Tracked[];
}

/** One tensor of parameters through both steps. */
interface Path {
  readonly layer: number;
  readonly name: string;
  readonly slope: string;
  readonly kind: "W" | "b";
  /** w(τ+1) − w(τ), and w(τ+2). */
  readonly first: Tracked;
  readonly start: Tracked;
  readonly end: Tracked;
}

/** Checks w(τ+2) against the person's own w(τ+1): the gradient there is computed here, on the same data. */
export function checkSecondStep(setting: Setting, hand: Canonical): { lines: Line[]; roots: Diagnosis[] } {
  const { by, eta, samples } = setting;
  const [lines, roots]: [Line[], Diagnosis[]] = [[], []];
  const paths = pathsOf(setting, hand);
  if (eta === null || paths.length === 0) return { lines, roots };
  const momentum = hand.momentum ?? 0;
  const scale = Math.abs(hand.gradientFactor);
  const rates = [eta, ...(scale === samples && samples > 1 ? [eta / samples] : [])];
  const starts = pointsAfter(setting, hand);
  const gradients = starts.map((at) => gradientsAt(setting, at, scale));
  // Where the biases were not handed in, either they were changed as well or they were not.
  const stepped = (path: Path, alpha: number, slope: Point, rate: number): Tracked =>
    by.sub(by.add(path.start, by.scale(path.first, alpha)), by.scale(slope[path.kind][path.layer]!, rate));
  const fits = (path: Path, one: Tracked): boolean => overTolerance(path.end, one) <= 1;
  const chosen = gradients.findIndex((slope) =>
    rates.some((rate) => paths.every((path) => fits(path, stepped(path, momentum, slope, rate)))),
  );
  const [slope, at] = [gradients[Math.max(0, chosen)]!, starts[Math.max(0, chosen)]!];
  const fitted = fit(paths, slope);
  // What rounding does to the numbers it does to the two constants as well.
  const blur = paths.reduce(
    (most, { end }) => (end.error ?? new Float64Array()).reduce((larger, bound) => Math.max(larger, bound), most),
    0,
  );
  const rule = momentum === 0 ? "− η" : "+ μ v − η";
  for (const path of paths) {
    const { layer, name } = path;
    const after = `${name}(τ+2)`;
    const formula = `${after} = ${name}(τ+1) ${rule} ${path.slope}`;
    const right = rates.map((rate) => stepped(path, momentum, slope, rate));
    const ok = right.some((one) => fits(path, one));
    lines.push({
      equation: "STEP",
      layer,
      name: after,
      formula,
      status: ok ? "ok" : "root",
      local: residual(path.end, right[0]!),
      global: null,
    });
    if (ok) continue;
    const make = (id: string, key: string, text: string, value: () => Tracked): Candidate =>
      candidate(
        [mistakeOf(id)],
        key,
        `${after} = ${name}(τ+1) ${text}`,
        { kind: "replace", term: `${text} → ${rule} ${path.slope}` },
        value,
      );
    const g = path.slope;
    const candidates: Candidate[] = rates.flatMap((rate) => [
      make("E7", `summed ${rate}`, `− η (${g}(τ) + ${g}(τ+1))`, () => stepped(path, 1, slope, rate)),
      make("E5", `ascent ${rate}`, `+ η ${g}`, () => stepped(path, momentum, slope, -rate)),
      ...(momentum === 0
        ? []
        : [
            make("E6", `none ${rate}`, `− η ${g}`, () => stepped(path, 0, slope, rate)),
            make("E6", `mean ${rate}`, `+ μ v − (1 − μ) η ${g}`, () =>
              stepped(path, momentum, slope, rate * (1 - momentum)),
            ),
            make("E6", `sign ${rate}`, `− μ v − η ${g}`, () => stepped(path, -momentum, slope, rate)),
            make("E6", `ahead ${rate}`, `+ μ v − η ${g} at w + μ v`, () =>
              stepped(path, momentum, gradientsAt(setting, ahead(setting, at, paths, momentum), scale), rate),
            ),
            // The first step is −(1 + μ) η g there, so that v is its share 1/(1 + μ).
            make("E6", `nesterov ${rate}`, `+ μ (μ v − η ${g}) − η ${g}`, () =>
              stepped(path, (momentum * momentum) / (1 + momentum), slope, rate * (1 + momentum)),
            ),
          ]),
    ]);
    if (fitted !== null) {
      const { alpha, beta } = fitted;
      // Two constants fitted to what they are to explain: any name of the catalogue comes first.
      const one = make(
        Math.abs(alpha) < 0.02 ? "E5" : "E6",
        "fitted",
        `+ ${short(alpha)} v − ${short(beta)} ${g}`,
        () => loosened(stepped(path, alpha, slope, beta), 4 * blur),
      );
      candidates.push({
        ...one,
        edits: 2,
        ...(momentum === 0 && one.id === "E6" ? { says: mistakeOf("E6").also! } : {}),
      });
    }
    const place: Place = { equation: "STEP", layer, correct: formula, factor: 1, elsewhere: () => [] };
    roots.push(nameOf(itself(path.end, right[0]!), candidates, place));
  }
  return { lines, roots };
}

function loosened(one: Tracked, slack: number): Tracked {
  return { ...one, error: Float64Array.from(one.value, (_, i) => slack + (one.error?.[i] ?? 0)) };
}

const short = (x: number): string => String(Number(x.toPrecision(4))).replace("-", "−");

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
 * Where the second step starts: with the handed biases, or with those that were left alone and those that were changed.
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

function ahead({ by }: Setting, at: Point, paths: readonly Path[], momentum: number): Point {
  const shift = (kind: "W" | "b"): Tracked[] =>
    at[kind].map((from, layer) => {
      const path = paths.find((one) => one.kind === kind && one.layer === layer);
      return path === undefined ? from : by.add(from, by.scale(path.first, momentum));
    });
  return { W: shift("W"), b: shift("b") };
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

/**
 * α and β with w(τ+2) − w(τ+1) = α (w(τ+1) − w(τ)) − β ∂C/∂w over all tensors; `null` where they are not determined.
 */
function fit(paths: readonly Path[], slope: Point): { alpha: number; beta: number } | null {
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
  return {
    alpha: plain(
      dot(
        d.map((x, i) => x + beta * g[i]!),
        v,
      ) / dot(v, v),
    ),
    beta,
  };
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** A constant that is nearly a short decimal is that: nobody chooses 0.9000000001. */
function plain(x: number): number {
  const short = Number(x.toPrecision(4));
  return Math.abs(x - short) <= 1e-7 ? short : x;
}
