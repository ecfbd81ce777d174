/** The place of one value in the heap, seen as numbers; the view is kept until the memory grows. */

import type { DType, Elements } from "../../graph/dtype.ts";
import { heap, viewOf } from "./heap.ts";

/** A place of `count` entries from an address on. */
export class Place {
  readonly #dtype: DType;
  readonly #address: number;
  readonly #count: number;
  #view: Elements | null = null;
  #growths = -1;

  constructor(dtype: DType, address: number, count: number) {
    this.#dtype = dtype;
    this.#address = address;
    this.#count = count;
  }

  view(): Elements {
    const { growths } = heap();
    if (this.#view !== null && this.#growths === growths) return this.#view;
    this.#growths = growths;
    return (this.#view = viewOf(this.#dtype, this.#address, this.#count));
  }
}
