/**
 * Constant propagation by entries: the numbers that are known before a program runs, of constants, and of what zeros of
 * a direction make of anything.
 */

import { isFloat } from "../../graph/dtype.ts";
import { KNOWN, type Entries } from "../ir/kinds/rules.ts";
import { rulesOf } from "../ir/kinds/table.ts";
import { inputsOf, type Value } from "../ir/value.ts";

/** So many entries are looked at. */
const MOST_ENTRIES = 2 ** 21;

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
    const { known } = rulesOf(definition);
    if (known === null || count > this.#left || (known.floatsOnly && !isFloat(value.dtype))) return null;
    const inputs = inputsOf(value).map((input) => this.#found.get(input) ?? null);
    if (known.needsInputs && inputs.every((input) => input === null)) return null;
    this.#left -= count;
    const found: Entries = { kinds: new Uint8Array(count), numbers: new Float64Array(count) };
    known.note(definition, value, inputs, found);
    return found.kinds.includes(KNOWN) ? found : null;
  }
}
