/** Householder's factorization A P = Q R with pivoted columns, on one array column by column. */

/** A factored matrix. Rows beyond those given are zeros, so that there are at least as many as columns. */
export interface Factors {
  readonly rows: number;
  readonly columns: number;
  /** Column by column: above the diagonal R, from the diagonal on the reflectors. */
  readonly entries: Float64Array;
  /** The diagonal of R. */
  readonly diagonal: Float64Array;
  /** Which column of A stands at each place. */
  readonly order: Int32Array;
  /** How many columns are independent, each measured by its own length. */
  readonly rank: number;
}

/** True if there are no infinities and no NaN. */
export function areFinite(numbers: Float64Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return false;
  return true;
}

/** The length of a column from one row on, safe from overflow and underflow. */
export function lengthOf(entries: Float64Array, begin: number, end: number): number {
  let largest = 0;
  for (let i = begin; i < end; i++) largest = Math.max(largest, Math.abs(entries[i]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = begin; i < end; i++) sum += (entries[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** The part of a column, for each row, below which what is left of it counts as rounding. */
const ROUNDING = 2 * Number.EPSILON;

/**
 * Factors a matrix.
 *
 * @param matrix - column by column, `rows · columns` entries; it is copied
 * @param summed - how many entries each number of a column was made of: so many roundings it may have
 */
export function factor(matrix: Float64Array, rows: number, columns: number, summed = Math.max(rows, columns)): Factors {
  const height = Math.max(rows, columns);
  const entries = new Float64Array(height * columns);
  for (let j = 0; j < columns; j++) entries.set(matrix.subarray(j * rows, (j + 1) * rows), j * height);
  const order = Int32Array.from({ length: columns }, (_, j) => j);
  const lengths = Float64Array.from(order, (j) => lengthOf(entries, j * height, (j + 1) * height));
  const left = lengths.slice();
  const diagonal = new Float64Array(columns);
  let rank = 0;
  for (let j = 0; j < columns; j++) {
    exchange(j, longestFrom(j, left, lengths), entries, height, order, left, lengths);
    const length = lengthOf(entries, j * height + j, (j + 1) * height);
    if (rank === j && length > ROUNDING * summed * lengths[j]!) rank++;
    diagonal[j] = reflect(entries, height, columns, j, length);
    for (let k = j + 1; k < columns; k++) left[k] = lengthOf(entries, k * height + j + 1, (k + 1) * height);
  }
  return { rows, columns, entries, diagonal, order, rank };
}

/** The column of which most is left beside its whole length: which comes first must not depend on units. */
function longestFrom(from: number, left: Float64Array, lengths: Float64Array): number {
  let best = from;
  const part = (k: number): number => (lengths[k] === 0 ? 0 : left[k]! / lengths[k]!);
  for (let k = from + 1; k < left.length; k++) if (part(k) > part(best)) best = k;
  return best;
}

function exchange(
  j: number,
  k: number,
  entries: Float64Array,
  height: number,
  ...lists: readonly (Float64Array | Int32Array)[]
): void {
  if (j === k) return;
  for (const list of lists) [list[j], list[k]] = [list[k]!, list[j]!];
  const column = entries.slice(j * height, (j + 1) * height);
  entries.copyWithin(j * height, k * height, (k + 1) * height);
  entries.set(column, k * height);
}

/**
 * Maps column j to a multiple of the j-th unit vector, a ← a − v (v·a) / v_j with v = a/‖a‖ ± e_j, and gives that
 * multiple.
 */
function reflect(entries: Float64Array, height: number, columns: number, j: number, length: number): number {
  if (length === 0) return 0;
  const [begin, end] = [j * height + j, (j + 1) * height];
  const signed = entries[begin]! < 0 ? -length : length;
  for (let i = begin; i < end; i++) entries[i]! /= signed;
  entries[begin]! += 1;
  for (let k = j + 1; k < columns; k++) applyReflector(entries, begin, end, entries, k * height + j);
  return -signed;
}

function applyReflector(entries: Float64Array, begin: number, end: number, target: Float64Array, at: number): void {
  const shift = at - begin;
  let sum = 0;
  for (let i = begin; i < end; i++) sum += entries[i]! * target[i + shift]!;
  const part = sum / entries[begin]!;
  for (let i = begin; i < end; i++) target[i + shift]! -= part * entries[i]!;
}

/** Qᵀ b, of which the first `columns` entries meet R. */
export function rotate({ rows, columns, entries, diagonal }: Factors, b: Float64Array): Float64Array {
  const height = Math.max(rows, columns);
  const out = new Float64Array(height);
  out.set(b.subarray(0, rows));
  for (let j = 0; j < columns; j++)
    if (diagonal[j] !== 0) applyReflector(entries, j * height + j, (j + 1) * height, out, j);
  return out;
}

/** R as a square, row i and column j at `i + j · columns`, zeros below the diagonal. */
export function triangle({ rows, columns, entries, diagonal }: Factors): Float64Array {
  const height = Math.max(rows, columns);
  const out = new Float64Array(columns * columns);
  for (let j = 0; j < columns; j++) {
    out.set(entries.subarray(j * height, j * height + j), j * columns);
    out[j * columns + j] = diagonal[j]!;
  }
  return out;
}

/** Solves R z = b in the first `rank` places; the others are 0. */
export function solveTriangle(r: Float64Array, columns: number, rank: number, b: Float64Array): Float64Array {
  const z = new Float64Array(columns);
  z.set(b.subarray(0, rank));
  for (let j = rank - 1; j >= 0; j--) {
    z[j]! /= r[j * columns + j]!;
    for (let i = 0; i < j; i++) z[i]! -= r[j * columns + i]! * z[j]!;
  }
  return z;
}
