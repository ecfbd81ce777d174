/** ∂C/∂v of a layer as somebody has it who takes it for δ: as well known as what lies above it, and as δ, let it be. */

import { ownSlope, type Setting } from "../claims/setting.ts";
import { sameShape, type Tracked } from "../bounds/tracked.ts";

/**
 * ∂C/∂v^l from above, and by δ^l ⊘ σ'(u^l) where that leaves less open: whoever has a right δ^l has it from the same
 * ∂C/∂v^l.
 */
export function errorOfLayer(setting: Setting, l: number, delta: Tracked, fromAbove: () => Tracked): Tracked {
  const error = fromAbove();
  const activation = setting.problem.activations[l - 1]!;
  if (!setting.rounded || activation === "softmax" || !sameShape(error, delta)) return error;
  const [{ value: slopes, error: slack }, { value: d, error: off }] = [ownSlope(setting, l, activation), delta];
  const [value, bound] = [error.value.slice(), error.error?.slice() ?? new Float64Array(error.value.length)];
  for (let i = 0; i < value.length; i++) {
    const least = Math.abs(slopes[i]!) - (slack?.[i] ?? 0);
    if (!(least > 0)) continue;
    const quotient = d[i]! / slopes[i]!;
    const open = ((off?.[i] ?? 0) + Math.abs(quotient) * (slack?.[i] ?? 0)) / least;
    // Where the two contradict each other, δ is wrong.
    if (open < bound[i]! && Math.abs(quotient - value[i]!) <= open + bound[i]!) [value[i], bound[i]] = [quotient, open];
  }
  return { ...error, value, error: bound };
}
