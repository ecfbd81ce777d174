/**
 * What compiling takes, in a process that has compiled nothing yet and in one that has, and what calls of small
 * programs take.
 */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Figure } from "../suite.ts";
import {
  ENTRIES,
  loops,
  rosenbrockHessian,
  scalarFunction,
  trainingStep,
  type CompiledWork,
} from "./compiled-works.ts";

const ROUNDS = 21;
/** Calls that are timed together where one is too short for the clock. */
const CALLS = 2000;

/** Runs `once` in rounds: the median of what each says that it took, in nanoseconds. */
function median(name: string, unit: string, rounds: number, reach: number | null, once: () => number): Figure {
  const sorted = Array.from({ length: rounds }, once).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(rounds - 1, Math.floor(share * rounds))]!;
  return { name, unit, nanoseconds: at(0.5), margin: (50 * (at(0.75) - at(0.25))) / at(0.5), reach };
}

function validated(name: string, { compiled, plain, number }: CompiledWork): () => unknown {
  const run = compiled();
  const [got, expected] = [number(run()), number(plain())];
  if (got !== expected) throw new Error(`${name}: ${got} where ${expected} is right; nothing is timed`);
  return run;
}

/** Validates and times everything; the process of a first call validates itself. */
export function timeCompile(smoke: boolean): Figure[] {
  const rounds = smoke ? 1 : ROUNDS;
  const first = fileURLToPath(new URL("first-call.js", import.meta.url));
  const compiling = (name: string, work: CompiledWork): Figure => {
    validated(name, work);
    return median(`${name}: compiled again`, "program with its first call", rounds, null, () => {
      const start = performance.now();
      work.compiled()();
      return 1e6 * (performance.now() - start);
    });
  };
  const calling = (
    name: string,
    work: CompiledWork,
    units: number,
    unit: string,
    calls: number,
    reach: number | null,
  ): Figure => {
    const call = validated(name, work);
    return median(name, unit, smoke ? 1 : 10 * ROUNDS, reach, () => {
      const start = performance.now();
      for (let k = 0; k < calls; k++) call();
      return (1e6 * (performance.now() - start)) / (calls * units);
    });
  };
  const step = "784-30-10, sigmoid, ½Σe², batch 10, float32";
  const scalar = "a scalar function of 300 operations: value and derivative";
  return [
    median(
      `${step}: compiled in a new process`,
      "program with its first call",
      rounds,
      50e6,
      () => 1e6 * Number(execFileSync(process.execPath, [first], { encoding: "utf8" })),
    ),
    compiling(step, trainingStep()),
    compiling("Hessian of Rosenbrock's function, 100 variables", rosenbrockHessian()),
    compiling(scalar, scalarFunction()),
    calling(scalar, scalarFunction(), 1, "call", CALLS, 2000),
    ...loops.map(([name, work]) =>
      calling(`${name}, ${ENTRIES} entries, one thread`, work, ENTRIES, "entry of a call", 1, null),
    ),
  ];
}
