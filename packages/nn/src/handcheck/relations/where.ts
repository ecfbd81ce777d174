/** Says where a gradient is wrong, or no number: on one side of a threshold of a known array. */

import { relations } from "../../locales/relations.ts";
import type { Words } from "../../locales/words.ts";
import type { Laid } from "./align.ts";

/** So many entries on either side lie there by no chance. */
const FEW = 3;

/** A round number between two, if there is one; their middle in two digits otherwise. */
function between(low: number, high: number): { readonly text: string; readonly round: boolean } {
  for (const x of [0, 1, -1, 0.5, -0.5, 2, -2])
    if (low <= x && x <= high) return { text: String(x).replace("-", "−"), round: true };
  return { text: String(Number(((low + high) / 2).toPrecision(2))).replace("-", "−"), round: false };
}

interface Side {
  readonly above: boolean;
  readonly text: string;
  readonly round: boolean;
}

/** The threshold that parts the marked entries from the others. */
function parted(data: Float64Array, marked: readonly boolean[]): Side | null {
  let [lowIn, highIn, lowOut, highOut] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [i, isIn] of marked.entries()) {
    const x = data[i]!;
    if (Number.isNaN(x)) return null;
    if (isIn) [lowIn, highIn] = [Math.min(lowIn, x), Math.max(highIn, x)];
    else [lowOut, highOut] = [Math.min(lowOut, x), Math.max(highOut, x)];
  }
  if (lowIn > highOut) return { above: true, ...between(highOut, lowIn) };
  return highIn < lowOut ? { above: false, ...between(highIn, lowOut) } : null;
}

/** Products and differences of two arrays with a name, and their sizes. */
function* measures(arrays: readonly Laid[]): Generator<{ readonly text: string; readonly data: Float64Array }> {
  yield* arrays;
  for (const { text, data } of arrays) yield { text: `|${text}|`, data: data.map(Math.abs) };
  for (const [k, a] of arrays.entries()) {
    for (const b of arrays.slice(k + 1)) {
      yield { text: `${a.text} ${b.text}`, data: a.data.map((x, i) => x * b.data[i]!) };
      yield { text: `${a.text} − ${b.text}`, data: a.data.map((x, i) => x - b.data[i]!) };
      yield { text: `|${a.text} − ${b.text}|`, data: a.data.map((x, i) => Math.abs(x - b.data[i]!)) };
    }
  }
}

/** The side of a threshold on which the marked entries lie, in words: `x1 < 0`; `null` where they lie anywhere. */
function sideOf(marked: readonly boolean[], arrays: readonly Laid[]): string | null {
  const count = marked.reduce((sum, isIn) => sum + (isIn ? 1 : 0), 0);
  if (count < FEW || marked.length - count < FEW) return null;
  // Where few entries lie on one side, a threshold that is no round number may be chance.
  const telling = Math.min(count, marked.length - count) >= 0.15 * marked.length;
  let rough: string | null = null;
  for (const { text, data } of measures(arrays)) {
    const side = parted(data, marked);
    if (side === null) continue;
    const written = `${text} ${side.above ? ">" : "<"} ${side.text}`;
    if (side.round) return written;
    if (telling) rough ??= written;
  }
  return rough;
}

/** True if the marked entries of square matrices are those beside the diagonal. */
function besideDiagonal(marked: readonly boolean[], [rows, cols, ...more]: readonly number[]): boolean {
  return (
    rows === cols &&
    rows !== undefined &&
    rows > 1 &&
    more.length === 0 &&
    marked.every((isIn, n) => isIn === (Math.floor(n / rows) % rows !== n % rows))
  );
}

/** Holds what the places of wrong entries and of NaN say. */
interface Places {
  /** True if there are entries that are no numbers. */
  readonly broken: boolean;
  /** The side of a threshold on which all wrong entries lie, and no right one. */
  readonly wrong: { readonly side: string; readonly entries: readonly number[] } | null;
  readonly words: readonly Words[];
}

/** Returns where a gradient is wrong. */
export function placesOf(
  yours: Float64Array,
  correct: Float64Array,
  slack: Float64Array,
  shape: readonly number[],
  arrays: readonly Laid[],
): Places {
  const numbers = Array.from(yours.keys()).filter((i) => Number.isFinite(yours[i]!));
  const broken = numbers.length < yours.length;
  const undefinedAt = broken
    ? sideOf(
        Array.from(yours, (x) => !Number.isFinite(x)),
        arrays,
      )
    : null;
  const off = numbers.map((i) => Math.abs(yours[i]! - correct[i]!) > slack[i]!);
  const beside = !broken && besideDiagonal(off, shape);
  const side = beside
    ? null
    : sideOf(
        off,
        arrays.map((one) => ({ ...one, data: Float64Array.from(numbers, (i) => one.data[i]!) })),
      );
  return {
    broken,
    wrong: side === null ? null : { side, entries: numbers.filter((_, n) => off[n]) },
    words: [
      ...(undefinedAt === null ? [] : [relations.undefinedWhere({ side: undefinedAt })]),
      ...(beside ? [relations.offDiagonal] : []),
      ...(side === null ? [] : [relations.wrongWhere({ side })]),
    ],
  };
}
