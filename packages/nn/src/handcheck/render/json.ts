/** The report as JSON of the schema `handcheck/1`: every number a number, except those that JSON lacks; no more than the hints allow. */

import { exitCode, type Diagnosis, type Line } from "../report.ts";
import type { Points } from "../points.ts";
import { kindOf, reasons, type AnyReport, type Hints } from "./view.ts";

/** NaN and the infinities by name, where they stand for numbers. */
export function plainNumbers(_key: string, value: unknown): unknown {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  return String(value);
}

/** Where no check took place: of how the command was called, or of a fault of the program. */
export interface Failure {
  readonly verdict: "usage" | "internal";
  readonly exit: 64 | 70;
  readonly error: { readonly message: string; readonly advice?: string };
}

function diagnosis(root: Diagnosis, hints: Hints): object {
  const place = { equation: root.equation, layer: root.layer };
  if (hints === 1) return place;
  const kind = kindOf(root);
  return hints === 2 ? { ...place, kind } : { ...place, kind, ...root };
}

function line(one: Line, hints: Hints): object {
  const { equation, layer, name, status } = one;
  return hints === 3 ? one : { equation, layer, name, status };
}

/** Partial credit; which equations earn it would say which are wrong. */
export function pointsJson(points: Points | undefined, hints: Hints): object {
  if (points === undefined) return {};
  const { of, gained, open, parts } = points;
  return { points: { of, gained, open, ...(hints === 0 ? {} : { parts }) } };
}

/** The report, or why there is none, as a value for `JSON.stringify`. */
export function toJson(report: AnyReport | Failure, hints: Hints = 3): object {
  if ("error" in report) return { schema: "handcheck/1", ...report };
  const { schema, verdict, network, convention, blindness, witness, score } = report;
  const head = { schema, verdict, exit: exitCode(verdict), hints, network, ...pointsJson(report.points, hints) };
  if (hints === 0) return head;
  return {
    ...head,
    score, convention,
    ...(report.readAs === undefined ? {} : { readAs: report.readAs }),
    ...(report.condition === undefined ? {} : { condition: report.condition }),
    lines: report.lines.map((one) => line(one, hints)),
    roots: report.roots.map((root) => diagnosis(root, hints)),
    undecided: report.undecided.map((one) => (hints < 3 ? { equation: one.equation, layer: one.layer, name: one.name } : one)),
    rounding: report.rounding,
    contract: reasons(report, hints),
    blindness, witness,
    ...(report.formulas === undefined ? {} : { formulas: report.formulas }),
    ...(report.steps === undefined ? {} : { steps: report.steps.map(({ line: at, text, right, problem, roots }) => ({ line: at, text, right, ...(hints === 3 ? { problem, roots: roots.map((root) => diagnosis(root, hints)) } : {}) })) }),
    ...(report.notes === undefined || hints < 3 ? {} : { notes: report.notes }),
  };
}

/** The JSON itself, ending with a line break. */
export function toJsonText(report: AnyReport | Failure, hints: Hints = 3): string {
  return `${JSON.stringify(toJson(report, hints), plainNumbers, 2)}\n`;
}
