/** D12: two layers show the numbers of one array, bit for bit: a buffer that each layer writes and none copies. */

import { sameShape, type Tracked } from "../bounds/tracked.ts";
import { mistakeOf } from "./catalogue.ts";
import { candidate, type Candidate } from "./mistake.ts";

/** The candidates for layer l among what was handed in for the other layers. */
export function aliasedMistakes(
  l: number,
  given: Readonly<Record<number, Tracked>>,
  name: (l: number) => string,
): Candidate[] {
  const own = given[l];
  if (own === undefined || own.value.length < 2) return [];
  return Object.entries(given)
    .filter(([k, other]) => Number(k) !== l && identical(own, other))
    .map(([k, other]) =>
      candidate(
        [mistakeOf("D12")],
        `layer ${k}`,
        `${name(l)} = ${name(Number(k))}, the same numbers`,
        { kind: "replace", term: `${name(Number(k))} → ${name(l)}` },
        () => other,
      ),
    );
}

function identical(a: Tracked, b: Tracked): boolean {
  return sameShape(a, b) && a.value.some((x) => x !== 0) && a.value.every((x, i) => Object.is(x, b.value[i]!));
}
