/** A step implies its gradient: ∂C/∂w = (w(τ) − w(τ+1)) / η, where the step is given and the gradient is not. */

import type { Raw, RawByLayer, RawHand } from "./hand.ts";
import type { Convention } from "./report.ts";
import type { Problem } from "./setting.ts";
import { fromRows, transpose, type Tracked } from "./tracked.ts";

/** The hand with the gradients that its steps imply. */
export function impliedGradients(raw: RawHand, problem: Problem, eta: number | undefined, declared: Partial<Convention>, epsilon: number): RawHand {
  if (eta === undefined || eta === 0) return raw;
  const fill = (given: RawByLayer, next: RawByLayer, before: (l: number) => Tracked): RawByLayer => {
    const filled: Record<number, Raw> = { ...given };
    for (const [key, { matrix, flat, look }] of Object.entries(next)) {
      const l = Number(key);
      if (filled[l] !== undefined) continue;
      const own = before(l);
      const fits = matrix.rows === own.rows && matrix.cols === own.cols && !(declared.weights === "in×out" && !flat);
      const from: Tracked = fits ? own : transpose(own);
      if (matrix.rows !== from.rows || matrix.cols !== from.cols) continue;
      // What rounding left of a weight weighs 1/η in its gradient.
      const error = matrix.value.map((_, i) => ((matrix.error?.[i] ?? 0) + (from.error?.[i] ?? 0) + epsilon * Math.abs(from.value[i]!)) / Math.abs(eta));
      filled[l] = { flat, look, matrix: { ...matrix, value: matrix.value.map((w, i) => (from.value[i]! - w) / eta), error } };
    }
    return filled;
  };
  return {
    ...raw,
    gradW: fill(raw.gradW, raw.nextW, (l) => ({ ...fromRows(problem.W[l]!), error: problem.errors?.W[l] ?? null })),
    gradB: fill(raw.gradB, raw.nextB, (l) => ({ ...fromRows([problem.b[l]!]), error: problem.errors?.b[l] ?? null })),
  };
}
