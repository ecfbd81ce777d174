/**
 * Decides what counts as equal: never a bare number, but what rounding explains for these values, this precision, these
 * digits.
 */

import { unitsOf, type Rule } from "./rounding.ts";
import type { Residual } from "../report.ts";
import type { Tracked } from "./tracked.ts";

/**
 * Holds what a handed number is known to: the machine precision that it was computed with, and what it was rounded to.
 */
export interface Precision {
  readonly epsilon: number;
  readonly usual: Rule;
}

/**
 * Returns what each entry of a handed tensor may be off: the part of its last place that rounding leaves open, and a
 * unit of its last bit.
 */
export function withUnits(value: Float64Array, rule: Rule, epsilon: number): Float64Array {
  const units = unitsOf(rule, value);
  return value.map((x, i) => (units === null ? 0 : units[i]!) + epsilon * Math.abs(x));
}

/**
 * True if `wrong`, handed in with this precision, is seen to differ from `right`; looked for no further than the first
 * entry that shows it.
 */
export function differs(wrong: Tracked, right: Tracked, precision: Precision): boolean {
  if (wrong.rows !== right.rows || wrong.cols !== right.cols) return true;
  const units = unitsOf(precision.usual, wrong.value);
  for (let i = 0; i < wrong.value.length; i++) {
    const x = wrong.value[i]!;
    const gap = Math.abs(x - right.value[i]!);
    // Written so that NaN differs.
    if (
      gap !== 0 &&
      !(
        gap <=
        (wrong.error?.[i] ?? 0) +
          (right.error?.[i] ?? 0) +
          (units === null ? 0 : units[i]!) +
          precision.epsilon * Math.abs(x)
      )
    )
      return true;
  }
  return false;
}

/** The largest |a - b| over what rounding explains, counted no further than `enough`; infinite for different shapes. */
export function overTolerance(a: Tracked, b: Tracked, enough = Infinity): number {
  if (a.rows !== b.rows || a.cols !== b.cols) return Infinity;
  const [A, B, dA, dB] = [a.value, b.value, a.error, b.error];
  let worst = 0;
  for (let i = 0; i < A.length; i++) {
    const gap = Math.abs(A[i]! - B[i]!);
    if (gap === 0) continue;
    const ratio = gap / ((dA === null ? 0 : dA[i]!) + (dB === null ? 0 : dB[i]!) + 1e-300);
    // NaN must not hide behind a comparison that it never wins.
    if (!(ratio <= worst)) worst = Number.isNaN(ratio) ? Infinity : ratio;
    if (worst > enough) break;
  }
  return worst;
}

/** Equal within what rounding explains. */
export const fits = (a: Tracked, b: Tracked): boolean => overTolerance(a, b, 1) <= 1;

/** How far `yours` is from `correct`; the numbers shown are multiplied by `factor`, which undoes a convention. */
export function residual(yours: Tracked, correct: Tracked, factor = 1): Residual | null {
  if (yours.rows !== correct.rows || yours.cols !== correct.cols || yours.value.length === 0) return null;
  const [A, B, dA, dB] = [yours.value, correct.value, yours.error, correct.error];
  let [maxAbs, scale, worst, at] = [0, 0, -1, 0];
  for (let i = 0; i < A.length; i++) {
    const gap = Math.abs(A[i]! - B[i]!);
    const ratio = gap === 0 ? 0 : gap / ((dA === null ? 0 : dA[i]!) + (dB === null ? 0 : dB[i]!) + 1e-300);
    if (!(ratio <= worst)) {
      worst = ratio;
      at = i;
    }
    maxAbs = Math.max(maxAbs, gap);
    scale = Math.max(scale, Math.abs(B[i]!));
  }
  return {
    maxAbs: maxAbs * Math.abs(factor),
    maxRel: maxAbs === 0 ? 0 : maxAbs / scale,
    ulps: maxAbs === 0 ? 0 : Math.round(maxAbs / (scale * Number.EPSILON)),
    overTolerance: worst,
    at: [Math.floor(at / yours.cols), at % yours.cols],
    yours: yours.value[at]! * factor,
    correct: correct.value[at]! * factor,
  };
}
