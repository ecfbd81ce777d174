/** Fitters and minimizers of npm, given the same functions in plain JavaScript. */

import { levenbergMarquardt } from "ml-levenberg-marquardt";
import numeric from "numeric";
import { nelderMead } from "./fmin.ts";
import type { PlainFunction } from "../notation/function.ts";

/** What a rival is given. */
export interface Task {
  readonly f: PlainFunction;
  readonly start: readonly number[];
  /** How many residuals there are. */
  readonly rows: number;
}

/** What a rival gives. */
export interface Answer {
  readonly x: readonly number[];
  /** How often it asked for all residuals, differences included. */
  readonly evaluations: number;
}

export interface Rival {
  readonly name: string;
  readonly solve: (task: Task) => Answer;
}

const sumOf = (r: Float64Array): number => r.reduce((sum, one) => sum + one * one, 0);

/** Counts calls. */
function counted(f: PlainFunction): { readonly f: PlainFunction; readonly count: () => number } {
  let calls = 0;
  return { f: (x) => (calls++, f(x)), count: () => calls };
}

/** So many turns are given; most fits end before. */
const MOST = 5000;

export const javascriptRivals: readonly Rival[] = [
  {
    // Its defaults end after 100 iterations, and differences are 0.1 wide: it is given steps by the size of each
    // parameter.
    name: "ml-levenberg-marquardt 5.1.0",
    solve: ({ f, start, rows }) => {
      const { f: residuals, count } = counted(f);
      const index = Array.from({ length: rows }, (_, i) => i);
      const { parameterValues } = levenbergMarquardt(
        { x: index, y: new Array<number>(rows).fill(0) },
        (p) => {
          const r = residuals(p);
          return (i) => r[i]!;
        },
        {
          initialValues: [...start],
          maxIterations: 1000,
          errorTolerance: 0,
          gradientDifference: start.map((one) => 1e-7 * (Math.abs(one) || 1)),
        },
      );
      return { x: parameterValues, evaluations: count() };
    },
  },
  {
    name: "fmin 0.0.4, Nelder–Mead",
    solve: ({ f, start }) => {
      const { f: residuals, count } = counted(f);
      const { x } = nelderMead((p) => sumOf(residuals(p)), [...start], {
        maxIterations: MOST,
        minErrorDelta: 1e-15,
        minTolerance: 1e-12,
      });
      return { x, evaluations: count() };
    },
  },
  {
    name: "numeric 1.2.6, uncmin",
    solve: ({ f, start }) => {
      const { f: residuals, count } = counted(f);
      const { solution } = numeric.uncmin((p) => sumOf(residuals(p)), [...start], 1e-12, undefined, 1000);
      return { x: solution, evaluations: count() };
    },
  },
];
