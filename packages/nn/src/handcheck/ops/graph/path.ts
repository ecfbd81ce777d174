/**
 * One path of a graph, from a named value to the next named one above it, and what is guessed about a gradient along
 * it.
 */

import type { Kind } from "../../report.ts";
import type { Hypothesis } from "../../judge/search.ts";
import { gapOf } from "../../bounds/compare.ts";
import { largest, sameShape, type Numbers } from "../../bounds/numbers.ts";
import type { Values } from "./flows.ts";

/** From `x` to `y`: what comes back along it, rightly and as it was given. */
export interface Path {
  readonly name: string;
  /** The named value at its end; `null` for the loss. */
  readonly end: string | null;
  readonly x: Numbers;
  readonly y: Numbers;
  /** The person's own gradient at the end. */
  readonly g: Numbers;
  /** By the rule. */
  readonly correct: Numbers;
  /** Every named value. */
  readonly named: Values;
  /** True if it starts at an input, as parameters do. */
  readonly leaf: boolean;
}

/** A wrong formula for what comes back along a path. */
export interface Guess extends Omit<Hypothesis, "edits"> {
  readonly kind: Kind;
  /** The right formula, where the operation was recognized. */
  readonly rule: string;
  readonly value: Numbers;
}

/** The tolerance by which an operation is recognized: its value and its gradient come out to rounding. */
const SAME = 1e-8;

/** True if two computations of one thing agree. */
export const agrees = (a: Numbers, b: Numbers): boolean =>
  sameShape(a.shape, b.shape) && gapOf(a, b) <= SAME * Math.max(largest(b.data), 1e-300);

/** c with a = c b; `null` where there is none. */
export function multiple(a: Numbers, b: Numbers): number | null {
  if (!sameShape(a.shape, b.shape)) return null;
  let [above, below] = [0, 0];
  a.data.forEach((x, i) => {
    above += x * b.data[i]!;
    below += b.data[i]! ** 2;
  });
  const c = above / below;
  if (!Number.isFinite(c) || c === 0) return null;
  return gapOf(a, { shape: b.shape, data: b.data.map((x) => c * x) }) <= SAME * largest(a.data) ? c : null;
}

/** The same numbers in another shape. */
export const shaped = ({ data }: Numbers, shape: readonly number[]): Numbers => ({ data, shape });

/** A value as rows: all axes but the last in one. */
export function asRows({ data, shape }: Numbers): Numbers | null {
  const width = shape.at(-1);
  return width === undefined || width === 0 ? null : { data, shape: [data.length / width, width] };
}
