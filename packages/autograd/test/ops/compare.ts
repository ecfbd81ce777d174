/** The comparisons of the op table, and a count of what was compared. */

import { within } from "../../src/check/same.ts";
import type { Tensor } from "../../src/index.ts";
import { ulpDistance, ulpDistance32 } from "../oracles/ulp.ts";

/**
 * How many properties were checked, and how far off the worst passing derivative was, by the oracle that it was held
 * against.
 */
export const tally = { checks: 0, worst: new Map<string, number>() };

function fail(label: string, entry: number, got: number, expected: number, why: string): never {
  throw new Error(`${label}: entry ${entry} is ${got} where ${expected} is expected (${why})`);
}

function lengths(label: string, got: ArrayLike<number>, expected: ArrayLike<number>): void {
  if (got.length !== expected.length)
    throw new Error(`${label}: ${got.length} entries where ${expected.length} are expected`);
  tally.checks++;
}

/** |got - expected| ≤ atol + rtol·|expected|, entry by entry; infinities and NaN must be the same. */
export function near(
  label: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  { atol = 0, rtol = 0 },
  oracle?: string,
): void {
  lengths(label, got, expected);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [got[i]!, expected[i]!];
    const error = Object.is(a, e) ? 0 : Math.abs(a - e);
    if (!within(a, e, atol + rtol * Math.abs(e))) fail(label, i, a, e, `off by ${error}`);
    if (oracle === undefined) continue;
    const relative = error / Math.max(1, Math.abs(e));
    if (relative > (tally.worst.get(oracle) ?? 0)) tally.worst.set(oracle, relative);
  }
}

/** The same numbers; the two zeros count as one. */
export function equalNumbers(label: string, got: ArrayLike<number>, expected: ArrayLike<number>): void {
  lengths(label, got, expected);
  for (let i = 0; i < expected.length; i++) {
    if (got[i] !== expected[i] && !Object.is(got[i], expected[i]))
      fail(label, i, got[i]!, expected[i]!, "must be equal");
  }
}

/** At most so many representable numbers apart. */
export function withinUlp(
  label: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  ulp: number,
  dtype: string,
): void {
  lengths(label, got, expected);
  const distance = dtype === "float32" ? ulpDistance32 : ulpDistance;
  for (let i = 0; i < expected.length; i++) {
    const apart = got[i] === expected[i] ? 0 : distance(got[i]!, expected[i]!);
    if (!(apart <= ulp)) fail(label, i, got[i]!, expected[i]!, `${apart} ulp apart`);
  }
}

/** The same shape, type and bits. */
export function sameBits(label: string, got: Tensor, expected: Tensor): void {
  sameForm(label, got, expected.shape, expected.dtype);
  const [a, e] = [got.toTypedArray(), expected.toTypedArray()];
  for (let i = 0; i < e.length; i++) if (!Object.is(a[i], e[i])) fail(label, i, a[i]!, e[i]!, "bits differ");
}

export function sameForm(label: string, got: Tensor, shape: readonly number[], dtype: string): void {
  tally.checks++;
  if (got.dtype !== dtype) throw new Error(`${label}: ${got.dtype} where ${dtype} is expected`);
  if (got.shape.length !== shape.length || got.shape.some((size, axis) => size !== shape[axis])) {
    throw new Error(`${label}: shape [${got.shape.join(", ")}] where [${shape.join(", ")}] is expected`);
  }
}

/** Every entry is 0. */
export function zeros(label: string, got: Tensor): void {
  tally.checks++;
  const numbers = got.toTypedArray();
  const at = numbers.findIndex((x: number) => x !== 0);
  if (at >= 0) fail(label, at, numbers[at]!, 0, "must be exactly 0");
}

/** The largest magnitude, at least 1. */
export function scaleOf(numbers: ArrayLike<number>): number {
  let scale = 1;
  for (let i = 0; i < numbers.length; i++) if (Math.abs(numbers[i]!) > scale) scale = Math.abs(numbers[i]!);
  return scale;
}
