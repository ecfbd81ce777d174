/** The rows of `traps.json`: what an expression must give at a point where engines go wrong, and how it is compared. */

import { readFileSync } from "node:fs";

/** Nested numbers, among which NaN, the infinities and -0 stand as strings. */
export type Numbers = number | string | readonly Numbers[];

export interface Row {
  readonly name: string;
  readonly category: string;
  readonly expression: string;
  /** A list with one entry for each operand; a text where the row is a procedure. */
  readonly inputs: Numbers;
  readonly dtype: "f64" | "f32";
  readonly expected_value?: unknown;
  /** The product of an all-ones cotangent with the Jacobian, for each operand. */
  readonly expected_gradient?: unknown;
  /** The gradient of the sum of all first gradients. */
  readonly expected_second_order_sum?: unknown;
  readonly atol?: number;
  readonly rtol?: number;
}

export const rows = JSON.parse(readFileSync(new URL("traps.json", import.meta.url), "utf8")) as readonly Row[];

export const rowNamed = (name: string): Row => {
  const row = rows.find((one) => one.name === name);
  if (row === undefined) throw new RangeError(`no row is named ${name}`);
  return row;
};

/** The numbers of a nest in row-major order. */
export const flat = (nest: unknown): number[] => {
  if (Array.isArray(nest)) return nest.flatMap(flat);
  if (typeof nest === "number" || typeof nest === "boolean") return [Number(nest)];
  const read = Number(nest);
  if (typeof nest !== "string" || (Number.isNaN(read) && nest !== "NaN"))
    throw new TypeError(`${String(nest)} is no number`);
  return [read];
};

/** The sizes of a nest; an empty list ends it. */
export const shapeOf = (nest: unknown): number[] =>
  Array.isArray(nest) ? [nest.length, ...shapeOf(nest[0] ?? 0)] : [];

/** Tolerance of a row that names none: what correct rounding of a handful of operations leaves. */
const USUAL = 1e-14;

/** The first difference between numbers and what a row expects, or `null`; infinities and NaN must be the same. */
export const differs = (
  actual: readonly number[],
  expected: readonly number[],
  row: Pick<Row, "atol" | "rtol">,
): string | null => {
  if (actual.length !== expected.length) return `${actual.length} numbers instead of ${expected.length}`;
  const atol = row.atol ?? 0;
  const rtol = row.rtol ?? USUAL;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    const same =
      Number.isFinite(a) && Number.isFinite(e) ? Math.abs(a - e) <= atol + rtol * Math.abs(e) : Object.is(a, e);
    if (!same) return `${a} instead of ${e} at entry ${i}`;
  }
  return null;
};
