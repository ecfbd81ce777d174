/** Parameters and data that are other numbers than those of somebody else. */

import { collect, type Item } from "./collect.ts";
import type { Given, GivenRecord } from "./given.ts";
import { isList, isNumbers } from "./values.ts";

const roles = ["x", "t", "W", "b"] as const;

/** A role whose numbers can be those of another file. */
export type Differing = (typeof roles)[number];

/** The numbers of a value in order of size: however it lies, they are the same. */
const sorted = (given: Given): number[] =>
  (isNumbers(given) ? [...given.data] : isList(given) ? given.entries.flatMap(sorted) : []).sort((a, b) => a - b);

const numbersOf = (role: Differing, items: readonly Item[]): string =>
  JSON.stringify(
    items
      .filter((one) => one.role === role)
      .flatMap(({ value }) => sorted(value))
      .sort((a, b) => a - b),
  );

/** The roles that both have, in other numbers. */
export const differing = (own: readonly Item[], others: readonly Item[]): readonly Differing[] =>
  roles.filter(
    (role) =>
      [own, others].every((items) => items.some((one) => one.role === role)) &&
      numbersOf(role, own) !== numbersOf(role, others),
  );

/** The same of named values. */
export const differingIn = (own: GivenRecord, others: GivenRecord): readonly Differing[] =>
  differing(collect(own).items, collect(others).items);
