/** The texts of a class: for people, in JSON, in Node, and a refusal where JavaScript wants a number. */

import type { TensorJSON } from "../graph/json.ts";

/** Defines them on a prototype. */
export function showAs<T extends object>(
  prototype: T,
  show: (x: T) => string,
  json: (x: T) => TensorJSON,
  refuse: () => never,
): void {
  const define = (name: string | symbol, value: (this: T, hint?: unknown) => unknown): void => {
    Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
  };
  define("toString", function () {
    return show(this);
  });
  // JSON.stringify hands in the name under which the value stands, which is nothing to it.
  define("toJSON", function () {
    return json(this);
  });
  // What JavaScript would do with `x > 0` or `x + 1` is never meant.
  define(Symbol.toPrimitive, function (hint) {
    return hint === "string" ? show(this) : refuse();
  });
  // What `console.log` prints in Node.
  define(Symbol.for("nodejs.util.inspect.custom"), function () {
    return show(this);
  });
}
