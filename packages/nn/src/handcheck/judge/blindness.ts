/**
 * Says what the data could not have revealed: typical mistakes are made on it on purpose, and those that change nothing
 * are counted.
 */

import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import { bp2, bp3, bp4, regularized, trueDeltas } from "../claims/local.ts";
import { typical } from "../catalogue/catalogue.ts";
import { wrongFormulas } from "../catalogue/grammar.ts";
import type { Derived } from "../claims/claim.ts";
import { sceneAt, type Candidate } from "../catalogue/mistake.ts";
import { once } from "../once.ts";
import type { Blindness } from "../report.ts";
import type { Setting } from "../claims/setting.ts";
import { slopeOf } from "../claims/sigma.ts";
import { differs, type Precision } from "../bounds/tolerance.ts";
import type { Tracked } from "../bounds/tracked.ts";

/**
 * Holds what is right at one layer, computed when a mistake is held against it; the gradient of W without and with its
 * regularization.
 */
interface Truth {
  readonly gradB: () => Tracked;
  readonly data: () => Tracked;
  readonly gradW: () => Tracked;
}

/** Makes every typical mistake that this network allows, and says which of them its ∂C/∂W and ∂C/∂b do not show. */
export function blindness(truth: Setting, precision: Precision): Blindness {
  // An update that nobody asked about is tried with the usual rate.
  const setting: Setting = { ...truth, eta: truth.eta ?? 0.5, nextW: {} };
  const { last, samples } = setting;
  const deltas = trueDeltas(setting);
  const truths: Truth[] = deltas.map((delta, l) => {
    const data = once(() => bp4(setting, l, delta));
    return { gradB: once(() => bp3(setting, delta)), data, gradW: once(() => regularized(setting, l, data())) };
  });
  const madeIn = (scenes: Setting): ((one: (typeof typical)[number], l: number) => Candidate | undefined) => {
    const known = new Map<string, readonly Candidate[]>();
    return ({ id, rule, key: ending }, l) => {
      const at = `${rule} ${l}`;
      const list = known.get(at) ?? wrongFormulas(rule, { ...sceneAt(scenes, l, deltas), most: 1 });
      known.set(at, list);
      return list.find((one) => one.id === id && one.edits === 1 && (ending === undefined || one.key.endsWith(ending)));
    };
  };
  const made = madeIn(setting);
  const narrow = narrowed(setting, precision);
  const madeNarrowly = narrow === null ? null : madeIn(narrow);
  const few = once(() => regularized(narrow!, 1, bp4(narrow!, 1, deltas[1]!)));
  const missed: Blindness["missed"][number][] = [];
  let tried = 0;
  for (const one of typical) {
    if (one.several === true && samples === 1) {
      if (one.id.startsWith("E") && !regularizes(setting)) continue;
      if (one.id === "B13" && last === 1) continue;
      tried += 1;
      const equation = one.id.startsWith("E") ? "REG" : one.rule;
      missed.push({ id: one.id, equation, layer: layersFor(one.rule, last)[0]!, why: judging.oneSampleIsMean });
      continue;
    }
    for (const l of layersFor(one.rule, last)) {
      const mistake = made(one, l);
      if (mistake === undefined) continue;
      tried += 1;
      // Most show in the first inputs already.
      if (
        one.rule === "BP4" &&
        l === 1 &&
        madeNarrowly !== null &&
        differs(madeNarrowly(one, l)!.value(), few(), precision)
      )
        break;
      if (!shows(setting, one.rule, l, mistake, truths, precision)) {
        missed.push({
          id: one.id,
          equation: one.id.startsWith("E") ? "REG" : one.rule,
          layer: l,
          why: reason(setting, one, l, deltas),
        });
      }
      break;
    }
  }
  return { tried, missed, advice: advice(truth, missed.length, deltas) };
}

/** So many inputs are few. */
const FEW = 8;

/**
 * The setting with the first inputs alone: each column of ∂C/∂W¹ belongs to one input, so that the columns are those of
 * the whole. `null` where that saves little, where another layer is as wide as the input, and where what digits hide
 * hangs on the largest entry.
 */
function narrowed(setting: Setting, { usual }: Precision): Setting | null {
  const {
    problem: { sizes },
    u,
    v,
    W,
  } = setting;
  const [inputs, ...others] = sizes as [number, ...number[]];
  if (inputs < 4 * FEW || others.includes(inputs) || setting.samples === inputs || usual.by === "largest") return null;
  const few = (m: Tracked): Tracked => {
    const cut = (from: Float64Array): Float64Array =>
      Float64Array.from({ length: m.rows * FEW }, (_, i) => from[Math.floor(i / FEW) * m.cols + (i % FEW)]!);
    return { ...m, cols: FEW, value: cut(m.value), error: m.error && cut(m.error) };
  };
  const input = few(v[0]!);
  return { ...setting, u: [input, ...u.slice(1)], v: [input, ...v.slice(1)], W: [W[0]!, few(W[1]!), ...W.slice(2)] };
}

function regularizes({ decay }: Setting): boolean {
  return decay !== null && decay !== 0;
}

/** Returns where a mistake is made: in the midst of the network where it can be. */
function layersFor(family: Derived, last: number): number[] {
  if (family === "BP1") return [last];
  const hidden = Array.from({ length: last - 1 }, (_, index) => index + 1);
  const order = [...hidden].sort((a, b) => Math.abs(a - (last - 2)) - Math.abs(b - (last - 2)) || b - a);
  return family === "BP2" ? order : [...order, last];
}

/** True if the gradients differ by more than the handed precision hides. */
function shows(
  setting: Setting,
  family: Derived,
  l: number,
  mistake: Candidate,
  truths: readonly Truth[],
  precision: Precision,
): boolean {
  // One row for each sample is held against the reduced one, as a comparison that broadcasts does.
  const shown = (wrong: Tracked, right: Tracked): boolean =>
    right.rows === 1 && wrong.rows > 1 ? !everyRow(wrong, right) : differs(wrong, right, precision);
  if (family === "BP3") return shown(mistake.value(), truths[l]!.gradB());
  if (family === "BP4") return shown(mistake.value(), truths[l]!.gradW());
  let delta = mistake.value();
  for (let k = l; k >= 1; k--) {
    if (k < l) delta = bp2(setting, k, delta);
    if (shown(bp3(setting, delta), truths[k]!.gradB()) || shown(bp4(setting, k, delta), truths[k]!.data())) return true;
  }
  return false;
}

function everyRow(many: Tracked, one: Tracked): boolean {
  return many.value.every(
    (x, i) => Math.abs(x - one.value[i % one.cols]!) <= (many.error?.[i] ?? 0) + (one.error?.[i % one.cols] ?? 0),
  );
}

function reason(
  setting: Setting,
  { id, rule: family }: (typeof typical)[number],
  l: number,
  deltas: readonly Tracked[],
): Words {
  if (family !== "BP1" && deltas[l]!.value.every((d) => d === 0)) return judging.deltaIsZero({ layer: l });
  const transposed = id === "B2" ? setting.W[l + 1] : id === "D1" ? setting.W[l] : undefined;
  if (transposed !== undefined && symmetric(transposed)) return judging.symmetricWeights;
  return judging.sameEitherWay;
}

function symmetric({ rows, cols, value }: Tracked): boolean {
  if (rows !== cols || rows < 2) return false;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) if (value[i * cols + j] !== value[j * cols + i]) return false;
  return true;
}

/** Returns what to change in the data, and what is worth knowing about it. */
function advice(
  { samples, outputs, last, W, b, u, problem, by, lambda }: Setting,
  missed: number,
  deltas: readonly Tracked[],
): Words[] {
  const list: Words[] = [];
  if (samples === 1) list.push(judging.addSample);
  else if (samples === outputs) list.push(judging.asManySamplesAsOutputs);
  const layers = Array.from({ length: last }, (_, index) => index + 1);
  const zero = (m: Tracked): boolean => m.value.every((x) => x === 0);
  if (layers.some((l) => zero(W[l]!))) list.push(judging.zeroWeights);
  else if (missed > 0 && layers.every((l) => zero(b[l]!))) list.push(judging.zeroBiases);
  if (layers.some((l) => symmetric(W[l]!))) list.push(judging.symmetricHides);
  for (const l of layers) {
    const activation = problem.activations[l - 1]!;
    if (activation !== "sigmoid" && activation !== "tanh") continue;
    const slopes = slopeOf(by, activation, u[l]!).value;
    if (slopes.some((slope) => slope < 1e-15)) list.push(judging.saturated({ layer: l }));
  }
  if (lambda > 0) {
    const size = (m: Tracked): number => m.value.reduce((sum, x) => sum + Math.abs(x), 0);
    const data = deltas[1]!.value.reduce((sum, x) => sum + Math.abs(x), 0);
    if ((lambda / samples) * size(W[1]!) > 1e6 * data) list.push(judging.regularizationOutweighs);
  }
  return list;
}
