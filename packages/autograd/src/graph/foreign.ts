/** Values that were tensors elsewhere: made by another copy of the library, or taken apart on its way. */

import { ArgumentError } from "../errors.ts";
import { foreignVersion, VERSION } from "./tensor.ts";

/**
 * True if a value is what structuredClone, postMessage or a spread leave of a tensor: its fields without its methods.
 */
function isTakenApart(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    ["shape", "dtype", "storage", "node"].every((name) => Object.hasOwn(value, name))
  );
}

/**
 * Refuses by name what looks like a tensor and is none of this copy of the library; everything else passes.
 *
 * @param what - which value it is, for the message: `"an operand"`
 */
export function refuseForeign(op: string, what: string, value: unknown): void {
  const version = foreignVersion(value);
  if (version !== null) {
    throw new ArgumentError({
      op,
      problem: `${what} is a tensor made by another copy of @chainrule/autograd (version ${version}; this one is ${VERSION})`,
      hint: "load one copy: see npm ls @chainrule/autograd, bundle it once, import it the same way everywhere; or hand over numbers, x.toArray()",
      code: "OTHER_COPY",
    });
  }
  if (isTakenApart(value)) {
    throw new ArgumentError({
      op,
      problem: `${what} is what structuredClone, postMessage or a spread left of a tensor`,
      hint: "send x.toJSON() and read it with fromJSON, or send x.toTypedArray() with x.shape and make tensor(data, { shape })",
      code: "TAKEN_APART",
    });
  }
}
