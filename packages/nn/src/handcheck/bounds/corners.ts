/**
 * Corners of a function: where an input of ReLU is 0 or two entries share a maximum, a whole set of gradients is right.
 */

import type { Random } from "../../random.ts";
import { indexOf, largest, positionOf, sameShape, type Numbers } from "./numbers.ts";

/** The gradients that lie around a corner. */
export interface Corner {
  /** The least and the greatest of each entry that has a choice. */
  readonly ranges: ReadonlyMap<number, readonly [low: number, high: number]>;
  /** Sums that are the same whichever branch is taken: of all entries (`null`), or along an axis. */
  readonly sums: readonly (number | null)[];
}

/** How many points beside the given one are tried: each takes one branch of every corner. */
export const DRAWS = 8;
/** The distance, beside the largest entry: far above rounding, far below whatever bends. */
const NEAR = 2 ** -30;
/** A smooth gradient changes in proportion to the distance; a branch changes it at once. */
const JUMP = 1e-3;

/** Steps to a point nearby. */
export function nearby({ data, shape }: Numbers, random: Random): Numbers {
  const step = NEAR * (largest(data) || 1);
  return { shape, data: data.map(() => (random.uniform() < 0.5 ? -step : step)) };
}

/** The sums along an axis, or of everything. */
function sums({ data, shape }: Numbers, axis: number | null): Float64Array {
  const rest = axis === null ? [] : shape.filter((_, k) => k !== axis);
  const out = new Float64Array(rest.reduce((product, size) => product * size, 1));
  data.forEach(
    (x, i) =>
      (out[
        axis === null
          ? 0
          : indexOf(
              positionOf(i, shape).filter((_, k) => k !== axis),
              rest,
            )
      ]! += x),
  );
  return out;
}

const near = (a: Float64Array, b: Float64Array, room: number): boolean =>
  a.every((x, i) => Math.abs(x - b[i]!) <= room);

/** The corner that gradients at points nearby show; `null` where they are all alike. */
export function cornerAmong(base: Numbers, samples: readonly Numbers[]): Corner | null {
  const all = [base, ...samples];
  if (all.some(({ shape, data }) => !sameShape(shape, base.shape) || data.some((x) => !Number.isFinite(x))))
    return null;
  const scale = Math.max(...all.map(({ data }) => largest(data)));
  const ranges = new Map<number, readonly [number, number]>();
  base.data.forEach((_, i) => {
    const there = all.map(({ data }) => data[i]!);
    const [low, high] = [Math.min(...there), Math.max(...there)];
    if (high - low > JUMP * scale) ranges.set(i, [low, high]);
  });
  if (ranges.size === 0) return null;
  const axes = [null, ...base.shape.map((_, axis) => axis)];
  return {
    ranges,
    sums: axes.filter((axis) =>
      all.every((one) => near(sums(one, axis), sums(base, axis), 1e-6 * scale * base.data.length)),
    ),
  };
}

/** True if the sums are those that every branch has. */
export const keepsSums = (yours: Numbers, correct: Numbers, { sums: kept }: Corner, room: number): boolean =>
  kept.every((axis) => near(sums(yours, axis), sums(correct, axis), room * correct.data.length));

/**
 * True if a gradient is right at a corner: between its sides there, with the sums that every branch has, and as
 * computed elsewhere.
 */
export function isSubgradient(yours: Numbers, correct: Numbers, corner: Corner, allowed: number): boolean {
  if (!sameShape(yours.shape, correct.shape)) return false;
  const room = allowed + 1e-7 * largest(correct.data);
  const inRange = yours.data.every((x, i) => {
    const [low, high] = corner.ranges.get(i) ?? [correct.data[i]!, correct.data[i]!];
    return x >= low - room && x <= high + room;
  });
  return inRange && keepsSums(yours, correct, corner, room);
}
