/**
 * Says what a way to read a submission may come to, seen without looking for names of mistakes: most ways are left out
 * by it.
 */

import { inReading, readBeside, type Read } from "./beside.ts";
import { waysOf, type Way } from "./choose.ts";
import type { HandcheckOptions } from "./options.ts";
import type { Looks } from "../claims/hand.ts";
import { failures } from "./network.ts";
import { standsAtCorner } from "../claims/kinks.ts";
import { leastWith } from "./least.ts";
import type { Hand } from "../report.ts";
import type { Problem } from "../claims/setting.ts";

/** The best that can come of it, in any reading of the digits and under any convention. */
export interface Outlook {
  /** The person's u and v may be those of the forward pass. */
  readonly forward: boolean;
  /** Everything may be right. */
  readonly right: boolean;
  /** It asks one to believe so much at least. */
  readonly asks: number;
}

/** Looks at a hand beside its batch. */
export function outlook(problem: Problem, hand: Hand, options: HandcheckOptions, looks?: Looks): Outlook {
  const read = readBeside(problem, hand, options, looks);
  const { strict, loose } = read.readings;
  let [forward, mistakes] = [false, Infinity];
  for (const reading of new Set([...strict, loose])) {
    const { raw, truth } = inReading(read, reading);
    for (const way of waysOf(raw, truth, read.declared)) {
      forward ||= way.isForwardRight;
      const above = way.isForwardRight ? 0 : 1;
      const wrong = above > mistakes ? null : wrongBelow(way, read);
      if (wrong === null) continue;
      if (above === 0 && wrong === "nothing") return { forward, right: true, asks: 0 };
      mistakes = Math.min(mistakes, above + (wrong === "surely" ? 1 : 0));
    }
  }
  return { forward, right: false, asks: leastWith(mistakes) };
}

/**
 * True if some equation of the backward pass fails. Of steps it is not asked, which layers may make at rates of their
 * own, nor at corners, where several δ are right; a gradient of W may have an L2 term that nobody told, which is a
 * question.
 */
function wrongBelow({ forward, hand, truth }: Way, { raw: { nextW, nextB } }: Read): "nothing" | "perhaps" | "surely" {
  if (Object.keys(nextW).length + Object.keys(nextB).length > 0 || standsAtCorner(forward)) return "nothing";
  if (failures(forward, truth.decay === null ? { ...hand, gradW: {} } : hand, 0) > 0) return "surely";
  return truth.decay === null && failures(forward, hand, 0) > 0 ? "perhaps" : "nothing";
}
