/**
 * Rooms for the steps of loops that nobody has bounded. What a sweep back through a loop reads is kept in memory that
 * is laid out before the loop runs, so the memory grows from run to run: where a loop takes more steps than there is
 * room for, it is counted to its end, the function is traced again with room for as many, and runs again.
 */

import type { Bound } from "./control.ts";

/** How many steps there is room for at first: few, since a body may hold large tensors. */
const FIRST = 32;

/** How many steps of one loop are kept. */
export interface Room {
  steps: number;
}

/** The rooms of all loops of a function, by the order in which it calls them. */
export class Rooms {
  readonly #list: Room[] = [];
  #next = 0;

  /** The room of the loop that the function calls next. */
  take(): Room {
    return (this.#list[this.#next++] ??= { steps: FIRST });
  }

  /** Says that the function is traced again: its loops find the same rooms. */
  restart(): void {
    this.#next = 0;
  }

  get isEmpty(): boolean {
    return this.#list.length === 0;
  }

  has(room: Room): boolean {
    return this.#list.includes(room);
  }
}

/** Thrown by a loop that has taken more steps than there is room for; never seen outside. */
export class MoreSteps extends Error {
  readonly bound: Bound;
  /** How many it has taken. */
  readonly steps: number;

  constructor(bound: Bound, steps: number) {
    super(`internal: ${steps} steps are more than there is room for`);
    this.bound = bound;
    this.steps = steps;
  }
}

/** Runs `attempt` until the loops in it have room for their steps; `enlarge` gives one more room. */
export function withRoom<R>(rooms: Rooms, attempt: () => R, enlarge: (more: MoreSteps) => void): R {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof MoreSteps) || error.bound.room === null || !rooms.has(error.bound.room)) throw error;
      enlarge(error);
    }
  }
}

/** Room for a power of two: a loop often takes a few steps more the next time. */
export function ample(steps: number): number {
  return 2 ** Math.ceil(Math.log2(steps));
}
