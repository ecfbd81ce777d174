/**
 * A right derivative with an argument in another's place: taken at the output, at the upstream gradient, at another
 * input.
 */

import { kernels } from "../../locales/kernels.ts";
import { relations } from "../../locales/relations.ts";
import { alike, type Words } from "../../locales/words.ts";
import type { Kind } from "../report.ts";
import { gapOf, type Known } from "../bounds/compare.ts";
import { identical, largest, sameShape, type Numbers } from "../bounds/numbers.ts";

/** Everything that one probe shows of one gradient. */
export interface Occasion {
  readonly inputs: readonly Numbers[];
  readonly output: Numbers;
  readonly g: Numbers;
  readonly yours: Numbers;
  readonly correct: Known;
  /** The right gradients of all inputs that have one. */
  readonly truths: readonly Numbers[];
}

/** The right gradient of the input in question at any numbers; `null` where the kernel cannot be computed there. */
export type TruthAt = (inputs: readonly Numbers[], g: Numbers) => Known | null;

/** A swap that gives somebody's numbers. */
interface Swap {
  readonly id: string;
  readonly kind: Kind;
  readonly says: Words;
}

interface Guess extends Swap {
  readonly at: (occasion: Occasion) => { readonly inputs: readonly Numbers[]; readonly g: Numbers };
}

const instead = (list: readonly Numbers[], k: number, x: Numbers): Numbers[] =>
  list.map((other, i) => (i === k ? x : other));
const ones = ({ data, shape }: Numbers): Numbers => ({ shape, data: data.map(() => 1) });

function* guesses(k: number, names: readonly string[], { inputs, output, g }: Occasion): Generator<Guess> {
  const own = inputs[k]!;
  const fits = (other: Numbers): boolean => sameShape(own.shape, other.shape) && own.data.length > 1;
  const name = names[k]!;
  if (fits(g)) {
    const guess = (more: Words, upstream: (one: Occasion) => Numbers): Guess => ({
      id: "B9",
      kind: "other",
      says: kernels.takenAtUpstream({ name, more }),
      at: (one) => ({ inputs: instead(one.inputs, k, one.g), g: upstream(one) }),
    });
    yield guess(kernels.notMultiplied, (one) => ones(one.g));
    yield guess(alike(""), (one) => one.g);
    yield guess(kernels.inputMultiplied({ name }), (one) => one.inputs[k]!);
  }
  if (fits(output)) {
    yield {
      id: "A8",
      kind: "other",
      says: kernels.takenAtOutput({ name }),
      at: (one) => ({ inputs: instead(one.inputs, k, one.output), g: one.g }),
    };
  }
  for (const [j, other] of inputs.entries()) {
    if (j === k || !fits(other)) continue;
    yield {
      id: "B3",
      kind: "other",
      says: kernels.exchanged({ name, other: names[j]! }),
      at: (one) => ({ inputs: instead(instead(one.inputs, k, one.inputs[j]!), j, one.inputs[k]!), g: one.g }),
    };
    yield {
      id: "B3",
      kind: "other",
      says: relations.standsFor({ given: names[j]!, needed: name }),
      at: (one) => ({ inputs: instead(one.inputs, k, one.inputs[j]!), g: one.g }),
    };
    yield {
      id: "B3",
      kind: "other",
      says: relations.standsFor({ given: name, needed: names[j]! }),
      at: (one) => ({ inputs: instead(one.inputs, j, one.inputs[k]!), g: one.g }),
    };
  }
}

/** The first swap that gives the numbers on every probe; `null` where none does. */
export function swapOf(
  k: number,
  names: readonly string[],
  occasions: readonly Occasion[],
  truthAt: TruthAt,
): Swap | null {
  const holds = ({ at }: Guess): boolean =>
    occasions.every((occasion) => {
      const { inputs, g } = at(occasion);
      if (inputs.every((x, j) => identical(x, occasion.inputs[j]!)) && identical(g, occasion.g)) return false;
      const found = truthAt(inputs, g);
      return (
        found !== null &&
        gapOf(found.value, occasion.yours) <= 4 * (found.allowed + occasion.correct.allowed) &&
        largest(occasion.yours.data) > 100 * found.allowed
      );
    });
  for (const guess of guesses(k, names, occasions[0]!))
    if (holds(guess)) return { id: guess.id, kind: guess.kind, says: guess.says };
  return null;
}
