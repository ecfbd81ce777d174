/** Generic numbers for the same network: where two formulas agree on these as well, they are one formula. */

import { Random } from "../random.ts";
import { trueDeltas } from "./local.ts";
import { settle, type Problem, type Setting } from "./setting.ts";
import { fromRows, type Tracked } from "./tracked.ts";

/** Parameters and data for sizes, activations and cost, drawn so that nothing coincides. */
export function genericProblem({ sizes, activations, cost }: Pick<Problem, "sizes" | "activations" | "cost">, samples: number, seed: number | string): Problem {
  const random = new Random(seed);
  const rows = (height: number, width: number, scale: number): number[][] =>
    Array.from({ length: height }, () => Array.from(random.normalArray(width), (x) => x * scale));
  const last = sizes.length - 1;
  const W: number[][][] = [[]];
  const b: number[][] = [[]];
  for (let l = 1; l <= last; l++) {
    W.push(rows(sizes[l]!, sizes[l - 1]!, 1.2 / Math.sqrt(sizes[l - 1]!)));
    b.push(rows(1, sizes[l]!, 0.5)[0]!);
  }
  const probabilities = cost === "categoricalCrossEntropy" || cost === "softmaxCrossEntropy";
  const t = rows(samples, sizes[last]!, 1).map((entries) => {
    const positive = entries.map((x) => 0.05 + 0.9 / (1 + Math.exp(-2 * x)));
    const total = positive.reduce((sum, x) => sum + x, 0);
    return probabilities ? positive.map((x) => x / total) : positive;
  });
  return { sizes, activations, cost, W, b, x: rows(samples, sizes[0]!, 1), t };
}

interface Generic {
  readonly other: Setting;
  readonly deltas: readonly Tracked[];
}

const known = new WeakMap<Setting, Generic>();

/** A setting that has what `setting` has (λ, η, new weights) in other numbers, with its true δ. */
export function genericLike(setting: Setting): Generic {
  const before = known.get(setting);
  if (before !== undefined) return before;
  // With another N, what was 1/N here is not 1/K there.
  const tied = setting.problem.tiedBiases === true ? { tiedBiases: true } : {};
  const problem = { ...genericProblem(setting.problem, setting.samples === 1 ? 1 : setting.samples + 2, "elsewhere"), ...tied };
  const given = Object.keys(setting.nextW);
  const shifted = given.length === 0 ? null : genericProblem(setting.problem, 1, "after the step");
  const other = settle(problem, {
    lambda: setting.decay === null ? undefined : 0.37,
    eta: setting.eta === null ? undefined : 0.23,
    nextW: Object.fromEntries(given.map((l) => [l, fromRows(shifted!.W[Number(l)]!)])),
  });
  const made = { other, deltas: trueDeltas(other) };
  known.set(setting, made);
  return made;
}
