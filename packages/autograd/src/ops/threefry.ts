/**
 * Threefry-2x32 of 20 rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): random
 * bits as a function of a key of two words and a counter. Words are whole numbers of 32 bits, and sums of them wrap.
 */

import type { Lanes } from "../kernels/lanes/lanes.ts";
import { numberLanes } from "../kernels/lanes/number-lanes.ts";
import { externals } from "../kernels/special.ts";
import type { JointOp } from "../graph/op.ts";
import { JointLoop } from "../kernels/joint.ts";
import { binary, ternary, unary, type Binary, type Ternary, type Unary } from "./declare.ts";

/** By how much the second word is turned in each round. */
const turns = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

/** Two words of a counter, encrypted by two words of a key. */
export function threefry<V, M>(l: Lanes<V, M>, k0: V, k1: V, c0: V, c1: V): readonly [V, V] {
  const key = [k0, k1, l.share(l.turn(l.turn(k0, 0, k1), 0, l.constant(PARITY)))] as const;
  let [x0, x1] = [l.share(l.add(c0, k0)), l.share(l.add(c1, k1))];
  for (let round = 0; round < 20; round++) {
    x0 = l.share(l.add(x0, x1));
    x1 = l.share(l.turn(x1, turns[round % 8]!, x0));
    if (round % 4 !== 3) continue;
    const at = (round + 1) / 4;
    x0 = l.share(l.add(x0, key[at % 3]!));
    x1 = l.share(l.add(l.add(x1, key[(at + 1) % 3]!), l.constant(at)));
  }
  return [x0, x1];
}

const plain = numberLanes("i32", externals);

/** One word of the block at a counter whose first word is that of a purpose. */
function word(name: string, purpose: number, which: 0 | 1): Ternary {
  return ternary(
    name,
    {
      value: (k0, k1, at) => threefry(plain, k0, k1, purpose, at)[which],
      lanes: { value: (l, k0, k1, at) => threefry(l, k0, k1, l.constant(purpose), at)[which] },
      partials: [null, null, null],
      needs: "nothing",
      takes: "number",
    },
    false,
  );
}

/** Both words of the blocks of a purpose. */
export interface Words extends JointOp {
  readonly words: readonly [Ternary, Ternary];
}

/* @__NO_SIDE_EFFECTS__ */
function wordsOf(name: string, purpose: number): Words {
  const words = [word(`${name}0`, purpose, 0), word(`${name}1`, purpose, 1)] as const;
  let loop: JointLoop | null = null;
  return {
    name,
    words,
    ops: words.map(({ op }) => op),
    loop: () =>
      (loop ??= new JointLoop({
        type: "i32",
        operands: 3,
        results: 2,
        read: (l, k0, k1, at) => threefry(l, k0!, k1!, l.constant(purpose), at!),
      })),
  };
}

/** The words of numbers that are drawn, and of keys that come of a key: blocks that no other purpose has. */
export const drawn = wordsOf("bits", 0);
export const derived = wordsOf("split", 1);

/** A word of 32 bits, which int32 has as a number of either sign, as one from 0 on. */
function unsigned<V, M>(l: Lanes<V, M>, x: V): V {
  return l.select(l.lt(x, l.constant(0)), l.add(x, l.constant(2 ** 32)), x);
}

/** u = (⌊a / 2⁵⌋ 2²⁶ + ⌊b / 2⁶⌋) / 2⁵³ of two words: 53 bits, from 0 up to 1 */
export const fraction53: Binary = binary("fraction53", {
  lanes: {
    value(l, a, b) {
      const high = l.floor(l.mul(unsigned(l, a), l.constant(2 ** -5)));
      const low = l.floor(l.mul(unsigned(l, b), l.constant(2 ** -6)));
      return l.mul(l.add(l.mul(high, l.constant(2 ** 26)), low), l.constant(2 ** -53));
    },
  },
  partials: [null, null],
  needs: "nothing",
});

/** u = ⌊a / 2⁸⌋ / 2²⁴ of a word: as many bits as float32 has */
export const fraction24: Unary = unary("fraction24", {
  lanes: { value: (l, a) => l.mul(l.floor(l.mul(unsigned(l, a), l.constant(2 ** -8))), l.constant(2 ** -24)) },
  partials: [null],
  needs: "nothing",
});
