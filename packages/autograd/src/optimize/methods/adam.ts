/** Adam (Kingma and Ba 2015): for losses that are drawn anew at each step, where no line search means anything. */

import type { Method } from "./method.ts";
import { isFinitePoint } from "../line/search.ts";

const [FIRST, SECOND, SMALL] = [0.9, 0.999, 1e-8];

// m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²        x ← x − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
export const adam: Method = function* (objective, start, { eta }) {
  const mean = new Float64Array(start.x.length);
  const square = new Float64Array(start.x.length);
  let point = start;
  yield { point, isFull: false, isExact: false, promised: Infinity, mayEnd: true };
  for (let t = 1; ; t++) {
    const { gradient } = point;
    const x = point.x.map((value, i) => {
      const g = gradient[i]!;
      const m = (mean[i] = FIRST * mean[i]! + (1 - FIRST) * g);
      const v = (square[i] = SECOND * square[i]! + (1 - SECOND) * g * g);
      return value - (eta * (m / (1 - FIRST ** t))) / (Math.sqrt(v / (1 - SECOND ** t)) + SMALL);
    });
    const next = objective.at(x);
    if (!isFinitePoint(next)) return "notFinite";
    point = next;
    yield { point, isFull: false, isExact: false, promised: Infinity, mayEnd: true };
  }
};
