/** Compares random examples until one differs, and says by which seed it comes again. */

import * as fc from "fast-check";
import { plantedSeed, seed, sized } from "../size.ts";

export { plantedSeed, seed };

/** First-order graphs; the other kinds are shares of it. */
export const runs = sized(20_000, 200_000);

/** Agreement, nothing to compare, or what differs. */
export type Verdict = "agrees" | "discarded" | { readonly difference: string };

export interface Outcome<T> {
  readonly graphs: number;
  readonly discarded: number;
  /** The shrunk counterexample with what differs, and the text to print. */
  readonly failure: { readonly example: T; readonly text: string } | null;
}

/** Compares random examples until one differs, and shrinks that, unless it is enough that there is one. */
export const fuzz = <T>(
  arbitrary: fc.Arbitrary<T>,
  compare: (example: T) => Verdict,
  count: number,
  shrinks = true,
  from = seed,
): Outcome<T> => {
  let graphs = 0;
  let discarded = 0;
  const property = fc.property(arbitrary, (example) => {
    const verdict = compare(example);
    graphs++;
    if (verdict === "discarded") discarded++;
    return typeof verdict === "string";
  });
  const details = fc.check(property, { seed: from, numRuns: count, endOnFailure: !shrinks });
  if (!details.failed) return { graphs, discarded, failure: null };
  const [example] = details.counterexample!;
  const verdict = compare(example);
  const difference = typeof verdict === "string" ? `now ${verdict}` : verdict.difference;
  const text = `CHAINRULE_FUZZ_SEED=${from}, path ${details.counterexamplePath!}, after ${details.numRuns} graphs\n${difference}\n${JSON.stringify(example)}`;
  return { graphs: details.numRuns, discarded, failure: { example, text } };
};
