/** Small matrices of plain numbers, with the operations that formulas have. */

export interface Grid {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

export function grid(rows: number, cols: number, fill: (row: number, col: number) => number): Grid {
  const data = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] = fill(i, j);
  return { rows, cols, data };
}

export const scalar = (value: number): Grid => ({ rows: 1, cols: 1, data: Float64Array.of(value) });

export const columnOf = (entries: ArrayLike<number>): Grid => ({
  rows: entries.length,
  cols: 1,
  data: Float64Array.from(entries),
});

export const fromRows = (rows: ArrayLike<ArrayLike<number>>): Grid =>
  grid(rows.length, rows[0]!.length, (i, j) => rows[i]![j]!);

export const toRows = ({ rows, cols, data }: Grid): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));

export const map = (a: Grid, change: (x: number) => number): Grid => ({ ...a, data: a.data.map((x) => change(x)) });

export const transpose = (a: Grid): Grid => grid(a.cols, a.rows, (i, j) => a.data[j * a.cols + i]!);

/** Entry by entry; a number, a single row or a single column goes with all. */
export function zip(a: Grid, b: Grid, combine: (x: number, y: number) => number): Grid {
  // The gradients of all samples are summed in this way.
  if (a.rows === b.rows && a.cols === b.cols) return { ...a, data: a.data.map((x, i) => combine(x, b.data[i]!)) };
  const rows = Math.max(a.rows, b.rows);
  const cols = Math.max(a.cols, b.cols);
  const at = (one: Grid, i: number, j: number): number =>
    one.data[(one.rows === 1 ? 0 : i) * one.cols + (one.cols === 1 ? 0 : j)]!;
  return grid(rows, cols, (i, j) => combine(at(a, i, j), at(b, i, j)));
}

/** The matrix product; a number scales. */
export function product(a: Grid, b: Grid): Grid {
  if (a.cols !== b.rows) return zip(a, b, (x, y) => x * y);
  return grid(a.rows, b.cols, (i, j) => {
    let sum = 0;
    for (let k = 0; k < a.cols; k++) sum += a.data[i * a.cols + k]! * b.data[k * b.cols + j]!;
    return sum;
  });
}

/** The largest entry of every column, of every row, or of all. */
export function largest(a: Grid, axis: 0 | 1 | null): Grid {
  if (axis === null) return scalar(a.data.reduce((most, x) => Math.max(most, x), -Infinity));
  if (axis === 1)
    return grid(a.rows, 1, (i) =>
      a.data.subarray(i * a.cols, (i + 1) * a.cols).reduce((most, x) => Math.max(most, x), -Infinity),
    );
  return transpose(largest(transpose(a), 1));
}

/** The sum down the rows, along the columns, or over everything. */
export function total(a: Grid, axis: 0 | 1 | null): Grid {
  if (axis === null) return scalar(a.data.reduce((sum, x) => sum + x, 0));
  if (axis === 1)
    return grid(a.rows, 1, (i) => a.data.subarray(i * a.cols, (i + 1) * a.cols).reduce((sum, x) => sum + x, 0));
  return transpose(total(transpose(a), 1));
}
