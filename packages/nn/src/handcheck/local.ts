/** The right-hand sides of BP1 to BP4, each from the values that it is given: the truth's, or the person's own. */

import { exact, type Tracked } from "./tracked.ts";
import { costSlope, output, throughActivation, type Setting } from "./setting.ts";

/** Whether σ' cancels against ∇_v C, so that δ^L = v - t. */
export function collapses({ problem: { cost, activations } }: Pick<Setting, "problem">): boolean {
  const pair = `${activations[activations.length - 1]!} ${cost}`;
  return pair === "sigmoid crossEntropy" || pair === "softmax categoricalCrossEntropy" || pair === "linear softmaxCrossEntropy";
}

/** BP1: δ^L = ∇_v C ⊙ σ'(u^L), or v - t where the two cancel. */
export function bp1(setting: Setting): Tracked {
  const { by, last, v, t, problem } = setting;
  const pair = `${problem.activations[last - 1]!} ${problem.cost}`;
  if (pair === "sigmoid crossEntropy") return by.sub(v[last]!, t);
  if (pair === "softmax categoricalCrossEntropy" || pair === "linear softmaxCrossEntropy") return by.sub(by.mul(probabilities(setting), targetSums(setting)), t);
  return throughActivation(setting, last, costSlope(setting));
}

/** BP2: δ^l = ((W^{l+1})ᵀ δ^{l+1}) ⊙ σ'(u^l) */
export function bp2(setting: Setting, l: number, above: Tracked): Tracked {
  return throughActivation(setting, l, setting.by.matmul(above, setting.W[l + 1]!));
}

/** BP3: ∂C/∂b^l = (1/N) Σ_n δ^l_n, and Σ_j of it where the units of a layer share one bias. */
export function bp3({ by, samples, problem }: Setting, delta: Tracked): Tracked {
  const sums = by.columnSums(delta);
  return by.scale(problem.tiedBiases === true ? by.matmul(sums, exact(sums.cols, 1, new Float64Array(sums.cols).fill(1))) : sums, 1 / samples);
}

/** BP4: ∂C/∂W^l = (1/N) Σ_n δ^l_n (v^{l-1}_n)ᵀ, without regularization. */
export function bp4({ by, samples, v }: Setting, l: number, delta: Tracked): Tracked {
  return by.scale(by.matmul(delta, v[l - 1]!, true), 1 / samples);
}

/** BP4 with the slope (λ/N) W^l of the regularization, where there is one. */
export function regularized(setting: Setting, l: number, data: Tracked): Tracked {
  const { by, decay, W } = setting;
  return decay === null || decay === 0 ? data : by.add(data, by.scale(W[l]!, decay));
}

/** p of the last layer: its output where that is a softmax, the softmax of its output where the cost contains it. */
export function probabilities({ by, v, last, problem }: Setting): Tracked {
  if (problem.cost !== "softmaxCrossEntropy") return v[last]!;
  return output(by, "softmax", v[last]!);
}

/** Σ_j t_j of each sample, in every column: 1 for targets that are probabilities. */
function targetSums({ t }: Setting): Tracked {
  const sums = new Float64Array(t.value.length);
  for (let i = 0; i < t.rows; i++) {
    const entries = t.value.subarray(i * t.cols, (i + 1) * t.cols);
    sums.fill(entries.reduce((sum, entry) => sum + entry, 0), i * t.cols, (i + 1) * t.cols);
  }
  return exact(t.rows, t.cols, sums);
}
