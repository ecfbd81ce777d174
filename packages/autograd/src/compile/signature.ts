/**
 * The signature of a call, by what its arguments look like: the same program serves every call with the same signature.
 */

import { ArgumentError } from "../errors.ts";
import type { DType } from "../graph/dtype.ts";
import { emptyLike, isPlain, keysOf, pathTo, setField, type Key } from "../graph/fields.ts";
import { sameShape } from "../graph/shape.ts";
import { refuseForeign } from "../graph/foreign.ts";
import { isTensor, isWeak, type Tensor } from "../graph/tensor.ts";
import type { Shape } from "../types/shape.ts";

/**
 * One place of a tree: a tensor of a shape and type, a number that may change, a list, an object, or something that
 * belongs to the signature.
 */
type Part =
  | {
      readonly kind: "tensor";
      readonly at: number;
      readonly shape: Shape;
      readonly dtype: DType;
      readonly weak: boolean;
    }
  | { readonly kind: "number"; readonly at: number }
  | { readonly kind: "list"; readonly parts: readonly Part[] }
  | { readonly kind: "object"; readonly empty: object; readonly names: readonly Key[]; readonly parts: readonly Part[] }
  | { readonly kind: "fixed"; readonly value: unknown };

/** A tree taken apart: tensors and numbers in order, and what holds them. */
export interface Flattened {
  readonly leaves: readonly (Tensor | number)[];
  /** The same structure with other leaves. */
  readonly rebuild: (leaves: readonly unknown[]) => unknown;
  /** The leaves of another tree, where it has the same signature; else `null`. */
  match(tree: unknown): (Tensor | number)[] | null;
}

/** No structure that somebody means is nested deeper, or holds more. */
const DEEPEST = 1000;
const MOST_PLACES = 2 ** 18;

/**
 * Takes a tree apart.
 *
 * @param what - what it is, for the message: `"argument "`
 * @param numbers - whether a number is a leaf that may change from call to call, or belongs to the signature
 */
export function flatten(op: string, what: string, tree: unknown, numbers: boolean): Flattened {
  const leaves: (Tensor | number)[] = [];
  let visited = 0;
  const refuse = (problem: string): never => {
    throw new ArgumentError({
      op,
      problem: `${what}${problem}`,
      hint: "hand in the tensors in a flat list or object; a structure must not hold itself, nor the same parts again and again",
    });
  };
  const walk = (value: unknown, path: string, depth: number): Part => {
    if (depth > DEEPEST) refuse(`is nested more than ${DEEPEST} deep, or in itself`);
    if (++visited > MOST_PLACES) refuse(`holds more than ${MOST_PLACES} values`);
    if (isTensor(value))
      return {
        kind: "tensor",
        at: leaves.push(value) - 1,
        shape: value.shape,
        dtype: value.dtype,
        weak: isWeak(value),
      };
    if (typeof value === "number" && numbers) return { kind: "number", at: leaves.push(value) - 1 };
    if (
      value === undefined ||
      value === null ||
      typeof value === "number" ||
      typeof value === "boolean" ||
      typeof value === "string"
    )
      return { kind: "fixed", value };
    if (Array.isArray(value))
      return {
        kind: "list",
        parts: (value as readonly unknown[]).map((entry, k) => walk(entry, `${path}[${k}]`, depth + 1)),
      };
    refuseForeign(op, `${what}${path}`, value);
    if (typeof value === "object" && isPlain(value)) {
      const names = keysOf(op, what, path, value);
      return {
        kind: "object",
        empty: emptyLike(value),
        names,
        parts: names.map((name) => walk((value as Record<Key, unknown>)[name], pathTo(path, name), depth + 1)),
      };
    }
    return refuseValue(op, `${what}${path}`, value);
  };
  const root = walk(tree, "", 0);
  return {
    leaves,
    rebuild: rebuilderOf(root),
    match(other) {
      const found = new Array<Tensor | number>(leaves.length);
      return fits(root, other, found) ? found : null;
    },
  };
}

/** Refuses what a compiled function can neither take nor give. */
function refuseValue(op: string, place: string, value: unknown): never {
  const found =
    value instanceof Promise ? "a Promise" : typeof value === "object" ? value!.constructor.name : `a ${typeof value}`;
  throw new ArgumentError({
    op,
    problem: `${place} is ${found}`,
    hint:
      value instanceof Promise
        ? "the function must not be async"
        : "tensors, numbers, strings, booleans, and objects and arrays of them go in and out of a compiled function; capture anything else",
  });
}

/** Apart from what a tree is taken apart with, so that it holds none of the leaves. */
function rebuilderOf(root: Part): Flattened["rebuild"] {
  return (values) => build(root, values);
}

function build(part: Part, values: readonly unknown[]): unknown {
  switch (part.kind) {
    case "tensor":
    case "number":
      return values[part.at];
    case "fixed":
      return part.value;
    case "list": {
      const list = new Array<unknown>(part.parts.length);
      for (let k = 0; k < list.length; k++) list[k] = build(part.parts[k]!, values);
      return list;
    }
    case "object": {
      const object = emptyLike(part.empty);
      for (let k = 0; k < part.names.length; k++) setField(object, part.names[k]!, build(part.parts[k]!, values));
      return object;
    }
  }
}

/** True if a value has the signature of a part; its leaves go into `found`. */
function fits(part: Part, value: unknown, found: (Tensor | number)[]): boolean {
  switch (part.kind) {
    case "tensor":
      if (
        !isTensor(value) ||
        value.dtype !== part.dtype ||
        !sameShape(value.shape, part.shape) ||
        isWeak(value) !== part.weak
      )
        return false;
      found[part.at] = value;
      return true;
    case "number":
      if (typeof value !== "number") return false;
      found[part.at] = value;
      return true;
    case "fixed":
      return Object.is(value, part.value);
    case "list": {
      if (!Array.isArray(value) || value.length !== part.parts.length) return false;
      for (let k = 0; k < part.parts.length; k++) if (!fits(part.parts[k]!, value[k], found)) return false;
      return true;
    }
    case "object": {
      if (typeof value !== "object" || value === null || !isPlain(value)) return false;
      const names = namesOf(value);
      if (names.length !== part.names.length) return false;
      for (let k = 0; k < names.length; k++) {
        if (names[k] !== part.names[k] || !fits(part.parts[k]!, (value as Record<Key, unknown>)[names[k]!], found))
          return false;
      }
      return true;
    }
  }
}

/** The keys of an object, hidden ones as well; what \`Reflect.ownKeys\` gives, in a quarter of its time. */
function namesOf(value: object): readonly Key[] {
  const names: Key[] = Object.getOwnPropertyNames(value);
  const symbols = Object.getOwnPropertySymbols(value);
  return symbols.length === 0 ? names : [...names, ...symbols];
}
