/** How a sweep reads a declared local derivative. */

import type { Formula, Partial } from "../graph/op.ts";

/** A local derivative that is neither constant nor missing. */
export type Read = Exclude<Partial, number | null>;

/**
 * The formula of a local derivative; where its factor is a constant of the sweep (`isAnnulled`), -0 where that is 0.
 */
export function formulaOf(partial: Read, isAnnulled = false): Formula {
  if (typeof partial === "function") return partial;
  if ("gate" in partial) return partial.gate;
  if ("dropped" in partial) return partial.dropped;
  const { factor, rule } = partial;
  if (!isAnnulled) return rule ?? ((_, ...operands) => operands[factor]!);
  if (rule === undefined) return (m, ...operands) => m.annul(operands[factor]!);
  // Whatever the rule gives beside a factor of 0: 0 / x is NaN at 0, and its slope is dropped all the same.
  return (m, ...operands) => m.where(m.equal(operands[factor]!, 0), -0, m.add(rule(m, ...operands), 0));
}
