/** Making programs and calling small ones, as cases of two versions of the library. */

import type { Case } from "../suite.ts";
import {
  ENTRIES,
  loops,
  rosenbrockHessian,
  scalarFunction,
  trainingStep,
  type CompiledWork,
} from "./compiled-works.ts";
import { lightLoops } from "./light-works.ts";

function validated(name: string, { compiled, plain, number }: CompiledWork): () => void {
  return () => {
    const [got, expected] = [number(compiled()()), number(plain())];
    if (got !== expected) throw new Error(`${name}: ${got} where ${expected} is right; nothing is timed`);
  };
}

function making(name: string, work: CompiledWork): Case {
  return {
    name: `${name}: compiled again, with its first call`,
    units: 1,
    unit: "program",
    validate: validated(name, work),
    run: () => work.compiled()(),
  };
}

function calling(name: string, work: CompiledWork, units: number, unit: string): Case {
  const call = work.compiled();
  return { name: `${name}: a call`, units, unit, validate: validated(name, work), run: () => call() };
}

const step = "784-30-10, sigmoid, ½Σe², batch 10, float32";
const hessian = "Hessian of Rosenbrock's function, 100 variables";
const scalar = "a scalar function of 300 operations: value and derivative";

/** The cases, by what they show. */
export const compiled: readonly Case[] = [
  making(step, trainingStep()),
  making(hessian, rosenbrockHessian()),
  making(scalar, scalarFunction()),
  calling(step, trainingStep(), 1, "call"),
  calling(hessian, rosenbrockHessian(), 1, "call"),
  calling(scalar, scalarFunction(), 1, "call"),
  ...[...loops, ...lightLoops].map(([name, work]) => calling(`${name}, ${ENTRIES} entries`, work, ENTRIES, "entry")),
];
