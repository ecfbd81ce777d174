/** Marks as data: every submission with its whole report, as `--json` gives it of one (schema class/1). */

import { plainNumbers } from "../../handcheck/report/json.ts";
import type { Judged } from "./judged.ts";

/** All that is known of the submissions together. */
export interface Beside {
  /** Groups of files that are the same, byte for byte. */
  readonly same: readonly (readonly string[])[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/** The data, as JSON. */
export function json(all: readonly Judged[], exit: number, { same, leftOut }: Beside): string {
  const submissions = all.map(({ file, path, verdict, exit: own, sentence: says, seconds, report }) => ({
    file,
    path,
    verdict,
    exit: own,
    says,
    seconds,
    report,
  }));
  return `${JSON.stringify({ schema: "class/1", exit, submissions, same, leftOut }, plainNumbers, 2)}\n`;
}
