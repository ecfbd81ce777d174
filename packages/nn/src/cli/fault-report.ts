/** A fault of what was handed in as a report: the verdict is `contract`, and no equation was looked at. */

import { readFileSync } from "node:fs";
import { columnsOf } from "../handcheck/report/width.ts";
import { cli } from "../locales/cli.ts";
import { alike, type Words } from "../locales/words.ts";
import type { OpFindings, Report } from "../handcheck/report.ts";
import { wordsOfFault } from "./faults.ts";
import type { Fault } from "./job.ts";

/** The line that a fault is about, with a caret below its column; nothing for what is no line of the file. */
function excerpt({ file, line, column }: Fault): string {
  if (file === null || line === null) return "";
  let text: string | undefined;
  try {
    text = readFileSync(file, "utf8").split(/\r?\n/)[line - 1];
  } catch {
    // The file went away since: its fault remains.
  }
  if (text === undefined || text.trim() === "") return "";
  const from = Math.max(0, Math.min(text.search(/\S/), (column ?? 1) - 1));
  const shown = text.slice(from, from + 72).trimEnd();
  const at = (column ?? 1) - 1 - from;
  return `\n${shown}${column === null || at >= shown.length ? "" : `\n${" ".repeat(columnsOf(shown.slice(0, at)))}^`}`;
}

/** The fault in words: what is wrong and where, with the file as the user calls it. */
function faultWords(fault: Fault, shown: string): Words {
  const { line, column } = fault;
  const at = `${shown}${line === null ? "" : `:${line}${column === null ? "" : `:${column}`}`}`;
  const { says, advises } = wordsOfFault(fault);
  return cli.fault({ at, message: says, advice: advises, code: excerpt(fault) });
}

/** Everything that is wrong with it. */
const allWords = (fault: Fault, shown: string): Words[] => [
  faultWords(fault, shown),
  ...(fault.also ?? []).map(({ en, zh }) => faultWords({ ...fault, message: en, zh, advice: "", adviceZh: "" }, shown)),
];

/** The same for a kernel or a graph. */
export const opFaultFindings = (fault: Fault, shown: string, name: string): OpFindings => ({
  schema: "opcheck/1",
  name,
  verdict: "contract",
  reference: "autograd",
  dtype: "float64",
  forward: null,
  lines: [],
  roots: [],
  notes: [],
  witness: null,
  score: { passed: 0, given: 0 },
  contract: allWords(fault, shown),
});

/** The report. */
export function faultReport(fault: Fault, shown: string): Report {
  return {
    schema: "handcheck/1",
    verdict: "contract",
    network: { sizes: [], activations: [], cost: "", samples: 0 },
    convention: {
      used: {
        weights: "out×in",
        samples: "rows",
        layerBase: 1,
        deltaSign: 1,
        reduction: "mean",
        delta: "perSample",
        half: true,
        decay: "λ/n",
      },
      inferred: [],
      note: alike(""),
    },
    lines: [],
    roots: [],
    undecided: [],
    rounding: null,
    contract: allWords(fault, shown),
    blindness: { tried: 0, missed: [], advice: [] },
    witness: { autograd: 0, difference: 0, agrees: true },
    score: { passed: 0, given: 0 },
  };
}
