/** Steps by gradients alone: L-BFGS, BFGS, and steepest descent, all with the same line search. */

import { lineSearch, UNBOUNDED, type Wolfe } from "../line/search.ts";
import { difference, dot, largest, norm, scaled, times, type Vector } from "../linear/vectors.ts";
import type { Point } from "../objective.ts";
import type { Method, Settings, Stride } from "./method.ts";

/** The curvature as it is known from the steps that were made. */
export interface Curvature {
  /** −H g, the way to go. */
  direction(gradient: Vector): Vector;
  /** Learns from a step s along which the gradient changed by y; only where sᵀy > 0. */
  learn(s: Vector, y: Vector): void;
  /** Forgets everything. */
  forget(): void;
  /** True if nothing was learned since. */
  readonly isFresh: boolean;
}

const WOLFE: Wolfe = { decrease: 1e-4, curvature: 0.9 };

/**
 * H after H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ for the last pairs, without H itself: two loops over them (Nocedal
 * 1980).
 *
 * @param memory - how many pairs are remembered
 */
export function limitedMemory(memory: number): Curvature {
  let pairs: { readonly s: Vector; readonly y: Vector; readonly rho: number }[] = [];
  return {
    get isFresh() {
      return pairs.length === 0;
    },
    direction(gradient) {
      const q = gradient.slice();
      const shares = new Array<number>(pairs.length);
      for (let k = pairs.length - 1; k >= 0; k--) {
        const { s, y, rho } = pairs[k]!;
        const share = (shares[k] = rho * dot(s, q));
        for (let i = 0; i < q.length; i++) q[i]! -= share * y[i]!;
      }
      const last = pairs.at(-1);
      const first = last === undefined ? 1 : 1 / (last.rho * dot(last.y, last.y));
      for (let i = 0; i < q.length; i++) q[i]! *= first;
      pairs.forEach(({ s, y, rho }, k) => {
        const share = shares[k]! - rho * dot(y, q);
        for (let i = 0; i < q.length; i++) q[i]! += share * s[i]!;
      });
      return scaled(q, -1);
    },
    learn(s, y) {
      pairs.push({ s, y, rho: 1 / dot(s, y) });
      if (pairs.length > memory) pairs.shift();
    },
    forget: () => void (pairs = []),
  };
}

/** The same update of the whole matrix H, which begins as (sᵀy / yᵀy) I. */
export function dense(n: number): Curvature {
  let h: Vector | null = null;
  return {
    get isFresh() {
      return h === null;
    },
    direction: (gradient) => scaled(h === null ? gradient : times(h, gradient), -1),
    learn(s, y) {
      const sy = dot(s, y);
      h ??= identity(n, sy / dot(y, y));
      const hy = times(h, y);
      const weight = (1 + dot(y, hy) / sy) / sy;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) h[i * n + j]! += weight * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy;
      }
    },
    forget: () => void (h = null),
  };
}

function identity(n: number, diagonal: number): Vector {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = diagonal;
  return matrix;
}

/** No curvature but that of the last step: H = (sᵀs / sᵀy) I, the first of Barzilai and Borwein's. */
export function lastStep(): Curvature {
  let length: number | null = null;
  return {
    get isFresh() {
      return length === null;
    },
    direction: (gradient) => scaled(gradient, -(length ?? 1)),
    learn: (s, y) => void (length = dot(s, s) / dot(s, y)),
    forget: () => void (length = null),
  };
}

/**
 * The first trial along the gradient, of which only the direction is known: some part of what the parameters measure.
 */
function firstLength({ x, gradient }: Point, direction: Vector, { eta }: Settings): number {
  return Math.min(1, (eta * Math.max(1, largest(x))) / Math.max(largest(direction), norm(gradient) * Number.MIN_VALUE));
}

/** A method that goes where a model of the curvature says, as far as a line search says. */
function searching(curvatureOf: (n: number, settings: Settings) => Curvature): Method {
  return function* (objective, start, settings): ReturnType<Method> {
    const curvature = curvatureOf(objective.parameters.size, settings);
    let [point, isFull] = [start, false];
    let isNew = true;
    for (;;) {
      const wasFresh = curvature.isFresh;
      const direction = curvature.direction(point.gradient);
      const promised = wasFresh ? Infinity : -0.5 * dot(point.gradient, direction);
      if (isNew) yield { point, isFull, isExact: false, promised, mayEnd: true } satisfies Stride;
      const first = wasFresh ? firstLength(point, direction, settings) : 1;
      const found = lineSearch(objective, point, direction, first, WOLFE);
      if (found.point.value < UNBOUNDED) return "unbounded";
      if (found.t === 0) {
        if (wasFresh) return found.wasInfinite ? "notFinite" : "stuck";
        // The model may be what is wrong.
        curvature.forget();
        isNew = false;
        continue;
      }
      const s = difference(found.point.x, point.x);
      const y = difference(found.point.gradient, point.gradient);
      point = found.point;
      if (dot(s, y) > Number.EPSILON * norm(s) * norm(y)) curvature.learn(s, y);
      else if (!found.isWolfe) curvature.forget();
      [isFull, isNew] = [!wasFresh && found.isWolfe && found.t >= 0.1, true];
    }
  };
}

export const lbfgs = searching((_, { memory }) => limitedMemory(memory));
export const bfgs = searching((n) => dense(n));
export const gradient = searching(() => lastStep());
