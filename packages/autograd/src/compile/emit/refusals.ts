/** What a program refuses while it runs: it leaves a number behind, and goes on with something harmless. */

import { IndexRangeError, NonFiniteError } from "../../errors.ts";

/** An index outside its axis; a number that int32 does not have. */
export const refused = { index: 1, cast: 2 } as const;

/** The error for what was left behind by the program of a function. */
export function refusal(left: number, name: string): Error {
  const consequence = "bytes of a result may be wrong";
  if (left === refused.cast) return new NonFiniteError({ op: name, problem: "a number that is cast has no int32 value", hint: `clip the numbers first; ${consequence}` });
  return new IndexRangeError({ op: name, problem: "an index lies outside its axis", hint: `look at the indices handed to gather and scatterAdd; ${consequence}` });
}
