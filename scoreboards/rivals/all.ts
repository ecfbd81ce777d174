/** All rivals on a list of tasks: answers, how often they asked, and how long it took. */

import { clock } from "../clock.ts";
import { plainFunction } from "../notation/function.ts";
import { pythonSource } from "../notation/source.ts";
import type { Expression } from "../notation/expand.ts";
import { javascriptRivals, type Rival, type Task } from "./javascript.ts";
import { runScipy, type ScipyAnswer } from "./scipy.ts";

/** One fit for all. */
export interface Fit {
  readonly residuals: readonly Expression[];
  readonly start: readonly number[];
}

/** What one rival did. */
export interface Score {
  readonly name: string;
  /** Its answers, in the order of the tasks; `null` where it has thrown. */
  readonly answers: readonly (readonly number[] | null)[];
  readonly evaluations: number;
  readonly milliseconds: number;
  /** What it has thrown, and how often. */
  readonly thrown: ReadonlyMap<string, number>;
}

export interface Rivals {
  readonly scores: readonly Score[];
  /** Who could not be asked, and why. */
  readonly missing: readonly string[];
}

function count(thrown: Map<string, number>, message: string): Map<string, number> {
  const line = message.split("\n")[0]!;
  return thrown.set(line, (thrown.get(line) ?? 0) + 1);
}

/** What rivals have thrown, a line for each of them: a fit that threw counts as one that was not reached. */
export const thrownLines = (scores: readonly Score[]): string[] =>
  scores
    .filter(({ thrown }) => thrown.size > 0)
    .map(
      ({ name, thrown }) => `- ${name} throws: ${[...thrown].map(([line, times]) => `${line} (${times})`).join("; ")}`,
    );

/**
 * Asks all rivals, fit by fit in turns, so that what others do to the machine meets all of them alike; SciPy, a process
 * of its own, comes last.
 *
 * @param first - what else is to be done for each fit, in the same turns
 */
export function askAll(fits: readonly Fit[], first: (k: number) => void, python?: string): Rivals {
  const scores = javascriptRivals.map(({ name }) => ({
    name,
    answers: [] as (readonly number[] | null)[],
    evaluations: 0,
    milliseconds: 0,
    thrown: new Map<string, number>(),
  }));
  fits.forEach(({ residuals, start }, k) => {
    first(k);
    const f = plainFunction(residuals);
    javascriptRivals.forEach(({ solve }, at) => ask(solve, { f, start, rows: residuals.length }, scores[at]!));
  });
  const scipy = runScipy(
    fits.map(({ residuals, start }) => ({ source: pythonSource(residuals), start })),
    python,
  );
  if (typeof scipy === "string") return { scores, missing: [scipy] };
  const named = (name: string): string => `SciPy ${scipy.version}, MINPACK, ${name}`;
  return {
    scores: [
      ...scores,
      scoreOf(named("defaults"), scipy.defaults),
      scoreOf(named("exact Jacobians, tolerances of 1e-15"), scipy.exact),
    ],
    missing: [],
  };
}

interface Growing {
  readonly answers: (readonly number[] | null)[];
  readonly thrown: Map<string, number>;
  evaluations: number;
  milliseconds: number;
}

function ask(solve: Rival["solve"], task: Task, score: Growing): void {
  const begun = clock();
  try {
    const { x, evaluations } = solve(task);
    score.evaluations += evaluations;
    score.answers.push([...x]);
  } catch (error) {
    count(score.thrown, error instanceof Error ? error.message : String(error));
    score.answers.push(null);
  }
  score.milliseconds += clock() - begun;
}

const scoreOf = (name: string, answers: readonly ScipyAnswer[]): Score => ({
  name,
  answers: answers.map(({ x }) => x),
  evaluations: answers.reduce((sum, one) => sum + one.evaluations, 0),
  milliseconds: answers.reduce((sum, one) => sum + one.milliseconds, 0),
  thrown: answers.reduce(
    (thrown, { error }) => (error === undefined ? thrown : count(thrown, error)),
    new Map<string, number>(),
  ),
});
