/** The report for a terminal: a table of the equations, then what is wrong, then what the data cannot show; 80 columns unless told, plain unless asked. */

import type { Line, LineStatus } from "../report.ts";
import { distance } from "./numbers.ts";
import { table, type Cell, type Column } from "./table.ts";
import { viewOf, type AnyReport, type Finding, type RenderOptions, type Row, type View } from "./view.ts";
import { phrases } from "./words.ts";
import { columnsOf, pad, wrap } from "./width.ts";

/** How the text is laid out. */
export interface TextOptions extends RenderOptions {
  /** Escape codes of a terminal; none where nothing is said. */
  readonly color?: boolean;
  /** 80 where nothing is said. */
  readonly width?: number;
}

type Tone = "good" | "bad" | "note" | "faint" | "strong";

const codes: Readonly<Record<Tone, readonly [number, number]>> = { good: [32, 39], bad: [31, 39], note: [33, 39], faint: [2, 22], strong: [1, 22] };

const tones: Readonly<Record<LineStatus, Tone>> = { ok: "good", root: "bad", inherited: "note", convention: "note", kink: "note", undecided: "note", missing: "faint", shape: "bad", nan: "bad" };

type Paint = (tone: Tone, text: string) => string;

const painter = (color: boolean): Paint => (color ? (tone, text) => `\u001b[${codes[tone][0]}m${text}\u001b[${codes[tone][1]}m` : (_, text) => text);

/** Forward values in one line where all of them are right; they are not what was derived. */
function forwardLine(view: View): string | null {
  const lines = view.rows.filter(({ line }) => line.equation === "forward");
  const allRight = lines.length > 0 && lines.every(({ status }) => status === "ok");
  return allRight ? phrases[view.lang].forwardEqual(lines.map(({ line }) => line.name).join(" ")) : null;
}

function equationTable(view: View, rows: readonly Row[], paint: Paint, width: number): string[] {
  const say = phrases[view.lang];
  const numbers = rows.some(({ worst }) => worst !== null);
  const verdict = ({ status }: Row): Cell => ({ text: `${say.mark[status]} ${say.status[status]}`, paint: (text) => paint(tones[status], text) });
  const short = ({ equation }: Line): string => (equation === "forward" ? say.forward : equation);
  const columns: Column[] = [
    { head: "" },
    { head: say.columns.equation, wraps: true },
    { head: say.columns.verdict },
    ...(numbers
      ? [{ head: say.columns.yours, align: "right" as const }, { head: say.columns.correct, align: "right" as const }]
      : view.hints === 3 ? [{ head: say.columns.difference, align: "right" as const }] : []),
  ];
  const cells = rows.map((row): Cell[] => [
    { text: short(row.line) },
    { text: view.hints < 3 ? `${row.equation}  (${say.columns.layer} ${row.line.layer})` : row.equation },
    verdict(row),
    ...(numbers
      ? [{ text: row.worst?.yours ?? "" }, { text: row.worst?.correct ?? "" }]
      : view.hints === 3 ? [{ text: row.line.global === null ? "" : distance(row.line.global) }] : []),
  ]);
  const [top = ""] = table(columns, cells, width);
  // Where there is no room for numbers they stand below, with what is said of each mistake.
  return columnsOf(top) <= width ? table(columns, cells, width) : table(columns.slice(0, 3), cells.map((row) => row.slice(0, 3)), width);
}

function findingLines(finding: Finding, view: View, paint: Paint, width: number): string[] {
  const say = phrases[view.lang];
  const { title, id, says, yours, correct, example, features, alternatives } = finding;
  const english = view.lang === "en";
  const colon = english ? ": " : "：";
  const labels = [yours === null ? "" : say.yours, correct === null ? "" : say.correct, example === null ? "" : say.entry];
  const widest = Math.max(...labels.map(columnsOf));
  const labeled = (label: string, text: string): string[] => wrap(`  ${pad(label, widest)}  ${text}`, width, " ".repeat(widest + 4));
  const times = example?.ratio === undefined || example.ratio === null ? "" : `${english ? "; " : "；"}${say.ratio} = ${example.ratio}`;
  return [
    ...wrap(`${title}${says === null ? (english ? "." : "。") : `${colon}${says}`}${id === null ? "" : `  [${id}]`}`, width, "  ").map((line) => paint("strong", line)),
    ...(yours === null ? [] : labeled(say.yours, yours).map((line) => paint("bad", line))),
    ...(correct === null ? [] : labeled(say.correct, correct).map((line) => paint("good", line))),
    ...(example === null ? [] : labeled(say.entry, `${example.at}${colon}${say.yours} ${example.yours}${english ? ", " : "，"}${say.correct} ${example.correct}${times}`)),
    ...features.flatMap((feature) => wrap(`  ${feature}`, width, "  ")),
    ...alternatives.flatMap((other) => wrap(`  ${say.alternatives}${colon}${other}`, width, "    ")),
    "",
  ];
}

/** Blank lines at the end and twice in a row say nothing. */
const tidy = (lines: readonly string[]): string => `${lines.filter((line, k) => line !== "" || (k > 0 && lines[k - 1] !== "")).join("\n").trimEnd()}\n`;

/**
 * The report as text.
 *
 * @param report - what `handcheck` or `formulas` gave
 * @param options - language, hints, color, width
 * @returns lines of at most `width` columns, ending with a line break
 */
export function toText(report: AnyReport, options: TextOptions = {}): string {
  const { color = false, width = 80 } = options;
  const view = viewOf(report, options);
  const paint = painter(color);
  const say = phrases[view.lang];
  const { sizes, activations, cost, formula, samples } = view.subject;
  const comma = view.lang === "en" ? ", " : "，";
  // Where nothing was checked there is nothing to describe.
  const subject = sizes === "" ? "" : [`${sizes} ${activations}`, `${cost}${view.lang === "en" ? ` ${say.cost}` : say.cost} ${formula}`.trimEnd(), ...(report.network.samples > 0 ? [samples] : [])].join(comma);
  const verdictTone: Tone = view.verdict === "correct" ? "good" : view.verdict === "inconclusive" ? "note" : "bad";

  const forward = forwardLine(view);
  const rows = view.rows.filter(({ line }) => forward === null || line.equation !== "forward");
  const notes = [...new Set(rows.map(({ status }) => status))].flatMap((status) => {
    const text = say.legend[status];
    return text === undefined ? [] : wrap(`${say.mark[status]} ${text}`, width, "  ").map((line) => paint("faint", line));
  });
  const { summary, groups, advice } = view.blind;
  const blind = view.hints === 0 || summary === "" ? [] : [
    ...wrap(summary, width),
    ...groups.flatMap(({ why, ids }) => wrap(`  ${why} (${ids.join(" ")})`, width, "    ")),
    ...advice.flatMap((text) => wrap(`  → ${text}`, width, "    ")),
  ];
  const { formulas, notes: remarks } = view.reading;
  const reading = [
    ...(formulas.length === 0 || view.hints === 0 ? [] : [say.readAs, ...formulas.flatMap(({ line, text }) => wrap(`  ${pad(String(line), 3, "right")}  ${text}`, width, " ".repeat(9)))]),
    ...remarks.flatMap((text) => wrap(`  ${text.replaceAll("\n", " ")}`, width, "    ")),
  ];
  const doubt = view.witness.agrees ? [] : wrap(view.witness.text, width).map((line) => paint("bad", line));

  return tidy([
    ...wrap(subject, width, "  "),
    ...(view.convention.note === "" || view.hints === 0 ? [] : wrap(`${say.convention}${view.lang === "en" ? ": " : "："}${view.convention.note}`, width, "  ").map((line) => paint("faint", line))),
    ...(view.readAs.length === 0 ? [] : wrap(`${say.readAs}${view.lang === "en" ? ": " : "："}${view.readAs.join(view.lang === "en" ? "; " : "；")}`, width, "  ").map((line) => paint("faint", line))),
    "",
    ...(forward === null ? [] : wrap(forward, width, "  ")),
    ...(rows.length === 0 ? [] : [...equationTable(view, rows, paint, width), ...notes]),
    "",
    ...view.contract.flatMap((text) => {
      const [first = "", ...place] = text.split("\n");
      return [...wrap(`${say.mark.shape} ${first}`, width, "  "), ...place.map((line) => `    ${line}`)];
    }),
    ...(view.contract.length === 0 ? [] : [""]),
    ...reading,
    ...(reading.length === 0 ? [] : [""]),
    ...view.findings.flatMap((finding) => findingLines(finding, view, paint, width)),
    ...blind,
    ...(blind.length === 0 ? [] : [""]),
    ...doubt,
    ...wrap(`${view.headline}${view.score === "" ? "" : `  ${view.score}${view.lang === "en" ? "." : "。"}`}`, width).map((line) => paint(verdictTone, line)),
  ]);
}

