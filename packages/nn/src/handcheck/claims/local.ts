/** The right-hand sides of BP1 to BP4, each from the values that it is given: the truth's, or the person's own. */

import { costOf } from "../../network/cost.ts";
import { exact, type Arithmetic, type Tracked } from "../bounds/tracked.ts";
import { collapses, costSlope, massesIn, throughActivation, type Setting } from "./setting.ts";
import { output } from "./sigma.ts";

/** BP1: δ^L = ∇_v C ⊙ σ'(u^L), or v - t where the two cancel. */
export function bp1(setting: Setting): Tracked {
  const { by, last, v, problem } = setting;
  if (!collapses(setting)) return throughActivation(setting, last, costSlope(setting));
  const { record, told } = costOf(problem.cost);
  const hit = massesIn(setting);
  if (record.targets !== "shares") return by.sub(by.mul(probabilities(setting), sumsOf(hit)), hit);
  // With class weights a counts for and b against: v (a + b) − a.
  return by.sub(told.classWeights === null ? v[last]! : by.mul(v[last]!, by.add(hit, massesIn(setting, "miss"))), hit);
}

/** BP2: δ^l = ((W^{l+1})ᵀ δ^{l+1}) ⊙ σ'(u^l) */
export function bp2(setting: Setting, l: number, above: Tracked): Tracked {
  return throughActivation(setting, l, setting.by.matmul(above, setting.W[l + 1]!));
}

/** The true δ of a forward pass, with what else they follow from. */
const trueErrors = new WeakMap<Setting["v"], { readonly setting: Setting; readonly deltas: readonly Tracked[] }>();

/** δ of every layer from the top down, by BP1 and BP2 alone. */
export function trueDeltas(setting: Setting): readonly Tracked[] {
  const known = trueErrors.get(setting.v);
  if (
    known !== undefined &&
    known.setting.u === setting.u &&
    known.setting.t === setting.t &&
    known.setting.W === setting.W
  )
    return known.deltas;
  const deltas: Tracked[] = [];
  deltas[setting.last] = bp1(setting);
  for (let l = setting.last - 1; l >= 1; l--) deltas[l] = bp2(setting, l, deltas[l + 1]!);
  trueErrors.set(setting.v, { setting, deltas });
  return deltas;
}

/** BP3: ∂C/∂b^l = (1/N) Σ_n δ^l_n, and Σ_j of it where the units of a layer share one bias. */
export function bp3({ by, samples, problem }: Setting, delta: Tracked): Tracked {
  const sums = by.columnSums(delta);
  return by.scale(
    problem.tiedBiases === true ? by.matmul(sums, exact(sums.cols, 1, new Float64Array(sums.cols).fill(1))) : sums,
    1 / samples,
  );
}

/**
 * The last gradient that a δ gave, and with which inputs: whoever chooses a convention, judges and tries mistakes asks
 * for the same.
 */
const gradients = new WeakMap<
  Tracked,
  { readonly below: Tracked; readonly by: Arithmetic; readonly gradient: Tracked }
>();

/** BP4: ∂C/∂W^l = (1/N) Σ_n δ^l_n (v^{l-1}_n)ᵀ, without regularization. */
export function bp4({ by, samples, v }: Setting, l: number, delta: Tracked): Tracked {
  const below = v[l - 1]!;
  const known = gradients.get(delta);
  if (known !== undefined && known.below === below && known.by === by) return known.gradient;
  const gradient = by.scale(by.matmul(delta, below, true), 1 / samples);
  gradients.set(delta, { below, by, gradient });
  return gradient;
}

/** BP4 with the slope (λ/N) W^l of the regularization, where there is one. */
export function regularized(setting: Setting, l: number, data: Tracked): Tracked {
  const { by, decay, W } = setting;
  return decay === null || decay === 0 ? data : by.add(data, by.scale(W[l]!, decay));
}

/** p of the last layer: its output where that is a softmax, the softmax of its output where the cost contains it. */
export function probabilities({ by, v, last, problem }: Setting): Tracked {
  if (costOf(problem.cost).name !== "softmaxCrossEntropy") return v[last]!;
  return output(by, "softmax", v[last]!);
}

/** Σ_j t_j of each sample, in every column: 1 for targets that are probabilities. */
function sumsOf(t: Tracked): Tracked {
  const sumRows = (from: Float64Array): Float64Array => {
    const sums = new Float64Array(from.length);
    for (let i = 0; i < t.rows; i++) {
      const entries = from.subarray(i * t.cols, (i + 1) * t.cols);
      sums.fill(
        entries.reduce((sum, entry) => sum + entry, 0),
        i * t.cols,
        (i + 1) * t.cols,
      );
    }
    return sums;
  };
  return { ...exact(t.rows, t.cols, sumRows(t.value)), error: t.error && sumRows(t.error) };
}
