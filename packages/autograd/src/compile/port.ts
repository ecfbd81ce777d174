/** A way into or out of a program: a place in its memory that a tensor is written to or read from. */

import type { DType, Elements } from "../graph/dtype.ts";
import { Tensor } from "../graph/tensor.ts";
import type { Shape } from "../types/shape.ts";
import { heap, viewOf } from "./heap.ts";

/** The place of one value. The view of it is kept until the memory grows, which ends all views. */
export class Port {
  readonly #dtype: DType;
  readonly #address: number;
  readonly #count: number;
  #view: Elements | null = null;
  #buffer: ArrayBuffer | null = null;

  constructor(dtype: DType, address: number, count: number) {
    this.#dtype = dtype;
    this.#address = address;
    this.#count = count;
  }

  #memory(): Elements {
    const { buffer } = heap().memory;
    if (this.#view === null || this.#buffer !== buffer) {
      this.#view = viewOf(this.#dtype, this.#address, this.#count);
      this.#buffer = buffer;
    }
    return this.#view;
  }

  write(value: Tensor | number): void {
    const storage = typeof value === "number" ? value : value.storage!;
    if (typeof storage === "number") this.#memory()[0] = storage;
    else this.#memory().set(storage);
  }

  /** A tensor of its own with what lies there. */
  read(shape: Shape): Tensor {
    const memory = this.#memory();
    return new Tensor(shape, this.#dtype, shape.length === 0 ? memory[0]! : memory.slice());
  }
}
