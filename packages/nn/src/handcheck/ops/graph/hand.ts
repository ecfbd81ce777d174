/**
 * Gradients as they are handed in for a graph: by any name that people give them, as numbers or as they were printed,
 * with what was said of their rounding.
 */

import { ArgumentError } from "@chainrule/autograd";
import { readPrinted } from "../../intake/sources/listing.ts";
import type { LineStatus } from "../../report.ts";
import { readOrRefuse, sameShape, type Numbers } from "../../bounds/numbers.ts";
import type { Values } from "./flows.ts";
import { precisionOf, withUnits, type Precision } from "./precision.ts";

/** Something that cannot be compared. */
interface Unfit {
  readonly status: LineStatus;
  readonly given: Numbers;
}

/** Holds what was handed in. */
export interface HandRead {
  readonly good: Values;
  readonly bad: Readonly<Record<string, Unfit>>;
  readonly rounding: Rounding;
}

/** How precise numbers are: in significant digits, in decimals, whichever leaves more room. */
export interface Rounding extends Precision {
  readonly decimals: number | null;
}

/** Names what may stand beside the gradients. */
const told = ["digits", "decimals"] as const;

/** Printers round no finer; what has more decimals was computed. */
const MOST_DECIMALS = 8;

/** Decimals of a number as it is written. */
const decimalsOf = (text: string): number => {
  const [, digits = "", exponent = "0"] = /^[-+]?\d*\.?(\d*)(?:e([-+]?\d+))?$/iu.exec(text) ?? [];
  return Math.max(0, digits.length - Number(exponent));
};

/** The decimals that the numbers of an array have at most. */
const mostDecimals = ({ data }: Numbers): number =>
  data.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, decimalsOf(String(x))) : most), 0);

/** Returns what each number may be off. */
export function unitsOf(data: Float64Array, rounding: Rounding): Float64Array {
  const unit = rounding.decimals === null ? 0 : 10 ** -rounding.decimals;
  // What is printed on a page is cut off as often as it is rounded: a whole unit of the last digit.
  return withUnits(data, { ...rounding, inferred: true }).map((x) => Math.max(x, unit));
}

const holdsText = (value: unknown): boolean =>
  typeof value === "string" || (Array.isArray(value) && value.some(holdsText));

/** Numbers, or the text of numbers with the decimals that it shows. */
function readValue(
  op: string,
  what: string,
  value: unknown,
): { readonly numbers: Numbers; readonly decimals: number | null } {
  if (!holdsText(value)) return { numbers: readOrRefuse(op, what, value), decimals: null };
  const text = typeof value === "string" ? value.trim() : JSON.stringify(value).replaceAll('"', "");
  const printed = readPrinted(text) ?? readPrinted(`[${text}]`);
  if (printed === null)
    throw new ArgumentError({
      op,
      problem: `${what} is a text that is no array of numbers`,
      hint: "copy it as it was printed: [[ 0.1 -0.2]\n [ 0.3  0.4]]",
    });
  const shape = /^[-+\d.e]+$/iu.test(text) ? [] : printed.shape;
  return { numbers: { data: printed.data, shape }, decimals: Math.max(0, ...(printed.texts ?? []).map(decimalsOf)) };
}

/** The inputs by name; a text is an array as it was printed. */
export const readInputs = (op: string, inputs: Readonly<Record<string, unknown>>): Values =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, readValue(op, `the input "${name}"`, value).numbers]),
  );

/** The decimals that NumPy and PyTorch print. */
const PRINTED = [4, 8];

/**
 * Returns what the numbers of an input may be off, where they have the look of a printout: most of them end at the
 * decimals of a printer.
 */
export function inputUnits(inputs: Values): Values {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) => {
      const counts = Array.from(value.data, (x) => decimalsOf(String(x)));
      const most = Math.max(0, ...counts);
      const looks =
        PRINTED.includes(most) &&
        counts.length >= 4 &&
        counts.filter((count) => count === most).length >= 0.6 * counts.length;
      return looks ? [[name, { shape: value.shape, data: value.data.map(() => 0.5 * 10 ** -most) }]] : [];
    }),
  );
}

/** `dh`, `h.grad`, `grad_h` or `h` for the value named h. */
function placeOf(op: string, key: string, places: readonly string[]): string {
  const candidates = [
    key,
    key.replace(/^d(?=.)/u, ""),
    key.replace(/\.grad$/u, ""),
    key.replace(/^grad_/u, ""),
    key.replace(/_grad$/u, ""),
  ];
  // dh means the gradient at h even where something else is named dh.
  const order = [...candidates.slice(1), key].filter((name, k) => k === candidates.length - 1 || name !== key);
  const found = order.find((name) => places.includes(name));
  if (found === undefined) {
    throw new ArgumentError({
      op,
      problem: `"${key}" belongs to no tap and no input`,
      hint: `the names are ${places.join(", ")}; a gradient is "d" and the name`,
    });
  }
  return found;
}

/** Returns what was said beside the gradients: `digits: 3`. */
function toldBeside(
  op: string,
  hand: Readonly<Record<string, unknown>>,
  places: readonly string[],
): Partial<Record<(typeof told)[number], number>> {
  return Object.fromEntries(
    told.flatMap((key) => {
      const value = hand[key];
      if (value === undefined || places.includes(key)) return [];
      if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
        throw new ArgumentError({
          op,
          problem: `${key} is no count`,
          hint: `${key}: 3 says how the numbers were rounded`,
        });
      return [[key, value]];
    }),
  );
}

/** Returns what can be compared, what is wrong with the rest, and how the numbers were rounded. */
export function readHand(
  op: string,
  hand: Readonly<Record<string, unknown>>,
  shapes: Values,
  digits: number | undefined,
): HandRead {
  const good: Record<string, Numbers> = {};
  const bad: Record<string, Unfit> = {};
  const places = Object.keys(shapes);
  const said = toldBeside(op, hand, places);
  const printed: number[] = [];
  for (const [key, value] of Object.entries(hand)) {
    if (value === undefined || value === null || key in said) continue;
    const name = placeOf(op, key, places);
    const { numbers: given, decimals } = readValue(op, `"${key}"`, value);
    if (decimals !== null) printed.push(decimals);
    if (name in good || name in bad)
      throw new ArgumentError({ op, problem: `the gradient at "${name}" is given twice`, hint: "give it once" });
    if (!sameShape(given.shape, shapes[name]!.shape)) bad[name] = { status: "shape", given };
    else if (given.data.some((x) => !Number.isFinite(x))) bad[name] = { status: "nan", given };
    else good[name] = given;
  }
  const precision = precisionOf(
    Object.values(good).map(({ data }) => data),
    digits ?? said.digits,
  );
  const most = Math.max(0, ...Object.values(good).map(mostDecimals));
  const shown = precision.inferred && precision.digits !== null && most <= MOST_DECIMALS ? most : null;
  return {
    good,
    bad,
    rounding: { ...precision, decimals: said.decimals ?? (printed.length > 0 ? Math.max(...printed) : shown) },
  };
}
