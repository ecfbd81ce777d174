/** Entries whose numbers are known before a program runs: constants, and what zeros of a direction make of anything. */

import type { Walk } from "../../graph/lowering.ts";
import type { ElementwiseOp } from "../../graph/op.ts";
import { where } from "../../ops/comparison.ts";
import { absorb, absorbBoth, pass, portion } from "../../ops/marks.ts";
import { foldScalars } from "./fold.ts";
import { inputsOf, type Value } from "./value.ts";

const UNKNOWN = 0;
const KNOWN = 1;

/** Knowledge of each entry of a value. */
interface Entries {
  readonly kinds: Uint8Array;
  readonly numbers: Float64Array;
}

/** So many entries are looked at. */
const MOST_ENTRIES = 2 ** 21;

/** The positions of the entries of a box along a walk. */
function positionsOf(shape: readonly number[], { offset, strides }: Walk): Int32Array {
  let positions = Int32Array.of(offset);
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const longer = new Int32Array(positions.length * size);
    for (let row = 0; row < positions.length; row++) {
      for (let at = 0; at < size; at++) longer[row * size + at] = positions[row]! + at * strides[axis]!;
    }
    positions = longer;
  }
  return positions;
}

/** Finds what is known. */
export class KnownEntries {
  readonly #found = new Map<Value, Entries | null>();
  #left = MOST_ENTRIES;

  /** Looks at values in their order. */
  constructor(values: readonly Value[]) {
    for (const value of values) this.#found.set(value, this.#look(value));
  }

  /** True if anything is known of a value. */
  has(value: Value): boolean {
    return (this.#found.get(value) ?? null) !== null;
  }

  /** Marks the entries in which a value may be something else than a number. */
  mayDiffer(value: Value, number: number): Uint8Array {
    const found = this.#found.get(value) ?? null;
    if (found === null) return new Uint8Array(value.count).fill(1);
    const marks = new Uint8Array(value.count);
    for (let at = 0; at < marks.length; at++)
      marks[at] = found.kinds[at] === KNOWN && Object.is(found.numbers[at], number) ? 0 : 1;
    return marks;
  }

  #look(value: Value): Entries | null {
    const { definition, count } = value;
    if (definition.kind === "scalar" || definition.kind === "constant") {
      if (count > this.#left) return null;
      this.#left -= count;
      const numbers =
        definition.kind === "scalar"
          ? new Float64Array(count).fill(definition.number)
          : new Float64Array(definition.elements);
      return { kinds: new Uint8Array(count).fill(KNOWN), numbers };
    }
    const inputs = inputsOf(value).map((input) => this.#found.get(input) ?? null);
    if (value.dtype !== "float64" && value.dtype !== "float32") return null;
    if ((definition.kind !== "assemble" && inputs.every((input) => input === null)) || count > this.#left) return null;
    const found: Entries = { kinds: new Uint8Array(count), numbers: new Float64Array(count) };
    this.#left -= count;
    switch (definition.kind) {
      case "map":
        this.#map(definition.op, value, inputs, found);
        break;
      case "view": {
        const { kinds, numbers } = inputs[0]!;
        const from = positionsOf(value.shape, definition.walk);
        for (let at = 0; at < count; at++) {
          found.kinds[at] = kinds[from[at]!]!;
          found.numbers[at] = numbers[from[at]!]!;
        }
        break;
      }
      case "assemble": {
        found.kinds.fill(KNOWN);
        found.numbers.fill(definition.fill);
        definition.inputs.forEach((part, k) => {
          const known = inputs[k]!;
          const to = positionsOf(part.shape, definition.walks[k]!);
          for (let at = 0; at < to.length; at++) {
            found.kinds[to[at]!] = known === null ? UNKNOWN : known.kinds[at]!;
            found.numbers[to[at]!] = known === null ? 0 : known.numbers[at]!;
          }
        });
        break;
      }
      default:
        return null;
    }
    return found.kinds.includes(KNOWN) ? found : null;
  }

  #map(
    op: ElementwiseOp,
    { dtype, definition }: Value,
    inputs: readonly (Entries | null)[],
    { kinds, numbers }: Entries,
  ): void {
    const first = (definition as { readonly inputs: readonly Value[] }).inputs[0]!.dtype;
    const operand = first === "bool" ? dtype : first;
    const present = inputs.filter((input) => input !== null);
    const isWhole = present.length === inputs.length;
    const dropping =
      op === absorbBoth.op
        ? present
        : (op === absorb.op || op === portion.op) && inputs[0] !== null
          ? [inputs[0]!]
          : [];
    const branches = op === pass.op || op === where.op ? inputs.slice(1) : [];
    for (let at = 0; at < kinds.length; at++) {
      // Neighbors are mostly alike.
      if (at > 0 && isSameAsBefore(present, at)) {
        kinds[at] = kinds[at - 1]!;
        numbers[at] = numbers[at - 1]!;
        continue;
      }
      let number: number | null = null;
      if (isWhole && present.every((input) => input.kinds[at] === KNOWN))
        number = foldScalars(
          op,
          operand,
          dtype,
          present.map((input) => input.numbers[at]!),
        );
      else if (dropping.some((input) => input.kinds[at] === KNOWN && Object.is(input.numbers[at], -0))) number = -0;
      else if (
        branches.length > 0 &&
        branches.every((input) => input?.kinds[at] === KNOWN && Object.is(input.numbers[at], branches[0]!.numbers[at]))
      )
        number = branches[0]!.numbers[at]!;
      if (number === null) continue;
      kinds[at] = KNOWN;
      numbers[at] = number;
    }
  }
}

/** True if the same is known of an entry of each input as of the entry before. */
function isSameAsBefore(inputs: readonly Entries[], at: number): boolean {
  for (let k = 0; k < inputs.length; k++) {
    const { kinds, numbers } = inputs[k]!;
    if (kinds[at] !== kinds[at - 1] || !Object.is(numbers[at], numbers[at - 1])) return false;
  }
  return true;
}
