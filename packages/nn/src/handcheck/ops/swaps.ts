/** A right derivative with an argument in another's place: taken at the output, at the upstream gradient, at another input. */

import type { Kind, Words } from "../report.ts";
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

const instead = (list: readonly Numbers[], k: number, x: Numbers): Numbers[] => list.map((other, i) => (i === k ? x : other));
const ones = ({ data, shape }: Numbers): Numbers => ({ shape, data: data.map(() => 1) });

function* guesses(k: number, names: readonly string[], { inputs, output, g }: Occasion): Generator<Guess> {
  const own = inputs[k]!;
  const fits = (other: Numbers): boolean => sameShape(own.shape, other.shape) && own.data.length > 1;
  const name = names[k]!;
  if (fits(g)) {
    const says = (en: string, zh: string): Words => ({
      en: `the derivative is taken at the upstream gradient where ${name} belongs${en}`, zh: `该对 ${name} 求导的地方用了上游梯度${zh}`,
    });
    yield { id: "B9", kind: "other", says: says(", which is not multiplied in", "，而且没有乘上游梯度"), at: (one) => ({ inputs: instead(one.inputs, k, one.g), g: ones(one.g) }) };
    yield { id: "B9", kind: "other", says: says("", ""), at: (one) => ({ inputs: instead(one.inputs, k, one.g), g: one.g }) };
    yield { id: "B9", kind: "other", says: says(`, and ${name} is multiplied where the upstream gradient belongs`, `，而乘的是 ${name}`), at: (one) => ({ inputs: instead(one.inputs, k, one.g), g: one.inputs[k]! }) };
  }
  if (fits(output)) {
    yield {
      id: "A8", kind: "other", says: { en: `the derivative is taken at the output where ${name} belongs`, zh: `导数用了输出，而不是 ${name}` },
      at: (one) => ({ inputs: instead(one.inputs, k, one.output), g: one.g }),
    };
  }
  for (const [j, other] of inputs.entries()) {
    if (j === k || !fits(other)) continue;
    yield {
      id: "B3", kind: "other", says: { en: `${name} and ${names[j]!} are exchanged: it is the derivative by ${name} with their values swapped`, zh: `${name} 与 ${names[j]!} 互换了：交换两者的值之后对 ${name} 求导正是它` },
      at: (one) => ({ inputs: instead(instead(one.inputs, k, one.inputs[j]!), j, one.inputs[k]!), g: one.g }),
    };
    yield {
      id: "B3", kind: "other", says: { en: `${names[j]!} stands where ${name} belongs`, zh: `该用 ${name} 的地方用了 ${names[j]!}` },
      at: (one) => ({ inputs: instead(one.inputs, k, one.inputs[j]!), g: one.g }),
    };
    yield {
      id: "B3", kind: "other", says: { en: `${name} stands where ${names[j]!} belongs`, zh: `该用 ${names[j]!} 的地方用了 ${name}` },
      at: (one) => ({ inputs: instead(one.inputs, j, one.inputs[k]!), g: one.g }),
    };
  }
}

/** The first swap that gives the numbers on every probe; `null` where none does. */
export function swapOf(k: number, names: readonly string[], occasions: readonly Occasion[], truthAt: TruthAt): Swap | null {
  const holds = ({ at }: Guess): boolean => occasions.every((occasion) => {
    const { inputs, g } = at(occasion);
    if (inputs.every((x, j) => identical(x, occasion.inputs[j]!)) && identical(g, occasion.g)) return false;
    const found = truthAt(inputs, g);
    return found !== null && gapOf(found.value, occasion.yours) <= 4 * (found.allowed + occasion.correct.allowed) && largest(occasion.yours.data) > 100 * found.allowed;
  });
  for (const guess of guesses(k, names, occasions[0]!)) if (holds(guess)) return { id: guess.id, kind: guess.kind, says: guess.says };
  return null;
}
