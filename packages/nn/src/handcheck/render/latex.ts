/** The report as a LaTeX document, for homework and for papers. */

import { escapeLatex, formulaLatex } from "./formula.ts";
import { viewOf, type AnyReport, type RenderOptions } from "./view.ts";
import { phrases } from "./words.ts";

const set = (formula: string): string => (formula === "" ? "" : `$${formulaLatex(formula)}$`);

/** A word of a sentence that is mathematics: it holds a sign that a text font lacks. */
const mathematics = /[^\s,.;:，。：；、\u4e00-\u9fff]*[α-ωΑ-Ω∂∇⊙⁰¹²³⁴-⁹ᵀᴸ₀-₉½√≈≠≤≥→−×·∞Σ][^\s,;:，。：；、\u4e00-\u9fff]*[^\s,.;:，。：；、\u4e00-\u9fff]|[α-ωΑ-Ω∂∇⊙½√≈≠≤≥→−×·∞Σ]/gu;

/** Prose with the formulas in it set as formulas. */
export function prose(text: string): string {
  let result = "";
  let at = 0;
  for (const found of text.matchAll(mathematics)) {
    result += escapeLatex(text.slice(at, found.index)) + set(found[0]);
    at = found.index + found[0].length;
  }
  return result + escapeLatex(text.slice(at));
}

export const marks: Readonly<Record<string, string>> = { "✓": "$\\checkmark$", "✗": "$\\times$", "↳": "$\\hookrightarrow$", "≈": "$\\approx$", "∠": "$\\angle$", "·": "$\\cdot$", "?": "?" };

/** A number of the report: its `e` as a power of ten. */
export function number(text: string): string {
  if (text === "") return "";
  const [, sign, mantissa, exponent] = /^(-?)([^e]*)(?:e([-+]?\d+))?$/.exec(text) ?? [null, "", text, undefined];
  const size = mantissa === "∞" ? "\\infty" : mantissa === "NaN" ? "\\mathrm{NaN}" : mantissa!;
  return `$${sign!}${size}${exponent === undefined ? "" : ` \\cdot 10^{${Number(exponent)}}`}$`;
}

/** The report as a document of LaTeX. */
export function toLatex(report: AnyReport, options: RenderOptions = {}): string {
  const view = viewOf(report, options);
  const say = phrases[view.lang];
  const { sizes, activations, cost, formula, samples } = view.subject;
  const full = view.hints === 3;
  const heads = ["", say.columns.equation, say.columns.verdict, ...(full ? [say.columns.yours, say.columns.correct] : [])];
  const rows = view.rows.map((row) => [
    `${row.line.equation === "forward" ? escapeLatex(say.forward) : row.line.equation}, ${row.line.layer}`,
    set(row.equation),
    `${marks[say.mark[row.status]]!} ${row.status === "root" ? `\\textbf{${say.status.root}}` : say.status[row.status]}`,
    ...(full ? [number(row.worst?.yours ?? ""), number(row.worst?.correct ?? "")] : []),
  ]);
  const tableLines = rows.length === 0 ? [] : [
    `\\begin{longtable}{lll${full ? "rr" : ""}}`, "\\toprule", `${heads.join(" & ")} \\\\`, "\\midrule\\endhead",
    ...rows.map((row) => `${row.join(" & ")} \\\\`), "\\bottomrule", "\\end{longtable}", "",
  ];
  const findings = view.findings.flatMap(({ title, id, says, yours, correct, features, alternatives }) => [
    `\\item \\textbf{${escapeLatex(title)}}${says === null ? "" : `: ${prose(says)}`}${id === null ? "" : ` [${id}]`}`,
    ...(yours === null || correct === null ? [] : ["\\begin{align*}", `  &\\text{${say.yours}:} & ${formulaLatex(yours)} \\\\`, `  &\\text{${say.correct}:} & ${formulaLatex(correct)}`, "\\end{align*}"]),
    ...features.map((feature) => `\\par ${prose(feature)}`),
    ...alternatives.map((other) => `\\par ${escapeLatex(say.alternatives)}: ${prose(other)}`),
  ]);
  const list = (items: readonly string[]): string[] => (items.length === 0 ? [] : ["\\begin{itemize}", ...items, "\\end{itemize}", ""]);
  const blind = view.hints === 0 || view.blind.summary === "" ? [] : [
    `\\section*{${say.blindTitle}}`, prose(view.blind.summary),
    ...list([...view.blind.groups.map(({ why, ids }) => `\\item ${prose(why)} (${ids.join(", ")})`), ...view.blind.advice.map((text) => `\\item ${prose(text)}`)]),
  ];
  return [
    `\\documentclass{${view.lang === "zh" ? "ctexart" : "article"}}`,
    ...(view.lang === "zh" ? [] : ["\\usepackage[utf8]{inputenc}"]),
    "\\usepackage{amsmath,amssymb,booktabs,longtable}",
    "\\usepackage[a4paper,margin=25mm]{geometry}",
    "\\begin{document}",
    `\\section*{${prose(view.headline)}}`,
    sizes === "" ? "" : `${escapeLatex(sizes)} ${escapeLatex(activations)}, ${escapeLatex(cost)} ${set(formula)}${report.network.samples > 0 ? `, ${escapeLatex(samples)}` : ""}${view.score === "" ? "" : `. ${escapeLatex(view.score)}.`}`,
    ...(view.readAs.length === 0 ? [] : ["", prose(`${say.readAs}${view.lang === "en" ? ": " : "："}${view.readAs.join(view.lang === "en" ? "; " : "；")}.`)]),
    "",
    ...tableLines,
    ...list(view.contract.map((text) => {
      const [first = "", ...place] = text.split("\n");
      return `\\item ${prose(first)}${place.length === 0 ? "" : `\n\\begin{verbatim}\n${place.join("\n")}\n\\end{verbatim}`}`;
    })),
    ...(view.hints === 0 ? [] : list(view.reading.formulas.map(({ line, text }) => `\\item[${line}] ${set(text)}`))),
    ...list(view.reading.notes.map((text) => `\\item ${prose(text.replaceAll("\n", " "))}`)),
    ...(findings.length === 0 ? [] : [`\\section*{${say.findings}}`, ...list(findings)]),
    ...blind,
    ...(view.witness.agrees ? [] : [prose(view.witness.text)]),
    "\\end{document}",
    "",
  ].join("\n");
}
