/** The worth of an answer: held against the reference, with points; a fault is a report as well. */

import type { GivenRecord } from "../handcheck/intake/given.ts";
import { recordOf } from "../handcheck/intake/values.ts";
import {
  absentFrom,
  equationsIn,
  gradedLines,
  pointsOf,
  type GradedLine,
  type PointsScheme,
} from "../handcheck/points.ts";
import type { OpFindings, Report } from "../handcheck/report.ts";
import { cli } from "../locales/cli.ts";
import { usageErrors } from "../locales/usage-errors.ts";
import { inEach, type Words } from "../locales/words.ts";
import { faultReport, opFaultFindings } from "./fault-report.ts";
import type { Answer, CheckJob, Fault } from "./job.ts";
import type { Run } from "./run.ts";
import { UsageError } from "./usage-error.ts";

type Reported = Extract<Answer, { readonly kind: "report" }>;
type OpReported = Extract<Answer, { readonly kind: "opReport" }>;

/** A report, and the fault that it tells, where it tells one. */
export type Settled = (Reported | OpReported) & { readonly fault: Fault | null };

/** The answer as a report; throws where there is none. */
export function settled(answer: Answer, shown: string): Settled {
  switch (answer.kind) {
    case "usage":
      throw new UsageError(answer.says, answer.advises);
    case "internal":
      throw new Error(answer.message, { cause: answer.stack });
    case "derivation":
      throw new Error("internal: a derivation where a report was asked for");
    case "fault":
      return faulty(answer.fault, shown, answer.op);
    case "report":
    case "opReport":
      return { ...answer, fault: null };
  }
}

/** A fault as the report on it. */
export const faulty = (fault: Fault, shown: string, op?: string): Settled =>
  op === undefined
    ? {
        kind: "report",
        report: faultReport(fault, shown),
        tensors: [],
        derivation: null,
        exercise: recordOf(new Map()),
        others: [],
        line: null,
        fault,
      }
    : { kind: "opReport", findings: opFaultFindings(fault, shown, op), tensors: [], fault };

/** The person's line: of what could not be read, or where the function begins that was judged. */
export function placeOf(answer: Settled): { readonly line: number; readonly column: number | null } | null {
  if (answer.fault !== null)
    return answer.fault.line === null ? null : { line: answer.fault.line, column: answer.fault.column };
  return answer.kind === "report" && answer.line !== null ? { line: answer.line, column: null } : null;
}

/** The standard that a reference sets for submissions. */
export interface Standard {
  /** How it is called. */
  readonly name: string;
  /** `null` for a kernel. */
  readonly network: Report["network"] | null;
  readonly lines: readonly GradedLine[];
  /** Values that stand in for what submissions leave out; `null` for a kernel. */
  readonly exercise: GivenRecord | null;
}

/** Checks the reference by itself, outside of any sandbox: it judges nobody unless it is right. */
async function standardOf(job: CheckJob, name: string, run: Run, milliseconds: number): Promise<Standard> {
  const alone: CheckJob = {
    ...job,
    file: job.reference,
    more: [],
    input: null,
    names: [],
    function: null,
    pass: 1,
    cell: null,
    reference: null,
    teaches: true,
    sandbox: false,
    tensors: false,
    derivation: false,
  };
  const answer = settled(await run(alone, milliseconds), name);
  if (answer.fault !== null) {
    const [said] = (answer.kind === "report" ? answer.report : answer.findings).contract;
    const why = inEach((language) => said![language].split("\n")[0]!);
    throw new UsageError(usageErrors.referenceNotJudged({ why }), usageErrors.saysMore({ name }));
  }
  const { verdict, roots } = answer.kind === "report" ? answer.report : answer.findings;
  if (verdict !== "correct") {
    const [root] = roots;
    const why =
      root === undefined
        ? usageErrors.verdictIs({ verdict })
        : "of" in root
          ? usageErrors.rootOf({ names: root.of, says: root.says })
          : usageErrors.rootIs({ equation: root.equation, layer: root.layer, says: root.says });
    throw new UsageError(usageErrors.referenceNotRight({ name, why }), usageErrors.nobodyJudged({ name }));
  }
  return answer.kind === "report"
    ? { name, network: answer.report.network, lines: gradedLines(answer.report), exercise: answer.exercise }
    : { name, network: null, lines: gradedLines(answer.findings), exercise: null };
}

const listed = (words: readonly string[]): string => words.join(", ");

/** Says where a submission is about something else than the reference; `null` where it is about the same. */
function otherwise(answer: Reported | OpReported, { name, network, lines }: Standard): Words | null {
  if (answer.kind === "opReport") {
    const own = answer.findings.lines.map((line) => line.name);
    const wanted = lines.filter(({ equation }) => equation !== "forward").map((line) => line.name);
    if (network !== null) return cli.otherThanNetwork({ reference: name });
    if (own.length === 0 || listed(own) === listed(wanted)) return null;
    return cli.otherGradients({ own: listed(own), reference: name, wanted: listed(wanted) });
  }
  const own = answer.report.network;
  if (own.sizes.length === 0) return null;
  if (network === null) return cli.otherThanKernel({ reference: name });
  const parts = [
    ["sizes", own.sizes.join("-"), network.sizes.join("-")],
    ["activations", listed(own.activations), listed(network.activations)],
    ["cost", own.cost, network.cost],
  ] as const;
  const differing = parts.filter(([, mine, theirs]) => mine !== theirs);
  if (differing.length === 0) return null;
  const [mine, theirs] = [
    differing.map(([what, text]) => `${what} ${text}`).join("; "),
    differing.map(([what, , text]) => `${what} ${text}`).join("; "),
  ];
  return cli.otherNetwork({ mine, reference: name, theirs });
}

const refused = (report: Report, contract: Words): Report => ({
  ...report,
  verdict: "contract",
  lines: [],
  roots: [],
  undecided: [],
  contract: [contract],
  score: { passed: 0, given: 0 },
});

const opRefused = (findings: OpFindings, contract: Words): OpFindings => ({
  ...findings,
  verdict: "contract",
  lines: [],
  forward: null,
  roots: [],
  contract: [contract],
  score: { passed: 0, given: 0 },
});

/** Right as far as it goes is not right: what the reference gives and the submission leaves out is open. */
function unfinished(report: Report, { name, lines }: Standard): Report {
  const absent = report.verdict === "correct" ? absentFrom(gradedLines(report), lines) : [];
  if (absent.length === 0) return report;
  const places = listed(absent.map(({ name: own }) => own));
  const asks = cli.notAllGiven({ reference: name, places });
  return {
    ...report,
    verdict: "inconclusive",
    undecided: absent.map(({ equation, layer, name: own }) => ({
      equation: equation as Report["lines"][number]["equation"],
      layer: layer ?? 0,
      name: own,
      slips: [],
      decimals: null,
      asks,
    })),
  };
}

/** Right of other numbers than the reference's is not right: they were changed, or are of another task. */
function ofItsNumbers(report: Report, others: Reported["others"], { name }: Standard): Report {
  if (others.length === 0 || (report.verdict !== "correct" && report.verdict !== "inconclusive")) return report;
  return refused(report, cli.otherNumbers({ roles: others, reference: name }));
}

/** The job of a submission: the reference's own code runs once, for all of them. */
export const heldTo = (job: CheckJob, standard: Standard | null): CheckJob =>
  standard === null
    ? job
    : { ...job, exercise: standard.exercise, reference: standard.exercise === null ? job.reference : null };

/** The answer held against the reference. */
export function against(answer: Settled, standard: Standard | null): Settled {
  if (standard === null || answer.fault !== null) return answer;
  const odd = otherwise(answer, standard);
  if (answer.kind === "opReport")
    return odd === null ? answer : { ...answer, findings: opRefused(answer.findings, odd), tensors: [] };
  if (odd !== null) return { ...answer, report: refused(answer.report, odd) };
  return { ...answer, report: ofItsNumbers(unfinished(answer.report, standard), answer.others, standard) };
}

/** The answer with the points that it earns. */
export function withPoints(answer: Settled, scheme: PointsScheme | null, standard: Standard | null): Settled {
  if (scheme === null) return answer;
  const expected = standard?.lines ?? null;
  if (answer.kind === "report")
    return {
      ...answer,
      report: {
        ...answer.report,
        points: pointsOf(gradedLines(answer.report), scheme, expected, answer.report.witness.agrees),
      },
    };
  return {
    ...answer,
    findings: {
      ...answer.findings,
      points: pointsOf(gradedLines(answer.findings), scheme, expected, answer.findings.witness?.agrees ?? true),
    },
  };
}

const equations = ["BP1", "BP2", "BP3", "BP4", "REG", "STEP", "forward"] as const;

const number = (text: string): number | null => (/^\d{1,6}(?:\.\d{1,2})?$/.test(text) ? Number(text) : null);

/** Reads `--points`: a total, or points by equation. */
export function schemeIn(text: string): PointsScheme {
  const total = number(text.trim());
  if (total !== null && total > 0) return { kind: "total", of: total };
  const named = new Map<string, number>();
  for (const part of text.split(",")) {
    const [, name = "", value = ""] = /^\s*([\p{L}_][\p{L}\d_]*)\s*=\s*(\S+)\s*$/u.exec(part) ?? [];
    const points = number(value);
    const own = equations.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name;
    if (name === "" || points === null) throw new UsageError(usageErrors.noPoints({ text }), usageErrors.pointsAre);
    if (named.has(own)) throw new UsageError(usageErrors.pointsTwice({ name: own }), usageErrors.eachOnce);
    named.set(own, points);
  }
  return { kind: "named", of: named };
}

/** Throws where points are for what the reference does not give. */
function requirePayable(scheme: PointsScheme | null, { name, lines }: Standard): void {
  if (scheme === null || scheme.kind === "total") return;
  const known = equationsIn(lines);
  const odd = [...scheme.of.keys()].find((one) => !known.includes(one));
  if (odd !== undefined)
    throw new UsageError(
      usageErrors.notGiven({ odd, points: scheme.of.get(odd)!, name }),
      usageErrors.gives({ names: known }),
    );
}

/** The standard of a reference, where there is one; throws where it is none that anybody can be judged by. */
export async function standardFor(
  {
    job,
    name,
    scheme,
    milliseconds,
  }: {
    readonly job: CheckJob;
    readonly name: string | null;
    readonly scheme: PointsScheme | null;
    readonly milliseconds: number;
  },
  run: Run,
): Promise<Standard | null> {
  if (name === null) return null;
  const standard = await standardOf(job, name, run, milliseconds);
  requirePayable(scheme, standard);
  return standard;
}
