/**
 * One search for networks, kernels and graphs: what may have been computed instead, held against the numbers and
 * ranked.
 */

import type { Words } from "../../locales/words.ts";
import type { Mistake } from "../report.ts";

/** Holds what somebody may have computed instead. */
export interface Hypothesis {
  readonly id: string;
  /** How far it is fetched: of those that give the numbers the nearest are told alone. */
  readonly edits: number;
  readonly yours: string;
  readonly says: Words;
}

/** Holds what hypotheses are ranked by. */
interface Ranking<H> {
  /** How far one is from the numbers, in units of what rounding explains: up to 1 it gives them. */
  readonly off: (one: H) => number;
  /** True if two are one mistake, or one formula in other words. */
  readonly same: (a: H, b: H) => boolean;
  /** Beside one that is off by so much, how far off another must be to be told from it. */
  readonly margin: (best: number) => number;
  /** Of several that give the numbers the heaviest is told; the first where nothing is said. */
  readonly weight?: (one: H) => number;
}

/** Hypotheses that give the numbers. */
export interface Found<H> {
  readonly best: H;
  /** Others that give them as well. */
  readonly others: readonly H[];
  /** Others that miss by too little to be told from the best. */
  readonly rivals: readonly H[];
  readonly confidence: number;
}

/** Nearer than that is no better. */
export const EXACT = 0.01;

/** Drops what is the same as one before it. */
function distinct<H>(all: readonly H[], same: Ranking<H>["same"]): H[] {
  const kept: H[] = [];
  for (const one of all) if (!kept.some((other) => same(one, other))) kept.push(one);
  return kept;
}

/** The hypotheses that give the numbers, of the nearest that there are; `null` where none does. */
export function search<H extends Hypothesis>(hypotheses: readonly H[], ranking: Ranking<H>): Found<H> | null {
  const { off, same, margin, weight = () => 0 } = ranking;
  for (const edits of [...new Set(hypotheses.map((one) => one.edits))].sort((a, b) => a - b)) {
    const tier = hypotheses.filter((one) => one.edits === edits).map((one) => ({ one, by: off(one) }));
    const fitting = tier.filter(({ by }) => by <= 1).sort((a, b) => weight(b.one) - weight(a.one));
    if (fitting.length === 0) continue;
    const hits = distinct(
      fitting.map(({ one }) => one),
      same,
    );
    const least = Math.max(fitting[0]!.by, EXACT);
    const limit = margin(fitting[0]!.by);
    const near = tier.filter(({ by }) => by > 1 && by < limit);
    const rivals = distinct([...hits, ...near.map(({ one }) => one)], same).slice(hits.length);
    const [best, ...others] = hits as [H, ...H[]];
    // What misses by nearly the margin counts for nearly nothing.
    const share = (by: number): number => Math.log(limit / by) / Math.log(limit / least);
    const doubt = near.reduce((sum, { one, by }) => sum + (rivals.includes(one) ? share(by) : 0), others.length);
    return { best, others, rivals, confidence: 1 / (1 + doubt) };
  }
  return null;
}

type Told = Pick<Mistake, "id" | "yours" | "says">;

/** Returns a mistake as what was found says it; each gradient adds its formulas and what its numbers show. */
export function told<H extends Hypothesis>({
  best,
  others,
  rivals,
  confidence,
}: Found<H>): Pick<Mistake, keyof Told | "confidence" | "alternatives"> {
  const one = ({ id, yours, says }: Hypothesis): Told => ({ id, yours, says });
  return { ...one(best), confidence, alternatives: [...others, ...rivals].map(one) };
}
