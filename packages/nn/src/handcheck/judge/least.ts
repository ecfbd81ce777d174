/** Of several ways to read the same, the one under which it holds, or else the one that asks one to believe least. */

import type { Report } from "../report.ts";

/** How much a verdict asks one to believe: nothing where all holds; mistakes count, those without a name most. */
export function burden({ verdict, roots }: Pick<Report, "verdict" | "roots">): number {
  if (verdict === "correct") return 0;
  const asks = ({ id, alternatives }: Report["roots"][number]): number =>
    (id === "unknown" ? 10 : id.split("+").length) + 0.1 * alternatives.length;
  return 0.5 + roots.reduce((sum, root) => sum + asks(root), 0) + (verdict === "contract" ? 100 : 0);
}

/** Returns what a verdict without mistakes asks one to believe, and what one with so many asks at least. */
export const leastWith = (mistakes: number): number => 0.5 + mistakes;

/**
 * The finding of the least burden, of equals the first; nothing is judged after one under which all holds. `judge` is
 * told what is to be undercut, and gives nothing for a way that is none, or that surely asks for as much.
 */
export function least<Way, Found>(
  ways: Iterable<Way>,
  judge: (way: Way, beyond: number) => Found | null,
  reportOf: (found: Found) => Pick<Report, "verdict" | "roots">,
): Found | null {
  let best: { readonly found: Found; readonly asks: number } | null = null;
  for (const way of ways) {
    const found = judge(way, best === null ? Infinity : best.asks);
    if (found === null) continue;
    const asks = burden(reportOf(found));
    if (best === null || asks < best.asks) best = { found, asks };
    if (best.asks === 0) break;
  }
  return best === null ? null : best.found;
}
