/** Functions of the host that formulas over lanes call: what has no formula, or none for arguments of this size. */

import type { Externals } from "./lanes/number-lanes.ts";

/** x^y as IEEE 754 defines it: 1^y is 1 and (-1)^±∞ is 1, where JavaScript says NaN. */
export function pow(x: number, y: number): number {
  if (x === 1) return 1;
  if (x === -1 && (y === Infinity || y === -Infinity)) return 1;
  if (y === 2) return x * x;
  if (y === 0.5 && x > 0) return Math.sqrt(x);
  return x ** y;
}

/** Every one of them, by the name that formulas use. */
export const externals: Externals = { sin: Math.sin, cos: Math.cos, tan: Math.tan, pow };

/** How many numbers each of them takes. */
export const arities: Readonly<Record<keyof Externals, number>> = { sin: 1, cos: 1, tan: 1, pow: 2 };
