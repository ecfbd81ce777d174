/** Formulas that are wider than their place scroll, and are reached by keys where they do. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Lets every formula below an element take the focus as long as it is wider than its place, so that arrows move it.
 *
 * @param shown - what is shown: another text has other formulas
 */
export function useScrolls(shown: string): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  // Before anything is painted: no formula is seen, or asked for by keys, that cannot be reached.
  useLayoutEffect(() => {
    const around = place.current;
    if (around === null) return;
    const look = (): void => {
      for (const formula of around.querySelectorAll('math[display="block"]'))
        if (formula.scrollWidth > formula.clientWidth) formula.setAttribute("tabindex", "0");
        else formula.removeAttribute("tabindex");
    };
    look();
    const watched = new ResizeObserver(look);
    watched.observe(around);
    return () => watched.disconnect();
  }, [shown]);
  return place;
}
