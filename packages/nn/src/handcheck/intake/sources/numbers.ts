/** Nested numbers as one array: shapes are found, what is ragged stays a list. */

import type { Given, NumberArray, NumberType, Printer } from "../given.ts";

/** A number as it was written. */
export interface Written {
  readonly kind: "written";
  readonly value: number;
  readonly text: string;
  /** The type that stands around it, as in `np.float32(0.1)`. */
  readonly type: NumberType | null;
}

/** Says what a bracket holds before it is known whether it is an array. */
export type Nested = Written | Given | NestedList;

export interface NestedList {
  readonly kind: "nested";
  readonly entries: readonly Nested[];
}

const isKind = <K extends string>(value: Nested, kind: K): value is Extract<Nested, { readonly kind: K }> =>
  typeof value === "object" && value !== null && value.kind === kind;

/** The value of a number's text, whatever its minus sign and its name of infinity. */
export function valueOf(text: string): number {
  const plain = text.replaceAll("−", "-").toLowerCase();
  const named = /^([+-]?)(nan|inf|infinity)$/.exec(plain);
  if (named === null) return Number(plain);
  return named[2] === "nan" ? NaN : named[1] === "-" ? -Infinity : Infinity;
}

/** The shape of nested numbers; `null` where they have none. */
function shapeOf(value: Nested): readonly number[] | null {
  if (isKind(value, "written")) return [];
  if (!isKind(value, "nested")) return null;
  const [first, ...others] = value.entries;
  if (first === undefined) return [0];
  const inner = shapeOf(first);
  if (inner === null) return null;
  const same = others.every((entry) => {
    const shape = shapeOf(entry);
    return shape !== null && shape.length === inner.length && shape.every((size, axis) => size === inner[axis]);
  });
  return same ? [value.entries.length, ...inner] : null;
}

function flatten(value: Nested, into: Written[]): Written[] {
  if (isKind(value, "written")) into.push(value);
  else if (isKind(value, "nested")) for (const entry of value.entries) flatten(entry, into);
  return into;
}

/** Numbers with a shape as an array. */
export function arrayOf(
  shape: readonly number[],
  numbers: readonly Written[],
  printer: Printer,
  type: NumberType | null,
): NumberArray {
  const own = numbers.find((one) => one.type !== null)?.type ?? null;
  return {
    kind: "numbers",
    shape,
    data: Float64Array.from(numbers, ({ value }) => value),
    texts: numbers.map(({ text }) => text),
    printer: own === null ? printer : "python",
    type: type ?? own,
  };
}

/** Returns what was nested, as a value: an array where the numbers have a shape, else a list of what they are. */
export function settled(value: Nested, printer: Printer, type: NumberType | null): Given {
  const shape = shapeOf(value);
  if (shape !== null) return arrayOf(shape, flatten(value, []), printer, type);
  if (isKind(value, "nested"))
    return { kind: "list", entries: value.entries.map((entry) => settled(entry, printer, type)) };
  return value as Given;
}
