/**
 * The scoreboard of Moré's, Garbow's and Hillstrom's problems: derivatives, minima from three starts, and rivals on the
 * same.
 */

import { plainFunction } from "../notation/function.ts";
import { few, machine, table, time } from "../report.ts";
import { askAll, thrownLines } from "../rivals/all.ts";
import { accuracyOf, pointsOf } from "./accuracy.ts";
import { mghProblems, type Problem } from "./problems.ts";
import { FACTORS, METHODS, reachedBy, scoreMgh, startOf, type MghRow } from "./score.ts";

/** The parts of a result that the table shows: what was reached, or where it ended. */
const cell = ({ reached, other, value, evaluations, reason }: MghRow): string => {
  if (Number.isNaN(value))
    return `– (${reason.includes("overflows") ? "overflows at the start" : "not finite at the start"})`;
  if (other) return `– ${few(value)}, a local minimum (${evaluations})`;
  return reached === null ? `– ${few(value)} (${evaluations}, ${reason})` : `${few(reached)} (${evaluations})`;
};

const sumOf = (r: Float64Array): number => r.reduce((sum, one) => sum + one * one, 0);

function derivatives(problems: readonly Problem[]): string {
  const all = problems.flatMap((problem) => pointsOf(problem).map(([where, x]) => accuracyOf(problem, where, x)));
  const worst = (of: (one: (typeof all)[number]) => number): (typeof all)[number] =>
    all.reduce((a, b) => (of(b) > of(a) ? b : a));
  const [gradient, hessian] = [worst((one) => one.gradient), worst((one) => one.hessian)];
  return (
    `At ${all.length} points (starts, minima and generic points) gradients are within ${gradient.gradient.toExponential(1)} (${gradient.name}, ${gradient.where}) and ` +
    `Hessians within ${hessian.hessian.toExponential(1)} (${hessian.name}, ${hessian.where}) of an evaluation with 96 digits.`
  );
}

/** The table of a method: each problem from each start. */
function linesOf(problems: readonly Problem[], method: string, rows: readonly MghRow[]): string[] {
  return [
    "",
    `\`${method}\`: the published minimum that was reached from the start and from 10 and 100 times it (evaluations); where none was, what was and why it ended.`,
    "",
    table(
      ["", "problem", "1 ×", "10 ×", "100 ×"],
      problems.map(({ number, name, n }, k) => [
        String(number),
        `${name} (${n})`,
        ...FACTORS.map((_, at) => cell(rows[k * FACTORS.length + at]!)),
      ]),
    ),
  ];
}

export function mghBoard(python?: string): string {
  const problems = mghProblems();
  const tasks = problems.flatMap((problem) => FACTORS.map((factor) => ({ problem, factor })));
  const own = METHODS.map((method) => ({ method, rows: [] as MghRow[] }));
  const { scores, missing } = askAll(
    tasks.map(({ problem, factor }) => ({ residuals: problem.residuals, start: startOf(problem, factor) })),
    (k) => {
      for (const { method, rows } of own) rows.push(scoreMgh(tasks[k]!.problem, tasks[k]!.factor, method));
    },
    python,
  );
  const functions = new Map(problems.map((problem) => [problem, plainFunction(problem.residuals)]));
  const total = (rows: readonly MghRow[], of: (row: MghRow) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0);
  const summary = [
    ...own.map(({ method, rows }) => [
      `**chainrule, ${method}, defaults**`,
      String(rows.filter(({ reached }) => reached !== null).length),
      String(total(rows, (row) => row.evaluations)),
      time(total(rows, (row) => row.milliseconds)),
    ]),
    ...scores.map(({ name, answers, evaluations, milliseconds }) => [
      name,
      String(
        answers.filter(
          (x, k) => x !== null && reachedBy(tasks[k]!.problem, sumOf(functions.get(tasks[k]!.problem)!(x))) !== null,
        ).length,
      ),
      String(evaluations),
      time(milliseconds),
    ]),
  ];
  const lines = own.flatMap(({ method, rows }) => linesOf(problems, method, rows));
  return [
    machine(),
    "",
    derivatives(problems),
    "",
    ...own.map(
      ({ method, rows }) =>
        `\`${method}\` reaches a published minimum from ${rows.filter(({ reached }) => reached !== null).length} of ${rows.length} starts.`,
    ),
    "",
    table(["", "minima reached", "evaluations", "processor time"], summary),
    "",
    ...thrownLines(scores),
    ...missing.map((line) => `- ${line}`),
    ...lines,
  ].join("\n");
}
