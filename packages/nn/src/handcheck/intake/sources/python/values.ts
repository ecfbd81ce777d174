/** Values on their way to Python and back: numbers as the bytes of float64, so that every bit arrives. */

import type { Given, GivenRecord, NumberArray, NumberType } from "../../given.ts";
import { bracketed, recordOf } from "../../values.ts";

/** A value as the runner writes it. */
export type Packed =
  | null | string
  | { readonly shape: readonly number[]; readonly type: NumberType; readonly data: string }
  | { readonly list: readonly Packed[] }
  | { readonly record: readonly (readonly [string, Packed])[] }
  /** What holds no numbers, by the name of its type. */
  | { readonly other: string };

/** A value that came from Python; `null` for what holds no numbers. */
export function unpacked(packed: Packed): Given {
  if (packed === null || typeof packed === "string") return packed;
  if ("other" in packed) return null;
  if ("list" in packed) return packed.list.length === 0 ? { kind: "list", entries: [] } : bracketed(packed.list.map(unpacked));
  if ("record" in packed) return recordOf(new Map(packed.record.map(([name, value]) => [name, unpacked(value)])));
  const bytes = Buffer.from(packed.data, "base64");
  const data = new Float64Array(bytes.length / 8);
  for (let i = 0; i < data.length; i++) data[i] = bytes.readDoubleLE(8 * i);
  if (packed.type === "bool" && packed.shape.length === 0) return data[0] === 1;
  return { kind: "numbers", shape: packed.shape, data, texts: null, printer: "code", type: packed.type } satisfies NumberArray;
}

/** Numbers for Python. */
export function packedNumbers(shape: readonly number[], numbers: ArrayLike<number>, type: NumberType = "float64"): Packed {
  const bytes = Buffer.alloc(8 * numbers.length);
  for (let i = 0; i < numbers.length; i++) bytes.writeDoubleLE(numbers[i]!, 8 * i);
  return { shape, type, data: bytes.toString("base64") };
}

/** A record that came from Python; what is none has no entries. */
export function unpackedRecord(packed: Packed): GivenRecord {
  const given = unpacked(packed);
  return typeof given === "object" && given !== null && given.kind === "record" ? given : recordOf(new Map());
}
