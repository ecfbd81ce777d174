/** Of several mistakes one is to be mended first, and a sentence says so. */

import type { Mistake, Words } from "../report.ts";

/** Why one comes first: the others were judged from it, or are of the same few lines of code. */
const reasons = {
  follows: { en: "mend this first: what stands below it was judged from it, and may look otherwise then", zh: "先改这一处:下面的都是由它推出来判断的,改完之后可能会不一样" },
  shares: { en: "mend this first: the gradients of one kernel share what they are computed from, and the others may be right then", zh: "先改这一处:同一个核的各个梯度共用中间结果,改完之后其他的可能就对了" },
} as const satisfies Record<string, Words>;

const oneOf = (roots: readonly Mistake[]): boolean => roots.every(({ id, says }) => id !== "unknown" && id === roots[0]!.id && says.en === roots[0]!.says.en);

/** The mistakes in the order in which they are to be mended: as they were found, of a kernel those with a name before those without. */
export function inOrder<M extends Mistake>(roots: readonly M[], because: keyof typeof reasons): M[] {
  const unnamed = ({ id }: M): number => Number(id === "unknown");
  const [first, ...others] = because === "shares" ? [...roots].sort((a, b) => unnamed(a) - unnamed(b)) : roots;
  if (first === undefined || others.length === 0) return [...roots];
  const count = roots.length;
  const words: Words = oneOf(roots) ? { en: `the same mistake ${count} times: mend it here first, and in the other places alike`, zh: `同一个错误出现了 ${count} 次:先在这里改,其他地方照样改` } : reasons[because];
  return [{ ...first, features: [words, ...first.features] }, ...others];
}
