/** What a sweep has gathered for each node, cotangents or tangents: a number for a scalar, a tensor otherwise, released when it is read. */

import type { Part } from "../graph/control.ts";
import type { DType } from "../graph/dtype.ts";
import { store } from "../graph/dtype.ts";
import { isTracked } from "../graph/record.ts";
import { SCALAR } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/arithmetic.ts";

const NONE = 0;
const NUMBER = 1;
const TENSOR = 2;
const PARTS = 3;

/** Sums by the places of an order. */
export class Accumulator {
  readonly #kinds: Uint8Array;
  readonly #numbers: Float64Array;
  readonly #tensors: (Tensor | null)[] = [];
  readonly #parts: (Map<Part, Tensor> | undefined)[] = [];

  constructor(count: number) {
    this.#kinds = new Uint8Array(count);
    this.#numbers = new Float64Array(count);
  }

  has(place: number): boolean {
    return this.#kinds[place] !== NONE;
  }

  isNumber(place: number): boolean {
    return this.#kinds[place] === NUMBER;
  }

  number(place: number): number {
    return this.#numbers[place]!;
  }

  /** Adds a contribution, which is a number of its type, to a scalar node. */
  addNumber(place: number, value: number, dtype: DType): void {
    const kind = this.#kinds[place];
    if (kind === NONE) {
      this.#kinds[place] = NUMBER;
      this.#numbers[place] = value;
    } else if (kind === NUMBER) this.#numbers[place] = store(dtype, this.#numbers[place]! + value);
    else this.#tensors[place] = add(this.#tensors[place]!, new Tensor(SCALAR, dtype, value));
  }

  /** Adds a contribution to any node, of its shape and type; a scalar that nothing will differentiate becomes a number. */
  add(place: number, value: Tensor): void {
    if (typeof value.storage === "number" && !isTracked(value)) this.addNumber(place, value.storage, value.dtype);
    else this.#addTensor(place, value);
  }

  #addTensor(place: number, value: Tensor): void {
    const kind = this.#kinds[place];
    if (kind === NONE) this.#tensors[place] = value;
    else this.#tensors[place] = add(kind === NUMBER ? this.#scalar(place, value.dtype) : this.#tensors[place]!, value);
    this.#kinds[place] = TENSOR;
  }

  /** Adds a contribution to a part of a loop or a branch. */
  addPart(place: number, part: Part, value: Tensor): void {
    const parts = (this.#parts[place] ??= new Map<Part, Tensor>());
    const before = parts.get(part);
    parts.set(part, before === undefined ? value : add(before, value));
    this.#kinds[place] = PARTS;
  }

  /** The sums of the parts of a loop or a branch, which are let go. */
  takeParts(place: number): ReadonlyMap<Part, Tensor> {
    const parts = this.#parts[place]!;
    this.#parts[place] = undefined;
    this.#kinds[place] = NONE;
    return parts;
  }

  /** Puts a sum in the place of the one so far, which it contains. */
  replace(place: number, value: Tensor): void {
    this.#kinds[place] = TENSOR;
    this.#tensors[place] = value;
  }

  /** The sum so far, as a tensor. */
  tensor(place: number, dtype: DType): Tensor {
    return this.isNumber(place) ? this.#scalar(place, dtype) : this.#tensors[place]!;
  }

  /** Lets go of what has been passed on. */
  release(place: number): void {
    if (this.#kinds[place] === TENSOR) this.#tensors[place] = null;
    this.#kinds[place] = NONE;
  }

  #scalar(place: number, dtype: DType): Tensor {
    return new Tensor(SCALAR, dtype, this.#numbers[place]!);
  }
}
