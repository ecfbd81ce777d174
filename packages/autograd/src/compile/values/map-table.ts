/** Maps by op and operands: a table with open addresses, because a text as the key of each would cost more than all else. */

import type { ElementwiseOp } from "../../graph/op.ts";
import type { Value } from "./value.ts";

const FIRST = 64;

/** Finds equal maps. Shape and type follow from op and operands. */
export class MapTable {
  readonly #ops = new Map<ElementwiseOp, number>();
  #slots: (Value | null)[] = new Array<Value | null>(FIRST).fill(null);
  #count = 0;

  /** A map of this op on these operands; `null` where none was added. */
  find(op: ElementwiseOp, inputs: readonly Value[]): Value | null {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let at = this.#hash(op, inputs) & mask; ; at = (at + 1) & mask) {
      const value = slots[at]!;
      if (value === null) return null;
      if (isMapOf(value, op, inputs)) return value;
    }
  }

  /** Adds a map that is not there. */
  add(value: Value): void {
    if (2 * ++this.#count > this.#slots.length) {
      const before = this.#slots;
      this.#slots = new Array<Value | null>(2 * before.length).fill(null);
      for (const one of before) if (one !== null) this.#place(one);
    }
    this.#place(value);
  }

  #place(value: Value): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const { op, inputs } = value.definition as Extract<Value["definition"], { kind: "map" }>;
    let at = this.#hash(op, inputs) & mask;
    while (slots[at] !== null) at = (at + 1) & mask;
    slots[at] = value;
  }

  #hash(op: ElementwiseOp, inputs: readonly Value[]): number {
    let number = this.#ops.get(op);
    if (number === undefined) this.#ops.set(op, (number = this.#ops.size + 1));
    let hash = Math.imul(number, 0x9e3779b1);
    for (let k = 0; k < inputs.length; k++) hash = Math.imul((hash ^ inputs[k]!.id) + 0x7ed55d16, 0x85ebca6b) ^ (hash >>> 15);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

function isMapOf({ definition }: Value, op: ElementwiseOp, inputs: readonly Value[]): boolean {
  if (definition.kind !== "map" || definition.op !== op || definition.inputs.length !== inputs.length) return false;
  for (let k = 0; k < inputs.length; k++) if (definition.inputs[k] !== inputs[k]) return false;
  return true;
}
