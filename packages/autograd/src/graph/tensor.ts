/** A tensor: an immutable value with a shape, a dtype, and the node that recorded it. */

import type { Shape } from "../types/shape.ts";
import type { DType, Elements } from "./dtype.ts";
import type { Node } from "./node.ts";
import { noteMade, running } from "./runs.ts";
import { WEAK } from "./shape.ts";

/**
 * The storage of the numbers: inline for a scalar, so that a scalar graph allocates no arrays; in row-major order
 * otherwise; `null` where the graph keeps a tensor's shape and place but no rule reads its value.
 */
export type Storage = number | Elements | null;

/** The version of this copy of the library, which its tensors carry. */
export const VERSION = "0.1.0";

/**
 * The mark of a tensor, which all copies of the library share; its value is the version of the copy that made the
 * tensor.
 */
const MARK: unique symbol = Symbol.for("@chainrule/autograd.tensor") as never;

/**
 * An immutable array of numbers that remembers how it was computed.
 *
 * `Tensor<[2, 3]>` has two rows and three columns, known to the compiler; `Tensor` has a shape known only when the
 * program runs.
 */
export class Tensor<out S extends Shape = Shape> {
  /** The size of each axis; `[]` for a scalar. */
  readonly shape: S;
  /** The type of its numbers. */
  readonly dtype: DType;
  /** @internal */
  readonly storage: Storage;
  /** @internal How it was computed; `null` for a constant. */
  node: Node | null;

  /** @internal Made by the functions of the library: `tensor`, `zeros`, and the ops. */
  constructor(shape: S, dtype: DType, storage: Storage) {
    this.shape = shape;
    this.dtype = dtype;
    this.storage = storage;
    this.node = null;
    if (running !== null) noteMade(this);
  }

  /** @internal */
  get [MARK](): string {
    return VERSION;
  }
}

/**
 * The version of the other copy of the library that made a tensor; `null` for anything else, this copy's tensors among
 * it.
 */
export function foreignVersion(value: unknown): string | null {
  if (typeof value !== "object" || value === null || value instanceof Tensor || !(MARK in value)) return null;
  return String((value as { readonly [MARK]: unknown })[MARK]);
}

/** True if a tensor stands for a plain number of the caller. */
export function isWeak(x: Tensor): boolean {
  return x.shape === WEAK && x.dtype === "float64";
}

/** True if a value is a tensor; `instanceof` alone would leave its shape untyped. */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}
