/** True if a program asks other threads for help: not for some runs after they kept it waiting, as they do where their cores are busy. */

/** So many runs at most it works alone before it tries again. */
const LONGEST_REST = 256;

/** What the runs of one program have taught. */
export class Patience {
  #rest = 0;
  #next = 1;

  /** True if the next run is to have one thread; counts it. */
  isResting(): boolean {
    if (this.#rest === 0) return false;
    this.#rest--;
    return true;
  }

  /** Notes whether a run with help was held up: each time in a row the rest is twice as long. */
  note(heldUp: boolean): void {
    if (heldUp) this.#rest = this.#next;
    this.#next = heldUp ? Math.min(LONGEST_REST, 2 * this.#next) : Math.max(1, this.#next >> 1);
  }
}
