/**
 * True if a program asks other threads for help: not for some runs after they kept it waiting, as they do where their
 * cores are busy.
 */

/** So many runs at most it works alone before it tries again. */
const LONGEST_REST = 256;

/**
 * After so many runs with help in a row one works alone, to see how long that takes: at first soon, since code is slow
 * when it is new.
 */
const FIRST_LOOK = 16;
const NEXT_LOOK = 256;

/** Learns from the runs of one program. */
export class Patience {
  #rest = 0;
  #next = 1;
  /** How long the last run alone took, in milliseconds. */
  #alone = Infinity;
  #helped = 0;
  #look = FIRST_LOOK;

  /** True if the next run is to have one thread; counts it. */
  isResting(): boolean {
    if (this.#rest === 0) return false;
    this.#rest--;
    return true;
  }

  /** True if the next run is to have one thread for once, to see how long it takes. */
  isCurious(): boolean {
    if (this.#helped < this.#look) return false;
    this.#look = NEXT_LOOK;
    return true;
  }

  /** Notes how long a run alone took. */
  noteAlone(milliseconds: number): void {
    this.#alone = milliseconds;
    this.#helped = 0;
  }

  /** True if a run with help that took so long was of no use. */
  wasUseless(milliseconds: number): boolean {
    return milliseconds > this.#alone;
  }

  /** Notes whether a run with help was held up: each time in a row the rest is twice as long. */
  note(heldUp: boolean): void {
    this.#helped++;
    if (heldUp) this.#rest = this.#next;
    this.#next = heldUp ? Math.min(LONGEST_REST, 2 * this.#next) : Math.max(1, this.#next >> 1);
  }
}
