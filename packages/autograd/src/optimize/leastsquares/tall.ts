/**
 * A tall matrix on its way to its factors: Householder's reflections bring it to a triangle first, a block of rows at a
 * time, which stays in the nearest memory; of the triangle alone columns are then exchanged.
 */

import { factor, lengthOf, rotate, triangle, type Factors } from "./qr.ts";

/** R P and Qᵀ b of a matrix and what stands on the right of it. */
export interface Factored {
  readonly columns: number;
  readonly rank: number;
  /** R as a square, column by column. */
  readonly r: Float64Array;
  /** The first entries of Qᵀ b, one for each column. */
  readonly rotated: Float64Array;
  /** Which column of the matrix stands at each place. */
  readonly order: Int32Array;
}

/** From so many rows for each column, and so many entries, the way over a triangle is shorter. */
const TALL = 3;
const LARGE = 4096;

export const isTall = (rows: number, columns: number): boolean => rows >= TALL * columns && rows * columns >= LARGE;

/** A block of so many rows of some dozen columns stays in the nearest memory. */
const BLOCK = 64;
/** So many columns are reflected at a time. */
const GROUP = 4;

/** Sums of squares between these have all their digits: what vanished among the small ones is too little to count. */
const [LEAST_SUM, MOST_SUM] = [1e-270, 1e300];

/** {@link lengthOf}, to rounding, without a division for each entry where none is needed. */
export function quickLength(entries: Float64Array, begin: number, end: number): number {
  let squares = 0;
  for (let i = begin; i < end; i++) squares += entries[i]! * entries[i]!;
  return squares > LEAST_SUM && squares < MOST_SUM ? Math.sqrt(squares) : lengthOf(entries, begin, end);
}

/**
 * The factors of a matrix, as {@link factor} has them, to rounding.
 *
 * @param matrix - column by column, `rows · columns` entries
 * @param right - one number for each row
 */
export function factored(matrix: Float64Array, rows: number, columns: number, right: Float64Array): Factored {
  if (!isTall(rows, columns)) return taken(factor(matrix, rows, columns), right);
  const { square, rotated } = triangleOf(matrix, rows, columns, right);
  return taken(factor(square, columns, columns, rows), rotated);
}

function taken(factors: Factors, right: Float64Array): Factored {
  const { columns, rank, order } = factors;
  return { columns, rank, order, r: triangle(factors), rotated: rotate(factors, right).subarray(0, columns) };
}

/**
 * The triangle of a matrix, and the right side beside it. The right side is one more column; columns are reflected four
 * at a time, and behind the last one stand zeros for a group that is not full.
 */
export function triangleOf(
  matrix: Float64Array,
  rows: number,
  columns: number,
  right: Float64Array,
): { readonly square: Float64Array; readonly rotated: Float64Array } {
  const width = columns + 1;
  const padded = width + GROUP - 1;
  const r = new Float64Array(padded * width);
  const block = new Float64Array(BLOCK * padded);
  for (let from = 0; from < rows; from += BLOCK) {
    const height = Math.min(BLOCK, rows - from);
    for (let k = 0; k < columns; k++) block.set(matrix.subarray(k * rows + from, k * rows + from + height), k * height);
    block.set(right.subarray(from, from + height), columns * height);
    block.fill(0, width * height);
    for (let j = 0; j < columns; j++) fold(r, block, height, width, j);
  }
  const square = new Float64Array(columns * columns);
  for (let j = 0; j < columns; j++) square.set(r.subarray(j * width, j * width + j + 1), j * columns);
  return { square, rotated: r.slice(columns * width, columns * width + columns) };
}

/**
 * Reflects column j of a block into the diagonal of R above it: with a = (r_jj; block_j) and v = a/‖a‖ ± e₁ each later
 * column b becomes b − v (v·b) / v₁.
 */
function fold(r: Float64Array, block: Float64Array, height: number, width: number, j: number): void {
  const [begin, end] = [j * height, (j + 1) * height];
  const below = quickLength(block, begin, end);
  if (below === 0) return;
  const top = r[j * width + j]!;
  const signed = (top < 0 ? -1 : 1) * Math.hypot(top, below);
  for (let i = begin; i < end; i++) block[i]! /= signed;
  r[j * width + j] = -signed;
  for (let k = j + 1; k < width; k += GROUP) reflectFour(r, block, height, width, begin, 1 + top / signed, j, k);
}

/** Columns k to k + 3, with one reading of the reflector, whose first entry is `head` and the others at `begin`. */
function reflectFour(
  r: Float64Array,
  block: Float64Array,
  height: number,
  width: number,
  begin: number,
  head: number,
  j: number,
  k: number,
): void {
  const [r0, r1, r2, r3] = [k * width + j, (k + 1) * width + j, (k + 2) * width + j, (k + 3) * width + j];
  const [b0, b1, b2, b3] = [k * height, (k + 1) * height, (k + 2) * height, (k + 3) * height];
  let [p0, p1, p2, p3] = [head * r[r0]!, head * r[r1]!, head * r[r2]!, head * r[r3]!];
  for (let i = 0; i < height; i++) {
    const v = block[begin + i]!;
    p0 += v * block[b0 + i]!;
    p1 += v * block[b1 + i]!;
    p2 += v * block[b2 + i]!;
    p3 += v * block[b3 + i]!;
  }
  r[r0]! -= p0;
  r[r1]! -= p1;
  r[r2]! -= p2;
  r[r3]! -= p3;
  p0 /= head;
  p1 /= head;
  p2 /= head;
  p3 /= head;
  for (let i = 0; i < height; i++) {
    const v = block[begin + i]!;
    block[b0 + i]! -= p0 * v;
    block[b1 + i]! -= p1 * v;
    block[b2 + i]! -= p2 * v;
    block[b3 + i]! -= p3 * v;
  }
}
