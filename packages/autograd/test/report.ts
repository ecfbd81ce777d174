/** What a test file counted, kept for the summary that the run prints at its end. */

import { appendFileSync } from "node:fs";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Where this run collects its counts. */
    reportFile: string;
  }
}

/** One line of the file. */
export interface Counted {
  /** What was counted, as the summary words it: `"checks"`. */
  readonly kind: string;
  readonly count: number;
  /** A sentence of its own under the summary. */
  readonly detail?: string;
}

/**
 * Adds to the count of a kind; the counts of all test files are summed.
 *
 * @param kind - what was counted: `"ops"`, `"checks"`, `"traps"`, `"fuzzed graphs"`
 * @param count - how many
 * @param detail - a line to print under the summary
 */
export function report(kind: string, count: number, detail?: string): void {
  const counted: Counted = { kind, count, ...(detail === undefined ? {} : { detail }) };
  appendFileSync(inject("reportFile"), `${JSON.stringify(counted)}\n`);
}
