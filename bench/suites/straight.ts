/** What compiling straight code takes, stage by stage, and what calls of it take: both are to grow as the code does. */

import { readFileSync } from "node:fs";
import { compile, type Tensor } from "@chainrule/autograd";
import { straightWorks, withGradient, type StraightWork, type WithGradient } from "./straight-works.ts";

const SIZES = [1000, 10_000, 30_000, 100_000];
/** Calls are repeated for so long. */
const CALLING_MILLISECONDS = 1000;

const numbersOf = ({ value, gradient }: WithGradient): number[] => [value, ...gradient].map((x) => x.item());

/** Milliseconds that this thread has run, where the system says so: others may use its core meanwhile. */
function threadMilliseconds(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

function microseconds(milliseconds: number, operations: number): string {
  return ((1000 * milliseconds) / operations).toFixed(2);
}

/** Compiles a work and calls it; refuses other bits than those of the function itself. */
function measured(work: StraightWork, smoke: boolean): string[] {
  const { name, operations, at } = work;
  const f = withGradient(work);
  const compiled = compile((...x: Tensor<[]>[]) => f(...x), { threads: 1 });
  const call = (): ReturnType<typeof f> => (compiled as unknown as (...x: number[]) => ReturnType<typeof f>)(...at);
  const before = threadMilliseconds();
  const found = numbersOf(call());
  const whole = threadMilliseconds() - before;
  const expected = numbersOf((f as unknown as (...x: number[]) => ReturnType<typeof f>)(...at));
  if (!found.every((x, k) => Object.is(x, expected[k]))) {
    throw new Error(`${name}: the program has other bits than the function; nothing is timed`);
  }
  let best = Infinity;
  for (const end = performance.now() + (smoke ? 1 : CALLING_MILLISECONDS); performance.now() < end;) {
    const start = performance.now();
    call();
    best = Math.min(best, performance.now() - start);
  }
  const { stages, codeBytes, kernels } = compiled.explain();
  const times = stages.map((stage) => microseconds(stage.milliseconds, operations).padStart(8));
  return [
    name.padEnd(26),
    String(operations).padStart(8),
    ...times,
    microseconds(whole, operations).padStart(8),
    ...[((1e6 * best) / operations).toFixed(2), Math.ceil(codeBytes / 1024), kernels.length].map((x) =>
      String(x).padStart(8),
    ),
  ];
}

/**
 * Prints a table: stages, and the whole with the first call, in microseconds of an operation; later calls in
 * nanoseconds.
 */
export function runStraight(smoke: boolean): void {
  const heads = ["trace", "ir", "passes", "schedule", "backend", "whole", "call ns", "KiB", "kernels"];
  console.log(
    "\nStraight code with its gradient: µs of an operation by stages, and of this thread with the first call; later calls\n",
  );
  console.log(["".padEnd(26), "op's".padStart(8), ...heads.map((head) => head.padStart(8))].join(" "));
  const works = (smoke ? [500] : SIZES).flatMap(straightWorks);
  for (const work of works) console.log(measured(work, smoke).join(" "));
}
