/**
 * Numbers without brackets, line under line: what MATLAB and Octave print, with common factors and in groups of
 * columns.
 */

import { textErrors } from "../../../locales/text-errors.ts";
import { SourceError, type NumberArray } from "../given.ts";
import { arrayOf, valueOf, type Written } from "./numbers.ts";
import { placeAt } from "./tokens.ts";

const number = String.raw`[+\-−]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+\-−]?\d+)?|NaN|nan|Inf|inf)`;
const rowOfNumbers = new RegExp(
  String.raw`^[ \t]*${number}(?:(?:[ \t]*[,;\t][ \t]*|[ \t]+)${number})*[ \t]*[,;]?[ \t]*$`,
);
const each = new RegExp(number, "g");
/** `1.0e-03 *` */
const commonFactor = /^[ \t]*(\d+(?:\.\d*)?[eE][+\-−]?\d+)[ \t]*\*[ \t]*$/;
/** `Columns 1 through 8:`, `Columns 9 and 10`, `Column 17` */
const columnsAhead = /^[ \t]*Columns?[ \t]+(\d+)(?:[ \t]+(?:through|and|to)[ \t]+(\d+))?[ \t]*:?[ \t]*$/;

/** `3×2 single matrix`: MATLAB's heading of what is no matrix of float64. */
const heading = /^[ \t]*\d+(?:[×x]\d+)+[ \t]+(?:\w+[ \t]+)*(?:matrix|vector|array|dlarray|gpuArray)\b.*$/;

/** True if the line holds numbers and nothing else. */
export const isRow = (line: string): boolean => rowOfNumbers.test(line);

/** True if a block of numbers may begin with the line. */
export const beginsBlock = (line: string): boolean =>
  isRow(line) || commonFactor.test(line) || columnsAhead.test(line) || heading.test(line);

interface Block {
  readonly array: NumberArray;
  /** The common factor that was multiplied in, as it was printed; `null` where there was none. */
  readonly factor: string | null;
  /** Says where the block ends. */
  readonly end: number;
}

interface Group {
  readonly first: number;
  readonly rows: Written[][];
}

/** A number under a common factor, with the digits that were printed: 0.1234 under 1.0e-03 is 0.1234e-3. */
function scaled(text: string, exponent: number): Written {
  const plain = text.replaceAll("−", "-");
  const [mantissa = "", own = "0"] = plain.split(/[eE]/);
  const written = exponent === 0 || !Number.isFinite(valueOf(plain)) ? plain : `${mantissa}e${Number(own) + exponent}`;
  return { kind: "written", value: valueOf(written), text: written, type: null };
}

/** The exponent of a common factor: MATLAB and Octave print powers of ten only. */
function exponentOf(factor: string, text: string, at: number): number {
  const exponent = Math.round(Math.log10(Number(factor.replaceAll("−", "-"))));
  if (Number(`1e${exponent}`) !== Number(factor.replaceAll("−", "-"))) {
    throw new SourceError(textErrors.noPowerOfTen({ factor }), textErrors.multiplyIn, placeAt(text, at));
  }
  return exponent;
}

/** Groups of columns side by side. */
function joined(groups: readonly Group[], text: string, at: number): Written[][] {
  const [first, ...others] = groups;
  const rows = first!.rows.map((row) => [...row]);
  for (const { first: column, rows: more } of others) {
    if (more.length !== rows.length || column !== rows[0]!.length + 1) {
      throw new SourceError(textErrors.oddColumns, textErrors.copyColumns, placeAt(text, at));
    }
    more.forEach((row, i) => rows[i]!.push(...row));
  }
  return rows;
}

/** The block of numbers that begins at a line; `null` where none does. */
export function readBlock(text: string, from: number): Block | null {
  const groups: Group[] = [];
  let [at, end, factor]: [number, number, string | null] = [from, from, null];
  let exponent = 0;
  let open = false;
  let isSingle = false;
  while (at < text.length) {
    const stop = text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at);
    const line = text.slice(at, stop).replace(/\r$/, "");
    const [common, columns] = [commonFactor.exec(line), columnsAhead.exec(line)];
    if (common !== null && groups.every(({ rows }) => rows.length === 0)) {
      factor = common[1]!;
      exponent = exponentOf(factor, text, at);
    } else if (columns !== null) {
      groups.push({ first: Number(columns[1]), rows: [] });
      open = true;
    } else if (isRow(line)) {
      if (groups.length === 0) groups.push({ first: 1, rows: [] });
      else if (!open && groups.at(-1)!.rows.length > 0) break;
      open = true;
      groups.at(-1)!.rows.push((line.match(each) ?? []).map((one) => scaled(one, exponent)));
      end = stop;
    } else if (groups.length === 0 && heading.test(line)) isSingle = /\bsingle\b/.test(line);
    else if (line.trim() !== "") break;
    // A blank line ends the rows; only a heading of columns goes on behind it.
    else if (groups.length > 0 && groups.at(-1)!.rows.length > 0) open = false;
    at = stop + 1;
  }
  if (groups.length === 0 || groups.some(({ rows }) => rows.length === 0)) return null;
  const rows = joined(groups, text, from);
  const odd = rows.find((row) => row.length !== rows[0]!.length);
  if (odd !== undefined)
    throw new SourceError(
      textErrors.oddRow({ own: odd.length, others: rows[0]!.length }),
      textErrors.rowsOfOneLength,
      placeAt(text, from),
    );
  return {
    array: arrayOf([rows.length, rows[0]!.length], rows.flat(), "text", isSingle ? "float32" : null),
    factor,
    end,
  };
}
