/**
 * What the library gives for a random program against the independent dual numbers, within the bounds that these carry.
 */

import { apply, hessianTolerance, isComparable, leaf, runDual, type Dual, type Program } from "../oracles/dual.ts";
import { forward, hessianByForward, hessianByReverse, reverse } from "./engine.ts";
import type { Verdict } from "./runs.ts";

const within = (actual: number, expected: number, tolerance: number): boolean =>
  Number.isFinite(actual) && Math.abs(actual - expected) <= tolerance + 1e-300;

const differing = (
  what: string,
  actual: readonly number[],
  expected: readonly number[],
  tolerance: readonly number[],
): Verdict | null => {
  if (actual.length !== expected.length)
    return { difference: `${what}: ${actual.length} entries instead of ${expected.length}` };
  const k = expected.findIndex((e, i) => !within(actual[i]!, e, tolerance[i]!));
  return k < 0
    ? null
    : { difference: `${what}: ${actual[k]!} instead of ${expected[k]!} ± ${tolerance[k]!} at entry ${k}` };
};

/** The sweep's own share of the error beside that of the reference. */
const gradientTolerance = ({ gradientError }: Dual): number[] =>
  gradientError.map((error) => 2 * Number.EPSILON * error);

/**
 * Whether every value on the way is finite, with its derivatives: where 0 · ∞ arises, the two modes meet it at
 * different ops.
 */
const finiteThroughout = ({ leaves, instructions }: Program, order: 1 | 2): boolean => {
  const values = leaves.map((value, k) => leaf(value, k, leaves.length, order));
  for (const { op, operands, params } of instructions)
    values.push(
      apply(
        op,
        operands.map((k) => values[k]!),
        params,
      ),
    );
  return values.every((dual) => dual.finite && (order === 1 || dual.hessianFinite));
};

/** Directions without a pattern that an error could hide in. */
const directionFor = (count: number): number[] => [1, -0.75, 1.5, -0.625].slice(0, count);

/** Value, reverse gradient, and one derivative along a direction by forward mode. */
export const compareFirst = (program: Program): Verdict => {
  const expected = runDual(program);
  if (!isComparable(expected)) return "discarded";
  const { value, gradient } = reverse(program);
  const tolerance = gradientTolerance(expected);
  const wrong = differing("value", [value], [expected.value], [Number.EPSILON * expected.valueError]);
  // The sign of a number that underflows to 0 is nobody's promise, and a division by it makes it an infinity of either
  // sign.
  if (wrong !== null) return finiteThroughout(program, 1) ? wrong : "discarded";
  const found = differing("reverse gradient", gradient, expected.gradient, tolerance);
  // The reference cuts what lies behind a slope of 0, where a sweep says NaN: 0 · ∞.
  if (found !== null) return gradient.every(Number.isFinite) || finiteThroughout(program, 1) ? found : "discarded";
  const direction = directionFor(program.leaves.length);
  const along = (list: readonly number[]): number => list.reduce((sum, entry, k) => sum + entry * direction[k]!, 0);
  const allowed = tolerance.reduce((sum, entry, k) => sum + entry * Math.abs(direction[k]!), 0);
  const rounding = 4 * Number.EPSILON * expected.pathBound.reduce((sum, bound) => sum + bound, 0);
  const pushed = differing(
    "forward derivative",
    [forward(program, direction)],
    [along(expected.gradient)],
    [2 * allowed + rounding],
  );
  if (pushed === null) return "agrees";
  return finiteThroughout(program, 1) ? pushed : "discarded";
};

/** Beyond these slopes the absolute tolerance of the Hessian would be too wide to see anything. */
const STEEPEST = 1e4;

/** The Hessian, forward over reverse and reverse over reverse. */
export const compareSecond = (program: Program): Verdict => {
  const expected = runDual(program, 2);
  if (!isComparable(expected, STEEPEST) || !expected.hessianFinite) return "discarded";
  // Formulas such as σ′ = y (1 − y) lose digits when differentiated again, in proportion to the slopes around them.
  const absolute = 1e-14 * Math.max(1, expected.largest) ** 2;
  const tolerance = hessianTolerance(program, expected).map((bound) => bound + absolute);
  const found =
    differing("Hessian by reverse over reverse", hessianByReverse(program), expected.hessian!, tolerance) ??
    differing("Hessian by forward over reverse", hessianByForward(program), expected.hessian!, tolerance);
  if (found === null) return "agrees";
  return finiteThroughout(program, 2) ? found : "discarded";
};
