/** The place of one value in the heap, seen as numbers; the view is kept until the memory grows. */

import type { Place } from "../../backend.ts";
import type { DType, Elements } from "../../../graph/dtype.ts";
import { allocateUnwritten, LARGE } from "../../../graph/unwritten.ts";
import { heap, viewOf } from "./heap.ts";

/** A place of `count` entries from an address on. */
export class HeapPlace implements Place {
  readonly address: number;
  readonly #dtype: DType;
  readonly #count: number;
  #view: Elements | null = null;
  #growths = -1;

  constructor(dtype: DType, address: number, count: number) {
    this.#dtype = dtype;
    this.address = address;
    this.#count = count;
  }

  view(): Elements {
    const { growths } = heap();
    if (this.#view !== null && this.#growths === growths) return this.#view;
    this.#growths = growths;
    return (this.#view = viewOf(this.#dtype, this.address, this.#count));
  }

  /** The numbers in memory of their own. */
  copy(): Elements {
    const view = this.view();
    if (view.byteLength >= LARGE) {
      const out = allocateUnwritten(this.#dtype, this.#count);
      out.set(view);
      return out;
    }
    // A constructor does not fill with zeros what it writes next, as `slice` and `set` into a new array do.
    switch (this.#dtype) {
      case "float64":
        return new Float64Array(view);
      case "float32":
        return new Float32Array(view);
      case "int32":
        return new Int32Array(view);
      case "bool":
        return new Uint8Array(view);
    }
  }
}
