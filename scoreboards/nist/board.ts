/** The scoreboard of NIST's sets: every fit from both starts, and rivals on the same. */

import { expand } from "../notation/expand.ts";
import { machine, table, time } from "../report.ts";
import { askAll, thrownLines } from "../rivals/all.ts";
import { digitsOf } from "./digits.ts";
import { ASKED, scoreNist, type NistRow } from "./score.ts";
import { nistSets } from "./sets.ts";

const LEVELS = [4, 6, 9] as const;

export function nistBoard(python?: string): string {
  const sets = nistSets();
  const rows: NistRow[] = [];
  const fits = sets.flatMap((set) =>
    set.starts.map((start) => ({ residuals: expand(set.texts, set.certified.length, set.y.length), start })),
  );
  const certified = sets.flatMap((set) => [set.certified, set.certified]);
  const { scores, missing } = askAll(
    fits,
    (k) => void rows.push(scoreNist(sets[Math.floor(k / 2)]!, 1 + (k % 2))),
    python,
  );
  const total = (of: (row: NistRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const own = [
    "**chainrule, leastSquares, defaults**",
    ...LEVELS.map((level) => String(rows.filter(({ parameters }) => parameters >= level).length)),
    String(total((row) => row.evaluations)),
    time(total((row) => row.milliseconds)),
  ];
  const others = scores.map(({ name, answers, evaluations, milliseconds }) => [
    name,
    ...LEVELS.map((level) =>
      String(answers.filter((x, k) => x !== null && digitsOf(x, certified[k]!) >= level).length),
    ),
    String(evaluations),
    time(milliseconds),
  ]);
  return [
    machine(),
    "",
    `${rows.filter(({ passed }) => passed).length} of ${rows.length} fits have ${ASKED.parameters} digits of every parameter and ${ASKED.deviations} of every standard deviation.`,
    "",
    table(
      ["", ...LEVELS.map((level) => `fits with ${level} digits`), "evaluations", "processor time"],
      [own, ...others],
    ),
    "",
    ...thrownLines(scores),
    ...missing.map((line) => `- ${line}`),
    "",
    table(
      ["set", "level", "start", "digits of parameters", "of standard deviations", "iterations", "evaluations"],
      rows.map((row) => [
        row.name,
        row.level.toLowerCase(),
        String(row.start),
        row.parameters.toFixed(1),
        row.deviations.toFixed(1),
        String(row.iterations),
        String(row.evaluations),
      ]),
    ),
  ].join("\n");
}
