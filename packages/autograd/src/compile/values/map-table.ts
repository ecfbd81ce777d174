/**
 * Maps by op and operands: a table with open addresses, as a text for the key of each would cost more than all else.
 */

import type { ElementwiseOp } from "../../graph/op.ts";
import type { Value } from "./value.ts";

const FIRST = 64;

/** Finds equal maps. Shape and type follow from op and operands. */
export class MapTable {
  readonly #ops = new Map<ElementwiseOp, number>();
  #slots: (Value | null)[] = new Array<Value | null>(FIRST).fill(null);
  /** The hash of what stands in each slot, which is sooner looked at than that itself. */
  #hashes = new Int32Array(FIRST);
  #count = 0;

  /** The map of this op on these operands; `make` makes it where it is not there. */
  find(op: ElementwiseOp, inputs: readonly Value[], make: () => Value): Value {
    const hash = this.#hash(op, inputs);
    const mask = this.#slots.length - 1;
    let at = hash & mask;
    for (; ; at = (at + 1) & mask) {
      const value = this.#slots[at]!;
      if (value === null) break;
      if (this.#hashes[at] === hash && isMapOf(value, op, inputs)) return value;
    }
    const made = make();
    this.#slots[at] = made;
    this.#hashes[at] = hash;
    if (2 * ++this.#count > this.#slots.length) this.#grow();
    return made;
  }

  #grow(): void {
    const [slots, hashes] = [this.#slots, this.#hashes];
    const size = 4 * slots.length;
    this.#slots = new Array<Value | null>(size).fill(null);
    this.#hashes = new Int32Array(size);
    for (let k = 0; k < slots.length; k++) {
      if (slots[k] === null) continue;
      let at = hashes[k]! & (size - 1);
      while (this.#slots[at] !== null) at = (at + 1) & (size - 1);
      this.#slots[at] = slots[k]!;
      this.#hashes[at] = hashes[k]!;
    }
  }

  #hash(op: ElementwiseOp, inputs: readonly Value[]): number {
    let number = this.#ops.get(op);
    if (number === undefined) this.#ops.set(op, (number = this.#ops.size + 1));
    let hash = Math.imul(number, 0x9e3779b1);
    for (const { id } of inputs) hash = Math.imul((hash ^ id) + 0x7ed55d16, 0x85ebca6b) ^ (hash >>> 15);
    return hash ^ (hash >>> 16);
  }
}

function isMapOf({ definition }: Value, op: ElementwiseOp, inputs: readonly Value[]): boolean {
  if (definition.kind !== "map" || definition.op !== op || definition.inputs.length !== inputs.length) return false;
  for (let k = 0; k < inputs.length; k++) if (definition.inputs[k] !== inputs[k]) return false;
  return true;
}
