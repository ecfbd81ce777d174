/** A derivation as plain text of at most 80 columns. */

import type { Bilingual, Block, EquationBlock, Expression, Factor, Prose, TableBlock } from "../language/ast.ts";
import type { Subject } from "../language/subject.ts";
import type { Derived } from "../derived.ts";
import { draw, pieces } from "./draw.ts";
import { beside, box, columnsOf, padded, textPainter, type Box } from "./text-box.ts";

const WIDTH = 80;
const flat = textPainter(true);
const tall = textPainter(false);

export function toText({ title, sections, subject, language }: Derived): string {
  const lines: string[] = [];
  const heading = wrapped(proseText(title[language], subject), "");
  lines.push(...heading, "═".repeat(Math.max(...heading.map(columnsOf))));
  sections.forEach((section, k) => {
    const head = `${k + 1}. ${proseText(section.title[language], subject)}`;
    lines.push("", head, "─".repeat(columnsOf(head)));
    for (const block of section.blocks) lines.push(...blockLines(block, subject, language));
  });
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** An expression on one line. */
export function lineOf(node: Expression, subject: Subject): string {
  return draw(node, { paint: flat, subject, shapes: false }).rows[0]!;
}

function proseText(prose: Prose, subject: Subject): string {
  return prose.map((part) => (typeof part === "string" ? part : lineOf(part, subject))).join("");
}

function blockLines(block: Block, subject: Subject, language: "en" | "zh"): string[] {
  const say = (words: Bilingual): string => proseText(words[language], subject);
  switch (block.kind) {
    case "text":
      return ["", ...wrapped(block.tone === "remark" ? `${language === "en" ? "Note: " : "注意："}${say(block.say)}` : say(block.say), "")];
    case "table":
      return ["", ...tableLines(block, say)];
    case "equation":
      return ["", ...(block.why === null ? [] : wrapped(say(block.why), "")), ...equationLines(block, subject)];
    case "factors":
      return ["", ...block.factors.flatMap((factor) => factorLines(factor, subject, language))];
  }
}

function equationLines({ left, steps, shapes, relation, label }: EquationBlock, subject: Subject): string[] {
  const pen = { paint: tall, subject, shapes };
  const head = draw(left, pen);
  const mark = label === null ? "" : `(${label})`;
  const lines: Box[] = [];
  let line: Box[] = [box(INDENT), head];
  const begin = (indent: number): void => {
    if (line.length > 0) lines.push(beside(line));
    line = [box(" ".repeat(indent))];
  };
  const limit = WIDTH - columnsOf(mark) - 1;
  const indent = INDENT.length + Math.min(head.width, 12);
  steps.forEach((step, k) => {
    const parts = fitting(step, limit - indent - 3, subject, shapes);
    const sign = box(` ${k === 0 ? relation : "="} `);
    const wide = widthOf(parts) + sign.width;
    // A step stays on the line of the one before it where it fits; what stands before the last one takes the last one along.
    const last = k === steps.length - 2 ? widthOf(pieces(steps[k + 1]!, pen)) + sign.width : 0;
    if (k > 0 && widthOf(line) + wide + (indent + wide + last <= limit ? last : 0) > limit) begin(indent);
    line.push(sign);
    parts.forEach((part, at) => {
      if (at > 0 && widthOf(line) + part.width > limit) begin(indent + 3);
      line.push(part);
    });
  });
  lines.push(beside(line));
  const joined = lines.flatMap((one, k) => (k > 0 && (one.rows.length > 1 || lines[k - 1]!.rows.length > 1) ? ["", ...one.rows] : [...one.rows]));
  const at = lines[0]!.base;
  return joined.map((row, y) => (y === at && mark !== "" ? `${padded(row, WIDTH - columnsOf(mark))}${mark}` : row));
}

/** The pieces of a step; where one is too wide, all of it on one line, which may be broken at any operator. */
function fitting(step: Expression, room: number, subject: Subject, shapes: boolean): Box[] {
  const parts = pieces(step, { paint: tall, subject, shapes });
  if (parts.every((part) => part.width <= room)) return parts;
  return lineOf(step, subject).split(/(?= [+−·*⊙@] )|(?<=;) /u).map(box);
}

const INDENT = "    ";

function widthOf(parts: readonly Box[]): number {
  return parts.reduce((width, part) => width + part.width, 0);
}

function factorLines({ factor, value, because }: Factor, subject: Subject, language: "en" | "zh"): string[] {
  const claim = [lineOf(factor, subject), ...value.map((one) => lineOf(one, subject))].join(" = ");
  const reason = `${language === "en" ? "because" : "因为"} ${lineOf(because.left, subject)} = ${lineOf(because.right, subject)}`;
  const indented = `${INDENT}• `;
  const one = `${indented}${padded(claim, 30)}  ${reason}`;
  return columnsOf(one) <= WIDTH ? [one] : [...wrapped(`${indented}${claim}`, `${INDENT}    `), ...wrapped(`${INDENT}    ${reason}`, `${INDENT}      `)];
}

function tableLines({ head, rows }: TableBlock, say: (words: Bilingual) => string): string[] {
  const cells = [head, ...rows].map((row) => row.map(say));
  const widths = cells[0]!.map((_, k) => Math.max(...cells.map((row) => columnsOf(row[k]!))));
  const lines = cells.map((row) => `${INDENT}${row.map((cell, k) => padded(cell, widths[k]!)).join("   ")}`);
  return [lines[0]!, `${INDENT}${widths.map((width) => "─".repeat(width)).join("───")}`, ...lines.slice(1)];
}

/** Words filled into lines; Chinese breaks between any two characters. */
function wrapped(text: string, hang: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/\s*(?:[\u2e80-\u9fff\uff00-\uffef][，。；：、）]*|[^\s\u2e80-\u9fff\uff00-\uffef]+[，。；：、）]*|$)/gu) ?? []) {
    if (columnsOf(line) + columnsOf(word) > WIDTH && line !== "") {
      lines.push(line);
      line = hang + word.trimStart();
    } else line += word;
  }
  return line.trim() === "" ? lines : [...lines, line];
}
