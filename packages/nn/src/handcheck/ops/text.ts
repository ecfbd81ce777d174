/** The report of a kernel or of a graph for a terminal: one line for each gradient, then what is wrong; 80 columns. */

import { distance } from "../render/numbers.ts";
import { columnsOf, pad, wrap } from "../render/width.ts";
import { phrases } from "../render/words.ts";
import type { LineStatus } from "../report.ts";
import type { OpFindings } from "./report.ts";
import { opViewOf, type OpFinding, type OpRenderOptions, type OpRow, type OpView } from "./render/view.ts";

/** How the text is written. */
export interface OpTextOptions extends OpRenderOptions {
  /** 80 where nothing is said. */
  readonly width?: number;
  /** Escape codes of a terminal; none where nothing is said. */
  readonly color?: boolean;
}

type Tone = 31 | 32 | 33;

const tones: Readonly<Record<LineStatus, Tone>> = { ok: 32, root: 31, inherited: 33, convention: 33, kink: 33, undecided: 33, missing: 33, shape: 31, nan: 31 };

function rowLine({ name, status, formula, residual }: OpRow, nameWidth: number, view: OpView): string {
  const say = phrases[view.lang];
  const off = residual === null ? "" : distance(residual);
  return `  ${pad(name, nameWidth)}  ${pad(`${say.mark[status]} ${say.status[status]}`, 14)}  ${view.hints < 3 ? "" : pad(off, 14, "right")}${formula === "" ? "" : `  ${formula}`}`.trimEnd();
}

function findingLines({ title, id, says, yours, correct, example, features, alternatives }: OpFinding, view: OpView): string[] {
  const say = phrases[view.lang];
  const english = view.lang === "en";
  const colon = english ? ": " : "：";
  const widest = Math.max(columnsOf(say.yours), columnsOf(say.correct), columnsOf(say.entry));
  const labeled = (label: string, text: string): string => `  ${pad(label, widest)}  ${text}`;
  const times = example === null || example.ratio === null ? "" : `${english ? "; " : "；"}${say.ratio} = ${example.ratio}`;
  return [
    `${title}${says === null ? (english ? "." : "。") : `${colon}${says}`}${id === null ? "" : `  [${id}]`}`,
    ...(yours === null ? [] : [labeled(say.yours, yours)]),
    ...(correct === null ? [] : [labeled(say.correct, correct)]),
    ...(example === null ? [] : [labeled(say.entry, `${example.at}${colon}${say.yours} ${example.yours}${english ? ", " : "，"}${say.correct} ${example.correct}${times}`)]),
    ...features.map((feature) => `  ${feature}`),
    ...alternatives.map((other) => `  ${say.alternatives}${colon}${other}`),
  ];
}

/** The text of a report. */
export function opText(findings: OpFindings, options: OpTextOptions = {}): string {
  const { width = 80, color = false } = options;
  const view = opViewOf(findings, options);
  const say = phrases[view.lang];
  const paint = (tone: Tone, text: string): string => (color && text !== "" ? `\u001b[${tone}m${text}\u001b[39m` : text);
  const wrapped = (text: string, indent = "    "): string[] => (text === "" ? [""] : wrap(text, width, indent));
  const nameWidth = Math.max(0, ...view.rows.map(({ name }) => columnsOf(name)));
  const legends = [...new Set(view.rows.map(({ status }) => status))].flatMap((status) => {
    const legend = say.legend[status];
    return legend === undefined ? [] : wrapped(`${say.mark[status]} ${legend}`, "  ");
  });
  const end = `${view.headline}${view.score === "" ? "" : `  ${view.score}${view.lang === "en" ? "." : "。"}`}`;
  const lines = [
    ...wrapped(view.subject, "  "),
    "",
    ...view.rows.flatMap((row) => wrapped(rowLine(row, nameWidth, view), " ".repeat(nameWidth + 4)).map((line) => paint(tones[row.status], line))),
    ...legends,
    "",
    ...view.contract.flatMap((text) => {
      const [first = "", ...place] = text.split("\n");
      return [...wrapped(`${say.mark.shape} ${first}`, "  "), ...place.map((line) => `    ${line}`)];
    }),
    "",
    ...view.findings.flatMap((finding) => [...findingLines(finding, view).flatMap((line) => wrapped(line)), ""]),
    ...view.notes.flatMap((note) => wrapped(`· ${note}`, "  ")),
    "",
    ...(view.doubt === "" ? [] : wrapped(view.doubt).map((line) => paint(31, line))),
    ...wrapped(end).map((line) => paint(view.verdict === "correct" ? 32 : view.verdict === "inconclusive" ? 33 : 31, line)),
  ];
  return `${lines.filter((line, k) => line !== "" || (k > 0 && lines[k - 1] !== "")).join("\n").trim()}\n`;
}
