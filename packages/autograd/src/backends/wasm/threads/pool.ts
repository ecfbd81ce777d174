/**
 * The workers of a heap: started when the first program pays for them, handed jobs through memory, replaced when one is
 * lost.
 */

import { ConfigError, WorkerCrashError } from "../../../errors.ts";
import { heap, type Heap } from "../memory/heap.ts";
import { barrierWords, CONTROL_END, mailboxOf, mailboxWords, MOST_THREADS } from "../memory/control-words.ts";
import { threadHost, type RunningWorker, type ThreadHost } from "./host.ts";

/** Work for threads: a whole program, or one of its kernels. */
export interface Job {
  readonly op: string;
  readonly program: number;
  readonly code: number;
  readonly codeBytes: number;
  /** The number of a kernel, or -1. */
  readonly entry: number;
  readonly threads: number;
}

/**
 * A worker that has not come to a barrier so long after all others is lost; it has the same share of the work as they.
 */
const DEADLINE_MILLISECONDS = 10_000;
/** … or so many times as long as this thread has worked, if that is longer. */
const DEADLINE_FACTOR = 20;
/** How long one sleep lasts. A machine that is suspended meanwhile loses one of them, not the deadline. */
const SLICE_MILLISECONDS = 50;
/** Whoever sleeps longer than so much of its own work would rather have done the others' part. */
const HELD_UP = 0.5;
/** Workers that end before they were ready are not started over and over. */
const MOST_FALSE_STARTS = 3;

interface Member {
  readonly slot: number;
  worker: RunningWorker | null;
}

/** Thrown through the frames of a program that waits for a worker in vain. */
class Lost extends Error {}

/** The threads beside this one. */
export class Pool {
  /** True if programs do without workers that keep them waiting; off where tests count what each worker does. */
  restsFromWaiting = true;
  /** Milliseconds after which a worker that does not answer is given up. */
  deadline = DEADLINE_MILLISECONDS;
  readonly #host: ThreadHost;
  readonly #heap: Heap;
  readonly #words: Int32Array;
  #members: Member[] = [];
  /** Workers that were stopped and may still be about to. */
  #leaving = 0;
  #falseStarts = 0;
  #begun = 0;
  #waited = 0;
  #generation = 0;
  #busy = 0;
  #asleep = 0;

  constructor(host: ThreadHost, owner: Heap) {
    this.#host = host;
    this.#heap = owner;
    this.#words = new Int32Array(owner.memory.buffer, 0, CONTROL_END / 4);
  }

  get cores(): number {
    return this.#host.cores;
  }

  #word(slot: number, name: keyof typeof mailboxWords): number {
    return mailboxOf(slot) / 4 + mailboxWords[name];
  }

  #isReady = ({ slot }: Member): boolean => Atomics.load(this.#words, this.#word(slot, "ready")) === 1;

  /**
   * On how many threads a job for so many can run now. Workers that are missing are started, and not waited for: until
   * they are ready there is one thread less, and the same result.
   */
  ready(threads: number): number {
    const wanted = Math.min(threads, MOST_THREADS) - 1;
    if (this.#leaving > 0) return 1;
    while (this.#members.length < wanted && this.#falseStarts < MOST_FALSE_STARTS) this.#start();
    let ready = 0;
    for (let k = 0; k < this.#members.length && ready < wanted; k++) if (this.#isReady(this.#members[k]!)) ready++;
    return 1 + ready;
  }

  #start(): void {
    const taken = this.#members.map(({ slot }) => slot);
    const member: Member = {
      slot: Array.from({ length: MOST_THREADS }, (_, k) => k).find((k) => !taken.includes(k))!,
      worker: null,
    };
    const sequence = Atomics.load(this.#words, this.#word(member.slot, "sequence"));
    Atomics.store(this.#words, this.#word(member.slot, "ready"), 0);
    try {
      member.worker = this.#host.start({ memory: this.#heap.memory, mailbox: mailboxOf(member.slot), sequence }, () =>
        this.#ended(member),
      );
      this.#members.push(member);
    } catch {
      this.#falseStarts = MOST_FALSE_STARTS;
    }
  }

  #ended(member: Member): void {
    const at = this.#members.indexOf(member);
    if (at < 0) {
      if (member.worker === null) return;
      member.worker = null;
      if (--this.#leaving === 0) this.#clear();
      return;
    }
    if (!this.#isReady(member)) this.#falseStarts++;
    this.#members.splice(at, 1);
  }

  /** Nobody is left who could write here. */
  #clear(): void {
    for (const name of ["arrived", "sleepers", "failed"] as const)
      Atomics.store(this.#words, barrierWords[name] / 4, 0);
    this.#heap.letGo();
  }

  /** Stops all workers. Until they are gone, programs run on one thread. */
  stop(): void {
    const members = this.#members;
    this.#members = [];
    this.#leaving += members.length;
    if (this.#leaving > 0) this.#heap.hold();
    for (const { worker } of members) worker!.stop();
  }

  /**
   * Runs a job; `own` does the part of this thread, and waits at its end for the others. Gives whether it was held up:
   * where it slept longer than a fraction of its work, the others had begun and could not go on, or had not come at
   * all.
   */
  run(job: Job, own: () => void): boolean {
    let thread = 1;
    for (const member of this.#members) {
      if (thread === job.threads) break;
      if (this.#isReady(member)) this.#post(member, job, thread++);
    }
    this.#waited = 0;
    this.#asleep = 0;
    this.#begun = performance.now();
    try {
      own();
      return this.restsFromWaiting && this.#asleep > HELD_UP * (performance.now() - this.#begun - this.#asleep);
    } catch (error) {
      // Whatever it was, the others wait at a barrier to which this thread does not come.
      this.stop();
      if (!(error instanceof Lost)) throw error;
      throw new WorkerCrashError({
        op: job.op,
        problem: error.message,
        hint: "call it again: variables are unchanged, and new workers are started; with { threads: 1 } none are needed",
      });
    }
  }

  #post({ slot }: Member, { program, code, codeBytes, entry, threads }: Job, thread: number): void {
    const fields = { program, code, codeBytes, entry, thread, threads };
    for (const [name, value] of Object.entries(fields))
      this.#words[this.#word(slot, name as keyof typeof fields)] = value;
    const sequence = this.#word(slot, "sequence");
    Atomics.add(this.#words, sequence, 1);
    Atomics.notify(this.#words, sequence);
  }

  /** Called at a barrier when this thread has looked long enough: it returns soon, or gives up. */
  readonly sleep = (generation: number): void => {
    if (Atomics.load(this.#words, barrierWords.failed / 4) !== 0) throw new Lost("a worker failed");
    if (this.#waited === 0 || this.#generation !== generation) {
      this.#generation = generation;
      this.#waited = 0;
      this.#busy = performance.now() - this.#begun;
    }
    const start = performance.now();
    const passed = this.#passed(generation);
    this.#asleep += performance.now() - start;
    if (passed) return;
    this.#waited += SLICE_MILLISECONDS;
    if (this.#waited > Math.max(this.deadline, DEADLINE_FACTOR * this.#busy))
      throw new Lost(`a worker did not answer for ${(this.#waited / 1000).toFixed(1)} s`);
  };

  /** Waits for one slice; whether the barrier was passed. */
  #passed(generation: number): boolean {
    const at = barrierWords.generation / 4;
    if (!this.#host.sleeps) {
      const end = performance.now() + SLICE_MILLISECONDS;
      while (Atomics.load(this.#words, at) === generation) if (performance.now() > end) return false;
      return true;
    }
    Atomics.add(this.#words, barrierWords.sleepers / 4, 1);
    const how = Atomics.wait(this.#words, at, generation, SLICE_MILLISECONDS);
    Atomics.sub(this.#words, barrierWords.sleepers / 4, 1);
    return how !== "timed-out";
  }

  /** Wakes whoever sleeps at the barrier. */
  readonly wake = (): void => {
    Atomics.notify(this.#words, barrierWords.generation / 4);
  };

  /** True if workers end before they are ready. */
  get isRefused(): boolean {
    return this.#falseStarts >= MOST_FALSE_STARTS;
  }

  /** The workers that run, for tests that stop one. */
  workers(): RunningWorker[] {
    return this.#members.map(({ worker }) => worker!);
  }

  /** How many jobs each worker has begun, for tests. */
  begun(): number[] {
    return this.#members.map(({ slot }) => Atomics.load(this.#words, this.#word(slot, "begun")));
  }
}

let shared: Pool | null | undefined;

/** The pool of the heap; `null` where there are no threads, or no memory that they could share. */
export function pool(): Pool | null {
  if (shared !== undefined) return shared;
  const host = threadHost();
  return (shared = host !== null && heap().shared ? new Pool(host, heap()) : null);
}

/** Why there is one thread, and what helps; `null` where there are others. */
export function whyOneThread(): string | null {
  if (threadHost() === null) return "one thread: there are no workers here";
  const present = pool();
  if (present === null)
    return "one thread: the page is not cross-origin isolated: send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";
  return present.isRefused
    ? "one thread: workers do not start here: allow blob: in worker-src of the page's Content-Security-Policy"
    : null;
}

/** More threads than this only where they are asked for. */
const MOST_UNASKED = 8;

/** The threads that a setting means. */
export function mostThreads(setting: number | "auto"): number {
  if (setting === "auto") return Math.min(threadHost()?.cores ?? 1, MOST_UNASKED);
  if (Number.isInteger(setting) && setting >= 1 && setting <= MOST_THREADS) return setting;
  throw new ConfigError({
    op: "compile",
    problem: `threads: ${String(setting)}`,
    hint: `a whole number from 1 to ${MOST_THREADS}, or "auto"`,
  });
}
