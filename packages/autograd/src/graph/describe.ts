/** A value that should have been another, in the few words that an error message has for it. */

/**
 * What a value is, for a message: numbers, truths and short texts as they are, anything else by its kind. Never fails, whatever
 * the value's own methods do: a symbol, an object without a prototype, a proxy that throws.
 */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "number": return Object.is(value, -0) ? "-0" : String(value);
    case "boolean":
    case "undefined": return String(value);
    case "bigint": return `a BigInt`;
    case "symbol": return "a symbol";
    case "function": return "a function";
    case "string": return value.length <= 20 ? JSON.stringify(value) : "a text";
    case "object": return describeObject(value);
  }
}

function describeObject(value: object | null): string {
  if (value === null) return "null";
  try {
    if (Array.isArray(value)) return "an array";
    if (value instanceof Promise) return "a Promise";
    const name = /^\[object (.+)\]$/.exec(Object.prototype.toString.call(value))?.[1] ?? "Object";
    return name === "Object" ? "an object" : `a ${name}`;
  } catch {
    return "an object";
  }
}
