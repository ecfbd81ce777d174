/** How the works are timed: validated, warmed up, then in rounds in which every contestant has its turn. */

import { setTimeout } from "node:timers/promises";
import type { Program, Values } from "./work.ts";

/** A library that is ready for one work. */
export interface Contestant {
  readonly name: string;
  readonly threads: number;
  /** Does the work once from the beginning and says what came of it. */
  readonly values: () => Promise<Values>;
  /** How many milliseconds it takes to do the work this often, from the beginning. */
  readonly time: (times: number) => Promise<number>;
}

/** The middle of a set of numbers and the quarters around it. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** What was measured of one contestant. */
export interface Measured {
  readonly name: string;
  readonly threads: number;
  /** Of one work. */
  readonly milliseconds: Spread;
  /** Of one work in the fastest round: what is left of the time where others use the machine as well. */
  readonly fastest: number;
  /** Its time by chainrule's in the same round: above 1 chainrule is faster. */
  readonly ratio: Spread;
  /** How often the work was done in a round. */
  readonly times: number;
  readonly rounds: number;
}

/** How long to measure. */
export interface Plan {
  /** A round of one contestant lasts at least this long, unless one work is longer. */
  readonly roundMilliseconds: number;
  readonly warmUpMilliseconds: number;
  /** Before each turn. */
  readonly pauseMilliseconds: number;
  /** For all rounds of one work together. */
  readonly budgetMilliseconds: number;
  readonly fewestRounds: number;
  readonly mostRounds: number;
}

let sink: unknown;

/** What was computed last; reading it keeps the works alive. */
export function consumed(): unknown {
  return sink;
}

/** A program of this process as a contestant. */
export function contestant(name: string, threads: number, program: Program): Contestant {
  const run = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      const done = program.once();
      // Waiting where nothing is to be waited for would be charged to the libraries that compute at once.
      if (done instanceof Promise) await done;
    }
  };
  return {
    name,
    threads,
    values: async () => {
      program.begin?.();
      await run(1);
      return program.values();
    },
    time: async (times) => {
      program.begin?.();
      const began = performance.now();
      await run(times);
      const milliseconds = performance.now() - began;
      sink = program;
      return milliseconds;
    },
  };
}

/** Median and quartiles, between neighbors where they fall between two numbers. */
export function spread(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}

/** Runs until warm, and says how often the work fits into a round. */
export async function warmUp({ time }: Contestant, { roundMilliseconds, warmUpMilliseconds }: Plan): Promise<number> {
  let [times, spent] = [1, 0];
  for (;;) {
    const milliseconds = await time(times);
    spent += milliseconds;
    // At most ten times as often as before: the first runs are slow and say little.
    const fitting = Math.ceil(times * Math.min(10, roundMilliseconds / milliseconds));
    if (milliseconds >= roundMilliseconds && spent >= warmUpMilliseconds) return Math.max(1, fitting);
    times = Math.max(times, fitting);
  }
}

/** Times the contestants in rounds; the first is the one that the others are compared with. */
export async function race(
  entered: readonly { readonly contestant: Contestant; readonly times: number }[],
  plan: Plan,
): Promise<{ readonly measured: readonly Measured[]; readonly coreShare: number }> {
  let [computing, passing] = [0, 0];
  const rounds: number[][] = entered.map(() => []);
  const began = performance.now();
  for (let round = 0; round < plan.mostRounds; round++) {
    if (round >= plan.fewestRounds && performance.now() - began > plan.budgetMilliseconds) break;
    // Each round begins with another, so that nobody always follows the same neighbor's garbage.
    for (let turn = 0; turn < entered.length; turn++) {
      const who = (round + turn) % entered.length;
      const { contestant: one, times } = entered[who]!;
      // The threads of some libraries still spin for a while after their work.
      await setTimeout(plan.pauseMilliseconds);
      const before = process.cpuUsage();
      const milliseconds = await one.time(times);
      rounds[who]!.push(milliseconds / times);
      if (who > 0) continue;
      const { user, system } = process.cpuUsage(before);
      computing += (user + system) / 1e3;
      passing += milliseconds;
    }
  }
  const measured = entered.map(({ contestant: { name, threads }, times }, who) => ({
    name,
    threads,
    milliseconds: spread(rounds[who]!),
    fastest: Math.min(...rounds[who]!),
    ratio: spread(rounds[who]!.map((milliseconds, round) => milliseconds / rounds[0]![round]!)),
    times,
    rounds: rounds[who]!.length,
  }));
  return { measured, coreShare: computing / passing };
}
