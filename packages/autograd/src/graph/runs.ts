/**
 * Runs of functions that a user wrote for the engine to call: what is made in one belongs to it, and what is used in
 * one is looked at.
 */

import type { Tensor } from "./tensor.ts";

/** One run: of the forward of an op by hand, or of its rule. */
export interface Run {
  /** The run in which it happens. */
  readonly outer: Run | null;
  /** Looks at what is used, and how; refuses what does not belong there. */
  look(inputs: readonly Tensor[], use: Use): void;
}

/** How a tensor is used: an op takes it, its numbers are read, or its value is taken as a constant. */
export type Use = "op" | "read" | "value";

/** The innermost run; `null` almost always. */
export let running: Run | null = null;

const makers = new WeakMap<Tensor, Run>();

/** Notes in whose run a tensor is made. */
export function noteMade(x: Tensor): void {
  if (running !== null) makers.set(x, running);
}

/** The run that made a tensor; `undefined` for all that was made outside of runs. */
export function makerOf(x: Tensor): Run | undefined {
  return makers.get(x);
}

/** Hands what a run made, and gives back, to the run around it. */
export function handOver(x: Tensor, run: Run): void {
  if (makers.get(x) !== run) return;
  if (run.outer === null) makers.delete(x);
  else makers.set(x, run.outer);
}

/** True if `inner` is `outer`, or happens inside it. */
export function isWithin(inner: Run | null, outer: Run): boolean {
  for (let run = inner; run !== null; run = run.outer) if (run === outer) return true;
  return false;
}

/** Looks at tensors that are used now, where a run is on. */
export function lookAt(inputs: readonly Tensor[], use: Use): void {
  if (running !== null) running.look(inputs, use);
}

/** Runs `body` as a run. */
export function withRun<R>(run: Run, body: () => R): R {
  const former = running;
  running = run;
  try {
    return body();
  } finally {
    running = former;
  }
}
