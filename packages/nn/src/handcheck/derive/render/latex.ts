/** A derivation as LaTeX: the body of a document, or a document that compiles as it is; and the formulas for Markdown. */

import type { Derived, Language } from "../derived.ts";
import type { Bilingual, Block, EquationBlock, Expression, Factor, Prose } from "../language/ast.ts";
import type { Subject } from "../language/subject.ts";
import { draw, pieces } from "./draw.ts";
import { latexPainter } from "./latex-math.ts";
import { lineOf } from "./text.ts";
import { columnsOf } from "./text-box.ts";

export interface LatexOptions {
  /** A whole document instead of a body. */
  readonly standalone?: boolean;
}

export function toLatex({ title, sections, subject, language }: Derived, { standalone = false }: LatexOptions = {}): string {
  const heading = proseLatex(title[language], subject);
  const body = sections.flatMap((section) => [
    `\\section{${proseLatex(section.title[language], subject)}}`,
    ...section.blocks.map((block) => blockLatex(block, subject, language)),
  ]);
  const lines = standalone
    ? [
        // Chinese needs fonts and line breaks of its own; XeLaTeX or LuaLaTeX compiles it.
        language === "zh" ? "\\documentclass[UTF8]{ctexart}" : "\\documentclass{article}",
        "\\usepackage{amsmath,amssymb}",
        "\\usepackage[a4paper,margin=25mm]{geometry}",
        `\\title{${heading}}`,
        "\\date{}",
        "\\begin{document}",
        "\\maketitle",
        ...body,
        "\\end{document}",
      ]
    : ["% needs amsmath and amssymb", `\\begin{center}\\Large ${heading}\\end{center}`, ...body];
  return `${lines.join("\n\n")}\n`;
}

/** A formula among words. */
export function inlineLatex(node: Expression, subject: Subject): string {
  return draw(node, { paint: latexPainter, subject, shapes: false });
}

/** The lines of an equation, aligned at their signs. */
export function displayLatex({ left, steps, shapes, relation, label }: EquationBlock, subject: Subject): string {
  const pen = { paint: latexPainter, subject, shapes };
  const head = draw(left, pen);
  const tag = label === null ? "" : ` \\tag{${label}}`;
  const width = [left, ...steps].reduce((total, step) => total + columnsOf(lineOf(step, subject)) + 3, 0);
  const written = steps.map((step, k) => `${k === 0 ? relation : "="} ${broken(step, subject, pieces(step, pen), width <= ONE_LINE)}`);
  if (width <= ONE_LINE) return `${head} ${written.join(" ")}${tag}`;
  return `\\begin{aligned}\n${head} &${written.join(" \\\\\n&")}\n\\end{aligned}${tag}`;
}

/** Characters of plain text that fit on a printed line. */
const ONE_LINE = 70;

function broken(step: Expression, subject: Subject, parts: readonly string[], single: boolean): string {
  const columns = columnsOf(lineOf(step, subject));
  if (single || columns <= 1.4 * ONE_LINE || parts.length < 2) return parts.join("");
  const rows = Math.ceil(columns / ONE_LINE);
  const each = Math.ceil(parts.length / rows);
  return parts.map((part, k) => (k > 0 && k % each === 0 ? ` \\\\\n&\\quad ${part}` : part)).join("");
}

function blockLatex(block: Block, subject: Subject, language: Language): string {
  const say = (words: Bilingual): string => proseLatex(words[language], subject);
  switch (block.kind) {
    case "text":
      return block.tone === "remark" ? `\\begin{quote}\\textbf{${language === "en" ? "Note." : "注意："}} ${say(block.say)}\\end{quote}` : say(block.say);
    case "equation":
      return `${block.why === null ? "" : `${say(block.why)}\n`}\\[\n${displayLatex(block, subject)}\n\\]`;
    case "factors":
      return `\\begin{itemize}\n${block.factors.map((factor) => `\\item ${factorLatex(factor, subject, language)}`).join("\n")}\n\\end{itemize}`;
    case "table": {
      const lines = [block.head, ...block.rows].map((row) => row.map(say).join(" & "));
      return `\\begin{center}\\begin{tabular}{${"l".repeat(block.head.length)}}\n${lines[0]!} \\\\ \\hline\n${lines.slice(1).join(" \\\\\n")}\n\\end{tabular}\\end{center}`;
    }
  }
}

/** One factor, what it is and why, on one line. */
export function factorLatex({ factor, value, because }: Factor, subject: Subject, language: Language): string {
  const math = (nodes: readonly Expression[]): string => `$${nodes.map((node) => inlineLatex(node, subject)).join(" = ")}$`;
  return `${math([factor, ...value])}${language === "en" ? " because " : "，因为 "}${math([because.left, because.right])}`;
}

const plainSigns: Readonly<Record<string, string>> = { "×": "$\\times$", "⊙": "$\\odot$", "−": "$-$", "δ": "$\\delta$", "²": "$^2$", "³": "$^3$" };

function proseLatex(prose: Prose, subject: Subject): string {
  return prose
    .map((part) => (typeof part === "string" ? escaped(part).replace(/[×⊙−δ²³]/g, (sign) => plainSigns[sign]!) : `$${inlineLatex(part, subject)}$`))
    .join("");
}

function escaped(text: string): string {
  return text.replace(/[\\{}]/g, "").replace(/[_%&#$]/g, (sign) => `\\${sign}`);
}
