/** The report of a kernel or of a graph as Markdown. */

import { code, prose } from "../../render/markdown.ts";
import { distance } from "../../render/numbers.ts";
import { phrases } from "../../render/words.ts";
import type { OpFindings } from "../report.ts";
import { opViewOf, type OpRenderOptions } from "./view.ts";

/** The report as Markdown. */
export function opMarkdown(findings: OpFindings, options: OpRenderOptions = {}): string {
  const view = opViewOf(findings, options);
  const say = phrases[view.lang];
  const icon = view.verdict === "correct" ? "✅" : view.verdict === "inconclusive" ? "❔" : "❌";
  const colon = view.lang === "en" ? ": " : "：";
  const full = view.hints === 3;
  const cells = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  const heads = ["", say.columns.verdict, ...(full ? [say.columns.equation, say.columns.yours, say.columns.correct, say.columns.difference] : [])];
  const rows = view.rows.map(({ name, status, formula, residual, worst }) => [
    code(name),
    `${say.mark[status]} ${status === "root" ? `**${say.status.root}**` : say.status[status]}`,
    ...(full ? [code(formula), code(worst?.yours ?? ""), code(worst?.correct ?? ""), residual === null ? "" : distance(residual)] : []),
  ]);
  const lines = [
    `## ${icon} ${prose(view.headline)}`, "",
    `${prose(view.subject)}${view.score === "" ? "" : ` · ${view.score}`}`, "",
    ...(rows.length === 0 ? [] : [cells(heads), cells(heads.map(() => "---")), ...rows.map(cells), ""]),
    ...view.contract.flatMap((text) => {
      const [first = "", ...place] = text.split("\n");
      return [`- ${prose(first)}`, ...(place.length === 0 ? [] : ["", ...["```text", ...place, "```"].map((line) => `  ${line}`)])];
    }),
    ...(view.contract.length === 0 ? [] : [""]),
    ...view.findings.flatMap(({ title, id, says, yours, correct, example, features, alternatives }) => [
      `- **${prose(title)}**${says === null ? "" : `${colon}${prose(says)}`}${id === null ? "" : ` (${id})`}`,
      ...(yours === null ? [] : [`  - ${say.yours}${colon}${code(yours)}`]),
      ...(correct === null ? [] : [`  - ${say.correct}${colon}${code(correct)}`]),
      ...(example === null ? [] : [`  - ${say.entry} ${code(example.at)}${colon}${say.yours} ${code(example.yours)}, ${say.correct} ${code(example.correct)}`]),
      ...features.map((feature) => `  - ${prose(feature)}`),
      ...alternatives.map((other) => `  - ${say.alternatives}${colon}${prose(other)}`),
    ]),
    ...(view.findings.length === 0 ? [] : [""]),
    ...view.notes.map((note) => `- ${prose(note)}`),
    ...(view.doubt === "" ? [] : ["", `**${prose(view.doubt)}**`]),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
