/** A teacher's file: what stands in where a submission says nothing, and what kernels are judged by. */

import type { CheckOpOptions } from "../handcheck/ops/prepare.ts";
import { collect } from "../handcheck/intake/collect.ts";
import { meaningsOf, scopeOf } from "../handcheck/intake/meaning.ts";
import { SourceError, type GivenRecord } from "../handcheck/intake/given.ts";
import { recordOf } from "../handcheck/intake/values.ts";
import type { Report } from "../handcheck/report.ts";
import { exportErrors } from "../locales/export-errors.ts";
import { readSubject, type Modules } from "./subject.ts";

export interface Reference {
  /** Its network, parameters, data and cost. */
  readonly values: GivenRecord;
  /** Of a kernel; `null` where it is about a network. */
  readonly op: CheckOpOptions | null;
}

const answers: readonly string[] = ["hand", "gradients", "forward", "next", "after"];
const answerRoles: readonly string[] = [
  "u",
  "v",
  "delta",
  "gradW",
  "gradB",
  "gradV",
  "nextW",
  "nextB",
  "afterW",
  "afterB",
  "cost",
  "digits",
  "remark",
];

/** True for a name of what a submission has to find itself. */
const isAnswer = (name: string): boolean => {
  const roles = meaningsOf(name, "top");
  return (
    answers.includes(scopeOf(name, "top") ?? "") ||
    (roles.length > 0 && roles.every(({ role }) => answerRoles.includes(role)))
  );
};

/** The exercise of a file that was judged: all that it says but its own answers, and the cost that it holds for. */
export function exerciseOf(values: GivenRecord, { network: { cost } }: Report): GivenRecord {
  const { items } = collect(values);
  const own = [...values.entries].filter(([name]) => !isAnswer(name));
  return recordOf(
    new Map([...own, ...(items.some(({ role }) => role === "costName") ? [] : [["cost", cost] as const])]),
  );
}

/** Reads it; none of its own gradients stand in for anybody's. */
export async function readReference(file: string, modules: Modules): Promise<Reference> {
  const { given, values } = await readSubject(
    { file, more: [], input: null, names: [] },
    { elsewhere: false, op: null, teaches: true, modules },
  );
  if (given.kind === "graph") throw new SourceError(exportErrors.graphAsReference, exportErrors.networkOrKernel);
  if (given.kind === "op") return { values: recordOf(new Map()), op: given.options };
  return { values: recordOf(new Map([...values.entries].filter(([name]) => !isAnswer(name)))), op: null };
}
