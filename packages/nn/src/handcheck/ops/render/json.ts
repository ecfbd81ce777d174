/** The report of a kernel or of a graph as JSON of the schema `opcheck/1`: no more than the hints allow. */

import { plainNumbers, pointsJson } from "../../render/json.ts";
import type { Hints } from "../../render/view.ts";
import { exitCode } from "../../report.ts";
import type { OpDiagnosis, OpFindings, OpLine } from "../report.ts";
import { opKindOf } from "./view.ts";

function diagnosis(root: OpDiagnosis, hints: Hints): object {
  if (hints === 1) return { of: root.of };
  const kind = opKindOf(root);
  return hints === 2 ? { of: root.of, kind } : { kind, ...root };
}

const line = (one: OpLine, hints: Hints): object => (hints === 3 ? one : { name: one.name, status: one.status });

/** The report as a value for `JSON.stringify`. */
export function opJson(findings: OpFindings, hints: Hints = 3): object {
  const { schema, name, verdict, reference, referenceBy, dtype, forward, witness, score, contract } = findings;
  const head = { schema, name, verdict, exit: exitCode(verdict), hints, ...pointsJson(findings.points, hints) };
  if (hints === 0) return head;
  return {
    ...head, reference, ...(referenceBy === undefined ? {} : { referenceBy }), dtype, score,
    forward: forward === null ? null : line(forward, hints),
    lines: findings.lines.map((one) => line(one, hints)),
    roots: findings.roots.map((root) => diagnosis(root, hints)),
    contract, witness,
    ...(hints < 3 ? {} : { notes: findings.notes }),
  };
}

/** The JSON itself, ending with a line break. */
export const opJsonText = (findings: OpFindings, hints: Hints = 3): string => `${JSON.stringify(opJson(findings, hints), plainNumbers, 2)}\n`;
