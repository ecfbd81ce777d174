/** A derivation as a fragment of HTML with its formulas in MathML: browsers show it without scripts, fonts or network. */

import type { Derived, Language } from "../derived.ts";
import type { Bilingual, Block, EquationBlock, Expression, Prose } from "../language/ast.ts";
import type { Name } from "../language/names.ts";
import type { Subject } from "../language/subject.ts";
import { draw, pieces, type Painter, type Pen } from "./draw.ts";
import { columnsOf } from "./text-box.ts";
import { lineOf } from "./text.ts";

export function toMathML({ title, sections, subject, language }: Derived): string {
  const say = (words: Bilingual): string => proseHtml(words[language], subject);
  const parts = sections.flatMap((section, k) => [
    `<h2>${k + 1}. ${say(section.title)}</h2>`,
    ...section.blocks.map((block) => blockHtml(block, subject, language, say)),
  ]);
  return [`<article class="derivation" lang="${language}">`, `<h1>${say(title)}</h1>`, ...parts, "</article>", ""].join("\n");
}

function blockHtml(block: Block, subject: Subject, language: Language, say: (words: Bilingual) => string): string {
  switch (block.kind) {
    case "text":
      return block.tone === "remark" ? `<aside><strong>${language === "en" ? "Note." : "注意："}</strong> ${say(block.say)}</aside>` : `<p>${say(block.say)}</p>`;
    case "equation":
      return `${block.why === null ? "" : `<p>${say(block.why)}</p>\n`}${equationHtml(block, subject)}`;
    case "factors": {
      const because = language === "en" ? "because" : "因为";
      const items = block.factors.map(({ factor, value, because: { left, right } }) => `<li>${inline([factor, ...value], subject)} ${because} ${inline([left, right], subject)}</li>`);
      return `<ul>\n${items.join("\n")}\n</ul>`;
    }
    case "table": {
      const row = (cells: readonly Bilingual[], tag: string): string => `<tr>${cells.map((cell) => `<${tag}>${say(cell)}</${tag}>`).join("")}</tr>`;
      return `<table>\n<thead>${row(block.head, "th")}</thead>\n<tbody>${block.rows.map((cells) => row(cells, "td")).join("\n")}</tbody>\n</table>`;
    }
  }
}

/** One step in a row of a table, aligned at the signs; the label stands beside. */
function equationHtml({ left, steps, shapes, relation, label }: EquationBlock, subject: Subject): string {
  const pen: Pen<string> = { paint: mathmlPainter, subject, shapes };
  const rows = steps.flatMap((step, k) =>
    linesOf(step, pen).map((line, at) => {
      const cells = [k === 0 && at === 0 ? draw(left, pen) : "", at > 0 ? "" : operator(k === 0 ? relation : "="), line];
      return `<mtr>${cells.map((cell, column) => `<mtd style="text-align:${["right", "center", "left"][column]!}"><mstyle displaystyle="true">${cell}</mstyle></mtd>`).join("")}</mtr>`;
    }),
  );
  const math = `<math display="block"><mtable>${rows.join("")}</mtable></math>`;
  if (label === null) return math;
  return `<div class="${label}" style="display:flex;align-items:center"><div style="flex:1">${math}</div><small>(${label})</small></div>`;
}

/** Characters of plain text that fit on a line of a page. */
const ONE_LINE = 80;

/** A step in as many lines as it needs, broken between its pieces. */
function linesOf(step: Expression, pen: Pen<string>): string[] {
  const parts = pieces(step, pen);
  const lines = Math.ceil(columnsOf(lineOf(step, pen.subject)) / ONE_LINE);
  const each = Math.ceil(parts.length / lines);
  return Array.from({ length: Math.ceil(parts.length / each) }, (_, k) => row(parts.slice(k * each, (k + 1) * each)));
}

function inline(nodes: readonly Expression[], subject: Subject): string {
  return `<math>${nodes.map((node) => draw(node, { paint: mathmlPainter, subject, shapes: false })).join(operator("="))}</math>`;
}

function proseHtml(prose: Prose, subject: Subject): string {
  return prose.map((part) => (typeof part === "string" ? escaped(part) : inline([part], subject))).join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const operator = (sign: string): string => `<mo>${escaped(sign)}</mo>`;
const row = (parts: readonly string[]): string => `<mrow>${parts.join("")}</mrow>`;
const identifiers = (names: readonly string[], apart: string): string =>
  row(names.flatMap((name, k) => [...(k > 0 && apart !== "" ? [operator(apart)] : []), /^\d+$/.test(name) ? `<mn>${name}</mn>` : `<mi>${escaped(name)}</mi>`]));

function nameMathML(name: Name): string {
  const code = name.code || name.layerMark === "suffix";
  const text = escaped(name.base === "ℰ_av" ? "ℰ" : code ? `${name.base}${name.layer}` : name.base);
  const plain = `<mi${name.code ? ' mathvariant="normal"' : ""}>${text}</mi>`;
  const base = name.base === "ℰ_av" ? `<msub>${plain}<mi>av</mi></msub>` : plain;
  const apart = name.indices.some((index) => /^\d\d/.test(index)) || name.indexMark === "brackets" ? "," : "";
  const neurons = name.indices.length === 0 ? "" : identifiers(name.indices, apart);
  const marks = { superscript: name.layer, parentheses: `(${name.layer})`, brackets: `[${name.layer}]`, suffix: "" };
  const above = [name.layer === "" ? "" : marks[name.layerMark], name.sample !== "" && name.sampleMark === "parentheses" ? `(${name.sample})` : "", name.after === "′" ? "′" : ""].join("");
  const sample = name.sample !== "" && name.sampleMark === "subscript" ? `<mi>${name.sample}</mi>` : "";
  const below = `${name.indexMark === "brackets" ? "" : neurons}${sample}`;
  const inside = name.indexMark === "brackets" && neurons !== "" ? `${operator("[")}${neurons}${operator("]")}` : "";
  const after = name.after.startsWith("(") ? `<mrow><mo>(</mo><mi>τ</mi><mo>+</mo><mn>1</mn><mo>)</mo></mrow>` : "";
  return row([attached(base, below, above), inside, after]);
}

function attached(base: string, below: string, above: string): string {
  const [under, over] = [`<mrow>${below}</mrow>`, `<mrow>${/^\d+$/.test(above) ? `<mn>${above}</mn>` : `<mi>${escaped(above)}</mi>`}</mrow>`];
  if (below !== "" && above !== "") return `<msubsup>${base}${under}${over}</msubsup>`;
  if (below !== "") return `<msub>${base}${under}</msub>`;
  return above === "" ? base : `<msup>${base}${over}</msup>`;
}

/** More rows or columns than this are printed with dots. */
const MOST = 6;

function elided(list: readonly string[], dots: string): string[] {
  return list.length <= MOST ? [...list] : [...list.slice(0, MOST - 2), dots, list.at(-1)!];
}

const mathmlPainter: Painter<string> = {
  name: nameMathML,
  sigma: (base, layer, slope) => attached(`<mi>${base}</mi>`, layer === "" ? "" : `<mi>${layer}</mi>`, slope ? "′" : ""),
  number: (digits, exponent) => {
    const magnitude = `<mn>${digits.replace("−", "")}</mn>`;
    const signed = digits.startsWith("−") ? row([operator("−"), magnitude]) : magnitude;
    return exponent === null ? signed : row([signed, operator("·"), `<msup><mn>10</mn><mrow>${exponent < 0 ? operator("−") : ""}<mn>${Math.abs(exponent)}</mn></mrow></msup>`]);
  },
  word: (text) => `<mi>${escaped(text)}</mi>`,
  // Nothing between two factors is an invisible product to whoever reads aloud.
  // A sign that begins a row would be taken for a prefix, without space around it.
  sign: (sign, spaced) => (spaced && sign !== "," ? `<mo form="infix">${escaped(sign)}</mo>` : operator(sign === "" ? "\u2062" : sign)),
  row,
  fraction: (top, bottom) => `<mfrac>${row([top])}${row([bottom])}</mfrac>`,
  raised: (base, exponent) => `<msup>${row([base])}${exponent}</msup>`,
  sum: (letter) => `<munder><mo>∑</mo><mi>${escaped(letter)}</mi></munder>`,
  parentheses: (inside) => row([operator("("), inside, operator(")")]),
  brackets: (inside) => row([operator("["), inside, operator("]")]),
  matrix: (rows) => {
    const line = (cells: readonly string[]): string => `<mtr>${elided(cells, "<mo>⋯</mo>").map((cell) => `<mtd>${cell}</mtd>`).join("")}</mtr>`;
    const dots = line((rows[0] ?? []).map(() => "<mo>⋮</mo>"));
    return row([operator("["), `<mtable>${elided(rows.map(line), dots).join("")}</mtable>`, operator("]")]);
  },
  under: (piece, note) => `<munder>${row([piece])}<mtext>${note}</mtext></munder>`,
};
