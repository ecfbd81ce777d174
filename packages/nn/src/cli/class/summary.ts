/** A class in a table as wide as the terminal, and what it comes to. */

import type { Verdict } from "../../handcheck/report.ts";
import { table, type Cell, type Column } from "../../handcheck/report/table.ts";
import { columnsOf, wrap } from "../../handcheck/report/width.ts";
import { classes } from "../../locales/classes.ts";
import type { Language } from "../../locales/words.ts";
import type { Judged } from "../formats/judged.ts";

interface SummaryOptions {
  /** Groups of files that are the same. */
  readonly same: readonly (readonly string[])[];
  readonly lang: Language;
  readonly width: number;
  readonly color: boolean;
}

type Outcome = Verdict | "internal";

const order: readonly Outcome[] = ["correct", "mistake", "forward-wrong", "contract", "inconclusive", "internal"];

const colors: Readonly<Record<Outcome, number>> = {
  correct: 32,
  mistake: 31,
  "forward-wrong": 31,
  contract: 31,
  inconclusive: 33,
  internal: 31,
};

/** A sentence in less room than this is not worth its column. */
const READABLE = 28;

/** Mistakes that more than one made, with how many did; the layer does not count. */
function common(all: readonly Judged[]): string[] {
  const counts = new Map<string, number>();
  for (const { roots } of all)
    for (const root of new Set(roots.map((one) => one.replace(/ \d+$/, ""))))
      counts.set(root, (counts.get(root) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([root, count]) => `${root} (${count})`);
}

/** Why files could not be judged, or are undecided, where the table has no room for it. */
const reasonsBelow = (all: readonly Judged[], width: number): string[] =>
  all
    .filter(({ verdict }) => ["contract", "internal", "inconclusive"].includes(verdict))
    .flatMap(({ file, sentence }) => wrap(sentence.startsWith(file) ? sentence : `${file}: ${sentence}`, width, "  "));

function rows(all: readonly Judged[], { lang, width, color }: SummaryOptions): string[] {
  const { head, verdict: words } = classes[lang];
  const paint =
    (code: number) =>
    (text: string): string =>
      color ? `\u001b[${code}m${text}\u001b[39m` : text;
  const hasPoints = all.some(({ points }) => points !== null);
  const hasOpen = all.some(({ points }) => points !== null && points.open > 0);
  const hasRoots = all.some(({ roots }) => roots.length > 0);
  const hasScore = all.some(({ given }) => given > 0);
  const pick = <T>(file: T, verdict: T, right: T, points: T, roots: T): T[] => [
    file,
    verdict,
    ...(hasScore ? [right] : []),
    ...(hasPoints ? [points] : []),
    ...(hasRoots ? [roots] : []),
  ];
  const columns = pick<Column>(
    { head: head.file, wraps: true },
    { head: head.verdict },
    { head: head.right, align: "right" },
    { head: head.points, align: "right" },
    { head: head.roots, wraps: true },
  );
  const cells = all.map(({ file, verdict, passed, given, points, roots }) =>
    pick<Cell>(
      { text: file },
      { text: words[verdict], paint: paint(colors[verdict]) },
      { text: given === 0 ? "" : `${passed}/${given}` },
      {
        text:
          points === null
            ? ""
            : `${points.gained}/${points.of}${hasOpen ? ` ${points.open === 0 ? "  " : `?${points.open}`}` : ""}`,
      },
      { text: roots.join(", ") },
    ),
  );
  const narrow = table(columns, cells, width);
  const room = width - columnsOf(narrow[0]!) - 3;
  if (room < READABLE) return [...narrow, ...reasonsBelow(all, width)];
  return table(
    [...columns, { head: head.says, wraps: true }],
    cells.map((row, k) => [...row, { text: all[k]!.sentence }]),
    width,
  );
}

/** The table, the reasons, the counts, the mistakes that are frequent, the files that are the same. */
export function summary(all: readonly Judged[], options: SummaryOptions): string {
  const { same, lang, width } = options;
  const say = classes[lang];
  const counts = order.flatMap((outcome) => {
    const count = all.filter(({ verdict }) => verdict === outcome).length;
    return count === 0 ? [] : [say.count[outcome](count)];
  });
  const graded = all.flatMap(({ points }) => (points === null ? [] : [points]));
  const mean = graded.reduce((sum, { gained }) => sum + gained, 0) / graded.length;
  const often = common(all);
  return `${[
    ...rows(all, options),
    ...wrap(say.total({ files: all.length, counts }), width, "  "),
    ...(graded.length === 0 ? [] : [say.points({ mean: String(Math.round(mean * 100) / 100), of: graded[0]!.of })]),
    ...(often.length === 0 ? [] : wrap(say.common({ roots: often }), width, "  ")),
    ...same.flatMap((files) => wrap(say.same({ files }), width, "  ")),
  ].join("\n")}\n`;
}
