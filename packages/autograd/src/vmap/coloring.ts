/** Columns of a sparse matrix that share no row, and so can be asked for at once: a greedy coloring at distance two. */

import type { Sets } from "../primitives/dependence.ts";

/** A color for each column, from 0 on. */
export interface Coloring {
  readonly colors: Int32Array;
  readonly count: number;
}

/** The rows of each column of a matrix that is given by the columns of each row. */
export function transposed({ starts, items }: Sets, columns: number): Sets {
  const begins = new Int32Array(columns + 1);
  for (const column of items) begins[column + 1]!++;
  for (let column = 0; column < columns; column++) begins[column + 1]! += begins[column]!;
  const next = begins.slice();
  const rows = new Int32Array(items.length);
  for (let row = 0; row + 1 < starts.length; row++)
    for (let k = starts[row]!; k < starts[row + 1]!; k++) rows[next[items[k]!]!++] = row;
  return { starts: begins, items: rows };
}

/** Colors the columns so that those of one color share no row: as they stand or the fullest first, what is less. */
export function colorColumns(rows: Sets, count: number): Coloring {
  const columns = transposed(rows, count);
  const natural = Int32Array.from({ length: count }, (_, k) => k);
  const fullness = (k: number): number => columns.starts[k + 1]! - columns.starts[k]!;
  const fullest = natural.slice().sort((a, b) => fullness(b) - fullness(a) || a - b);
  const [one, other] = [greedy(rows, columns, natural), greedy(rows, columns, fullest)];
  return other.count < one.count ? other : one;
}

function greedy(rows: Sets, columns: Sets, order: Int32Array): Coloring {
  const colors = new Int32Array(order.length).fill(-1);
  /** The column that was the last to find a color taken. */
  const takenFor = new Int32Array(order.length + 1).fill(-1);
  let count = 0;
  for (const column of order) {
    for (let r = columns.starts[column]!; r < columns.starts[column + 1]!; r++) {
      const row = columns.items[r]!;
      for (let k = rows.starts[row]!; k < rows.starts[row + 1]!; k++) {
        const color = colors[rows.items[k]!]!;
        if (color >= 0) takenFor[color] = column;
      }
    }
    let color = 0;
    while (takenFor[color] === column) color++;
    colors[column] = color;
    count = Math.max(count, color + 1);
  }
  return { colors, count };
}
