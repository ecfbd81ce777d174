/**
 * Hash-consing of maps, by op and operands: a table with open addresses, as a text for the key of each would cost more
 * than all else.
 */

import type { ElementwiseOp } from "../../graph/op.ts";
import type { Value } from "./value.ts";

const FIRST = 64;

/** Finds equal maps. Shape and type follow from op and operands. */
export class MapTable {
  readonly #values: readonly Value[];
  readonly #ops = new Map<ElementwiseOp, number>();
  /**
   * For each slot the hash of what stands there, and behind it 1 + its id: a table of objects would be walked by every
   * collection of garbage.
   */
  #slots = new Int32Array(2 * FIRST);
  #count = 0;
  /** The hash that was looked for last, and the slot where it belongs. */
  #hash = 0;
  #at = 0;

  /** A table of some of these values, which have their places by their ids; it may grow meanwhile. */
  constructor(values: readonly Value[]) {
    this.#values = values;
  }

  /** The map of this op on these operands; `null` where it is not there: then `add` has to follow. */
  find(op: ElementwiseOp, inputs: readonly Value[]): Value | null {
    const slots = this.#slots;
    const mask = slots.length - 2;
    this.#hash = this.#hashOf(op, inputs);
    for (let at = (this.#hash << 1) & mask; ; at = (at + 2) & mask) {
      this.#at = at;
      const id = slots[at + 1]!;
      if (id === 0) return null;
      if (slots[at] === this.#hash && isMapOf(this.#values[id - 1]!, op, inputs)) return this.#values[id - 1]!;
    }
  }

  /** Notes the map that was just looked for. */
  add({ id }: Value): void {
    this.#slots[this.#at] = this.#hash;
    this.#slots[this.#at + 1] = id + 1;
    if (4 * ++this.#count > this.#slots.length) this.#grow();
  }

  #grow(): void {
    const before = this.#slots;
    const slots = new Int32Array(4 * before.length);
    const mask = slots.length - 2;
    for (let k = 0; k < before.length; k += 2) {
      if (before[k + 1] === 0) continue;
      let at = (before[k]! << 1) & mask;
      while (slots[at + 1] !== 0) at = (at + 2) & mask;
      slots[at] = before[k]!;
      slots[at + 1] = before[k + 1]!;
    }
    this.#slots = slots;
  }

  #hashOf(op: ElementwiseOp, inputs: readonly Value[]): number {
    let number = this.#ops.get(op);
    if (number === undefined) this.#ops.set(op, (number = this.#ops.size + 1));
    let hash = Math.imul(number, 0x9e3779b1);
    for (let k = 0; k < inputs.length; k++)
      hash = Math.imul((hash ^ inputs[k]!.id) + 0x7ed55d16, 0x85ebca6b) ^ (hash >>> 15);
    return hash ^ (hash >>> 16);
  }
}

function isMapOf({ definition }: Value, op: ElementwiseOp, inputs: readonly Value[]): boolean {
  if (definition.kind !== "map" || definition.op !== op || definition.inputs.length !== inputs.length) return false;
  for (let k = 0; k < inputs.length; k++) if (definition.inputs[k] !== inputs[k]) return false;
  return true;
}
