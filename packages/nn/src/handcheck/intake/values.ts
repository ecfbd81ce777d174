/** Makes of numbers in brackets an array where they have one shape, and a list where they have none. */

import type { Given, GivenList, GivenRecord, NumberArray, NumberType, Printer } from "./given.ts";

export const isNumbers = (given: Given | undefined): given is NumberArray =>
  typeof given === "object" && given !== null && given.kind === "numbers";
export const isList = (given: Given | undefined): given is GivenList =>
  typeof given === "object" && given !== null && given.kind === "list";
export const isRecord = (given: Given | undefined): given is GivenRecord =>
  typeof given === "object" && given !== null && given.kind === "record";

export const recordOf = (entries: ReadonlyMap<string, Given>): GivenRecord => ({ kind: "record", entries });

/** A number on its own. */
export const numberOf = (
  value: number,
  text: string | null,
  printer: Printer,
  type: NumberType | null = null,
): NumberArray => ({
  kind: "numbers",
  shape: [],
  data: Float64Array.of(value),
  texts: text === null ? null : [text],
  printer,
  type,
});

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/**
 * Returns what stands in brackets: one array of entries that are numbers of one shape, or a list. Each entry is a
 * value, with its own texts, and arrays are joined; `settled` makes one array of bare numbers, and leaves arrays in a
 * list apart, as they were printed.
 */
export function bracketed(entries: readonly Given[]): NumberArray | GivenList {
  const [first] = entries;
  if (
    !isNumbers(first) ||
    !entries.every(
      (one): one is NumberArray => isNumbers(one) && sameShape(one.shape, first.shape) && one.printer === first.printer,
    )
  )
    return { kind: "list", entries };
  const size = first.data.length;
  const data = new Float64Array(size * entries.length);
  entries.forEach((one, i) => data.set(one.data, i * size));
  const texts = entries.every(({ texts: own }) => own !== null) ? entries.flatMap(({ texts: own }) => own!) : null;
  const type = entries.every((one) => one.type === first.type) ? first.type : null;
  return { kind: "numbers", shape: [entries.length, ...first.shape], data, texts, printer: first.printer, type };
}

/** A part of an array along its first axis. */
export function slice(whole: NumberArray, at: number): NumberArray {
  const shape = whole.shape.slice(1);
  const size = shape.reduce((product, n) => product * n, 1);
  return {
    ...whole,
    shape,
    data: whole.data.slice(at * size, (at + 1) * size),
    texts: whole.texts && whole.texts.slice(at * size, (at + 1) * size),
  };
}

/** The array with its entries taken from other places. */
export function picked(from: NumberArray, shape: readonly number[], places: readonly number[]): NumberArray {
  return {
    ...from,
    shape,
    data: Float64Array.from(places, (i) => from.data[i]!),
    texts: from.texts && places.map((i) => from.texts![i]!),
  };
}

/** The transpose of rows. */
export function turned(from: NumberArray): NumberArray {
  const [height, width] = from.shape as [number, number];
  return picked(
    from,
    [width, height],
    Array.from({ length: height * width }, (_, i) => (i % height) * width + Math.floor(i / height)),
  );
}

/** The same numbers in another shape. */
export const reshaped = (from: NumberArray, shape: readonly number[]): NumberArray => ({ ...from, shape });

/** Two arrays that say the same. */
export const equalNumbers = (a: NumberArray, b: NumberArray): boolean =>
  a.data.length === b.data.length && a.data.every((x, i) => Object.is(x, b.data[i]) || x === b.data[i]);

/** Returns what a value is, for a sentence about it. */
export function kindOf(given: Given): string {
  if (given === null) return "null";
  if (typeof given === "string") return "a text";
  if (typeof given === "boolean") return String(given);
  if (given.kind === "numbers") return given.shape.length === 0 ? "a number" : given.shape.join("×");
  return given.kind === "list" ? "a list" : "an object";
}

/** Plain values of JavaScript. */
export type Plain = null | string | boolean | number | readonly Plain[] | { readonly [name: string]: Plain };

function nested(data: Float64Array, shape: readonly number[], from: number): Plain {
  const [length, ...inner] = shape;
  if (length === undefined) return data[from]!;
  if (inner.length === 0) return Array.from(data.subarray(from, from + length));
  const size = inner.reduce((product, n) => product * n, 1);
  return Array.from({ length }, (_, i) => nested(data, inner, from + i * size));
}

/** A value as plain JavaScript: lists for arrays, objects for records. */
export function plain(given: Given): Plain {
  if (given === null || typeof given !== "object") return given;
  switch (given.kind) {
    case "numbers":
      return nested(given.data, given.shape, 0);
    case "list":
      return given.entries.map(plain);
    case "record":
      return Object.fromEntries([...given.entries].map(([name, value]) => [name, plain(value)]));
  }
}
