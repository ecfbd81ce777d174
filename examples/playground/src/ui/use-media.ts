/** Questions to the browser about its screen and its user. */

import { useEffect, useState } from "preact/hooks";

/** True if nothing is to move that need not: asked when something would. */
export const isStill = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** True as long as the browser says yes to a query. */
export function useMedia(query: string): boolean {
  const [holds, set] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const look = (): void => set(list.matches);
    look();
    list.addEventListener("change", look);
    return () => list.removeEventListener("change", look);
  }, [query]);
  return holds;
}
