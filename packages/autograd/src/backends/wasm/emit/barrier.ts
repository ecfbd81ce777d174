/**
 * The barrier of a program's threads, and kernels in their order with barriers only where one needs what another thread
 * did.
 */

import type { Body, Callee, Local } from "../assembler/body.ts";
import { atomic, i32, load, op, plus } from "../assembler/expressions.ts";
import type { ModuleBuilder } from "../assembler/module.ts";
import { barrierWords } from "../memory/control-words.ts";
import { joined, type Call } from "./shared.ts";

/**
 * Turns of a loop of about two nanoseconds before a thread sleeps: somewhat less than falling asleep and waking take.
 */
const SPINS = 30_000;

/** A stretch of memory that a kernel reads or writes. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A kernel as a sequence of them sees it; its operands are what it takes where it is not divided. */
export interface Step extends Call {
  /** True if all threads run it; else the first alone does. */
  readonly divided: boolean;
  readonly reads: readonly Stretch[];
  readonly writes: readonly Stretch[];
}

/** Steps with those that follow each other as one, where one call does. */
export function joinedSteps(steps: readonly Step[]): Step[] {
  const found: Step[] = [];
  let [reads, writes]: [Stretch[], Stretch[]] = [[], []];
  for (const step of steps) {
    const last = found.at(-1);
    const one = last === undefined || last.divided || step.divided ? null : joined(last, step);
    if (one === null) [reads, writes] = [[...step.reads], [...step.writes]];
    else {
      found.pop();
      reads.push(...step.reads);
      writes.push(...step.writes);
    }
    found.push({ ...(one ?? step), reads, writes });
  }
  return found;
}

/**
 * Emits a function (threads) that returns when all threads have called it. The last to come lets the others go; these
 * look for a while and then sleep: `sleep(generation)` returns now and then, `wake()` wakes everybody.
 */
export function emitBarrier(builder: ModuleBuilder, sleep: Callee, wake: Callee): Callee {
  const { arrived, generation, sleepers } = barrierWords;
  return builder.function(
    "barrier",
    ["i32"],
    null,
    (body) => {
      const threads = body.parameter(0);
      body.if(op("i32.le_s", threads, i32(1)), () => body.return());
      const before = body.let(load("i32.atomic.load", i32(generation)));
      const now = (): ReturnType<typeof op> => op("i32.eq", load("i32.atomic.load", i32(generation)), before);
      body.if(
        op("i32.eq", plus(atomic("i32.atomic.rmw.add", i32(arrived), i32(1)), 1), threads),
        () => {
          body.store("i32.atomic.store", i32(arrived), i32(0));
          body.store("i32.atomic.store", i32(generation), plus(before, 1));
          body.if(load("i32.atomic.load", i32(sleepers)), () => body.call(wake));
        },
        () => {
          const spins = body.local("i32");
          body.while(op("i32.and", now(), op("i32.lt_s", spins, i32(SPINS))), () => body.set(spins, plus(spins, 1)));
          body.while(now(), () => body.call(sleep, before));
        },
      );
    },
    true,
  );
}

const overlap = (some: readonly Stretch[], others: readonly Stretch[]): boolean =>
  some.some((a) => others.some((b) => a.start < b.end && b.start < a.end));

/**
 * True if one must be finished before the other begins, because a thread may touch what another one writes: one of them
 * is divided.
 */
function depend(a: Step, b: Step): boolean {
  return overlap(a.writes, b.reads) || overlap(a.reads, b.writes) || overlap(a.writes, b.writes);
}

/**
 * Emits kernels one after another, and at the end a barrier where other threads may still be at work. Those that are
 * divided take (thread, threads); the others take their operands alone, and the first thread runs them.
 */
export function emitSteps(
  body: Body,
  steps: readonly Step[],
  thread: Local,
  threads: Local,
  barrier: Callee | null,
): void {
  if (barrier === null) {
    for (const { kernel, operands } of steps) body.call(kernel, ...operands.map(i32));
    return;
  }
  let [divided, others]: [Step[], Step[]] = [[], []];
  for (const step of steps) {
    // Two that one thread runs need nothing between them.
    const needsBefore = (before: Step): boolean => depend(before, step);
    if (divided.some(needsBefore) || (step.divided && others.some(needsBefore))) {
      body.call(barrier, threads);
      [divided, others] = [[], []];
    }
    (step.divided ? divided : others).push(step);
    if (step.divided) body.call(step.kernel, thread, threads);
    else body.if(op("i32.eqz", thread), () => body.call(step.kernel, ...step.operands.map(i32)));
  }
  if (divided.length > 0) body.call(barrier, threads);
}
