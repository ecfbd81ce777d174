/**
 * The test files that share a process, and what none of them may do: what it imports is then imported once, which was a
 * quarter of the time of all.
 */

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

type Which = "all" | readonly string[] | { readonly but: readonly string[] };

/** By folder; all others have a process of their own. */
const files: Readonly<Record<string, Which>> = {
  check: "all",
  compile: { but: ["fallback", "high-memory", "patience", "shared", "threads", "threads-loss", "threads-page"] },
  docs: ["coverage", "operations"],
  errors: "all",
  fuzz: "all",
  inspect: ["anomaly", "dot", "show", "svg", "text"],
  kernels: ["atomics", "emitter", "memory", "reduce"],
  oracles: "all",
  primitives: "all",
  ops: { but: ["accuracy", "matmul-kernels", "unmarked", "unwritten"] },
  optimize: "all",
  "optimize/leastsquares": "all",
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

function sharingIn(folder: string, which: Which): readonly string[] {
  if (which === "all") return namesIn(folder);
  return "but" in which ? namesIn(folder).filter((name) => !which.but.includes(name)) : which;
}

/** Below the folder of the tests. */
export const sharing: readonly string[] = Object.entries(files).flatMap(([folder, which]) =>
  sharingIn(folder, which).map((name) => `${folder}/${name}${ENDING}`),
);

/**
 * What would reach the files that come behind: flags of the engine, counts of all code that runs, other globals, the
 * library loaded anew.
 */
export const LASTING =
  /\b(?:setFlagsFromString|resetModules|doMock|stubGlobal|useFakeTimers|startPreciseCoverage)\b|from "[./\w-]*\/(?:work|readings)\.ts"/;
