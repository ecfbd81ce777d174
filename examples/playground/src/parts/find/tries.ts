/** What somebody has tried at a level, until it is solved. */

import { useState } from "preact/hooks";
import { statusOf } from "../../levels/claim.tsx";
import type { Puzzle } from "../../levels/puzzle.ts";

export interface Tries {
  /** Equations that were named, the last one last. */
  readonly places: readonly string[];
  /** Names of slips that were wrong. */
  readonly ids: readonly string[];
  /** The root that was found. */
  readonly found: string | null;
  readonly isSolved: boolean;
  readonly looked: boolean;
  readonly misses: number;
}

export const nothingTried: Tries = { places: [], ids: [], found: null, isSolved: false, looked: false, misses: 0 };

export interface Act {
  /** Names an equation, or the same one at several layers. */
  readonly name: (places: readonly string[], puzzle: Puzzle) => void;
  /** Names the slip. */
  readonly say: (id: string, isRight: boolean) => void;
  /** Has a hint. */
  readonly look: () => void;
}

/** The tries, and what changes them; `solved` is told the misses, a look counting as one. */
export function useTries(solved: (misses: number) => void): readonly [Tries, Act] {
  const [tries, set] = useState(nothingTried);
  const act: Act = {
    name: (places, { slips, places: all }) => {
      const found = slips.find(({ place }) => places.includes(place))?.place ?? null;
      const isMiss = found === null && !["root", "shape"].includes(statusOf(places, all));
      const named = [...tries.places.filter((one) => !places.includes(one)), ...places];
      set({ ...tries, places: named, found: found ?? tries.found, misses: tries.misses + (isMiss ? 1 : 0) });
    },
    say: (id, isRight) => {
      if (isRight) solved(tries.misses + (tries.looked ? 1 : 0));
      set(isRight ? { ...tries, isSolved: true } : { ...tries, ids: [...tries.ids, id], misses: tries.misses + 1 });
    },
    look: () => {
      if (!tries.isSolved) set({ ...tries, looked: true });
    },
  };
  return [tries, act];
}
