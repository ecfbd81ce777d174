/**
 * Marks as Gradescope's results.json: a test for each equation that points are for, none for what is only inherited.
 */

import type { Judged, JudgedEquation } from "./judged.ts";

/** A test of Gradescope's; one without a score is told and not counted. */
interface Test {
  readonly name: string;
  readonly score?: number;
  readonly max_score?: number;
  readonly status?: "passed" | "failed";
  readonly output: string;
  readonly output_format: "text";
  readonly visibility: "visible";
}

const common = { output_format: "text", visibility: "visible" } as const;

function test({ title, fate, says, points }: JudgedEquation, prefix: string): Test {
  const output = fate === "gained" ? (says[0] ?? "") : says.join("\n");
  const counted = points === null || fate === "open" ? {} : { score: points.gained, max_score: points.of };
  return {
    name: `${prefix}${title}`,
    ...counted,
    ...(fate === "open" ? {} : { status: fate === "gained" ? "passed" : "failed" }),
    output,
    ...common,
  };
}

function testsOf(one: Judged, prefix: string): Test[] {
  const { equations, points, verdict, reasons } = one;
  const tests = equations
    .filter(({ points: worth, fate }) => worth !== null || fate === "lost")
    .map((each) => test(each, prefix));
  const hasPoints = equations.some(({ points: worth }) => worth !== null);
  const whole = reasons.join("\n");
  if (hasPoints)
    return verdict === "contract" || verdict === "internal"
      ? [{ name: `${prefix}backprop`, output: whole, ...common }, ...tests]
      : tests;
  const counted = points === null ? {} : { score: points.gained, max_score: points.of };
  return [
    {
      name: `${prefix}backprop`,
      ...counted,
      ...(verdict === "inconclusive" ? {} : { status: verdict === "correct" ? "passed" : "failed" }),
      output: whole,
      ...common,
    },
    ...tests,
  ];
}

const rounded = (points: number): number => Math.round(points * 100) / 100;

/** The file for one student; the tests of several files of theirs are told apart by the files' names. */
export function gradescope(all: readonly Judged[]): string {
  const score = rounded(all.reduce((sum, { points }) => sum + (points?.gained ?? 0), 0));
  const results = {
    score,
    execution_time: rounded(all.reduce((sum, { seconds }) => sum + seconds, 0)),
    output: all.map(({ file, sentence }) => (all.length === 1 ? sentence : `${file}: ${sentence}`)).join("\n"),
    output_format: "text",
    visibility: "visible",
    tests: all.flatMap((one) => testsOf(one, all.length === 1 ? "" : `${one.file}: `)),
  };
  return `${JSON.stringify(results, null, 2)}\n`;
}
