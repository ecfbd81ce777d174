/** The work for equations as text: the network beside them, the check, and the place of what cannot be read. */

import type { Checked } from "../handcheck/files/check-code.ts";
import { formulasBeside } from "../handcheck/files/formulas-beside.ts";
import { FormulaError } from "../handcheck/formulas/problem.ts";
import { describedIn } from "../handcheck/intake/described.ts";
import type { GivenRecord } from "../handcheck/intake/given.ts";
import { rowsOf } from "../handcheck/intake/plain.ts";
import type { Fault } from "./job.ts";
import type { CodeJob } from "./submission-work.ts";

/** Checks formulas of a network that `values` or the command line describe. */
export function checkFormulas(
  text: string,
  values: GivenRecord,
  { file, seed, surroundings, options, shown }: CodeJob,
): Checked | Fault {
  const described = describedIn(values, surroundings);
  const data = described.data === null ? null : { x: rowsOf(described.data.x), t: rowsOf(described.data.t) };
  try {
    const { report, network: net } = formulasBeside(text, described, options, {
      seed,
      blank: described.data === null && !shown,
    });
    return { report, network: net, problem: null, hand: null, data };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    // In a file of formulas their lines are the file's; inside a module or JSON they are the text's own.
    const own = file !== null && /\.(?:txt|tex|md)$/i.test(file);
    const at = own ? "" : `formulas, line ${error.line}, column ${error.column}: `;
    const [message, zh] = [error.says.en, error.says.zh].map((said) => at + said) as [string, string];
    return { message, zh, advice: "", file, line: own ? error.line : null, column: own ? error.column : null };
  }
}
