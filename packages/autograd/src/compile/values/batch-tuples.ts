/** Tuples of values that are computed alike: from values that are stacked down to what they share. */

import { sameShape } from "../../graph/shape.ts";
import { rulesOf } from "./kinds/table.ts";
import { inputsOf, sourceOf, type Value } from "./value.ts";

/** Values of one shape and type, one for each part of a batch. */
export interface Tuple {
  readonly values: readonly Value[];
  /**
   * `"shared"`: the same value for all parts. `"constant"`: constants. `"merged"`: the same operation for each,
   * computed at once.
   * `"stacked"`: computed one by one and copied side by side.
   */
  readonly role: "shared" | "constant" | "merged" | "stacked";
  /** Tuples that a merged one is computed from. */
  readonly inputs: readonly Tuple[];
}

function isConstant(x: Value): boolean {
  const { kind } = sourceOf(x).source.definition;
  return kind === "constant" || kind === "scalar";
}

/** Finds tuples; equal ones are one object. */
export class Tuples {
  readonly #operations = new Map<Value, string | null>();
  readonly #known = new Map<string, Tuple>();
  readonly #structures = new Map<Value, number>();
  readonly #structureIds = new Map<string, number>();

  /** True if values may stand in one tuple. */
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

  /** The values as a tuple, with all that it is computed from; `most` bounds how many tuples that may be. */
  find(values: readonly Value[], most: number): Tuple | null {
    const list: { values: readonly Value[]; role: Tuple["role"]; inputs: Tuple[] }[] = [];
    const add = (members: readonly Value[]): Tuple => {
      const key = members.map(({ id }) => id).join();
      const known = this.#known.get(key);
      if (known !== undefined) return known;
      const tuple = { values: members, role: this.#roleOf(members), inputs: [] };
      this.#known.set(key, tuple);
      list.push(tuple);
      return tuple;
    };
    const root = add(values);
    for (let at = 0; at < list.length; at++) {
      if (list.length > most) {
        // What has been found is not complete.
        this.#known.clear();
        return null;
      }
      const tuple = list[at]!;
      if (tuple.role === "merged")
        tuple.inputs = inputsOf(tuple.values[0]!).map((_, k) => add(tuple.values.map((value) => inputsOf(value)[k]!)));
    }
    return root;
  }

  #roleOf(values: readonly Value[]): Tuple["role"] {
    const first = values[0]!;
    if (values.every((value) => value === first)) return "shared";
    if (values.every(isConstant)) return "constant";
    return this.#canMerge(values) ? "merged" : "stacked";
  }

  #canMerge(values: readonly Value[]): boolean {
    const first = values[0]!;
    const operation = this.#operation(first);
    if (operation === null || values.some((value) => this.#operation(value) !== operation)) return false;
    const inputs = inputsOf(first);
    const fits = inputs.every((input, k) => values.every((value) => this.alike(inputsOf(value)[k]!, input)));
    if (!fits || inputs.length !== Math.max(...values.map((value) => inputsOf(value).length))) return false;
    return rulesOf(first.definition).atOnce!.mayMerge(first.definition, values);
  }
}
