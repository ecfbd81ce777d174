/** Values on their way to Python and back: numbers as the bytes of float64, so that every bit arrives. */

import { programErrors } from "../../../../locales/program-errors.ts";
import { SourceError, type Given, type GivenRecord, type NumberArray, type NumberType } from "../../given.ts";
import { bracketed, recordOf } from "../../values.ts";
import { bytesOf, countIn, numbersIn } from "../process/bytes.ts";

/** A value as the runner writes it. */
export type Packed =
  | null
  | string
  | { readonly shape: readonly number[]; readonly type: NumberType; readonly data: string }
  | { readonly list: readonly Packed[] }
  | { readonly record: readonly (readonly [string, Packed])[] }
  /** Says what holds no numbers, by the name of its type. */
  | { readonly other: string };

const unreadable = (): SourceError => new SourceError(programErrors.noArrayAnswer, null);

const types: readonly unknown[] = ["float64", "float32", "float16", "int", "bool"] satisfies NumberType[];

const isPair = (pair: unknown): pair is readonly [string, unknown] =>
  Array.isArray(pair) && typeof pair[0] === "string";

/** A value that came from Python, where nothing is believed; `null` for what holds no numbers. */
export function unpacked(packed: unknown): Given {
  if (packed === null || typeof packed === "string") return packed;
  if (typeof packed !== "object") throw unreadable();
  if ("other" in packed) return null;
  if ("list" in packed && Array.isArray(packed.list))
    return packed.list.length === 0 ? { kind: "list", entries: [] } : bracketed(packed.list.map(unpacked));
  if ("record" in packed && Array.isArray(packed.record) && packed.record.every(isPair))
    return recordOf(new Map(packed.record.map(([name, value]) => [name, unpacked(value)])));
  const { shape, type, data: bytes } = packed as Readonly<Record<"shape" | "type" | "data", unknown>>;
  const count = countIn(shape);
  const data = count === null ? null : numbersIn(bytes, count);
  if (data === null || !types.includes(type)) throw unreadable();
  if (type === "bool" && count === 1 && (shape as unknown[]).length === 0) return data[0] === 1;
  return {
    kind: "numbers",
    shape: shape as number[],
    data,
    texts: null,
    printer: "code",
    type: type as NumberType,
  } satisfies NumberArray;
}

/** Numbers for Python. */
export const packedNumbers = (
  shape: readonly number[],
  numbers: ArrayLike<number>,
  type: NumberType = "float64",
): Packed => ({ shape, type, data: bytesOf(numbers instanceof Float64Array ? numbers : Float64Array.from(numbers)) });

/** A record that came from Python; what is none has no entries. */
export function unpackedRecord(packed: unknown): GivenRecord {
  const given = unpacked(packed);
  return typeof given === "object" && given !== null && given.kind === "record" ? given : recordOf(new Map());
}
