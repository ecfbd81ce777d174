/** How the numbers of an array are written: what their digits say of whether somebody rounded them, and where. */

import type { NumberArray, Printer } from "../intake/given.ts";

/** Holds what an array shows before the others are looked at. */
export interface Look {
  /** Some number uses more digits than anybody rounds to, or came in binary: each is what it is. */
  readonly full: boolean;
  /** Every entry is a whole number, which says nothing of decimals. */
  readonly whole: boolean;
  /** How many entries say something: neither 0 nor such as 0.5, which are short of themselves. */
  readonly telling: number;
  /** The most decimals of an entry, and the most significant digits. */
  readonly decimals: number;
  readonly digits: number;
  /** How many places the telling ones lack of the most decimals in all; the significant digits of all together. */
  readonly lacking: number;
  readonly allDigits: number;
  /** The same of all entries of whole numbers, which tell nothing one by one: 768000, 1540 and 23700 do together. */
  readonly wholes: Pick<Look, "telling" | "lacking" | "allDigits"> | null;
  /** The digits between the first of the largest entry and the last of any. */
  readonly span: number;
  /**
   * True if the entries share their significant digits, as `%.3g` and `1.23e-04` have it, or their decimals; `null`
   * where it may be either.
   */
  readonly byDigits: boolean | null;
  /** True if float32 can be what the numbers were: each as it prints it, or too short to tell. */
  readonly float32: boolean;
  /** Entries that show float32 or float64 for certain, of those that were looked at. */
  readonly typed: number;
  /** A program printed it, which rounds and does not cut off. */
  readonly rounds: boolean;
}

/** Nobody rounds to more, and few numbers of float64 are told from all others by as few. */
const MOST_DIGITS = 14;

/** The decimals that NumPy writes where nobody asks for others. */
const NUMPY_DECIMALS = 8;

/** How many entries must show their type before the array is believed to have it. */
const ENOUGH = 12;

const rounding: readonly Printer[] = ["numpy", "torch", "jax", "tensorflow", "matlab"];

/**
 * A number as it is written: decimals, significant digits and the place of the first of them, and whether it has an
 * exponent.
 */
interface Shape {
  readonly decimals: number;
  readonly digits: number;
  readonly first: number;
  readonly scientific: boolean;
}

function shapeOf(text: string): Shape {
  const [mantissa = "", exponent] = text.toLowerCase().replace(/^[-+]/, "").split("e");
  const [before = "", after = ""] = mantissa.split(".");
  const shift = Number(exponent ?? 0);
  const all = before + after;
  const zeros = /^0*/.exec(all)![0].length;
  // Of 1810 nobody knows whether its last 0 is one of its digits.
  const round = mantissa.includes(".") ? 0 : /0*$/.exec(before)![0].length;
  return {
    decimals: after.length - shift - round,
    digits: all.length - zeros - round,
    first: before.length - 1 - zeros + shift,
    scientific: exponent !== undefined,
  };
}

/** True if float32 has such a number, could have been rounded to it in so many decimals, or has none that near. */
function mayBeFloat32(x: number, decimals: number): "is" | "may be" | "is not" {
  const gap = Math.abs(Math.fround(x) - x);
  return gap === 0 ? "is" : gap <= 0.5001 * 10 ** -decimals ? "may be" : "is not";
}

/** The look of numbers that are known by their values, or by their texts as well. */
export function lookOf(
  data: ArrayLike<number>,
  texts: readonly string[] | null = null,
  printer: Printer = "code",
): Look {
  let [telling, typed, float32, whole, full] = [0, 0, true, true, printer === "binary"];
  let [decimals, digits, largest] = [-Infinity, 0, -Infinity];
  let [byPlace, bySize, hasZeros] = [0, 0, false];
  let [entries, places, figures] = [0, 0, 0];
  let scientific = texts !== null;
  const rounds = rounding.includes(printer);
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!;
    hasZeros ||= x === 0;
    if (x === 0 || !Number.isFinite(x)) continue;
    whole &&= Number.isInteger(x);
    const shape = shapeOf(texts?.[i] ?? String(x));
    scientific &&= shape.scientific;
    decimals = Math.max(decimals, shape.decimals);
    digits = Math.max(digits, shape.digits);
    largest = Math.max(largest, shape.first);
    [entries, places, figures] = [entries + 1, places + shape.decimals, figures + shape.digits];
    // What is short in binary is so without anybody having rounded.
    if (Number.isInteger(x * 4096)) continue;
    telling += 1;
    [byPlace, bySize] = [byPlace + shape.decimals, bySize + shape.digits];
    const type = mayBeFloat32(x, shape.decimals);
    float32 &&= type !== "is not";
    if (type !== "may be") typed += 1;
    // NumPy writes eight decimals of a number of eight places too.
    full ||= shape.digits > MOST_DIGITS && (shape.scientific || shape.decimals > NUMPY_DECIMALS);
    if (full && typed >= ENOUGH) break;
  }
  // Whole numbers that all end in 00 were rounded, each with a chance of one in a hundred that it was not.
  if (whole && decimals <= -2 && digits >= 3) [telling, byPlace, bySize] = [entries, places, figures];
  // What each entry lacks of the decimals, or of the digits, that it should have: zeros that were trimmed are few.
  const isEmpty = largest === -Infinity;
  const isScientific = scientific && !isEmpty;
  if (isEmpty) decimals = 0;
  const lacking = telling * decimals - byPlace;
  const shared = telling * digits - bySize;
  // Each 0 that was trimmed is one chance in ten: two more of them are seen.
  const seen = Math.abs(lacking - shared) < 2 ? null : shared < lacking;
  // A 0 among numbers that share their digits may be one that has none of the decimals, and float32 has few digits
  // anyway.
  const doubtful = seen === true && (hasZeros || (float32 && digits >= 6));
  // A library that writes no exponents writes decimals.
  const byDigits = isScientific ? true : rounds && texts !== null ? false : doubtful ? null : seen;
  // PyTorch leaves the decimals out only where there are none.
  full ||= whole && !isScientific && printer === "torch" && texts !== null && decimals <= 0;
  return {
    full,
    whole: whole && !isScientific,
    telling,
    decimals,
    digits,
    lacking,
    allDigits: bySize,
    wholes: whole ? { telling: entries, lacking: entries * decimals - places, allDigits: figures } : null,
    span: isEmpty ? 0 : largest + decimals + 1,
    byDigits,
    float32,
    typed,
    rounds,
  };
}

/** The look of an array that a source handed in. */
export function lookOfArray({ data, texts, printer, type }: NumberArray): Look {
  // What was multiplied by a factor, or turned into classes, is no longer what was written.
  const own =
    texts?.length === data.length && texts.slice(0, 8).every((text, i) => Number(text) === data[i]) ? texts : null;
  const look = lookOf(data, own, printer);
  return type === "float32" || type === "float64"
    ? { ...look, float32: type === "float32", typed: look.typed + ENOUGH }
    : look;
}
