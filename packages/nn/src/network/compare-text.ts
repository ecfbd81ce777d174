/** The comparison as two tables of at most 80 columns. */

import type { Comparison, Difference } from "./compare.ts";

function scientific(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}

function cells(difference: Difference | null): [string, string] {
  return difference === null ? ["–", "–"] : [scientific(difference.absolute), scientific(difference.relative)];
}

function time(milliseconds: number, estimated: boolean): string {
  const said = milliseconds < 0.1 ? `${(milliseconds * 1000).toFixed(0)} µs` : milliseconds < 1000 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds / 1000).toPrecision(3)} s`;
  return estimated ? `≈ ${said}` : said;
}

/** Columns padded to the widest cell; the first `left` ones flush left. */
function table(rows: readonly (readonly string[])[], left: number): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => (column < left ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join("  ")}`.trimEnd();
  const rule = `  ${widths.map((width) => "─".repeat(width)).join("──")}`;
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)];
}

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
  const plural = (count: number, noun: string): string => `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
  return [
    `Network ${sizes.join("-")}, ${plural(parameters, "parameter")}, ${plural(samples, "sample")}: autograd against`,
    "",
    `${" ".repeat(Math.max(...equationRows.map((row) => row[3]!.length), 7) + 24)}closed form       central difference`,
    ...table([["eq.", "layer", "quantity", "entries", "abs.", "rel.", "abs.", "rel."], ...equationRows], 3),
    "",
    ...table([["the whole gradient by", "evaluations of C", "time", "largest rel."], ...wayRows], 1),
    "",
    agrees ? "  All ways agree." : "  The ways do NOT agree: see the largest differences above.",
  ].join("\n");
}
