/** The keys of the plain objects that functions of tensors take and give, and objects made again from them. */

import { ArgumentError } from "../errors.ts";

/** A key of an object: most are strings. */
export type Key = string | symbol;

/** True if an object is one that a literal makes, or one without a prototype. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * All keys of a plain object, symbols last. A key that loops over objects pass by would be lost in silence.
 *
 * @param what - what the object is, for the message: `"argument 0"`
 * @throws ArgumentError for a property that is not enumerable
 */
export function keysOf(op: string, what: string, path: string, object: object): readonly Key[] {
  const keys = Reflect.ownKeys(object);
  const hidden = keys.find((key) => !Object.prototype.propertyIsEnumerable.call(object, key));
  if (hidden === undefined) return keys;
  throw new ArgumentError({
    op,
    problem: `${what}${pathTo(path, hidden)} is not enumerable`,
    hint: "define it as an enumerable property, or leave it out",
  });
}

/** The path to an entry, for messages; no two places look the same. */
export function pathTo(path: string, key: Key): string {
  if (typeof key === "symbol") return `${path}[${String(key)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** Sets a property, also one of the name `__proto__`, which an assignment takes for the prototype. */
export function setField(object: object, key: Key, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else (object as Record<Key, unknown>)[key] = value;
}

/** An empty object like another one: with the prototype of literals, or without one. */
export function emptyLike(object: object): object {
  return Object.getPrototypeOf(object) === null ? (Object.create(null) as object) : {};
}
