/** A document as LaTeX, for homework and for papers: whole, or as the body of another document. */

import { locales } from "../../locales/report.ts";
import type { Block, Document, Finding, Prose, Row } from "./document.ts";
import { isSentence, type Formula } from "./formula.ts";
import { displayLatex, escapeLatex, formulaLatex } from "./latex-formula.ts";
import { marks } from "./status.ts";

/** True if it compiles as it is; a report does unless told otherwise, a derivation where it is told. */
export interface LatexOptions {
  /** A whole document instead of a body. */
  readonly standalone?: boolean;
}

const math = (formulas: readonly Formula[]): string => `$${formulas.map(formulaLatex).join(" = ")}$`;

const line = (text: string): string => (text === "" ? "" : math([{ kind: "line", text }]));

/** A word of a sentence that is mathematics: it holds a sign that a text font lacks. */
const mathematics =
  /[^\s,.;:，。：；、（）“”\u4e00-\u9fff]*[α-ωΑ-Ω∂∇⊙⁰¹²³⁴-⁹ᵀᴸ₀-₉½√≈≠≤≥→−×·∞Σ\u0302](?:[^\s,;:，。：；、（）“”\u4e00-\u9fff]*[^\s,.;:，。：；、（）“”\u4e00-\u9fff])?/gu;

/** Text with the formulas in it set as formulas. */
function textLatex(text: string): string {
  let result = "";
  let at = 0;
  for (const found of text.matchAll(mathematics)) {
    result += escapeLatex(text.slice(at, found.index)) + line(found[0]);
    at = found.index + found[0].length;
  }
  return result + escapeLatex(text.slice(at));
}

const proseLatex = (prose: Prose): string =>
  typeof prose === "string"
    ? textLatex(prose)
    : prose.map((part) => (typeof part === "string" ? textLatex(part) : math([part]))).join("");

/** A right-hand side: set as mathematics where it is a formula. */
const formulaOrText = (text: string): string => (isSentence(text) ? textLatex(text) : line(text));

const signs: Readonly<Record<string, string>> = {
  "✓": "$\\checkmark$",
  "✗": "$\\times$",
  "↳": "$\\hookrightarrow$",
  "≈": "$\\approx$",
  "∠": "$\\angle$",
  "·": "$\\cdot$",
  "?": "?",
};

/** A number of the report: its `e` as a power of ten. */
function number(text: string): string {
  if (text === "") return "";
  const [, sign, mantissa, exponent] = /^(-?)([^e]*)(?:e([-+]?\d+))?$/.exec(text) ?? [null, "", text, undefined];
  const size = mantissa === "∞" ? "\\infty" : mantissa === "NaN" ? "\\mathrm{NaN}" : mantissa!;
  return `$${sign!}${size}${exponent === undefined ? "" : ` \\cdot 10^{${Number(exponent)}}`}$`;
}

const list = (items: readonly string[]): string =>
  items.length === 0 ? "" : ["\\begin{itemize}", ...items.map((item) => `\\item${item}`), "\\end{itemize}"].join("\n");

/** Equations and their numbers; columns without anything in them are left out. */
function rowTable(rows: readonly Row[], lang: Document["lang"]): string {
  const { columns, status } = locales[lang];
  const head = ["", columns.equation, columns.verdict, columns.yours, columns.correct];
  const cells = rows.map((row) => [
    [
      row.label === "" ? textLatex(row.name) : escapeLatex(row.label),
      ...(row.place === "" ? [] : [escapeLatex(row.place)]),
    ].join(", "),
    formulaOrText(row.equation),
    `${signs[marks[row.status]]!} ${row.status === "root" ? `\\textbf{${status.root}}` : status[row.status]}`,
    number(row.worst?.yours ?? ""),
    number(row.worst?.correct ?? ""),
  ]);
  const filled = head.flatMap((_, k) => (cells.some((row) => row[k] !== "") ? [k] : []));
  // What is told in words wraps.
  const format = filled
    .map((k) =>
      k > 2 ? "r" : k === 1 && rows.some(({ equation }) => isSentence(equation)) ? "p{0.4\\linewidth}" : "l",
    )
    .join("");
  const written = (row: readonly string[]): string => `${filled.map((k) => row[k]!).join(" & ")} \\\\`;
  return [
    `\\begin{longtable}{${format}}`,
    "\\toprule",
    written(head),
    "\\midrule\\endhead",
    ...cells.map(written),
    "\\bottomrule",
    "\\end{longtable}",
  ].join("\n");
}

function findingLatex(
  { title, id, says, yours, correct, example, features, alternatives }: Finding,
  lang: Document["lang"],
): string {
  const say = locales[lang];
  return [
    ` \\textbf{${textLatex(title)}}${says === null ? "" : `${say.colon}${textLatex(says)}`}${id === null ? "" : ` [${id}]`}`,
    ...(yours === null ? [] : [`\\par ${say.yours}${say.colon}${formulaOrText(yours)}`]),
    ...(correct === null ? [] : [`\\par ${say.correct}${say.colon}${formulaOrText(correct)}`]),
    ...(example === null
      ? []
      : [
          `\\par ${say.entry} ${textLatex(example.at)}${say.colon}${say.yours} ${number(example.yours)}${say.comma}${say.correct} ${number(example.correct)}`,
        ]),
    ...features.map((feature) => `\\par ${textLatex(feature)}`),
    ...alternatives.map((other) => `\\par ${say.alternatives}${say.colon}${textLatex(other)}`),
  ].join("\n");
}

function blockLatex(block: Block, lang: Document["lang"]): string {
  const say = locales[lang];
  switch (block.kind) {
    case "prose":
      return block.tone === "remark"
        ? `\\begin{quote}\\textbf{${say.note}${say.colon.trim()}} ${proseLatex(block.says)}\\end{quote}`
        : proseLatex(block.says);
    case "list":
      return list(
        block.items.map((item) => {
          const [first = "", ...place] = item.split("\n");
          return ` ${textLatex(first)}${place.length === 0 ? "" : `\n\\begin{verbatim}\n${place.join("\n")}\n\\end{verbatim}`}`;
        }),
      );
    case "grouped":
      return list(block.groups.map(({ says, ids }) => ` ${textLatex(says)} (${ids.join(", ")})`));
    case "readings":
      return list(block.formulas.map(({ line: number, text }) => `[${number}] ${line(text)}`));
    case "rows":
      return block.rows.length === 0 ? "" : rowTable(block.rows, lang);
    case "findings":
      return list(block.findings.map((finding) => findingLatex(finding, lang)));
    case "drawing":
      return "";
    case "table": {
      const [head = "", ...rows] = [block.head, ...block.rows].map((row) => row.map(proseLatex).join(" & "));
      return `\\begin{center}\\begin{tabular}{${"l".repeat(block.head.length)}}\n${head} \\\\ \\hline\n${rows.join(" \\\\\n")}\n\\end{tabular}\\end{center}`;
    }
    case "equation":
      return `${block.why === null ? "" : `${proseLatex(block.why)}\n`}\\[\n${displayLatex(block)}\n\\]`;
    case "factors":
      return list(block.factors.map(({ claim, reason }) => ` ${math(claim)} ${say.because} ${math(reason)}`));
  }
}

/** Everything behind the title. */
function body({ lang, verdict, score, subject, asides, sections, witness, appendix }: Document): string[] {
  const say = locales[lang];
  const about = [
    ...(subject.length === 0 ? [] : [subject.map(proseLatex).join(say.comma)]),
    ...(score === "" ? [] : [`${escapeLatex(score)}${say.stop}`]),
  ].join(say.stop + say.gap);
  return [
    about,
    ...asides.map(({ label, says }) => textLatex(`${label}${say.colon}${says}`)),
    ...sections.flatMap(({ title, blocks }): string[] => {
      const written = blocks.map((block) => blockLatex(block, lang)).filter((text) => text !== "");
      const titled = title !== "" && written.length > 0 && blocks[0]?.kind !== "rows";
      return [...(titled ? [`\\section${verdict === null ? "" : "*"}{${proseLatex(title)}}`] : []), ...written];
    }),
    ...(witness === null || witness.agrees ? [] : [textLatex(witness.says)]),
    ...(appendix === null ? [] : [centered(appendix), ...body(appendix)]),
  ].filter((text) => text !== "");
}

const centered = ({ headline }: Document): string => `\\begin{center}\\Large ${proseLatex(headline)}\\end{center}`;

/** The document as LaTeX. */
export function toLatex(document: Document, { standalone = document.verdict !== null }: LatexOptions = {}): string {
  const title = proseLatex(document.headline);
  const lines = !standalone
    ? ["% needs amsmath and amssymb", centered(document), ...body(document)]
    : [
        [
          // Chinese needs fonts and line breaks of its own; XeLaTeX or LuaLaTeX compiles it.
          ...(document.lang === "zh"
            ? ["\\documentclass{ctexart}"]
            : ["\\documentclass{article}", "\\usepackage[utf8]{inputenc}"]),
          "\\usepackage{amsmath,amssymb,booktabs,longtable}",
          "\\usepackage[a4paper,margin=25mm]{geometry}",
          ...(document.verdict === null
            ? [`\\title{${title}}`, "\\date{}", "\\begin{document}", "\\maketitle"]
            : ["\\begin{document}", `\\section*{${title}}`]),
        ].join("\n"),
        ...body(document),
        "\\end{document}",
      ];
  return `${lines.join("\n\n")}\n`;
}
