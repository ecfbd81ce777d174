/** One constant that is to explain many numbers. */

import type { Tracked } from "./tracked.ts";

/** c, and how far rounding lets it be off. */
interface Constant {
  readonly c: number;
  readonly error: number;
}

/** c with y ≈ c x over all pairs, by least squares; `null` where every x is 0. */
export function constantOf(pairs: readonly (readonly [y: Tracked, x: Tracked])[]): Constant | null {
  let [top, bottom, slack] = [0, 0, 0];
  for (const [y, x] of pairs) {
    for (let i = 0; i < y.value.length; i++) {
      top += y.value[i]! * x.value[i]!;
      bottom += x.value[i]! ** 2;
      slack += Math.abs(x.value[i]!) * (y.error?.[i] ?? 0) + Math.abs(y.value[i]!) * (x.error?.[i] ?? 0);
    }
  }
  return bottom > 0 ? { c: top / bottom, error: slack / bottom + 16 * Number.EPSILON * Math.abs(top / bottom) } : null;
}

/** The shortest decimal that rounding allows for a constant: nobody chooses 0.1000000001. */
export function shortest({ c, error }: Constant): number {
  for (let digits = 1; digits < 16; digits++) {
    const short = Number(c.toPrecision(digits));
    if (Math.abs(c - short) <= error) return short;
  }
  return c;
}
