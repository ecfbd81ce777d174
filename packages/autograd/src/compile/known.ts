/** Entries whose numbers are known before a program runs: constants, and what zeros of a direction make of anything. */

import type { ElementwiseOp } from "../graph/op.ts";
import { absorb, absorbBoth } from "../ops/arithmetic.ts";
import { foldScalars } from "./builder.ts";
import { inputsOf, sourceOf, type Value } from "./value.ts";

const UNKNOWN = 0;
const KNOWN = 1;
/** A zero whose sign is not known; its number is 0. */
const ZERO = 2;

/** What is known of each entry of a value. */
interface Entries {
  readonly kinds: Uint8Array;
  readonly numbers: Float64Array;
}

/** So many entries are looked at. */
const MOST_ENTRIES = 2 ** 21;

/** Positions of the entries of a box along a walk. */
function* positions(shape: readonly number[], { offset, strides }: { readonly offset: number; readonly strides: readonly number[] }): Generator<number> {
  const index = shape.map(() => 0);
  let at = offset;
  for (let left = shape.reduce((product, size) => product * size, 1); left > 0; left--) {
    yield at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= shape[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
}

/** Finds what is known. */
export class KnownEntries {
  readonly #found = new Map<Value, Entries | null>();
  #left = MOST_ENTRIES;

  /** Looks at values in their order. */
  constructor(values: readonly Value[]) {
    for (const value of values) this.#found.set(value, this.#look(value));
  }

  /** Whether anything is known of a value. */
  has(value: Value): boolean {
    return (this.#found.get(value) ?? null) !== null;
  }

  /** Where a value may be something else than 0. */
  mayDiffer(value: Value): Uint8Array {
    const found = this.#found.get(value) ?? null;
    if (found === null) return new Uint8Array(value.count).fill(1);
    return found.kinds.map((kind, at) => (kind === KNOWN && Object.is(found.numbers[at], 0) ? 0 : 1));
  }

  #look(value: Value): Entries | null {
    const { definition, count } = value;
    if (definition.kind === "scalar" || definition.kind === "constant") {
      if (count > this.#left) return null;
      this.#left -= count;
      const numbers = definition.kind === "scalar" ? new Float64Array(count).fill(definition.number) : Float64Array.from(definition.elements);
      return { kinds: new Uint8Array(count).fill(KNOWN), numbers };
    }
    const inputs = inputsOf(value).map((input) => this.#found.get(input) ?? null);
    if (value.dtype !== "float64" && value.dtype !== "float32") return null;
    if ((definition.kind !== "assemble" && inputs.every((input) => input === null)) || count > this.#left) return null;
    const found: Entries = { kinds: new Uint8Array(count), numbers: new Float64Array(count) };
    const copy = (to: number, from: Entries, at: number): void => {
      found.kinds[to] = from.kinds[at]!;
      found.numbers[to] = from.numbers[at]!;
    };
    this.#left -= count;
    switch (definition.kind) {
      case "map":
        this.#map(definition.op, value, inputs, found);
        break;
      case "view": {
        let to = 0;
        for (const at of positions(value.shape, sourceOf(value).walk)) copy(to++, inputs[0]!, at);
        break;
      }
      case "assemble": {
        found.kinds.fill(KNOWN);
        definition.inputs.forEach((part, k) => {
          let from = 0;
          for (const to of positions(part.shape, definition.walks[k]!)) {
            const known = inputs[k]!;
            if (known === null) found.kinds[to] = UNKNOWN;
            else copy(to, known, from++);
          }
        });
        break;
      }
      default: return null;
    }
    return found.kinds.some((kind) => kind !== UNKNOWN) ? found : null;
  }

  #map(op: ElementwiseOp, { dtype, definition }: Value, inputs: readonly (Entries | null)[], { kinds, numbers }: Entries): void {
    const operand = (definition as { readonly inputs: readonly Value[] }).inputs[0]!.dtype;
    for (let at = 0; at < kinds.length; at++) {
      // Neighbors are mostly alike.
      if (at > 0 && inputs.every((input) => input === null || (input.kinds[at] === input.kinds[at - 1] && Object.is(input.numbers[at], input.numbers[at - 1])))) {
        kinds[at] = kinds[at - 1]!;
        numbers[at] = numbers[at - 1]!;
        continue;
      }
      if (inputs.some((input) => input === null || input.kinds[at] === UNKNOWN)) {
        const isZero = (input: Entries | null): boolean => input !== null && input.kinds[at] !== UNKNOWN && input.numbers[at] === 0;
        if ((op === absorb.op && isZero(inputs[0]!)) || (op === absorbBoth.op && inputs.some(isZero))) kinds[at] = ZERO;
        continue;
      }
      const given = inputs.map((input) => (input!.kinds[at] === ZERO ? [0, -0] : [input!.numbers[at]!]));
      const results = given.reduce<number[][]>((lists, list) => lists.flatMap((head) => list.map((x) => [...head, x])), [[]]).map((list) => foldScalars(op, operand, dtype, list));
      if (results.every((x) => Object.is(x, results[0]))) {
        kinds[at] = KNOWN;
        numbers[at] = results[0]!;
      } else if (results.every((x) => x === 0)) kinds[at] = ZERO;
    }
  }
}
