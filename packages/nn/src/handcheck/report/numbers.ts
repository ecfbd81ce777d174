/** Numbers as a reader compares them: as many digits as tell two of them apart. */

import type { Residual } from "../report.ts";

/** A number to a number of significant digits, plain where that is short. */
export function digits(value: number, precision = 9): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) return value.toExponential(Math.min(precision - 1, precision > 9 ? 16 : 5));
  const text = value.toPrecision(precision);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/** Yours and the correct one, with the digits that show that they differ. */
export function pair(yours: number, correct: number): readonly [string, string] {
  for (const precision of [9, 12]) {
    const both = [digits(yours, precision), digits(correct, precision)] as const;
    if (both[0] !== both[1] || Object.is(yours, correct)) return both;
  }
  return [digits(yours, 17), digits(correct, 17)];
}

/** yours / correct, where that says something. */
export function ratio(yours: number, correct: number): string | null {
  const quotient = yours / correct;
  const text = digits(quotient);
  return Number.isFinite(quotient) && quotient !== 0 && text !== "1" ? text : null;
}

/** An index as it is written behind a name: `[0, 1]`. */
export const indexText = (at: readonly number[]): string => `[${at.join(", ")}]`;

/** How far two arrays are apart, in one short word. */
export function distance(residual: Residual): string {
  if (residual.maxAbs === 0) return "0";
  if (!Number.isFinite(residual.maxAbs)) return digits(residual.maxAbs);
  const size = residual.maxAbs.toExponential(1);
  return residual.ulps <= 4096 ? `${size} (${Math.max(1, Math.ceil(residual.ulps))} ulp)` : size;
}
