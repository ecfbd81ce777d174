/** NumPy's own file of one array, .npy: its header and its numbers, of every type that holds real numbers. */

import { fileErrors } from "../../../locales/file-errors.ts";
import type { Words } from "../../../locales/words.ts";
import { SourceError, type Given, type GivenRecord, type NumberArray, type NumberType, type Source } from "../given.ts";
import { readValue } from "./literals.ts";
import { Tokens } from "./tokens.ts";

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Says where the numbers begin. */
  readonly from: number;
}

/** How one entry is read, and how many bytes it has. */
interface Reader {
  readonly size: number;
  readonly type: NumberType;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

/** The value of a float16: 1 sign bit, 5 bits of exponent, 10 of fraction. */
function float16(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 === 1 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function whole(value: bigint): number {
  if (BigInt(Number(value)) !== value)
    throw new SourceError(fileErrors.tooLarge({ value: String(value) }), fileErrors.below);
  return Number(value);
}

const readers: Readonly<Record<string, Reader>> = {
  f2: { size: 2, type: "float16", read: (view, at, little) => float16(view.getUint16(at, little)) },
  f4: { size: 4, type: "float32", read: (view, at, little) => view.getFloat32(at, little) },
  f8: { size: 8, type: "float64", read: (view, at, little) => view.getFloat64(at, little) },
  b1: { size: 1, type: "bool", read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
  i1: { size: 1, type: "int", read: (view, at) => view.getInt8(at) },
  i2: { size: 2, type: "int", read: (view, at, little) => view.getInt16(at, little) },
  i4: { size: 4, type: "int", read: (view, at, little) => view.getInt32(at, little) },
  i8: { size: 8, type: "int", read: (view, at, little) => whole(view.getBigInt64(at, little)) },
  u1: { size: 1, type: "int", read: (view, at) => view.getUint8(at) },
  u2: { size: 2, type: "int", read: (view, at, little) => view.getUint16(at, little) },
  u4: { size: 4, type: "int", read: (view, at, little) => view.getUint32(at, little) },
  u8: { size: 8, type: "int", read: (view, at, little) => whole(view.getBigUint64(at, little)) },
};

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** True if the bytes begin as NumPy's files of one array do. */
export const isNpy = (bytes: Uint8Array): boolean => magic.every((byte, index) => bytes[index] === byte);

const damaged = (what: Words): SourceError => new SourceError(fileErrors.damagedArray({ what }), fileErrors.saveAgain);

function headerOf(bytes: Uint8Array): Header {
  if (!isNpy(bytes)) throw damaged(fileErrors.otherBeginning);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! >= 2;
  if (bytes.length < (wide ? 12 : 10)) throw damaged(fileErrors.cutHeader);
  const [start, length] = wide ? [12, view.getUint32(8, true)] : [10, view.getUint16(8, true)];
  if (start + length > bytes.length) throw damaged(fileErrors.cutHeader);
  const text = new TextDecoder(bytes[6]! >= 3 ? "utf-8" : "latin1").decode(bytes.subarray(start, start + length));
  const told = readValue(new Tokens(text));
  if (typeof told !== "object" || told === null || told.kind !== "record") throw damaged(fileErrors.noDictionary);
  const { entries } = told;
  const [descr, fortran, shape] = [entries.get("descr"), entries.get("fortran_order"), entries.get("shape")];
  if (typeof descr !== "string") throw new SourceError(fileErrors.severalFields, fileErrors.oneEach);
  return { descr, fortran: isTrue(fortran), shape: sizesOf(shape), from: start + length };
}

const isTrue = (value: Given | undefined): boolean =>
  typeof value === "object" && value !== null && value.kind === "numbers" && value.data[0] === 1;

function sizesOf(value: Given | undefined): readonly number[] {
  if (typeof value !== "object" || value === null || value.kind !== "numbers") throw damaged(fileErrors.noShape);
  const sizes = [...value.data];
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw damaged(fileErrors.oddShape({ sizes: sizes.join(", ") }));
  return sizes;
}

/** Entries by columns, as Fortran stores them, by rows. */
function byRows(data: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(data.length);
  const index = new Array<number>(shape.length).fill(0);
  for (let from = 0; from < data.length; from++) {
    let to = 0;
    for (let axis = 0; axis < shape.length; axis++) to = to * shape[axis]! + index[axis]!;
    out[to] = data[from]!;
    for (let axis = 0; axis < shape.length && ++index[axis]! === shape[axis]; axis++) index[axis] = 0;
  }
  return out;
}

/** Words, such as the name of an activation: `<U7`. */
function wordsOf(bytes: Uint8Array, { from, shape }: Header, width: number, little: boolean): Given {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = shape.reduce((product, size) => product * size, 1);
  if (from + 4 * width * count !== bytes.length) throw damaged(fileErrors.otherSize);
  const words = Array.from({ length: count }, (_, at) => {
    const letters = Array.from({ length: width }, (__, i) => view.getUint32(from + 4 * (at * width + i), little));
    return String.fromCodePoint(...letters.filter((letter) => letter !== 0));
  });
  return shape.length === 0 ? words[0]! : { kind: "list", entries: words };
}

/** The value that a .npy file holds: an array of numbers, or words. */
export function valueOfNpy(bytes: Uint8Array): Given {
  const header = headerOf(bytes);
  const { descr, shape, from, fortran } = header;
  const little = !descr.startsWith(">");
  const words = /^[<>|=]?U(\d+)$/.exec(descr);
  if (words !== null) return wordsOf(bytes, header, Number(words[1]), little);
  const reader = readers[descr.replace(/^[<>|=]/, "")];
  if (reader === undefined) {
    const what = /O/.test(descr)
      ? fileErrors.pythonObjects
      : /c/.test(descr)
        ? fileErrors.complexNumbers
        : fileErrors.entriesOf({ type: descr });
    throw new SourceError(fileErrors.holds({ what }), fileErrors.saveNumbers);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(count) || from + count * reader.size !== bytes.length) throw damaged(fileErrors.otherSize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float64Array(count);
  for (let i = 0; i < count; i++) data[i] = reader.read(view, from + i * reader.size, little);
  const array: NumberArray = {
    kind: "numbers",
    shape,
    data: fortran && shape.length > 1 ? byRows(data, shape) : data,
    texts: null,
    printer: "binary",
    type: reader.type,
  };
  return array;
}

/** Reads a .npy file: one array, named by its file. */
export function readNpy(name: string, bytes: Uint8Array): Source {
  const stem = name.replace(/^.*[\\/]/, "").replace(/\.npy$/i, "");
  const values: GivenRecord = { kind: "record", entries: new Map([[stem, valueOfNpy(bytes)]]) };
  return { name, values, notes: [] };
}
