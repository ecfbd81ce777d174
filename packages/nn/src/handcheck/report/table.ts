/** A ruled table that fits the width of a terminal: the widest column that may wrap gives way. */

import { columnsOf, pad, wrap } from "./width.ts";

export interface Column {
  readonly head: string;
  readonly align?: "left" | "right";
  /** It breaks into several lines where there is no room; the others never do. */
  readonly wraps?: boolean;
}

/** A cell, and how it is painted once its width is settled. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Columns never narrower than this, however little room there is. */
const NARROWEST = 12;

/** The lines of the table, none wider than `width` unless its numbers are. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number): string[] {
  const widths = columns.map(({ head }, k) => Math.max(columnsOf(head), ...rows.map((row) => columnsOf(row[k]!.text))));
  const ruled = 3 * columns.length + 1;
  for (let excess = widths.reduce((sum, one) => sum + one, ruled) - width; excess > 0; excess--) {
    const widest = columns.reduce(
      (best, { wraps }, k) => (wraps === true && widths[k]! > Math.max(NARROWEST, widths[best] ?? 0) ? k : best),
      -1,
    );
    if (widest < 0) break;
    widths[widest]!--;
  }

  const rule = (left: string, middle: string, right: string): string =>
    left + widths.map((one) => "─".repeat(one + 2)).join(middle) + right;
  const line = (cells: readonly string[]): string => `│${cells.map((cell) => ` ${cell} `).join("│")}│`;
  const lines = [
    rule("┌", "┬", "┐"),
    line(columns.map(({ head, align }, k) => pad(head, widths[k]!, align))),
    rule("├", "┼", "┤"),
  ];
  for (const row of rows) {
    const parts = row.map(({ text }, k) => wrap(text, widths[k]!, columns[k]!.wraps === true ? "  " : ""));
    for (let n = 0; n < Math.max(...parts.map((part) => part.length)); n++) {
      lines.push(
        line(row.map(({ paint }, k) => (paint ?? String)(pad(parts[k]![n] ?? "", widths[k]!, columns[k]!.align)))),
      );
    }
  }
  return [...lines, rule("└", "┴", "┘")];
}
