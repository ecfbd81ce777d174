/** The comparator: numbers that are not finite by identity, before any tolerance; the others against the reference. */

import { ArgumentError, showShape } from "../errors.ts";
import { elementsOf } from "../graph/read.ts";
import { sameShape } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKinds } from "../options.ts";

/** How far apart two numbers may be: |actual - expected| ≤ atol + rtol·|expected|. */
export interface SameOptions {
  /** The absolute part; 0 where nothing is said. */
  readonly atol?: number;
  /** The part relative to the expected number; 0 where nothing is said. */
  readonly rtol?: number;
  /** True if a comparison of no entries at all is meant; it fails otherwise. */
  readonly empty?: boolean;
}

const kinds: OptionKinds<SameOptions> = { atol: option.finite(0), rtol: option.finite(0), empty: option.flag };

/** Two numbers that stand for each other, and how far apart they may be. */
export interface Pair {
  /** The position in row-major order. */
  readonly index: number;
  readonly actual: number;
  readonly expected: number;
  readonly allowed: number;
}

/** The findings of a comparison. */
export interface Comparison {
  readonly ok: boolean;
  /** How many entries were compared. */
  readonly count: number;
  /** The entry that is furthest off in units of what is allowed; `null` where none was compared. */
  readonly worst: Pair | null;
  /** One sentence. */
  readonly message: string;
}

/** Anything that can be compared: a tensor, a number, or a flat list of numbers, which has a shape but no dtype. */
export type Comparable = Tensor | number | ArrayLike<number>;

/** True if one number stands for another. An allowance that is not finite allows nothing. */
export function within(actual: number, expected: number, allowed: number): boolean {
  if (!Number.isFinite(actual) || !Number.isFinite(expected)) return Object.is(actual, expected);
  return allowed < Infinity && Math.abs(actual - expected) <= allowed;
}

/** How far two numbers are apart in units of what is allowed: up to 1 where they stand for each other. */
export function excess(actual: number, expected: number, allowed: number): number {
  if (!within(actual, expected, allowed)) {
    const ratio = Math.abs(actual - expected) / allowed;
    return ratio > 1 ? ratio : Infinity;
  }
  const error = Object.is(actual, expected) ? 0 : Math.abs(actual - expected);
  return error === 0 ? 0 : error / allowed;
}

/**
 * Compares a result with its reference. Shape and dtype must be the same; NaN and the infinities are equal to
 * themselves alone, whatever the tolerance; the two zeros are equal; and where nothing was compared, nothing was shown.
 *
 * @param actual - what was computed
 * @param expected - what it should be: the tolerance is relative to this one
 * @param options - `atol`, `rtol`, `empty`
 * @returns whether all entries agree, how many there were, and the worst of them
 * @throws ConfigError for a tolerance that is negative or not finite
 *
 * @example
 * same(tensor([1, Infinity]), tensor([1, 2]), { rtol: 1 }).ok // => false
 */
export function same(actual: Comparable, expected: Comparable, options?: SameOptions): Comparison;
export function same(actual: Comparable, expected: Comparable, options?: SameOptions, extra?: unknown): Comparison {
  const call = "same(actual, expected, { atol, rtol, empty })";
  refuseExtra("same", extra, call);
  const { atol = 0, rtol = 0, empty = false } = checkOptions("same", options, kinds, { call });
  for (const [what, x] of [
    ["actual", actual],
    ["expected", expected],
  ] as const) {
    if (
      typeof x === "number" ||
      x instanceof Tensor ||
      ArrayBuffer.isView(x) ||
      (Array.isArray(x) && x.every((entry) => typeof entry === "number"))
    )
      continue;
    throw new ArgumentError({
      op: "same",
      problem: `${what} is ${describe(x)}`,
      hint: "give a tensor, a number, or a flat list of numbers",
    });
  }
  const [a, e] = [shapeOf(actual), shapeOf(expected)];
  if (!sameShape(a, e)) return refuse(`the shape is ${showShape(a)} where ${showShape(e)} is expected`);
  if (actual instanceof Tensor && expected instanceof Tensor && actual.dtype !== expected.dtype) {
    return refuse(`the dtype is ${actual.dtype} where ${expected.dtype} is expected`);
  }
  const reference = numbersOf(expected);
  return compare(numbersOf(actual), reference, (index) => atol + rtol * Math.abs(reference[index]!), {
    empty,
    shape: e,
  });
}

/** Compares lists of one length, each entry with an allowance of its own. */
export function compare(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  allowed: (index: number) => number,
  { empty, shape }: { readonly empty: boolean; readonly shape: readonly number[] },
): Comparison {
  const count = expected.length;
  if (actual.length !== count) return refuse(`there are ${actual.length} entries where ${count} are expected`);
  if (count === 0)
    return empty
      ? { ok: true, count, worst: null, message: "there was nothing to compare" }
      : refuse("nothing was compared");
  let worst: Pair = { index: 0, actual: actual[0]!, expected: expected[0]!, allowed: allowed(0) };
  let most = excess(worst.actual, worst.expected, worst.allowed);
  for (let index = 1; index < count; index++) {
    const pair: Pair = { index, actual: actual[index]!, expected: expected[index]!, allowed: allowed(index) };
    const far = excess(pair.actual, pair.expected, pair.allowed);
    if (far > most) [most, worst] = [far, pair];
  }
  const ok = within(worst.actual, worst.expected, worst.allowed);
  const at = shape.length === 0 ? "the number" : `entry ${showShape(unravel(worst.index, shape))}`;
  const off = Math.abs(worst.actual - worst.expected);
  const message = ok
    ? `${count} ${count === 1 ? "entry agrees" : "entries agree"}`
    : `${at} is ${worst.actual} where ${worst.expected} is expected` +
      (Number.isFinite(off)
        ? `: off by ${Number(off.toPrecision(3))}, allowed ${Number(worst.allowed.toPrecision(3))}`
        : "");
  return { ok, count, worst, message };
}

/** The position along each axis of an entry given by its place in row-major order. */
export function unravel(index: number, shape: readonly number[]): number[] {
  const position = new Array<number>(shape.length);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    position[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return position;
}

function refuse(message: string): Comparison {
  return { ok: false, count: 0, worst: null, message };
}

function shapeOf(x: Comparable): readonly number[] {
  return typeof x === "number" ? [] : x instanceof Tensor ? x.shape : [x.length];
}

function numbersOf(x: Comparable): ArrayLike<number> {
  return typeof x === "number" ? [x] : x instanceof Tensor ? elementsOf(x) : x;
}
