/** Reading a tensor: one number, nested arrays, or a copy of its memory. */

import { GraphError, ShapeError, showShape } from "../errors.ts";
import { refuseExtra } from "../options.ts";
import type { DType, Elements } from "./dtype.ts";
import { allocate } from "./dtype.ts";
import { noteRead } from "./record.ts";
import { lookAt } from "./runs.ts";
import type { Tensor } from "./tensor.ts";
import { refuseTraced } from "./tracing.ts";

/** Nested arrays of numbers, or of true and false, as deep as a tensor has axes. */
export type NestedArray = number | boolean | NestedArray[];

/** The memory of a tensor as the kernels take it; a scalar becomes an array of one. */
export function elementsOf(x: Tensor): Elements {
  const { storage } = x;
  if (typeof storage === "number") {
    const one = allocate(x.dtype, 1);
    one[0] = storage;
    return one;
  }
  if (storage === null) {
    refuseTraced(x.node?.op.name ?? "read", x);
    throw new GraphError({
      op: x.node?.op.name ?? "tensor",
      problem: `internal: a rule reads a value of shape ${showShape(x.shape)} that its op did not keep`,
      hint: "name it in `needs`",
      code: "NOT_KEPT",
    });
  }
  return storage;
}

/** The one number of a tensor with a single element. */
export function item(x: Tensor, extra?: unknown): number {
  refuseExtra("item", extra, "item(), without an index");
  refuseTraced("item", x);
  lookAt([x], "read");
  noteRead(x);
  if (typeof x.storage === "number") return x.storage;
  const elements = elementsOf(x);
  if (elements.length !== 1) {
    throw new ShapeError({
      op: "item",
      problem: `a tensor of shape ${showShape(x.shape)} is not one number`,
      hint: "reduce it first, or use toArray()",
      shapes: [x.shape],
    });
  }
  return elements[0]!;
}

/** A copy of the numbers in row-major order. */
export function toTypedArray(x: Tensor, extra?: unknown): Elements {
  refuseExtra("toTypedArray", extra, "toTypedArray()");
  refuseTraced("toTypedArray", x);
  lookAt([x], "read");
  noteRead(x);
  return elementsOf(x).slice();
}

/** Nested arrays of the shape of `x`; a number for a scalar. */
export function toArray(x: Tensor, extra?: unknown): NestedArray {
  refuseExtra("toArray", extra, "toArray()");
  refuseTraced("toArray", x);
  lookAt([x], "read");
  noteRead(x);
  const elements = elementsOf(x);
  const read = (at: number): number | boolean => (isBool(x.dtype) ? elements[at] === 1 : elements[at]!);
  const build = (axis: number, at: number, count: number): NestedArray => {
    if (axis === x.shape.length) return read(at);
    const size = x.shape[axis]!;
    const inner = size === 0 ? 0 : count / size;
    return Array.from({ length: size }, (_, i) => build(axis + 1, at + i * inner, inner));
  };
  return build(0, 0, elements.length);
}

function isBool(dtype: DType): boolean {
  return dtype === "bool";
}
