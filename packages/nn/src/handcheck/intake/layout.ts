/**
 * How arrays lie: W out × in or in × out, with its bias as a column or without, samples in rows or in columns, labels
 * as numbers of classes.
 */

import type { NumberArray } from "./given.ts";
import { equalNumbers, picked, reshaped, turned } from "./values.ts";

/** One way to read a matrix of weights. */
export interface WeightLayout {
  /** It lies in × out. */
  readonly turned: boolean;
  /** Says where the bias stands in it. */
  readonly bias: "first" | "last" | null;
}

/** A matrix of weights, out × in, and the bias that stood in it. */
interface Split {
  readonly W: NumberArray;
  readonly b: NumberArray | null;
}

/** A matrix without axes of length 1 that say nothing; `null` for what has more than two others. */
export function matrixOf(given: NumberArray, out: number, into: number): NumberArray | null {
  let { shape } = given;
  while (shape.length > 2 && shape[0] === 1) shape = shape.slice(1);
  while (shape.length > 2 && shape.at(-1) === 1) shape = shape.slice(0, -1);
  if (shape.length === 2) return reshaped(given, shape);
  if (shape.length === 0) return reshaped(given, [1, 1]);
  if (shape.length > 2) return null;
  const [count] = shape as [number];
  // Of one unit a flat list is its row, of one input it is the column.
  return reshaped(
    given,
    out === 1 && (count === into || count === into + 1)
      ? [1, count]
      : into === 1 && count === out
        ? [count, 1]
        : [1, count],
  );
}

/** Every way in which a matrix can be the weights from `into` units to `out`. */
export function weightLayouts(given: NumberArray, out: number, into: number): WeightLayout[] {
  const matrix = matrixOf(given, out, into);
  if (matrix === null) return [];
  const [height, width] = matrix.shape as [number, number];
  const flat = given.shape.length < 2;
  const found: WeightLayout[] = [];
  if (height === out && width === into) found.push({ turned: false, bias: null });
  if (!flat && height === into && width === out && out + into > 2) found.push({ turned: true, bias: null });
  for (const bias of ["first", "last"] as const) {
    if (height === out && width === into + 1) found.push({ turned: false, bias });
    if (!flat && height === into + 1 && width === out) found.push({ turned: true, bias });
  }
  return found;
}

/** The weights themselves, in a layout that fits them. */
export function weightsIn(
  given: NumberArray,
  { turned: isTurned, bias }: WeightLayout,
  out: number,
  into: number,
): Split {
  const matrix = matrixOf(given, out, into)!;
  const whole = isTurned ? turned(matrix) : matrix;
  if (bias === null) return { W: whole, b: null };
  const width = into + 1;
  const first = bias === "first" ? 1 : 0;
  return {
    W: picked(
      whole,
      [out, into],
      Array.from({ length: out * into }, (_, i) => Math.floor(i / into) * width + first + (i % into)),
    ),
    b: picked(
      whole,
      [out],
      Array.from({ length: out }, (_, j) => j * width + (bias === "first" ? 0 : into)),
    ),
  };
}

/** A bias as a list, one entry for each unit; one number may stand for all. `null` where the count is another. */
export function biasOf(given: NumberArray, out: number): NumberArray | null {
  const count = given.data.length;
  if (count === out && given.shape.filter((n) => n !== 1).length <= 1) return reshaped(given, [out]);
  return count === 1 ? picked(given, [out], new Array<number>(out).fill(0)) : null;
}

/** One way to read inputs or targets: samples × units. */
interface Batch {
  readonly rows: NumberArray;
  readonly samples: "rows" | "columns" | "one";
  /** Says what was done to it. */
  readonly how: "as is" | "ones left out" | "classes from 0" | "classes from 1";
}

const isOne = (matrix: NumberArray, at: number): boolean => {
  const [height, width] = matrix.shape as [number, number];
  return Array.from({ length: height }, (_, n) => matrix.data[n * width + at]).every((x) => x === 1);
};

/** The matrix without its column of ones, which stands for the bias. */
export function withoutOnes(matrix: NumberArray, units: number): NumberArray | null {
  const [height, width] = matrix.shape as [number, number];
  if (width !== units + 1) return null;
  const at = isOne(matrix, 0) ? 0 : isOne(matrix, units) ? units : null;
  if (at === null) return null;
  const from = at === 0 ? 1 : 0;
  return picked(
    matrix,
    [height, units],
    Array.from({ length: height * units }, (_, i) => Math.floor(i / units) * width + from + (i % units)),
  );
}

/** Two batches that hold the same numbers, in rows or in columns, with ones for the bias or without. */
export function sameSamples(a: NumberArray, b: NumberArray): boolean {
  const forms = (one: NumberArray): NumberArray[] => {
    if (one.shape.length !== 2) return [one];
    const both = [one, turned(one)];
    return [...both, ...both.flatMap((matrix) => withoutOnes(matrix, matrix.shape[1]! - 1) ?? [])];
  };
  return forms(a).some((own) => forms(b).some((other) => equalNumbers(own, other)));
}

/** Every way in which an array can be a batch of samples of so many units. */
export function batches(given: NumberArray, unitsOf: number): Batch[] {
  const matrix = given.shape.length > 2 ? matrixOf(given, 0, 0) : given;
  if (matrix === null) return [];
  const { shape } = matrix;
  if (shape.length < 2) {
    const count = matrix.data.length;
    if (count === unitsOf) return [{ rows: reshaped(matrix, [1, unitsOf]), samples: "one", how: "as is" }];
    return unitsOf === 1 ? [{ rows: reshaped(matrix, [count, 1]), samples: "rows", how: "as is" }] : [];
  }
  const found: Batch[] = [];
  if (shape[1] === unitsOf) found.push({ rows: matrix, samples: "rows", how: "as is" });
  if (shape[0] === unitsOf) found.push({ rows: turned(matrix), samples: "columns", how: "as is" });
  for (const samples of ["rows", "columns"] as const) {
    const rest = withoutOnes(samples === "rows" ? matrix : turned(matrix), unitsOf);
    if (rest !== null) found.push({ rows: rest, samples, how: "ones left out" });
  }
  return found;
}

/** The ways in which targets can be numbers of classes. */
export function classBatches(given: NumberArray, outputs: number): Batch[] {
  if (outputs < 2 || given.shape.filter((n) => n !== 1).length > 1) return [];
  const { data } = given;
  const froms = ([0, 1] as const).filter((from) =>
    data.every((x) => Number.isInteger(x) && x >= from && x < outputs + from),
  );
  return froms.map((from) => {
    const hot = Float64Array.from({ length: data.length * outputs }, (_, i) =>
      data[Math.floor(i / outputs)]! - from === i % outputs ? 1 : 0,
    );
    const rows: NumberArray = { ...given, shape: [data.length, outputs], data: hot, texts: Array.from(hot, String) };
    return { rows, samples: "rows", how: from === 0 ? "classes from 0" : "classes from 1" };
  });
}

/** Inputs and targets with one number of samples. */
export interface Pair {
  readonly x: Batch;
  readonly t: Batch;
}

/** Every way in which two arrays are inputs and targets of the same samples, the likeliest first. */
export function pairs(x: NumberArray, t: NumberArray, inputs: number, outputs: number): Pair[] {
  const found = batches(x, inputs).flatMap((one) =>
    [...batches(t, outputs), ...classBatches(t, outputs)]
      .filter((other) => other.rows.shape[0] === one.rows.shape[0])
      .map((other) => ({ x: one, t: other })),
  );
  const rank = ({ x: one, t: other }: Pair): number =>
    (one.how === "as is" ? 0 : 2) +
    (other.how === "as is" ? 0 : other.how === "classes from 0" ? 4 : 5) +
    (one.samples === other.samples || one.samples === "one" || other.samples === "one" ? 0 : 1) +
    (one.samples === "columns" ? 0.5 : 0);
  return found
    .map((one, order) => ({ one, order }))
    .sort((a, b) => rank(a.one) - rank(b.one) || a.order - b.order)
    .map(({ one }) => one);
}
