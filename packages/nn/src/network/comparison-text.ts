/** The comparison as two tables of at most 80 columns. */

import type { Comparison, Difference } from "./comparison.ts";

function scientific(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}

function cells(difference: Difference | null): [string, string] {
  return difference === null ? ["–", "–"] : [scientific(difference.absolute), scientific(difference.relative)];
}

function time(milliseconds: number, estimated: boolean): string {
  const said =
    milliseconds < 0.1
      ? `${(milliseconds * 1000).toFixed(0)} µs`
      : milliseconds < 1000
        ? `${milliseconds.toPrecision(3)} ms`
        : `${(milliseconds / 1000).toPrecision(3)} s`;
  return estimated ? `≈ ${said}` : said;
}

interface Column {
  readonly head: string;
  readonly align: "left" | "right";
  /** Says what stands above this column and the next. */
  readonly over?: string;
}

/** Columns padded to the widest cell, under heads and, where some are given, heads over two columns. */
function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ head }, k) => Math.max(head.length, ...rows.map((row) => row[k]!.length)));
  columns.forEach(({ over }, k) => {
    if (over !== undefined) widths[k + 1] = Math.max(widths[k + 1]!, over.length - widths[k]! - GAP.length);
  });
  const cell = (text: string, k: number): string =>
    columns[k]!.align === "left" ? text.padEnd(widths[k]!) : text.padStart(widths[k]!);
  const line = (cells: readonly string[]): string => `  ${cells.map(cell).join(GAP)}`.trimEnd();
  const over = columns.map(({ over: above }, k) => {
    if (above !== undefined) return above.padStart(widths[k]! + GAP.length + widths[k + 1]!);
    return columns[k - 1]?.over === undefined ? " ".repeat(widths[k]!) : null;
  });
  return [
    ...(columns.some((column) => column.over !== undefined)
      ? [`  ${over.filter((text) => text !== null).join(GAP)}`.trimEnd()]
      : []),
    line(columns.map(({ head }) => head)),
    `  ${widths.map((width) => "─".repeat(width)).join("──")}`,
    ...rows.map(line),
  ];
}

const GAP = "  ";

const equationColumns: readonly Column[] = [
  { head: "eq.", align: "left" },
  { head: "layer", align: "left" },
  { head: "quantity", align: "left" },
  { head: "entries", align: "right" },
  { head: "abs.", align: "right", over: "closed form" },
  { head: "rel.", align: "right" },
  { head: "abs.", align: "right", over: "central difference" },
  { head: "rel.", align: "right" },
];

const wayColumns: readonly Column[] = [
  { head: "the whole gradient by", align: "left" },
  { head: "evaluations of C", align: "right" },
  { head: "time", align: "right" },
  { head: "largest rel.", align: "right" },
];

/** Both tables, with a sentence above and one below. */
export function comparisonText(comparison: Omit<Comparison, "toText">): string {
  const { sizes, samples, parameters, equations, ways, agrees } = comparison;
  const equationRows = equations.map((row) => [
    row.equation,
    String(row.layer),
    row.quantity,
    row.sampled < row.entries ? `${row.sampled} of ${row.entries}` : String(row.entries),
    ...cells(row.closedForm),
    ...cells(row.differences),
  ]);
  const wayRows = ways.map((row) => [
    row.way,
    `${row.evaluations.toLocaleString("en-US")}${row.backwardPasses > 0 ? " + 1 back" : ""}`,
    time(row.milliseconds, row.estimated),
    row.worst === null ? "–" : scientific(row.worst),
  ]);
  const plural = (count: number, noun: string): string =>
    `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
  return [
    `Network ${sizes.join("-")}, ${plural(parameters, "parameter")}, ${plural(samples, "sample")}: autograd against`,
    "",
    ...table(equationColumns, equationRows),
    "",
    ...table(wayColumns, wayRows),
    "",
    agrees ? "  All ways agree." : "  The ways do NOT agree: see the largest differences above.",
  ].join("\n");
}
