/**
 * Packs, as in superword-level parallelism: tuples of values that are computed alike, from values that are stacked down
 * to what they share.
 */

import { sameShape } from "../../graph/shape.ts";
import { stepOf } from "../ir/kinds/stacked.ts";
import { rulesOf } from "../ir/kinds/table.ts";
import { inputsOf, sourceOf, type Value } from "../ir/value.ts";

/** Values of one shape and type, one for each part of a batch. */
export interface Pack {
  readonly values: readonly Value[];
  /**
   * `"shared"`: the same value for all parts. `"constant"`: constants. `"merged"`: the same operation for each,
   * computed at once.
   * `"stacked"`: computed one by one and copied side by side.
   */
  readonly role: "shared" | "constant" | "merged" | "stacked";
  /** Packs that a merged one is computed from. */
  readonly inputs: readonly Pack[];
}

/** Values of more entries are long enough for kernels of their own, unless they were joined of shorter ones. */
export const MOST_ENTRIES = 1024;

/** The places that may move by equal steps from one value to the next, for each the list of these. */
function startsOf(values: readonly Value[]): readonly (readonly number[])[] {
  const lists = values.map(({ definition }) => rulesOf(definition).atOnce!.starts(definition));
  return lists[0]!.map((_, k) => lists.map((list) => list[k]!));
}

/** The first members of stretches of numbers that are equally far apart. */
function stretchesOf(numbers: readonly number[]): number[] {
  const found: number[] = [];
  for (let start = 0; start < numbers.length;) {
    found.push(start);
    const step = numbers[start + 1]! - numbers[start]!;
    let end = start + 1;
    while (end < numbers.length && numbers[end] === numbers[end - 1]! + step) end++;
    start = end;
  }
  return found;
}

function isConstant(x: Value): boolean {
  const { kind } = sourceOf(x).source.definition;
  return kind === "constant" || kind === "scalar";
}

/** Finds packs; equal ones are one object. */
export class Packs {
  readonly #joined: ReadonlySet<Value>;
  readonly #operations = new Map<Value, string | null>();
  readonly #known = new Map<string, Pack>();
  readonly #structures = new Map<Value, number>();
  readonly #structureIds = new Map<string, number>();

  /** @param joined - values that an earlier round computes at once */
  constructor(joined: ReadonlySet<Value>) {
    this.#joined = joined;
  }

  /** The number of entries that values may have which are computed at once: of joined ones bytes alone decide. */
  mostOf(values: readonly Value[]): number {
    return values.every((value) => this.#joined.has(value)) ? Infinity : MOST_ENTRIES;
  }

  /** True if values may stand in one pack. */
  alike(a: Value, b: Value): boolean {
    return a.dtype === b.dtype && sameShape(a.shape, b.shape);
  }

  /** The same number for values that the same operations give, down to what is no operation. */
  structureOf(value: Value): number {
    const pending = [value];
    while (pending.length > 0) {
      const x = pending.at(-1)!;
      const missing = this.#structures.has(x) ? [] : inputsOf(x).filter((input) => !this.#structures.has(input));
      if (missing.length > 0) {
        pending.push(...missing);
        continue;
      }
      pending.pop();
      const key = [
        isConstant(x) ? "constant" : (this.#operation(x) ?? x.id),
        x.dtype,
        x.shape.join(),
        ...(isConstant(x) ? [] : inputsOf(x).map((input) => this.#structures.get(input)!)),
      ].join(" ");
      const structure = this.#structureIds.get(key) ?? this.#structureIds.size;
      this.#structureIds.set(key, structure);
      this.#structures.set(x, structure);
    }
    return this.#structures.get(value)!;
  }

  #operation(x: Value): string | null {
    const known = this.#operations.get(x);
    if (known !== undefined) return known;
    const operation = rulesOf(x.definition).atOnce?.operation(x.definition) ?? null;
    this.#operations.set(x, operation);
    return operation;
  }

  /** The values as a pack, with all that it is computed from; `most` bounds how many packs that may be. */
  find(values: readonly Value[], most: number): Pack | null {
    const list: { values: readonly Value[]; role: Pack["role"]; inputs: Pack[] }[] = [];
    const add = (members: readonly Value[]): Pack => {
      const key = members.map(({ id }) => id).join();
      const known = this.#known.get(key);
      if (known !== undefined) return known;
      const pack = { values: members, role: this.#roleOf(members), inputs: [] };
      this.#known.set(key, pack);
      list.push(pack);
      return pack;
    };
    const root = add(values);
    for (let at = 0; at < list.length; at++) {
      if (list.length > most) {
        // What has been found is not complete.
        this.#known.clear();
        return null;
      }
      const pack = list[at]!;
      if (pack.role === "merged")
        pack.inputs = inputsOf(pack.values[0]!).map((_, k) => add(pack.values.map((value) => inputsOf(value)[k]!)));
    }
    return root;
  }

  /** The places where parts would have to be cut for what is under a pack to move by equal steps; `null` for none. */
  cutsUnder(root: Pack): readonly number[] | null {
    const cuts = new Set<number>();
    const seen = new Set<Pack>([root]);
    for (const { values, role, inputs } of seen) {
      for (const input of inputs) seen.add(input);
      const starts = role === "stacked" && this.#areAlike(values) ? startsOf(values) : [];
      for (const cut of starts.flatMap(stretchesOf)) cuts.add(cut);
    }
    return cuts.size < 2 ? null : [...cuts].sort((a, b) => a - b);
  }

  #roleOf(values: readonly Value[]): Pack["role"] {
    const first = values[0]!;
    if (values.every((value) => value === first)) return "shared";
    if (values.every(isConstant)) return "constant";
    return this.#canMerge(values) ? "merged" : "stacked";
  }

  /** True if values are one operation, on inputs of the same shapes. */
  #areAlike(values: readonly Value[]): boolean {
    const first = values[0]!;
    const operation = this.#operation(first);
    if (operation === null || values.some((value) => this.#operation(value) !== operation)) return false;
    const inputs = inputsOf(first);
    return values.every((value) => {
      const own = inputsOf(value);
      return own.length === inputs.length && inputs.every((input, k) => this.alike(own[k]!, input));
    });
  }

  #canMerge(values: readonly Value[]): boolean {
    if (!this.#areAlike(values)) return false;
    if (startsOf(values).some((starts) => stepOf(starts) === null)) return false;
    const { definition } = values[0]!;
    return rulesOf(definition).atOnce!.mayMerge(definition, values, this.mostOf(values));
  }
}
