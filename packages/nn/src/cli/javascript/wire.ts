/**
 * Values on their way through a pipe: JSON, with arrays of numbers as bytes. It is written beside somebody's code and
 * read where nobody believes it. The same array stays one array; functions stay where they are and are called by their
 * place.
 */

import type { unreadable } from "../../locales/en/program-errors.ts";
import { bytesOf, countIn, numbersIn } from "../../handcheck/intake/sources/process/bytes.ts";
import {
  asText,
  bufferOf,
  caught,
  eachOf,
  getFrom,
  isArray,
  isSame,
  isView,
  keysOf,
  quoted,
  setIn,
  textOf,
  viewName,
} from "../../handcheck/intake/sources/process/untouched.ts";

/** A value as it is written. */
export type Wire =
  | null
  | boolean
  | string
  | number
  | { readonly number: string }
  /** Lists of lists of numbers. */
  | { readonly shape: readonly number[]; readonly data: string }
  /** A view of a buffer, which comes as a whole. */
  | { readonly view: string; readonly buffer: string; readonly offset: number; readonly length: number }
  | { readonly list: readonly Wire[] }
  | { readonly record: readonly (readonly [string, Wire])[] }
  | { readonly bigint: string }
  /** The thing at this place: a function can be called there, whatever else holds no numbers cannot. */
  | { readonly function: string | null }
  | { readonly other: "undefined" | "promise" | "symbol" }
  /** The list, record or array that was opened as the so manieth. */
  | { readonly same: number }
  /** The result of an earlier call, by the number of that call. */
  | { readonly held: number };

/** It is no value: why, by the key of what is said to the person. */
export class Unreadable extends Error {
  readonly why: keyof typeof unreadable;

  constructor(why: Unreadable["why"]) {
    super(why);
    this.why = why;
  }
}

/** Deeper than any list of matrices. */
const DEEPEST = 64;

/** By name; spread would ask an iterator that somebody may have patched. */
const views: Readonly<Record<string, new (buffer: ArrayBuffer, offset: number, length: number) => object>> = {
  Float64Array,
  Float32Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
};

/** Fills in nested lists of numbers of one shape, each list another one; false where it is something else. */
function filled(
  value: readonly unknown[],
  shape: readonly number[],
  axis: number,
  into: Float64Array,
  at: { next: number },
  seen: Map<unknown, number>,
): boolean {
  if (value.length !== shape[axis]) return false;
  const isLast = axis === shape.length - 1;
  for (let i = 0; i < value.length; i++) {
    const entry = value[i];
    if (isLast) {
      if (typeof entry !== "number") return false;
      into[at.next++] = entry;
    } else {
      if (!isArray(entry) || getFrom(seen, entry) !== undefined) return false;
      setIn(seen, entry, 0);
      if (!filled(entry, shape, axis + 1, into, at, seen)) return false;
    }
  }
  return true;
}

/** The numbers of nested lists of one shape; `null` where it is something else. */
function rectangular(
  value: readonly unknown[],
): { readonly shape: readonly number[]; readonly data: Float64Array } | null {
  const shape: number[] = [];
  let count = 1;
  for (let one: unknown = value; isArray(one); one = (one as unknown[])[0]) {
    shape[shape.length] = one.length;
    count *= one.length;
    if (one.length === 0 || shape.length > DEEPEST) return null;
  }
  const data = new Float64Array(count);
  return filled(value, shape, 0, data, { next: 0 }, new Map()) ? { shape, data } : null;
}

/** All that writing needs to know beside the value. */
interface Packing {
  /** Hears of each function and its place. */
  readonly found?: (place: string, f: object) => void;
  /** The number of the call that gave an object. */
  readonly held?: (value: object) => number | undefined;
}

class Packer {
  text = "";
  readonly #known = new Map<object, number>();
  #count = 0;
  readonly #packing: Packing;

  constructor(packing: Packing) {
    this.#packing = packing;
  }

  add(value: unknown, place: string | null, depth = 0): void {
    switch (typeof value) {
      case "string":
        this.text += quoted(value);
        return;
      case "boolean":
        this.text += value ? "true" : "false";
        return;
      case "bigint":
        this.text += `{"bigint":"${value.toString()}"}`;
        return;
      case "undefined":
        this.text += '{"other":"undefined"}';
        return;
      case "symbol":
        this.text += '{"other":"symbol"}';
        return;
      case "number":
        this.text +=
          value - value === 0 && !isSame(value, -0) ? `${value}` : `{"number":"${isSame(value, -0) ? "-0" : value}"}`;
        return;
      case "function": {
        if (place !== null) this.#packing.found?.(place, value);
        this.text += `{"function":${place === null ? "null" : quoted(place)}}`;
        return;
      }
      case "object":
        if (value === null) this.text += "null";
        else this.#object(value, place, depth);
    }
  }

  #object(value: object, place: string | null, depth: number): void {
    const held = this.#packing.held?.(value);
    if (held !== undefined) {
      this.text += `{"held":${held}}`;
      return;
    }
    const before = getFrom(this.#known, value);
    if (before !== undefined || depth > DEEPEST) {
      this.text += before === undefined ? '{"other":"undefined"}' : `{"same":${before}}`;
      return;
    }
    if (value instanceof Promise) {
      // Nobody waits for it: a rejection is nobody's.
      caught(value, undefined, () => undefined);
      this.text += '{"other":"promise"}';
      return;
    }
    if (!isArray(value) && !isView(value) && "toArray" in value && typeof value.toArray === "function")
      return this.add((value as { toArray: () => unknown }).toArray(), place, depth + 1);
    setIn(this.#known, value, this.#count++);
    if (isView(value)) this.#view(value);
    else if (isArray(value)) this.#list(value, place, depth);
    else this.#record(value, place, depth);
  }

  #view(value: ArrayBufferView): void {
    const name = viewName(value);
    if (name === undefined || views[name] === undefined) {
      this.text += '{"record":[]}';
      return;
    }
    const buffer = textOf(bufferOf(value.buffer), "base64");
    this.text += `{"view":"${name}","buffer":"${buffer}","offset":${value.byteOffset},"length":${(value as Float64Array).length}}`;
  }

  #list(value: readonly unknown[], place: string | null, depth: number): void {
    const whole = rectangular(value);
    if (whole !== null) {
      let shape = "";
      for (let k = 0; k < whole.shape.length; k++) shape += `${k === 0 ? "" : ","}${whole.shape[k]!}`;
      this.text += `{"shape":[${shape}],"data":"${bytesOf(whole.data)}"}`;
      return;
    }
    this.text += '{"list":[';
    for (let i = 0; i < value.length; i++) {
      if (i > 0) this.text += ",";
      this.add(value[i], place === null ? null : `${place}.${i}`, depth + 1);
    }
    this.text += "]}";
  }

  #record(value: object, place: string | null, depth: number): void {
    let first = true;
    const entry = (name: string, one: unknown): void => {
      this.text += `${first ? "" : ","}[${quoted(name)},`;
      first = false;
      this.add(one, place === null ? null : place === "" ? name : `${place}.${name}`, depth + 1);
      this.text += "]";
    };
    this.text += '{"record":[';
    if (value instanceof Map) eachOf(value, (one, name) => entry(asText(name), one));
    else {
      const names = keysOf(value);
      for (let i = 0; i < names.length; i++) entry(names[i]!, (value as Readonly<Record<string, unknown>>)[names[i]!]);
    }
    this.text += "]}";
  }
}

/** The value as a text. With a place, functions within it can be called by theirs. */
export function packed(value: unknown, place: string | null = null, packing: Packing = {}): string {
  const packer = new Packer(packing);
  packer.add(value, place);
  return packer.text;
}

function holdsRows(
  value: unknown,
  shape: readonly number[],
  axis: number,
  data: Float64Array,
  at: { next: number },
): boolean {
  if (!isArray(value) || value.length !== shape[axis]) return false;
  const isLast = axis === shape.length - 1;
  for (let i = 0; i < value.length; i++) {
    if (!(isLast ? isSame(value[i], data[at.next++]) : holdsRows(value[i], shape, axis + 1, data, at))) return false;
  }
  return true;
}

/**
 * True where a value is still what was written, looked at without writing it again; false may mean that this does not
 * tell.
 */
export function holds(value: unknown, wire: Wire): boolean {
  if (wire === null || typeof wire !== "object") return isSame(value, wire);
  if ("shape" in wire) {
    const data = numbersIn(wire.data, countIn(wire.shape) ?? -1);
    return data !== null && holdsRows(value, wire.shape, 0, data, { next: 0 });
  }
  if (
    !("record" in wire) ||
    typeof value !== "object" ||
    value === null ||
    isArray(value) ||
    isView(value) ||
    keysOf(value).length !== wire.record.length
  )
    return false;
  for (let i = 0; i < wire.record.length; i++) {
    const pair = wire.record[i]!;
    if (!holds((value as Readonly<Record<string, unknown>>)[pair[0]], pair[1])) return false;
  }
  return true;
}

/** All that reading needs to know. */
interface Unpacking {
  /** The function at a place. */
  readonly function?: (place: string | null) => unknown;
  /** The result of an earlier call. */
  readonly held?: (call: number) => unknown;
}

function nested(data: Float64Array, shape: readonly number[], axis: number, at: { next: number }): unknown[] {
  const list = new Array<unknown>(shape[axis]!);
  for (let i = 0; i < list.length; i++)
    list[i] = axis === shape.length - 1 ? data[at.next++] : nested(data, shape, axis + 1, at);
  return list;
}

class Reader {
  readonly #opened: unknown[] = [];
  readonly #unpacking: Unpacking;

  constructor(unpacking: Unpacking) {
    this.#unpacking = unpacking;
  }

  value(wire: unknown, depth = 0): unknown {
    if (depth > DEEPEST + 4) throw new Unreadable("tooDeep");
    if (wire === null || typeof wire === "boolean" || typeof wire === "string" || typeof wire === "number") return wire;
    if (typeof wire !== "object") throw new Unreadable("noValue");
    const one = wire as Partial<
      Record<
        "number" | "shape" | "data" | "view" | "list" | "record" | "bigint" | "function" | "other" | "same" | "held",
        unknown
      >
    >;
    if (one.shape !== undefined) return this.#rows(one.shape, one.data);
    if (one.view !== undefined) return this.#view(wire as Readonly<Record<string, unknown>>);
    if (isArray(one.list)) return this.#list(one.list, depth);
    if (isArray(one.record)) return this.#record(one.record, depth);
    if (typeof one.number === "string") return Number(one.number);
    if (typeof one.bigint === "string" && /^-?\d{1,400}$/.test(one.bigint)) return BigInt(one.bigint);
    if (one.function === null || typeof one.function === "string") return this.#unpacking.function?.(one.function);
    if (typeof one.same === "number" && one.same in this.#opened) return this.#opened[one.same];
    if (typeof one.held === "number" && this.#unpacking.held !== undefined) return this.#unpacking.held(one.held);
    if (one.other === "promise") return Promise.resolve();
    if (one.other === "symbol") return Symbol("somebody's");
    if (one.other === "undefined") return undefined;
    throw new Unreadable("noValue");
  }

  #rows(shape: unknown, bytes: unknown): unknown[] {
    const count = countIn(shape);
    const data = count === null || (shape as readonly number[]).length === 0 ? null : numbersIn(bytes, count);
    if (data === null) throw new Unreadable("otherCount");
    const rows = nested(data, shape as readonly number[], 0, { next: 0 });
    this.#opened[this.#opened.length] = rows;
    return rows;
  }

  #view({ view, buffer, offset, length }: Readonly<Record<string, unknown>>): object {
    if (
      typeof view !== "string" ||
      !Object.hasOwn(views, view) ||
      typeof buffer !== "string" ||
      typeof offset !== "number" ||
      typeof length !== "number"
    )
      throw new Unreadable("noArray");
    const bytes = new Uint8Array(bufferOf(buffer, "base64")).buffer;
    try {
      const made = new views[view]!(bytes, offset, length);
      this.#opened[this.#opened.length] = made;
      return made;
    } catch {
      throw new Unreadable("outside");
    }
  }

  #list(wires: readonly unknown[], depth: number): unknown[] {
    const list: unknown[] = [];
    this.#opened[this.#opened.length] = list;
    for (let i = 0; i < wires.length; i++) list[i] = this.value(wires[i], depth + 1);
    return list;
  }

  #record(pairs: readonly unknown[], depth: number): object {
    const record = {};
    this.#opened[this.#opened.length] = record;
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i];
      if (!isArray(pair) || typeof pair[0] !== "string") throw new Unreadable("noRecord");
      Object.defineProperty(record, pair[0], {
        value: this.value(pair[1], depth + 1),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return record;
  }
}

/** The value that was written; throws `Unreadable` for anything else. */
export const unpacked = (wire: unknown, unpacking: Unpacking = {}): unknown => new Reader(unpacking).value(wire);
