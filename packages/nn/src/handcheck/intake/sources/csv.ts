/** A table of numbers, separated by commas, semicolons, tabs or spaces: one array, named by its file. */

import { fileErrors } from "../../../locales/file-errors.ts";
import { sources } from "../../../locales/sources.ts";
import type { Words } from "../../../locales/words.ts";
import { SourceError, type Source } from "../given.ts";
import { arrayOf, valueOf, type Written } from "./numbers.ts";

const numeric = /^[+\-−]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+\-−]?\d+)?|nan|inf(?:inity)?)$/i;

/** The sign between cells: the first of these that the first line of numbers has. */
function separatorOf(line: string): RegExp {
  return line.includes(";") ? /;/ : line.includes("\t") ? /\t/ : line.includes(",") ? /,/ : /[ \t]+/;
}

interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

/** The cells of each line; empty lines and comments are left out. */
function linesOf(text: string): Line[] {
  const all = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const lines = all
    .map((content, index) => ({ content: content.trim(), line: index + 1 }))
    .filter(({ content }) => content !== "" && !content.startsWith("#"));
  const separator = separatorOf(lines.find(({ content }) => /\d/.test(content))?.content ?? "");
  // Where semicolons separate, a comma is the decimal point.
  const decimalComma = separator.source === ";" && !/\d\.\d/.test(text);
  const unquoted = (cell: string): string => {
    const bare = cell.trim().replace(/^"(.*)"$/, "$1");
    return decimalComma && /^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/.test(bare) ? bare.replace(",", ".") : bare;
  };
  return lines.map(({ content, line }) => ({
    cells: content.replace(/[,;]$/, "").split(separator).map(unquoted),
    line,
  }));
}

/** True if pandas wrote the numbers of its rows before them: an empty heading, then 0, 1, 2, … */
function hasRowNumbers([first, ...rows]: readonly Line[]): boolean {
  return (
    first !== undefined &&
    first.cells[0] === "" &&
    rows.length > 0 &&
    rows.every(({ cells }, index) => cells[0] === String(index))
  );
}

/** Reads a table of numbers; a first line of words is its heading. */
export function readCsv(name: string, text: string): Source {
  let lines = linesOf(text);
  const notes: Words[] = [];
  if (hasRowNumbers(lines)) {
    notes.push(sources.rowNumbers);
    lines = lines.map(({ cells, line }) => ({ cells: cells.slice(1), line }));
  }
  const [first] = lines;
  if (first !== undefined && !first.cells.some((cell) => numeric.test(cell))) {
    notes.push(sources.columnNames);
    lines = lines.slice(1);
  }
  if (lines.length === 0) throw new SourceError(fileErrors.emptyTable, fileErrors.tableIs);
  const width = lines[0]!.cells.length;
  const numbers: Written[] = [];
  for (const { cells, line } of lines) {
    if (cells.length !== width)
      throw new SourceError(fileErrors.oddRow({ own: cells.length, others: width }), fileErrors.rowsOfOneLength, {
        line,
        column: 1,
      });
    for (const cell of cells) {
      if (!numeric.test(cell))
        throw new SourceError(
          cell === "" ? fileErrors.emptyCell : fileErrors.noNumber({ cell }),
          fileErrors.numbersAlone,
          { line, column: 1 },
        );
      numbers.push({ kind: "written", value: valueOf(cell), text: cell.replaceAll("−", "-"), type: null });
    }
  }
  const stem = name.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  return {
    name,
    values: { kind: "record", entries: new Map([[stem, arrayOf([lines.length, width], numbers, "csv", null)]]) },
    notes,
  };
}
