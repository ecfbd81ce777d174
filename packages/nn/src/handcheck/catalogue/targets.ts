/**
 * A18, A19: the cost is the right one, but its targets are encoded or weighted otherwise, or its logarithm has another
 * base.
 */

import { networkSlips } from "../../locales/network-slips.ts";
import { costOf, costText } from "../../network/cost.ts";
import { isPlain } from "../../network/costs/masses.ts";
import type { Told } from "../../network/costs/record.ts";
import { bp1, probabilities } from "../claims/local.ts";
import { collapses, costSlope, type Setting } from "../claims/setting.ts";
import { slopeOf } from "../claims/sigma.ts";
import { bp1Text, deltaName, errorText, vName } from "../claims/text.ts";
import { exact, toRows, type Tracked } from "../bounds/tracked.ts";
import { once } from "../once.ts";
import type { Mistake, Part, Scene, Whole } from "./mistake.ts";

/** t′ = a + b t */
interface Encoding {
  readonly key: string;
  readonly a: number;
  readonly b: number;
  readonly text: string;
}

// Fewer numbers than this are fitted by any two constants.
const ENOUGH = 6;

/**
 * Formulas with other targets, and with another logarithm; `observed` is the person's own δ^L, for the one with
 * constants to fit.
 */
function otherTargets({ setting, observed }: Scene): Whole[] {
  const { by, last, outputs, problem } = setting;
  const collapsed = collapses(setting);
  const make = ({ key, a, b, text }: Encoding): Whole => {
    const formula = collapsed ? `${vName(last)} − (${text})` : rightHand(setting).replaceAll(" − t", ` − (${text})`);
    return {
      key: `targets ${key}`,
      text: formula,
      edit: { kind: "replace", term: `${text} → t` },
      value: once(() => withTargets(setting, a, b, collapsed)),
    };
  };
  // Targets that are smoothed and weighted already are forgotten to be, not encoded otherwise.
  const told = !isPlain(costOf(problem.cost).told);
  const found = told ? [] : encodings(outputs).map(make);
  const fitted = told || observed === null ? null : fit(setting, observed, collapsed);
  if (fitted !== null) {
    // What rounding does to the numbers it does to the two constants as well.
    const slack = 2 * Array.from(observed?.error ?? []).reduce((most, bound) => Math.max(most, bound), 0);
    const one = make(fitted);
    // Constants that are fitted fit.
    found.push({
      ...one,
      edits: 2,
      unasked: true,
      value: () => ({
        ...one.value(),
        error: Float64Array.from(one.value().value, (_, i) => slack + (one.value().error?.[i] ?? 0)),
      }),
    });
  }
  const { targets: kind } = costOf(problem.cost).record;
  if (kind !== "shares" && kind !== "classes") return found;
  const logarithms = [
    ["log2", "/ln 2", 1 / Math.LN2],
    ["log10", "/ln 10", 1 / Math.LN10],
    ["ln2", "· ln 2", Math.LN2],
  ] as const;
  const right = rightHand(setting);
  return [
    ...found,
    ...logarithms.map(([key, text, c]): Whole => ({
      key,
      text: `(${right}) ${text}`,
      edit: { kind: "delete", term: text },
      says: networkSlips.otherBase,
      value: () => by.scale(bp1(setting), c),
    })),
  ];
}

/** Returns what is left where one of the things that the cost is told is forgotten. */
function withoutTold(setting: Setting, key: string, change: Partial<Told>): Part {
  const { problem } = setting;
  const { name, told } = costOf(problem.cost);
  const other: Setting = { ...setting, problem: { ...problem, cost: costText(name, { ...told, ...change }) } };
  const collapsed = collapses(setting);
  return {
    key,
    text: collapsed ? `(${errorText(other)})` : "∇ᵥC",
    value: () => (collapsed ? bp1(other) : costSlope(other)),
    edit: { kind: "insert", term: key },
  };
}

const rightHand = (setting: Setting): string => bp1Text(setting).slice(`${deltaName(setting.last)} = `.length);

const encoded: Mistake = {
  id: "A18",
  rules: ["BP1"],
  short: "smoothed or otherwise encoded targets, another base of the logarithm",
  says: networkSlips.A18,
  base: ({ setting }) =>
    costOf(setting.problem.cost).told.labelSmoothing === 0
      ? []
      : [withoutTold(setting, "labels not smoothed", { labelSmoothing: 0 })],
  whole: otherTargets,
};

const weighed: Mistake = {
  id: "A19",
  rules: ["BP1"],
  short: "class weights forgotten",
  says: networkSlips.A19,
  base: ({ setting }) =>
    costOf(setting.problem.cost).told.classWeights === null
      ? []
      : [withoutTold(setting, "class weights", { classWeights: null })],
};

/** The mistakes of the targets. */
export const targets: readonly Mistake[] = [encoded, weighed];

function encodings(outputs: number): Encoding[] {
  const between = [0.1, 0.05, 0.01, 0.2].map((low) => ({
    key: String(low),
    a: low,
    b: 1 - 2 * low,
    text: `${low} + ${Number((1 - 2 * low).toPrecision(3))} t`,
  }));
  // With two outputs the smoothed labels 1 − ε + ε/2 and ε/2 are an encoding by ε/2 and 1 − ε/2.
  const smoothed =
    outputs === 1
      ? []
      : [0.1, 0.05, 0.01, 0.2].map((share) => ({
          key: `smooth ${share}`,
          a: share / outputs,
          b: 1 - share,
          text: `${Number((1 - share).toPrecision(3))} t + ${share}/K`,
        }));
  return [
    ...between,
    ...smoothed,
    { key: "signs", a: -1, b: 2, text: "2t − 1" },
    { key: "bits", a: 0.5, b: 0.5, text: "(t + 1)/2" },
    { key: "swapped", a: 1, b: -1, text: "1 − t" },
  ];
}

function withTargets(setting: Setting, a: number, b: number, collapsed: boolean): Tracked {
  const { by, problem } = setting;
  const t = exact(
    setting.t.rows,
    setting.t.cols,
    setting.t.value.map((target) => a + b * target),
  );
  return collapsed ? by.sub(probabilities(setting), t) : bp1({ ...setting, t, problem: { ...problem, t: toRows(t) } });
}

/** a and b with observed = (v − a − b t) ⊙ σ', by least squares; `null` where they are not determined. */
function fit(setting: Setting, observed: Tracked, collapsed: boolean): Encoding | null {
  const { by, last, t, u, problem } = setting;
  const activation = problem.activations[last - 1]!;
  if (observed.value.length < ENOUGH || observed.value.length !== t.value.length) return null;
  if (!collapsed && (costOf(problem.cost).name !== "quadratic" || activation === "softmax")) return null;
  const out = probabilities(setting).value;
  const slope = collapsed || activation === "softmax" ? null : slopeOf(by, activation, u[last]!).value;
  let [ss, st, tt, sr, tr] = [0, 0, 0, 0, 0];
  for (let i = 0; i < out.length; i++) {
    const s = slope?.[i] ?? 1;
    const [x, y, rest] = [s, s * t.value[i]!, s * out[i]! - observed.value[i]!];
    [ss, st, tt, sr, tr] = [ss + x * x, st + x * y, tt + y * y, sr + x * rest, tr + y * rest];
  }
  const determinant = ss * tt - st * st;
  if (!(determinant > 1e-6 * ss * tt)) return null;
  const [a, b] = [(tt * sr - st * tr) / determinant, (ss * tr - st * sr) / determinant];
  if (!Number.isFinite(a) || !Number.isFinite(b) || Math.abs(b) < 1e-3) return null;
  return { key: "fitted", a, b, text: `${Number(a.toPrecision(3))} + ${Number(b.toPrecision(3))} t` };
}
