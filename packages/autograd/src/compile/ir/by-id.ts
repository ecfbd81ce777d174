/** Tables of the values of one builder by their ids: what walks over all values asks is asked for each of a million. */

import type { Value } from "./value.ts";

const FIRST = 64;

/** A set of values. */
export class Marks {
  #marks: Uint8Array;

  constructor(count = FIRST, values: readonly Value[] = []) {
    this.#marks = new Uint8Array(count);
    for (const value of values) this.add(value);
  }

  has({ id }: Value): boolean {
    return this.#marks[id] === 1;
  }

  add({ id }: Value): void {
    if (id >= this.#marks.length) {
      const before = this.#marks;
      this.#marks = new Uint8Array(2 * id);
      this.#marks.set(before);
    }
    this.#marks[id] = 1;
  }
}

/** Something for each of some values. */
export class ById<T> {
  #items = new Array<T | undefined>(FIRST).fill(undefined);

  get({ id }: Value): T | undefined {
    return this.#items[id];
  }

  has({ id }: Value): boolean {
    return this.#items[id] !== undefined;
  }

  set({ id }: Value, item: T): void {
    if (id >= this.#items.length) {
      const before = this.#items;
      this.#items = new Array<T | undefined>(2 * id).fill(undefined);
      for (let k = 0; k < before.length; k++) this.#items[k] = before[k];
    }
    this.#items[id] = item;
  }
}
