/** How much of a sample counts for and against each output: targets, smoothed and weighted as the cost is told. */

import { add, equal, mul, sub, tensor, where, type Tensor } from "@chainrule/autograd";
import type { Told } from "./record.ts";

/** True if a cost is told anything that changes its targets. */
export const isPlain = ({ labelSmoothing, classWeights }: Told): boolean =>
  labelSmoothing === 0 && classWeights === null;

/** t · x where a target of 0 silences even an infinite x: 0 ln 0 = 0. */
export function weighted(t: Tensor, x: Tensor): Tensor {
  const silent = equal(t, 0);
  return where(silent, 0, mul(t, where(silent, 0, x)));
}

/** The weight of an output's terms, for t and against it. */
export function weightOf({ classWeights: w }: Told, outputs: number, j: number, side: "hit" | "miss"): number {
  if (w === null) return 1;
  return outputs === 1 && w.length === 2 ? w[side === "hit" ? 1 : 0]! : w[j]!;
}

/** Returns where smoothing takes targets: to the mean of so many classes. */
const spread = (told: Told, outputs: number, sides: boolean): number => told.labelSmoothing / (sides ? 2 : outputs);

/** w_j ((1 − s) t_j + s/K) of numbers; with `sides` for costs of two classes an output, s/2. */
export function massesOf(t: ArrayLike<number>, told: Told, sides: boolean, side: "hit" | "miss" = "hit"): number[] {
  return Array.from(t, (tj, j) => {
    const smooth = told.labelSmoothing === 0 ? tj : (1 - told.labelSmoothing) * tj + spread(told, t.length, sides);
    return weightOf(told, t.length, j, side) * (side === "hit" ? smooth : 1 - smooth);
  });
}

/** The same of tensors, samples as rows. */
export function massTensor(t: Tensor, told: Told, sides: boolean, side: "hit" | "miss" = "hit"): Tensor {
  const outputs = t.shape[1]!;
  const smooth = told.labelSmoothing === 0 ? t : add(mul(t, 1 - told.labelSmoothing), spread(told, outputs, sides));
  const own = side === "hit" ? smooth : sub(1, smooth);
  if (told.classWeights === null) return own;
  return mul(
    own,
    tensor(
      Array.from({ length: outputs }, (_, j) => weightOf(told, outputs, j, side)),
      { dtype: t.dtype },
    ),
  );
}
