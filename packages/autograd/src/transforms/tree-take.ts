/** Looks whether trees have the structure of one before, as a loop does at every step. */

import { isPlain } from "../graph/fields.ts";
import { sameShape } from "../graph/shape.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import type { Flat, Skeleton } from "./tree.ts";

/**
 * True if a tree has a structure, with tensors of certain shapes and types in it; these go into `into`. Quick: it looks
 * at what is there, and leaves every doubt (numbers, symbols, tensors without numbers) to `flattenTree`.
 */
export type Take = (tree: unknown, into: Tensor[]) => boolean;

/** Takers of trees that are like one: functions inside each other, made once. */
export function takerOf({ skeleton, leaves }: Flat): Take {
  return skeleton === null ? (tree) => tree === null || tree === undefined : takeBy(skeleton, leaves);
}

/** The functions inside each other. */
function takeBy(shape: Skeleton, leaves: readonly Tensor[]): Take {
  if (shape.kind === "leaf") {
    const { leaf } = shape;
    const { dtype, shape: own } = leaves[leaf]!;
    return (value, into) => {
      if (!isTensor(value) || value.storage === null || value.dtype !== dtype) return false;
      if (value.shape !== own && !sameShape(value.shape, own)) return false;
      into[leaf] = value;
      return true;
    };
  }
  if (shape.kind === "list") {
    const entries = shape.list.map((entry) => takeBy(entry, leaves));
    return (value, into) => {
      if (!Array.isArray(value) || value.length !== entries.length) return false;
      for (let k = 0; k < entries.length; k++) if (!entries[k]!(value[k], into)) return false;
      return true;
    };
  }
  const names = shape.fields.map(([name]) => name);
  const fields = shape.fields.map(([, field]) => takeBy(field, leaves));
  return (value, into) => {
    if (typeof value !== "object" || value === null || !isPlain(value)) return false;
    let at = 0;
    for (const name in value) {
      if (at >= names.length || names[at] !== name || !fields[at]!((value as Record<string, unknown>)[name], into))
        return false;
      at++;
    }
    return at === names.length;
  };
}
