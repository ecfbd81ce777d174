/**
 * Which code may run: the page's own, what was run before, and what somebody types from there. What a link brings waits
 * until it is told to.
 */

import { useRef, useState } from "preact/hooks";

interface MayRun {
  readonly may: boolean;
  /** Says that somebody types this in the place of the text that is there. */
  readonly typed: (next: string) => void;
  readonly run: () => void;
}

/** `harmless` is true for texts that are the page's own, or no code at all. */
export function useMayRun(text: string, harmless: (text: string) => boolean): MayRun {
  const known = useRef(new Set<string>());
  const [, again] = useState(0);
  const may = harmless(text) || known.current.has(text);
  return {
    may,
    typed: (next) => {
      if (may) known.current.add(next);
    },
    run: () => {
      known.current.add(text);
      again((count) => count + 1);
    },
  };
}
