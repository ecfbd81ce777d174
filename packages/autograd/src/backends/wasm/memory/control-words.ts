/**
 * Words by which the threads of a heap find each other: they stand at the beginning of its memory, each group in a
 * cache line of its own.
 */

/** So many threads at most. */
export const MOST_THREADS = 16;

const LINE = 64;
const FIRST = LINE;

/** Addresses, in bytes, of the words of the barrier. */
export const barrierWords = {
  /** How many threads have come to the barrier. */
  arrived: FIRST,
  /** How often it has been passed. */
  generation: FIRST + LINE,
  /** How many threads sleep at it. */
  sleepers: FIRST + 2 * LINE,
  /** Not 0 when a worker has failed. */
  failed: FIRST + 3 * LINE,
} as const;

/** The words of a worker's mailbox, counted from its first. */
export const mailboxWords = {
  /** Grows with every job. */
  sequence: 0,
  program: 1,
  /** The address of the bytes of the module, and how many there are. */
  code: 2,
  codeBytes: 3,
  /** The number of a kernel, or -1 for the whole program. */
  entry: 4,
  thread: 5,
  threads: 6,
  /** 1 as soon as the worker waits for jobs. */
  ready: 7,
  /** How many jobs the worker has begun. */
  begun: 8,
} as const;

/** The address of the mailbox of worker 0, 1, … */
export function mailboxOf(worker: number): number {
  return FIRST + (4 + worker) * LINE;
}

/** Behind the last of these words. */
export const CONTROL_END = mailboxOf(MOST_THREADS);
