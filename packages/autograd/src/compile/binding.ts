/** A binding of a program: the buffer in its memory by which a tensor goes in or comes out. */

import type { Place } from "../backends/backend.ts";
import type { DType, Elements } from "../graph/dtype.ts";
import { elementsOf } from "../graph/read.ts";
import { Tensor } from "../graph/tensor.ts";
import type { Shape } from "../types/shape.ts";
import { isKept } from "./schedule/lifetimes.ts";
import type { Value } from "./ir/value.ts";

/**
 * Numbers of memory that has been written: a weak reference would keep it to the end of the turn, and a loop of calls
 * all of it.
 */
const numbers = new WeakMap<Elements, number>();
let last = 0;

function numberOf(storage: Elements): number {
  const known = numbers.get(storage);
  if (known !== undefined) return known;
  numbers.set(storage, ++last);
  return last;
}

/** The place of one value. */
export class Binding {
  readonly #dtype: DType;
  readonly #place: Place;
  /** True if nothing else is ever written there: then what lies there need not be written again. */
  readonly #kept: boolean;
  #written = 0;

  constructor(value: Value, place: Place) {
    this.#dtype = value.dtype;
    this.#place = place;
    this.#kept = isKept(value);
  }

  write(value: Tensor | number): void {
    const storage = typeof value === "number" ? value : (value.storage ?? elementsOf(value));
    if (typeof storage === "number") this.#place.view()[0] = storage;
    else if (!this.#kept) this.#place.view().set(storage);
    else if (this.#written !== numberOf(storage)) {
      this.#place.view().set(storage);
      this.#written = numberOf(storage);
    }
  }

  /** A tensor of its own with what lies there. */
  read(shape: Shape): Tensor {
    return new Tensor(shape, this.#dtype, shape.length === 0 ? this.#place.view()[0]! : this.#place.copy());
  }
}
