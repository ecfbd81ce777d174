/**
 * A document as Markdown, with LaTeX between dollar signs where a formula is more than a line: for a pull request, a
 * notebook or a course's forum.
 */

import { locales } from "../../locales/report.ts";
import type { Block, Document, Finding, Prose, Row } from "./document.ts";
import { displayLatex, formulaLatex } from "./latex-formula.ts";
import { marks } from "./status.ts";

/** Code that keeps its characters inside a table's cell: a bar ends the cell even in backticks. */
function code(text: string): string {
  if (text === "") return "";
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text.replaceAll("|", "\\|")}${fence}`;
}

/** Text whose characters mean nothing to Markdown. */
const plain = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, "\\$&");

const proseMarkdown = (prose: Prose): string =>
  typeof prose === "string"
    ? plain(prose)
    : prose
        .map((part) =>
          typeof part === "string" ? plain(part) : part.kind === "line" ? code(part.text) : `$${formulaLatex(part)}$`,
        )
        .join("");

/** Cells of a table; columns without anything in them are left out. */
function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const filled = head.flatMap((_, k) => (rows.some((row) => row[k] !== "") ? [k] : []));
  const line = (cells: readonly string[]): string => `| ${filled.map((k) => cells[k]!).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function rowTable(rows: readonly Row[], lang: Document["lang"]): string[] {
  const { columns, status } = locales[lang];
  return tableLines(
    ["", "", columns.equation, columns.verdict, columns.yours, columns.correct, columns.difference],
    rows.map((row) => [
      row.label === "" ? code(row.name) : row.label,
      row.place,
      code(row.equation),
      `${marks[row.status]} ${row.status === "root" ? `**${status.root}**` : status[row.status]}`,
      code(row.worst?.yours ?? ""),
      code(row.worst?.correct ?? ""),
      row.difference,
    ]),
  );
}

function findingLines(
  { title, id, says, yours, correct, example, features, alternatives }: Finding,
  lang: Document["lang"],
): string[] {
  const say = locales[lang];
  const times =
    example === null || example.ratio === null ? "" : `${say.semicolon}${say.ratio} = ${code(example.ratio)}`;
  return [
    `- **${plain(title)}**${says === null ? "" : `${say.colon}${plain(says)}`}${id === null ? "" : ` (${id})`}`,
    ...(yours === null ? [] : [`  - ${say.yours}${say.colon}${code(yours)}`]),
    ...(correct === null ? [] : [`  - ${say.correct}${say.colon}${code(correct)}`]),
    ...(example === null
      ? []
      : [
          `  - ${say.entry} ${code(example.at)}${say.colon}${say.yours} ${code(example.yours)}${say.comma}${say.correct} ${code(example.correct)}${times}`,
        ]),
    ...features.map((feature) => `  - ${plain(feature)}`),
    ...alternatives.map((other) => `  - ${say.alternatives}${say.colon}${plain(other)}`),
  ];
}

function blockLines(block: Block, lang: Document["lang"]): string[] {
  const say = locales[lang];
  switch (block.kind) {
    case "prose":
      return [
        block.tone === "remark"
          ? `> **${say.note}${say.colon.trim()}** ${proseMarkdown(block.says)}`
          : proseMarkdown(block.says),
      ];
    case "list":
      return block.items.flatMap((item) => {
        const [first = "", ...place] = item.split("\n");
        return [
          `- ${block.mark === "→" ? "→ " : ""}${plain(first)}`,
          ...(place.length === 0 ? [] : ["", ...["```text", ...place, "```"].map((line) => `  ${line}`)]),
        ];
      });
    case "grouped":
      return block.groups.map(({ says, ids }) => `- ${plain(says)} (${ids.join(", ")})`);
    case "readings":
      return block.formulas.map(({ line, text }) => `- ${line}${say.colon}${code(text)}`);
    case "rows":
      return block.rows.length === 0 ? [] : rowTable(block.rows, lang);
    case "findings":
      return block.findings.flatMap((finding) => findingLines(finding, lang));
    case "drawing":
      return [];
    case "table":
      return tableLines(
        block.head.map(proseMarkdown),
        block.rows.map((row) => row.map(proseMarkdown)),
      );
    case "equation":
      return [...(block.why === null ? [] : [proseMarkdown(block.why), ""]), "$$", displayLatex(block), "$$"];
    case "factors":
      return block.factors.map(
        ({ claim, reason }) =>
          `- $${claim.map(formulaLatex).join(" = ")}$ ${say.because} $${reason.map(formulaLatex).join(" = ")}$`,
      );
  }
}

/** Blocks of a list follow one another without a gap. */
const isList = ({ kind }: Block): boolean => kind === "grouped" || kind === "list";

function paragraphs(
  { lang, verdict, headline, score, subject, asides, sections, witness, appendix }: Document,
  level: number,
): string[] {
  const say = locales[lang];
  const icon = verdict === null ? "" : verdict === "correct" ? "✅ " : verdict === "inconclusive" ? "❔ " : "❌ ";
  const heading = (text: string, depth: number): string => `${"#".repeat(depth)} ${text}`;
  return [
    heading(`${icon}${proseMarkdown(headline)}`, level),
    [...subject.map(proseMarkdown), ...(score === "" ? [] : [score])].join(" · "),
    ...asides.map(({ label, says }) => `${label}${say.colon}${plain(says)}`),
    ...sections.flatMap(({ title, blocks }, k): string[] => {
      const parts: string[] = [];
      blocks.forEach((block, at) => {
        const text = blockLines(block, lang).join("\n");
        if (at > 0 && isList(block) && isList(blocks[at - 1]!)) parts.push(`${parts.pop()!}\n${text}`);
        else if (text !== "") parts.push(text);
      });
      // The table of the equations needs no title.
      const titled = title !== "" && parts.length > 0 && blocks[0]?.kind !== "rows";
      return [
        ...(titled ? [heading(`${verdict === null ? `${k + 1}. ` : ""}${proseMarkdown(title)}`, level + 1)] : []),
        ...parts,
      ];
    }),
    ...(witness === null || witness.agrees ? [] : [`**${plain(witness.says)}**`]),
    ...(appendix === null ? [] : paragraphs(appendix, level + 1)),
  ].filter((text) => text !== "");
}

/** The document as Markdown; a report is a part of a page, a derivation the whole of it. */
export const toMarkdown = (document: Document): string =>
  `${paragraphs(document, document.verdict === null ? 1 : 2).join("\n\n")}\n`;
