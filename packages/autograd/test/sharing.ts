/**
 * The test files that share a process, and what none of them may do: what it imports is then imported once, which was a
 * quarter of the time of all.
 */

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** By folder; all others have a process of their own. */
const files: Readonly<Record<string, readonly string[] | "all">> = {
  check: "all",
  compile: ["arrange", "compile", "control", "fuzz", "in-place", "marks", "numbers", "refusals", "rows", "sizes"],
  docs: ["coverage", "operations"],
  errors: "all",
  fuzz: "all",
  inspect: ["anomaly", "dot", "show", "svg", "text"],
  kernels: ["atomics", "emitter", "memory", "reduce"],
  oracles: "all",
  primitives: "all",
  ops: ["creation", "cutting", "formulas", "steps", "table", "whole-numbers"],
  scalar: "all",
  transforms: "all",
  traps: "all",
  types: "all",
  vmap: "all",
};

const ENDING = ".test.ts";

const namesIn = (folder: string): string[] =>
  readdirSync(fileURLToPath(new URL(`${folder}/`, import.meta.url)))
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length));

/** Below the folder of the tests. */
export const sharing: readonly string[] = Object.entries(files).flatMap(([folder, names]) =>
  (names === "all" ? namesIn(folder) : names).map((name) => `${folder}/${name}${ENDING}`),
);

/**
 * What would reach the files that come behind: flags of the engine, counts of all code that runs, other globals, the
 * library loaded anew.
 */
export const LASTING =
  /\b(?:setFlagsFromString|resetModules|doMock|stubGlobal|useFakeTimers|startPreciseCoverage)\b|from "[./\w-]*\/(?:work|readings)\.ts"/;
