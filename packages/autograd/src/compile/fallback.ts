/** The fallback: where no program can be made, a compiled function is the function itself; that is said once. */

import type { Backend, Obstacle } from "../backends/backend.ts";
import type { ProgramReport } from "./explain.ts";
import { flatten } from "./signature.ts";

let warned = false;

/** The obstacle to making programs, said on the console the first time; `null` where nothing does. */
export function obstacleNow(name: string, backend: Backend): Obstacle | null {
  const obstacle = backend.obstacle();
  if (obstacle !== null && !warned) {
    warned = true;
    console.warn(`${name}: ${sentenceOf(obstacle)}`);
  }
  return obstacle;
}

function sentenceOf({ problem, remedy }: Obstacle): string {
  return `${problem}, so compiled functions run as they are, op by op: ${remedy}`;
}

/** A call of the function itself, which takes and gives what a program would. */
export function callPlainly(
  name: string,
  f: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
): unknown {
  flatten(name, "argument ", args, true);
  const result = f(...args);
  flatten(name, "the result", result, false);
  return result;
}

/** The report of `explain` where there is no program. */
export function explainObstacle(obstacle: Obstacle): ProgramReport {
  const notes = [sentenceOf(obstacle)];
  return {
    kernels: [],
    arenaBytes: 0,
    lowerBoundBytes: 0,
    scratchBytes: 0,
    bodyBytes: 0,
    codeBytes: 0,
    stages: [],
    notes,
    toString: () => `no program: ${notes[0]!}`,
  };
}
