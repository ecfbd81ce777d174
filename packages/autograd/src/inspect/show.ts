/** A tensor as text: type, shape, and as many numbers as fit, in aligned columns. */

import { countOf } from "../graph/shape.ts";
import type { Variable } from "../compile/variable.ts";
import type { Tensor } from "../graph/tensor.ts";
import { isTraced, tracing } from "../graph/tracing.ts";

const WIDTH = 80;
/** How many rows are shown before the long axes are shortened, and what is left of an axis then on either side. */
const MOST_ROWS = 20;
const EDGE = 3;
const MORE = "…";

/** A number in at most `digits` significant digits; whole numbers in full. */
function showNumber(value: number, dtype: string, digits = 6): string {
  if (dtype === "bool") return value === 0 ? "false" : "true";
  if (Number.isInteger(value) || !Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  return String(Number(value.toPrecision(digits)));
}

/** The positions along an axis that are shown, the first and the last few; -1 stands for what is left out. */
function shown(size: number, edge: number): number[] {
  if (size <= 2 * edge) return Array.from({ length: size }, (_, i) => i);
  const first = Array.from({ length: edge }, (_, i) => i);
  return [...first, -1, ...first.map((i) => size - edge + i)];
}

/** The shown numbers as nested texts, by axis. */
type Cells = string | readonly Cells[];

function cells(x: Tensor, edges: readonly number[], digits?: number): Cells {
  const storage = x.storage;
  if (storage === null || typeof storage === "number")
    return storage === null ? "" : showNumber(storage, x.dtype, digits);
  const read = (axis: number, at: number, count: number): Cells => {
    if (axis === x.shape.length) return showNumber(storage[at]!, x.dtype, digits);
    const inner = count / x.shape[axis]!;
    return shown(x.shape[axis]!, edges[axis]!).map((i) => (i < 0 ? MORE : read(axis + 1, at + i * inner, inner)));
  };
  return read(0, 0, storage.length);
}

const flat = (part: Cells): string => (typeof part === "string" ? part : `[${part.map(flat).join(", ")}]`);

/**
 * Pads entries so that decimal points stand in one column, other texts end there, and a comma follows without a gap.
 */
function aligner(part: Cells): (text: string, comma: string) => string {
  let before = 0;
  let after = 0;
  const point = (text: string): number => (/^-?\d+\.\d+$/.test(text) ? text.indexOf(".") : text.length);
  const measure = (inner: Cells): void => {
    if (typeof inner !== "string") return inner.forEach(measure);
    if (inner === MORE) return;
    before = Math.max(before, point(inner));
    after = Math.max(after, inner.length - point(inner));
  };
  measure(part);
  return (text, comma) =>
    text === MORE
      ? text + comma
      : (text.padStart(before + text.length - point(text)) + comma).padEnd(comma === "" ? 0 : before + after + 1);
}

/** One line for each row, deeper axes indented under their bracket, a blank line between the blocks of higher rank. */
function rows(part: Cells, rank: number, align: (text: string, comma: string) => string, indent: number): string {
  if (typeof part === "string") return part;
  if (rank === 1) return `[${part.map((text, i) => align(text as string, i < part.length - 1 ? "," : "")).join(" ")}]`;
  const between = `,${"\n".repeat(rank - 1)}${" ".repeat(indent + 1)}`;
  return `[${part.map((inner) => rows(inner, rank - 1, align, indent + 1)).join(between)}]`;
}

/** How a tensor's numbers are written: in one line where that fits after `taken` characters, else in aligned rows. */
function write(x: Tensor, taken: number): string {
  const { shape } = x;
  const rank = shape.length;
  const size = shape[rank - 1] ?? 1;
  const outer = countOf(shape.slice(0, -1)) > MOST_ROWS ? EDGE : Infinity;
  for (let edge = size <= WIDTH ? size : WIDTH / 2; ; edge = Math.min(edge - 1, Math.floor(size / 2))) {
    const part = cells(
      x,
      shape.map((_, axis) => (axis === rank - 1 ? edge : outer)),
    );
    const line = flat(part);
    if (taken + line.length <= WIDTH && (rank <= 2 || countOf(shape) <= size)) return line;
    const text = rows(part, rank, aligner(part), 0);
    if (edge <= 1 || Math.max(...text.split("\n").map((row) => row.length)) + (rank < 2 ? taken : 0) <= WIDTH) {
      return rank < 2 ? line : `\n${text}`;
    }
  }
}

/** The numbers alone in few digits, all of them: in one line, or with a line for each row. */
export function showNumbers(x: Tensor, digits: number, inRows: boolean): string {
  const part = cells(
    x,
    x.shape.map(() => Infinity),
    digits,
  );
  return inRows ? rows(part, x.shape.length, aligner(part), 0) : flat(part);
}

/**
 * A tensor as one readable text: `tensor float64 [2, 2] [[1, 2], [3, 4]]`; what does not fit in a line of 80 characters
 * is written in aligned rows, long axes shortened in the middle.
 */
export function showTensor(x: Tensor): string {
  const head = `tensor ${x.dtype} [${x.shape.join(", ")}]`;
  if (x.storage === null) return `${head} (${isTraced(x) ? "known when the program runs" : "value not kept"})`;
  const text = write(x, head.length + 1);
  return text.startsWith("\n") ? `${head}${text}` : `${head} ${text}`;
}

/** A variable as text, with the value that it has now. */
export function showVariable(x: Variable): string {
  // Looking at a variable is not reading it: a program would read it at every call.
  if (tracing() !== null) return `variable ${x.dtype} [${x.shape.join(", ")}] (known when the program runs)`;
  return showTensor(x.read()).replace(/^tensor/, "variable");
}
