/** A step implies its gradient: ∂C/∂w = (w(τ) − w(τ+1)) / η, where the step is given and the gradient is not. */

import type { Raw, RawByLayer, RawHand } from "./hand.ts";
import type { Convention } from "../report.ts";
import type { Problem } from "./setting.ts";
import { fromRows, sameShape, transpose, type Tracked } from "../bounds/tracked.ts";

/** How far a step has moved. */
const moved = (after: Tracked, before: Tracked): number =>
  after.value.reduce((sum, w, i) => sum + Math.abs(w - before.value[i]!), 0);

/**
 * True if the new matrices lie the other way round: their sizes say it, and where each is square, that steps are short.
 */
function areTurned(next: RawByLayer, before: (l: number) => Tracked): boolean {
  const layers = Object.entries(next)
    .filter(([, { flat }]) => !flat)
    .map(([key, { matrix }]) => ({ matrix, own: before(Number(key)) }));
  const oblong = layers.filter(({ own }) => own.rows !== own.cols);
  if (oblong.length > 0) return oblong.every(({ matrix, own }) => sameShape(matrix, transpose(own)));
  const square = layers.filter(({ matrix, own }) => sameShape(matrix, own));
  const sum = (read: (own: Tracked) => Tracked): number =>
    square.reduce((total, { matrix, own }) => total + moved(matrix, read(own)), 0);
  return sum(transpose) < sum((own) => own);
}

/** True where steps imply gradients of W, and neither a word nor a size says how they lie. */
export function isLayoutOfStepsGuessed({ gradW, nextW }: RawHand, declared: Partial<Convention>): boolean {
  const steps = Object.values(nextW).filter(({ flat }) => !flat);
  return (
    declared.weights === undefined &&
    Object.keys(nextW).some((l) => gradW[Number(l)] === undefined) &&
    steps.length > 0 &&
    steps.every(({ matrix: { rows, cols } }) => rows === cols)
  );
}

/** The hand with the gradients that its steps imply. */
export function impliedGradients(
  raw: RawHand,
  problem: Problem,
  eta: number | undefined,
  declared: Partial<Convention>,
  epsilon: number,
): RawHand {
  if (eta === undefined || eta === 0) return raw;
  const fill = (given: RawByLayer, next: RawByLayer, before: (l: number) => Tracked): RawByLayer => {
    const filled: Record<number, Raw> = { ...given };
    const turned = declared.weights === undefined ? areTurned(next, before) : declared.weights === "in×out";
    for (const [key, { matrix, flat, look }] of Object.entries(next)) {
      const l = Number(key);
      if (filled[l] !== undefined) continue;
      const own = before(l);
      const fits = sameShape(matrix, own) && !(turned && !flat);
      const from: Tracked = fits ? own : transpose(own);
      if (matrix.rows !== from.rows || matrix.cols !== from.cols) continue;
      // What rounding left of a weight weighs 1/η in its gradient.
      const error = matrix.value.map(
        (_, i) =>
          ((matrix.error?.[i] ?? 0) + (from.error?.[i] ?? 0) + epsilon * Math.abs(from.value[i]!)) / Math.abs(eta),
      );
      filled[l] = {
        flat,
        look,
        matrix: { ...matrix, value: matrix.value.map((w, i) => (from.value[i]! - w) / eta), error },
      };
    }
    return filled;
  };
  return {
    ...raw,
    gradW: fill(raw.gradW, raw.nextW, (l) => ({ ...fromRows(problem.W[l]!), error: problem.errors?.W[l] ?? null })),
    gradB: fill(raw.gradB, raw.nextB, (l) => ({ ...fromRows([problem.b[l]!]), error: problem.errors?.b[l] ?? null })),
  };
}
