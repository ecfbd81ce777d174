/**
 * Residuals that differ in numbers and parameters alone, taken together: each leaf becomes a list with an entry for
 * each of them.
 */

import { evaluate, numberOf, type Expression } from "./expand.ts";

/** An expression for several residuals at once; what is the same for all of them is a scalar. */
export type Merged =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "numbers"; readonly values: readonly number[] }
  | { readonly kind: "x"; readonly at: number }
  | { readonly kind: "xs"; readonly at: readonly number[] }
  | { readonly kind: "call"; readonly name: string; readonly of: readonly Merged[] }
  | { readonly kind: "if"; readonly cases: readonly (readonly [comparison: MergedComparison | null, value: Merged])[] };

export interface MergedComparison {
  readonly name: string;
  readonly left: Merged;
  readonly right: Merged;
}

/** Residuals of one form. */
export interface Group {
  /** Which residuals they are, counted from 0. */
  readonly at: readonly number[];
  readonly form: Merged;
}

/** Numbers are computed, and each different expression is one object. */
class Table {
  readonly #byKey = new Map<string, { readonly id: number; readonly e: Expression }>();
  readonly #known = new Map<Expression, { readonly id: number; readonly shape: number; readonly e: Expression }>();
  readonly #shapes = new Map<string, number>();

  /** The one object for an expression, with a number for its form. */
  of(e: Expression): { readonly id: number; readonly shape: number; readonly e: Expression } {
    const known = this.#known.get(e);
    if (known !== undefined) return known;
    const made = this.#make(e);
    this.#known.set(e, made);
    return made;
  }

  #make(given: Expression): { readonly id: number; readonly shape: number; readonly e: Expression } {
    const value = given.kind === "call" ? this.#folded(given) : null;
    const e: Expression = value === null ? given : { kind: "number", text: String(value) };
    const parts = partsOf(e).map((part) => this.of(part));
    const head = headOf(e);
    const leaf = e.kind === "number" ? e.text : e.kind === "x" ? e.at : "";
    const shape = idIn(this.#shapes, `${head}(${parts.map((part) => part.shape).join()})`);
    const key = `${head}${leaf}(${parts.map((part) => part.id).join()})`;
    const old = this.#byKey.get(key);
    if (old !== undefined) return { ...old, shape };
    const entry = { id: this.#byKey.size, e };
    this.#byKey.set(key, entry);
    return { ...entry, shape };
  }

  #folded(e: Expression & { readonly kind: "call" }): number | null {
    const of = e.of.map((part) => numberOf(this.of(part).e));
    return of.includes(null) ? null : evaluate(e.name, of as number[]);
  }
}

const idIn = (map: Map<string, number>, key: string): number => {
  const id = map.get(key) ?? map.size;
  map.set(key, id);
  return id;
};

const headOf = (e: Expression): string =>
  e.kind === "call"
    ? `call ${e.name}`
    : e.kind === "if"
      ? `if ${e.cases.map(([c]) => c?.name ?? "otherwise").join()}`
      : e.kind;

const partsOf = (e: Expression): readonly Expression[] =>
  e.kind === "call"
    ? e.of
    : e.kind === "if"
      ? e.cases.flatMap(([c, value]) => (c === null ? [value] : [c.left, c.right, value]))
      : [];

/** Groups residuals by their form. */
export function groupsOf(residuals: readonly Expression[]): Group[] {
  const table = new Table();
  const byShape = new Map<number, number[]>();
  residuals.forEach((e, i) => {
    const { shape } = table.of(e);
    byShape.set(shape, [...(byShape.get(shape) ?? []), i]);
  });
  const known = new Map<string, Merged>();
  const merge = (list: readonly Expression[]): Merged => {
    const ids = list.map((e) => table.of(e).id);
    const same = ids.every((id) => id === ids[0]);
    const key = same ? String(ids[0]) : ids.join();
    const old = known.get(key);
    if (old !== undefined) return old;
    const made = mergeNew(
      (same ? list.slice(0, 1) : list).map((e) => table.of(e).e),
      merge,
    );
    known.set(key, made);
    return made;
  };
  return [...byShape.values()].map((at) => ({ at, form: merge(at.map((i) => residuals[i]!)) }));
}

function mergeNew(list: readonly Expression[], merge: (list: readonly Expression[]) => Merged): Merged {
  const first = list[0]!;
  const each = <T>(pick: (e: never) => T): T[] => list.map((e) => pick(e as never));
  switch (first.kind) {
    case "number": {
      const values = each((e: Expression & { readonly kind: "number" }) => Number(e.text));
      return values.length === 1 ? { kind: "number", value: values[0]! } : { kind: "numbers", values };
    }
    case "x": {
      const at = each((e: Expression & { readonly kind: "x" }) => e.at);
      return at.length === 1 ? { kind: "x", at: at[0]! } : { kind: "xs", at };
    }
    case "call":
      return { kind: "call", name: first.name, of: first.of.map((_, k) => merge(each((e: typeof first) => e.of[k]!))) };
    case "if":
      return {
        kind: "if",
        cases: first.cases.map(
          ([comparison], k) =>
            [
              comparison === null
                ? null
                : {
                    name: comparison.name,
                    left: merge(each((e: typeof first) => e.cases[k]![0]!.left)),
                    right: merge(each((e: typeof first) => e.cases[k]![0]!.right)),
                  },
              merge(each((e: typeof first) => e.cases[k]![1])),
            ] as const,
        ),
      };
  }
}
