/** A18: the cost is the right one, but its targets are encoded otherwise, or its logarithm has another base. */

import { costOf } from "../../network/cost.ts";
import { isPlain } from "../../network/costs/masses.ts";
import { bp1, collapses, probabilities } from "../local.ts";
import type { Setting } from "../setting.ts";
import { slopeOf } from "../sigma.ts";
import { bp1Text, deltaName, vName } from "../text.ts";
import { exact, toRows, type Tracked } from "../tracked.ts";
import { candidate, type Candidate } from "./candidate.ts";
import { catalogue } from "./words.ts";

/** t′ = a + b t */
interface Encoding {
  readonly key: string;
  readonly a: number;
  readonly b: number;
  readonly text: string;
}

// Fewer numbers than this are fitted by any two constants.
const ENOUGH = 6;

/** The candidates for δ^L; `observed` is the person's own, for the one with constants to fit. */
export function targetMistakes(setting: Setting, observed: Tracked | null): Candidate[] {
  const { by, last, outputs, problem } = setting;
  const collapsed = collapses(setting);
  const make = ({ key, a, b, text }: Encoding): Candidate => {
    const formula = collapsed ? `${deltaName(last)} = ${vName(last)} − (${text})` : bp1Text(setting).replaceAll(" − t", ` − (${text})`);
    return candidate(["A18"], `targets ${key}`, formula, { kind: "replace", term: `${text} → t` }, () => withTargets(setting, a, b, collapsed));
  };
  // Targets that are smoothed and weighted already are forgotten to be, not encoded otherwise.
  const told = !isPlain(costOf(problem.cost).told);
  const found = told ? [] : encodings(outputs).map(make);
  const fitted = told || observed === null ? null : fit(setting, observed, collapsed);
  if (fitted !== null) {
    // What rounding does to the numbers it does to the two constants as well.
    const slack = 2 * Array.from(observed?.error ?? []).reduce((most, bound) => Math.max(most, bound), 0);
    const one = make(fitted);
    found.push({ ...one, edits: 2, value: () => ({ ...one.value(), error: Float64Array.from(one.value().value, (_, i) => slack + (one.value().error?.[i] ?? 0)) }) });
  }
  const { targets } = costOf(problem.cost).record;
  if (targets === "shares" || targets === "classes") {
    for (const [key, text, c] of [["log2", "/ln 2", 1 / Math.LN2], ["log10", "/ln 10", 1 / Math.LN10], ["ln2", "· ln 2", Math.LN2]] as const) {
      const formula = `${bp1Text(setting).replace(" = ", " = (")}) ${text}`;
      found.push({ ...candidate(["A18"], key, formula, { kind: "delete", term: text }, () => by.scale(bp1(setting), c)), says: catalogue["A18 log"]! });
    }
  }
  return found;
}

function encodings(outputs: number): Encoding[] {
  const between = [0.1, 0.05, 0.01, 0.2].map((low) => ({ key: String(low), a: low, b: 1 - 2 * low, text: `${low} + ${Number((1 - 2 * low).toPrecision(3))} t` }));
  // With two outputs the smoothed labels 1 − ε + ε/2 and ε/2 are an encoding by ε/2 and 1 − ε/2.
  const smoothed = outputs === 1 ? [] : [0.1, 0.05, 0.01, 0.2].map((share) => ({ key: `smooth ${share}`, a: share / outputs, b: 1 - share, text: `${Number((1 - share).toPrecision(3))} t + ${share}/K` }));
  return [...between, ...smoothed, { key: "signs", a: -1, b: 2, text: "2t − 1" }, { key: "bits", a: 0.5, b: 0.5, text: "(t + 1)/2" }, { key: "swapped", a: 1, b: -1, text: "1 − t" }];
}

function withTargets(setting: Setting, a: number, b: number, collapsed: boolean): Tracked {
  const { by, problem } = setting;
  const t = exact(setting.t.rows, setting.t.cols, setting.t.value.map((target) => a + b * target));
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
