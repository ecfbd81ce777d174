/** How long the fuzz runs and from which seed: fixed by default, so that a red run is red again; both can be set from outside. */

import * as fc from "fast-check";

const fromEnvironment = (name: string, usual: number): number => {
  const text = process.env[name];
  if (text === undefined || text === "") return usual;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name}=${text} is no whole number`);
  return value;
};

export const seed = fromEnvironment("CHAINRULE_FUZZ_SEED", 20_260_101);
/** First-order graphs; the other kinds are shares of it. */
export const runs = fromEnvironment("CHAINRULE_FUZZ_RUNS", 200_000);

/** Agreement, nothing to compare, or what differs. */
export type Verdict = "agrees" | "discarded" | { readonly difference: string };

export interface Outcome<T> {
  readonly graphs: number;
  readonly discarded: number;
  /** The shrunk counterexample with what differs, and the text to print. */
  readonly failure: { readonly example: T; readonly text: string } | null;
}

/** Compares random examples until one differs, and shrinks that. */
export const fuzz = <T>(arbitrary: fc.Arbitrary<T>, compare: (example: T) => Verdict, count: number): Outcome<T> => {
  let graphs = 0;
  let discarded = 0;
  const property = fc.property(arbitrary, (example) => {
    const verdict = compare(example);
    graphs++;
    if (verdict === "discarded") discarded++;
    return typeof verdict === "string";
  });
  const details = fc.check(property, { seed, numRuns: count });
  if (!details.failed) return { graphs, discarded, failure: null };
  const [example] = details.counterexample!;
  const verdict = compare(example);
  const difference = typeof verdict === "string" ? `now ${verdict}` : verdict.difference;
  const text = `CHAINRULE_FUZZ_SEED=${seed}, path ${details.counterexamplePath!}, after ${details.numRuns} graphs\n${difference}\n${JSON.stringify(example)}`;
  return { graphs: details.numRuns, discarded, failure: { example, text } };
};
