/** The report as Markdown: for a pull request, a notebook or a course's forum. */

import { distance } from "./numbers.ts";
import { viewOf, type AnyReport, type RenderOptions } from "./view.ts";
import { phrases } from "./words.ts";

/** Code that keeps its characters inside a table's cell: a bar ends the cell even in backticks. */
export function code(text: string): string {
  if (text === "") return "";
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text.replaceAll("|", "\\|")}${fence}`;
}

/** Prose whose characters mean nothing to Markdown. */
export const prose = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, "\\$&");

/** The report as Markdown. */
export function toMarkdown(report: AnyReport, options: RenderOptions = {}): string {
  const view = viewOf(report, options);
  const say = phrases[view.lang];
  const { sizes, activations, cost, formula, samples } = view.subject;
  const icon = view.verdict === "correct" ? "✅" : view.verdict === "inconclusive" ? "❔" : "❌";
  const colon = view.lang === "en" ? ": " : "：";
  const full = view.hints === 3;
  const cells = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  const heads = ["", say.columns.layer, say.columns.equation, say.columns.verdict, ...(full ? [say.columns.yours, say.columns.correct, say.columns.difference] : [])];
  const rows = view.rows.map((row) => [
    row.line.equation === "forward" ? say.forward : row.line.equation,
    String(row.line.layer),
    code(row.equation),
    `${say.mark[row.status]} ${row.status === "root" ? `**${say.status.root}**` : say.status[row.status]}`,
    ...(full ? [code(row.worst?.yours ?? ""), code(row.worst?.correct ?? ""), row.line.global === null ? "" : distance(row.line.global)] : []),
  ]);
  const findings = view.findings.flatMap(({ title, id, says, yours, correct, example, features, alternatives }) => [
    `- **${title}**${says === null ? "" : `${colon}${prose(says)}`}${id === null ? "" : ` (${id})`}`,
    ...(yours === null ? [] : [`  - ${say.yours}${colon}${code(yours)}`]),
    ...(correct === null ? [] : [`  - ${say.correct}${colon}${code(correct)}`]),
    ...(example === null ? [] : [`  - ${say.entry} ${code(example.at)}${colon}${say.yours} ${code(example.yours)}, ${say.correct} ${code(example.correct)}`]),
    ...features.map((feature) => `  - ${prose(feature)}`),
    ...alternatives.map((other) => `  - ${say.alternatives}${colon}${prose(other)}`),
  ]);
  const blind = view.hints === 0 || view.blind.summary === "" ? [] : [
    `### ${say.blindTitle}`, "", prose(view.blind.summary), "",
    ...view.blind.groups.map(({ why, ids }) => `- ${prose(why)} (${ids.join(", ")})`),
    ...view.blind.advice.map((advice) => `- → ${prose(advice)}`), "",
  ];
  const lines = [
    `## ${icon} ${prose(view.headline)}`,
    "",
    sizes === "" ? "" : `${sizes} ${activations} · ${cost} ${code(formula)}${report.network.samples > 0 ? ` · ${samples}` : ""}${view.score === "" ? "" : ` · ${view.score}`}`,
    ...(view.readAs.length === 0 ? [] : ["", `${say.readAs}${colon}${prose(view.readAs.join(view.lang === "en" ? "; " : "；"))}`]),
    "",
    ...(rows.length === 0 ? [] : [cells(heads), cells(heads.map(() => "---")), ...rows.map(cells), ""]),
    ...view.contract.flatMap((text) => {
      const [first = "", ...place] = text.split("\n");
      return [`- ${prose(first)}`, ...(place.length === 0 ? [] : ["", ...["```text", ...place, "```"].map((line) => `  ${line}`)])];
    }),
    ...(view.contract.length === 0 ? [] : [""]),
    ...(view.reading.formulas.length === 0 || view.hints === 0 ? [] : [`### ${say.readAs}`, "", ...view.reading.formulas.map(({ line, text }) => `- ${line}${colon}${code(text)}`), ""]),
    ...view.reading.notes.map((text) => `- ${prose(text.replaceAll("\n", " "))}`),
    ...(view.reading.notes.length === 0 ? [] : [""]),
    ...(findings.length === 0 ? [] : [`### ${say.findings}`, "", ...findings, ""]),
    ...blind,
    ...(view.witness.agrees ? [] : [prose(view.witness.text), ""]),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
