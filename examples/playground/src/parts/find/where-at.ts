/** Which level or seed the address names. */

import { levels } from "../../levels/levels.ts";

export interface Spot {
  readonly level: string;
  readonly seed: number | null;
  /** Of the level among all; -1 for a seed. */
  readonly index: number;
}

const MOST = 1e9;

/** `seed-42`, or the key of a level; the first level for what is neither. */
export function spotOf(at: string): Spot {
  const [, digits] = /^seed-(\d{1,9})$/.exec(at) ?? [];
  if (digits !== undefined) return { level: "", seed: Number(digits), index: -1 };
  const index = Math.max(
    0,
    levels.findIndex(({ key }) => key === at),
  );
  return { level: levels[index]!.key, seed: null, index };
}

/** The address of the next or the previous one; `null` where there is none. */
export function besides({ seed, index }: Spot, step: 1 | -1): string | null {
  if (seed !== null) return seed + step < 0 || seed + step >= MOST ? null : `seed-${seed + step}`;
  return levels[index + step]?.key ?? null;
}
