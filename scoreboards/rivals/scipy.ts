/** SciPy's MINPACK in a process of its own, where a Python has it. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** One fit, as the process takes it. */
export interface ScipyTask {
  /** A module with `residuals(x)`. */
  readonly source: string;
  readonly start: readonly number[];
}

/** One fit, as it comes back. */
export interface ScipyAnswer {
  readonly x: readonly number[] | null;
  /** What was raised, where there is no x. */
  readonly error?: string;
  readonly evaluations: number;
  readonly milliseconds: number;
}

export interface ScipyRun {
  readonly version: string;
  readonly python: string;
  /** With its defaults, and with exact Jacobians and tolerances of 1e-15. */
  readonly defaults: readonly ScipyAnswer[];
  readonly exact: readonly ScipyAnswer[];
}

const script = fileURLToPath(new URL("scipy_fits.py", import.meta.url));

/** Runs all tasks; gives what is missing, as a text, where they cannot be run. */
export function runScipy(tasks: readonly ScipyTask[], python = "python3"): ScipyRun | string {
  const run = spawnSync(python, [script], { input: JSON.stringify(tasks), encoding: "utf8", maxBuffer: 2 ** 28 });
  if (run.error !== undefined) return `${python} cannot be run: ${run.error.message}`;
  if (run.status !== 0) return `${python} has no SciPy: ${run.stderr.trim().split("\n").at(-1) ?? ""}`;
  return JSON.parse(run.stdout.replace(/\bNaN\b/g, "null").replace(/-?\bInfinity\b/g, "null")) as ScipyRun;
}
