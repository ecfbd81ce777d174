/** What one run of the comparison found, as it is written to a file and printed. */

import { cpus, loadavg } from "node:os";
import type { Library } from "./libraries.ts";
import type { Limit } from "./limits.ts";
import type { Measured } from "./measure.ts";

/** A contestant that did not take part in a work, and why. */
export interface Problem {
  readonly name: string;
  readonly threads: number;
  readonly problem: string;
}

/** One work's figures. */
export interface WorkResult {
  readonly id: string;
  readonly title: string;
  /** Floating-point operations, where GFLOP/s are printed. */
  readonly operations: number | null;
  /** chainrule first. */
  readonly measured: readonly Measured[];
  /** The share of chainrule's time in which it had a core: about 1 on a quiet machine. */
  readonly coreShare: number;
  readonly problems: readonly Problem[];
}

/** Where the figures come from. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  readonly v8: string;
  /** How many processes wanted to run in the minute before the run: a quiet machine has about 0. */
  readonly load: number;
}

/** A whole run. */
export interface Results {
  readonly date: string;
  readonly machine: Machine;
  /** As the load before the run, at its end; the run itself makes 1 to 2. */
  readonly loadAfter: number;
  readonly limits: readonly Limit[];
  readonly libraries: readonly Library[];
  readonly absent: readonly string[];
  readonly works: readonly WorkResult[];
}

/** The machine that this process runs on. */
export function machine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? "unknown processor",
    cores: processors.length,
    node: process.version,
    v8: process.versions.v8,
    load: loadavg()[0]!,
  };
}
