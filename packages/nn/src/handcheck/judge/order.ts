/** Of several mistakes one is to be mended first, and a sentence says so. */

import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import type { Mistake } from "../report.ts";

/** Why one comes first: the others were judged from it, or are of the same few lines of code. */
const reasons = { follows: judging.mendBelow, shares: judging.mendOfKernel };

const oneOf = (roots: readonly Mistake[]): boolean =>
  roots.every(({ id, says }) => id !== "unknown" && id === roots[0]!.id && says.en === roots[0]!.says.en);

/**
 * The mistakes in the order in which they are to be mended: as they were found, of a kernel those with a name before
 * those without.
 */
export function inOrder<M extends Mistake>(roots: readonly M[], because: keyof typeof reasons): M[] {
  const unnamed = ({ id }: M): number => Number(id === "unknown");
  const [first, ...others] = because === "shares" ? [...roots].sort((a, b) => unnamed(a) - unnamed(b)) : roots;
  if (first === undefined || others.length === 0) return [...roots];
  const count = roots.length;
  const words: Words = oneOf(roots) ? judging.sameMistake({ count }) : reasons[because];
  return [{ ...first, features: [words, ...first.features] }, ...others];
}
