/**
 * Says what a module exports or a function gives back, as values that came in: lists, typed arrays, tensors of whatever
 * copy of the library.
 */

import type { Given, GivenRecord, NumberArray, NumberType } from "../given.ts";
import { bracketed, numberOf, recordOf } from "../values.ts";

const types: Readonly<Record<string, NumberType>> = { Float32Array: "float32", Float64Array: "float64" };

const wholes = /^(?:Int|Uint)(?:8|16|32)(?:Clamped)?Array$/;

function typedArray(given: ArrayBufferView): NumberArray | null {
  const name = (given as { readonly constructor: { readonly name: string } }).constructor.name;
  const type = types[name] ?? (wholes.test(name) ? "int" : undefined);
  if (type === undefined) return null;
  const data = Float64Array.from(given as unknown as ArrayLike<number>);
  return { kind: "numbers", shape: [data.length], data, texts: null, printer: "code", type };
}

const hasArray = (given: object): given is { toArray: () => unknown } =>
  "toArray" in given && typeof given.toArray === "function";

/** Rows of lists of plain numbers, the usual case, in one go. */
function plainRows(given: readonly unknown[]): NumberArray | null {
  const first = given[0];
  if (!Array.isArray(first) || first.length === 0) return null;
  const data = new Float64Array(given.length * first.length);
  let at = 0;
  for (const row of given) {
    if (!Array.isArray(row) || row.length !== first.length) return null;
    for (const entry of row as readonly unknown[]) {
      if (typeof entry !== "number") return null;
      data[at++] = entry;
    }
  }
  return { kind: "numbers", shape: [given.length, first.length], data, texts: null, printer: "code", type: null };
}

/** Deeper than any list of matrices. */
const DEEPEST = 64;

/**
 * A value of a program. The same array gives the same array, so that one buffer for two layers is seen. Functions, and
 * what else holds no numbers, are passed over: `skipped` hears their names.
 */
export function fromCode(
  value: unknown,
  known = new Map<object, Given>(),
  skipped: string[] = [],
  depth = 0,
): Given | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return numberOf(value, null, "code");
  if (typeof value === "bigint") return numberOf(Number(value), null, "code", "int");
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "object" || depth > DEEPEST) return undefined;
  const before = known.get(value);
  if (before !== undefined) return before;
  // What holds itself is nothing where it is met again within itself.
  known.set(value, null);
  const given = ofObject(value, known, skipped, depth);
  if (given === undefined) known.delete(value);
  else known.set(value, given);
  return given;
}

function ofObject(value: object, known: Map<object, Given>, skipped: string[], depth: number): Given | undefined {
  if (ArrayBuffer.isView(value)) return typedArray(value) ?? undefined;
  if (Array.isArray(value)) {
    return (
      plainRows(value) ?? bracketed(value.map((entry: unknown) => fromCode(entry, known, skipped, depth + 1) ?? null))
    );
  }
  if (hasArray(value)) return fromCode(value.toArray(), known, skipped, depth + 1);
  if (value instanceof Map)
    return ofEntries(
      [...value].map(([name, entry]: [unknown, unknown]) => [String(name), entry] as const),
      known,
      skipped,
      depth,
    );
  return ofEntries(Object.entries(value), known, skipped, depth);
}

function ofEntries(
  entries: readonly (readonly [string, unknown])[],
  known: Map<object, Given>,
  skipped: string[],
  depth: number,
): GivenRecord {
  const values = new Map<string, Given>();
  for (const [name, entry] of entries) {
    const given = entry === undefined ? undefined : fromCode(entry, known, skipped, depth + 1);
    if (given === undefined) skipped.push(name);
    else values.set(name, given);
  }
  return recordOf(values);
}
