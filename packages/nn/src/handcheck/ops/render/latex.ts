/** The report of a kernel or of a graph as a LaTeX document. */

import { marks, number, prose } from "../../render/latex.ts";
import { phrases } from "../../render/words.ts";
import type { OpFindings } from "../report.ts";
import { opViewOf, type OpRenderOptions } from "./view.ts";

/** Prose with its formulas set, and letters that wear a hat. */
const set = (text: string): string => text.split(/(\p{L}\u0302)/u).map((part, k) => (k % 2 === 1 ? `$\\hat{${part[0]!}}$` : prose(part))).join("");

/** The report as a document of LaTeX. */
export function opLatex(findings: OpFindings, options: OpRenderOptions = {}): string {
  const view = opViewOf(findings, options);
  const say = phrases[view.lang];
  const full = view.hints === 3;
  const heads = ["", say.columns.verdict, ...(full ? [say.columns.yours, say.columns.correct] : [])];
  const rows = view.rows.map(({ name, status, worst }) => [
    set(name),
    `${marks[say.mark[status]]!} ${status === "root" ? `\\textbf{${say.status.root}}` : say.status[status]}`,
    ...(full ? [number(worst?.yours ?? ""), number(worst?.correct ?? "")] : []),
  ]);
  const list = (items: readonly string[]): string[] => (items.length === 0 ? [] : ["\\begin{itemize}", ...items, "\\end{itemize}", ""]);
  const told = view.findings.flatMap(({ title, id, says, yours, correct, example, features, alternatives }) => [
    `\\item \\textbf{${set(title)}}${says === null ? "" : `: ${set(says)}`}${id === null ? "" : ` [${id}]`}`,
    ...(yours === null ? [] : [`\\par ${say.yours}: ${set(yours)}`]),
    ...(correct === null ? [] : [`\\par ${say.correct}: ${set(correct)}`]),
    ...(example === null ? [] : [`\\par ${say.entry} ${set(example.at)}: ${say.yours} ${number(example.yours)}, ${say.correct} ${number(example.correct)}`]),
    ...features.map((feature) => `\\par ${set(feature)}`),
    ...alternatives.map((other) => `\\par ${say.alternatives}: ${set(other)}`),
  ]);
  return [
    `\\documentclass{${view.lang === "zh" ? "ctexart" : "article"}}`,
    ...(view.lang === "zh" ? [] : ["\\usepackage[utf8]{inputenc}"]),
    "\\usepackage{amsmath,amssymb,booktabs,longtable}",
    "\\usepackage[a4paper,margin=25mm]{geometry}",
    "\\begin{document}",
    `\\section*{${set(view.headline)}}`,
    `${set(view.subject)}${view.score === "" ? "" : `. ${set(view.score)}.`}`,
    "",
    ...(rows.length === 0 ? [] : [
      `\\begin{longtable}{ll${full ? "rr" : ""}}`, "\\toprule", `${heads.join(" & ")} \\\\`, "\\midrule\\endhead",
      ...rows.map((row) => `${row.join(" & ")} \\\\`), "\\bottomrule", "\\end{longtable}", "",
    ]),
    ...list(view.contract.map((text) => {
      const [first = "", ...place] = text.split("\n");
      return `\\item ${set(first)}${place.length === 0 ? "" : `\n\\begin{verbatim}\n${place.join("\n")}\n\\end{verbatim}`}`;
    })),
    ...(told.length === 0 ? [] : [`\\section*{${say.findings}}`, ...list(told)]),
    ...list(view.notes.map((note) => `\\item ${set(note)}`)),
    ...(view.doubt === "" ? [] : [set(view.doubt)]),
    "\\end{document}",
    "",
  ].join("\n");
}
