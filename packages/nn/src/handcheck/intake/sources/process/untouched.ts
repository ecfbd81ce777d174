/**
 * The language as it is before somebody's code runs in the same process: that may patch what it finds. A method is a
 * function here, of what it belongs to first. Nothing that counts rests on it, the other side believes nothing; but
 * what is right should arrive.
 */

const { apply: reflected } = Reflect;

const apply = (f: unknown, self: unknown, given: readonly unknown[]): unknown =>
  reflected(f as (...all: unknown[]) => unknown, self, given);

const found = (holder: object, name: PropertyKey): unknown => Object.getOwnPropertyDescriptor(holder, name)!.value;

function method<F extends (...given: never[]) => unknown>(holder: object, name: PropertyKey): F {
  const f = found(holder, name);
  return ((self: unknown, ...given: unknown[]) => apply(f, self, given)) as unknown as F;
}

function own<F extends (...given: never[]) => unknown>(holder: object, name: PropertyKey): F {
  const f = found(holder, name);
  return ((...given: unknown[]) => apply(f, holder, given)) as unknown as F;
}

export const isArray = own<(value: unknown) => value is readonly unknown[]>(Array, "isArray");
export const isView = own<(value: unknown) => value is ArrayBufferView>(ArrayBuffer, "isView");
export const isSame = own<(a: unknown, b: unknown) => boolean>(Object, "is");
export const keysOf = own<(value: object) => string[]>(Object, "keys");
export const parse = own<(text: string) => unknown>(JSON, "parse");
/** Whatever it is, as a text. */
export const asText: (value: unknown) => string = String;
/** A text in quotes. */
export const quoted = own<(text: string) => string>(JSON, "stringify");

export const getFrom = method<<K, V>(map: Map<K, V>, key: K) => V | undefined>(Map.prototype, "get");
export const setIn = method<<K, V>(map: Map<K, V>, key: K, value: V) => void>(Map.prototype, "set");
export const deleteFrom = method<<K>(map: Map<K, unknown>, key: K) => void>(Map.prototype, "delete");
export const eachOf = method<(map: Map<unknown, unknown>, hear: (value: unknown, key: unknown) => void) => void>(
  Map.prototype,
  "forEach",
);
export const sliced = method<(text: string, from: number, to: number) => string>(String.prototype, "slice");
/** Hears of a promise that is rejected. */
export const caught = method<(promise: Promise<unknown>, ignored: undefined, hear: () => void) => void>(
  Promise.prototype,
  "then",
);

const buffers = Buffer.prototype as object;

export const bufferOf = own<(value: string | ArrayBufferLike, encoding?: BufferEncoding) => Buffer<ArrayBuffer>>(
  Buffer,
  "from",
);
export const joined = own<(buffers: readonly Buffer[]) => Buffer>(Buffer, "concat");
export const textOf = method<(buffer: Uint8Array, encoding: BufferEncoding) => string>(buffers, "toString");
export const swapped = method<<B extends Buffer>(buffer: B) => B>(buffers, "swap64");
export const placeOfByte = method<(buffer: Buffer, byte: number) => number>(buffers, "indexOf");
export const partOf = method<(buffer: Buffer, from: number, to?: number) => Buffer>(buffers, "subarray");

const arrays = Object.getPrototypeOf(Uint8Array.prototype) as object;
const tag: unknown = Reflect.get(Object.getOwnPropertyDescriptor(arrays, Symbol.toStringTag)!, "get");

/** The name of a typed array's class; `undefined` for another view. */
export const viewName = (view: ArrayBufferView): string | undefined => apply(tag, view, []) as string | undefined;

/** Calls somebody's function on nothing. */
export const callOf = (f: (...given: unknown[]) => unknown, given: readonly unknown[]): unknown =>
  apply(f, undefined, given);

const waiting = own<(cells: Int32Array, at: number, value: number, milliseconds: number) => string>(Atomics, "wait");
const cell = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps. */
export const pause = (milliseconds: number): void => void waiting(cell, 0, 0, milliseconds);
