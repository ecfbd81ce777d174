/**
 * The numbers that a sweep has gathered for each node, cotangents or tangents: a number for a scalar, a tensor
 * otherwise, released when it is read.
 */

import type { DType } from "../graph/dtype.ts";
import { store } from "../graph/dtype.ts";
import { isTracked } from "../graph/record.ts";
import { SCALAR } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/arithmetic.ts";

/** Stands for what is kept elsewhere. */
const HELD = new Tensor(SCALAR, "float64", null);

/** Sums by the places of an order. */
export class Accumulator {
  /** A tensor; `null` where the sum is a number, nothing where there is none. */
  readonly #tensors: (Tensor | null | undefined)[];
  readonly #numbers: Float64Array;

  constructor(count: number) {
    this.#tensors = new Array<Tensor | null | undefined>(count);
    this.#numbers = new Float64Array(count);
  }

  has(place: number): boolean {
    return this.#tensors[place] !== undefined;
  }

  isNumber(place: number): boolean {
    return this.#tensors[place] === null;
  }

  number(place: number): number {
    return this.#numbers[place]!;
  }

  /** Adds a contribution, which is a number of its type, to a scalar node. */
  addNumber(place: number, value: number, dtype: DType): void {
    const before = this.#tensors[place];
    if (before === undefined) {
      this.#tensors[place] = null;
      this.#numbers[place] = value;
    } else if (before === null) this.#numbers[place] = store(dtype, this.#numbers[place]! + value);
    else this.#tensors[place] = add(before, new Tensor(SCALAR, dtype, value));
  }

  /**
   * Adds a contribution to any node, of its shape and type; a scalar that nothing will differentiate becomes a number.
   */
  add(place: number, value: Tensor): void {
    if (typeof value.storage === "number" && !isTracked(value)) this.addNumber(place, value.storage, value.dtype);
    else this.#tensors[place] = this.has(place) ? add(this.tensor(place, value.dtype), value) : value;
  }

  /** Says that something has come which is kept elsewhere: what parts of a loop or a branch have, see `parts.ts`. */
  hold(place: number): void {
    this.#tensors[place] = HELD;
  }

  /** The sum so far, as a tensor. */
  tensor(place: number, dtype: DType): Tensor {
    return this.#tensors[place] ?? new Tensor(SCALAR, dtype, this.#numbers[place]!);
  }

  /** Lets go of what has been passed on. */
  release(place: number): void {
    this.#tensors[place] = undefined;
  }
}
