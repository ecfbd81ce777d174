/** The convention under which a hand is read: the one under which the fewest equations fail. */

import { conventionsFor, normalize, ownOf, type Canonical } from "../claims/conventions.ts";
import { decayShare } from "../claims/decay.ts";
import { checkForward, type ForwardCheck } from "./forward.ts";
import type { RawHand } from "../claims/hand.ts";
import { failures, judge, type Judged } from "./network.ts";
import type { Convention } from "../report.ts";
import type { Setting } from "../claims/setting.ts";

/** A hand under a convention, with the true forward pass. */
export interface Chosen {
  readonly convention: Convention;
  readonly hand: Canonical;
  readonly truth: Setting;
  /** Present if judging was needed to choose. */
  readonly judged?: Judged;
}

/** A convention that may be meant, with the forward pass that the backward pass goes on with. */
export interface Way extends Chosen {
  readonly forward: Setting;
  /** The person's u and v are those of the forward pass, as far as they are given. */
  readonly isForwardRight: boolean;
}

/** The factor of W under a convention: without the ½ the data part doubles, the regularization does not. */
function decayUnder({ decay: form, half }: Convention, { decay, samples, problem: { cost } }: Setting): number | null {
  const own = ownOf(cost).half;
  return decay === null ? null : (decay * decayShare(form, samples)) / (half === own ? 1 : half ? 0.5 : 2);
}

/** The hand under every convention that is worth trying, the likeliest first. */
export function* waysOf(raw: RawHand, truth: Setting, declared: Partial<Convention>): Generator<Way> {
  const passes = Object.keys(raw.u).length + Object.keys(raw.v).length > 0;
  // Of a convention the forward pass knows how samples lie, and nothing else.
  const checked = new Map<Convention["samples"], ForwardCheck>();
  const forwardOf = (samples: Convention["samples"], hand: Canonical): ForwardCheck => {
    const before = checked.get(samples) ?? checkForward(truth, { ...hand, cost: null });
    checked.set(samples, before);
    return before;
  };
  for (const convention of conventionsFor(raw, truth, declared)) {
    // Somebody whose δ is −∂C/∂u may add what others subtract; a step shows it.
    for (const added of convention.deltaSign === -1 ? [false, true] : [false]) {
      const hand = normalize(raw, convention, truth, added);
      const own: Setting = {
        ...truth,
        decay: decayUnder(convention, truth),
        decayForm: convention.decay,
        nextW: hand.nextW,
      };
      const seen = passes ? forwardOf(convention.samples, hand) : null;
      yield {
        convention,
        hand,
        truth: own,
        forward: seen === null ? own : { ...own, u: seen.setting.u, v: seen.setting.v },
        isForwardRight: seen === null || seen.isRight,
      };
    }
  }
}

/**
 * The convention under which the fewest equations fail; of equals, the one whose mistakes have the simplest names, then
 * the one nearest to the network's own.
 */
export function choose(raw: RawHand, truth: Setting, declared: Partial<Convention>): Chosen {
  let [best, fewest]: [Way[], number] = [[], Infinity];
  for (const way of waysOf(raw, truth, declared)) {
    const failed = failures(way.forward, way.hand, fewest);
    if (failed === 0) return way;
    if (failed < fewest) [best, fewest] = [[], failed];
    if (failed === fewest) best.push(way);
  }
  if (best.length === 1) return best[0]!;
  const judged = best.map((one) => ({ ...one, judged: judge(one.forward, one.truth, one.hand) }));
  return judged.reduce((simplest, one) => (difficulty(one.judged) < difficulty(simplest.judged) ? one : simplest));
}

/** How much a reading asks one to believe: mistakes count, and those without a name count most. */
function difficulty({ roots, contract }: Judged): number {
  return roots.reduce(
    (sum, { id, alternatives }) => sum + (id === "unknown" ? 10 : id.split("+").length) + 0.1 * alternatives.length,
    10 * contract.length,
  );
}
