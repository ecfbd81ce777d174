/** A walk through the steps: one at a time, or one after the other by itself. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useMedia } from "../../ui/use-media.ts";

/** A step stays as long as its formula takes to be read at a glance. */
const PACE = 1600;

export interface Walk {
  readonly step: number;
  readonly playing: boolean;
  /** The visitor wants nothing to move by itself. */
  readonly still: boolean;
  readonly to: (step: number) => void;
  readonly play: (on: boolean) => void;
}

/** The walk stands at step `asked` of `steps`, or at the last where there are fewer; `put` keeps where it goes. */
export function useWalk(asked: number, steps: number, put: (step: number) => void): Walk {
  const [on, turn] = useState(false);
  const still = useMedia("(prefers-reduced-motion: reduce)");
  const last = steps - 1;
  const step = Math.min(asked, last);
  const playing = on && !still;
  // A weight that is chosen while a step stays is part of where the next one goes.
  const newest = useRef(put);
  newest.current = put;
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setTimeout(() => {
      if (step < last) newest.current(step + 1);
      if (step + 1 >= last) turn(false);
    }, PACE);
    return () => clearTimeout(timer);
  }, [playing, step, last]);
  const play = (next: boolean): void => {
    if (next && step === last) put(0);
    turn(next);
  };
  const to = (next: number): void => {
    turn(false);
    put(Math.min(last, Math.max(0, next)));
  };
  return { step, playing, still, to, play };
}
