/**
 * A document as HTML with MathML: a report as one page that needs nothing beside itself, a derivation as a part of a
 * page.
 */

import { locales } from "../../../locales/report.ts";
import { flatText } from "../boxes.ts";
import type { Block, Document, Equation, Finding, Prose, Row, Section } from "../document.ts";
import { isSentence, type Formula } from "../formula.ts";
import { plainNumbers } from "../json.ts";
import { marks } from "../status.ts";
import { columnsOf } from "../width.ts";
import { script, style } from "./assets.ts";
import { drawingHtml } from "./drawing.ts";
import { heatMaps } from "./heat.ts";
import { escapeHtml, formulaMathml, partMathml } from "./mathml.ts";

type Lang = Document["lang"];

/** Text as HTML, line by line. */
const plain = (text: string): string => escapeHtml(text).replaceAll("\n", "<br>");

const proseHtml = (prose: Prose): string =>
  typeof prose === "string"
    ? plain(prose)
    : prose.map((part) => (typeof part === "string" ? plain(part) : formulaMathml(part))).join("");

/** A right-hand side: set as mathematics where it is a formula, as it is where it is told in words. */
const formulaOrText = (text: string): string =>
  isSentence(text) ? `<code>${plain(text)}</code>` : formulaMathml({ kind: "line", text });

const list = (items: readonly string[]): string =>
  items.length === 0 ? "" : `<ul>\n${items.map((item) => `<li>${item}</li>`).join("\n")}\n</ul>`;

function findingHtml(
  { title, key, id, says, yours, correct, example, features, alternatives }: Finding,
  lang: Lang,
): string {
  const say = locales[lang];
  const item = (name: string, value: string, tone: string): string =>
    `<dt>${plain(name)}</dt><dd class="${tone}">${value}</dd>`;
  return (
    `<article class="root"><header><h3>${key === null ? plain(title) : `<a href="#${key}">${plain(title)}</a>`}</h3>${id === null ? "" : `<span class="id">${plain(id)}</span>`}</header>` +
    (says === null ? "" : `<p>${plain(says)}</p>`) +
    `<dl class="pair">${[
      yours === null ? "" : item(say.yours, formulaOrText(yours), "wrong"),
      correct === null ? "" : item(say.correct, formulaOrText(correct), "right"),
      example === null
        ? ""
        : item(
            `${say.entry} ${example.at}`,
            `<span class="number"><span class="wrong">${example.yours}</span> · <span class="right">${example.correct}</span>${example.ratio === null ? "" : ` · ${say.ratio} = ${example.ratio}`}</span>`,
            "",
          ),
    ].join("")}</dl>` +
    list(features.map(plain)) +
    alternatives.map((other) => `<p class="soft">${plain(`${say.alternatives}${say.colon}${other}`)}</p>`).join("") +
    "</article>"
  );
}

function rowHtml({ key, label, place, name, equation, status, worst, remark, numbers }: Row, lang: Lang): string {
  const say = locales[lang];
  const legend = say.legend[status];
  return (
    `<article id="${key}" class="${status}"><header><strong>${plain(label === "" ? name : label)}</strong>` +
    `${equation === "" ? "" : `<span>${formulaOrText(equation)}</span>`}${place === "" ? "" : `<span class="soft">${plain(place)}</span>`}` +
    `<span class="state">${marks[status]} ${plain(say.status[status])}${remark === "" ? "" : `<span class="soft"> · ${plain(remark)}</span>`}</span></header>` +
    (legend === undefined ? "" : `<p class="soft">${plain(legend)}</p>`) +
    (worst === null || numbers !== null
      ? ""
      : `<p class="number">${plain(`${say.entry} ${worst.at}${say.colon}${say.yours} ${worst.yours}${say.comma}${say.correct} ${worst.correct}`)}</p>`) +
    (numbers === null ? "" : heatMaps(numbers, lang)) +
    "</article>"
  );
}

function blockHtml(block: Block, lang: Lang): string {
  const say = locales[lang];
  switch (block.kind) {
    case "prose":
      return block.tone === "remark"
        ? `<aside><strong>${say.note}${say.colon.trim()}</strong> ${proseHtml(block.says)}</aside>`
        : `<p>${proseHtml(block.says)}</p>`;
    case "list":
      return list(
        block.items.map((item) => {
          const [first = "", ...place] = item.split("\n");
          return `${block.mark === "→" ? "→ " : ""}${plain(first)}${place.length === 0 ? "" : `<pre>${escapeHtml(place.join("\n"))}</pre>`}`;
        }),
      );
    case "grouped":
      return list(
        block.groups.map(
          ({ says, ids }) => `${plain(says)} ${ids.map((id) => `<span class="id">${plain(id)}</span>`).join(" ")}`,
        ),
      );
    case "readings":
      return block.formulas.length === 0
        ? ""
        : `<dl class="pair">${block.formulas.map(({ line, text }) => `<dt>${line}</dt><dd>${formulaOrText(text)}</dd>`).join("")}</dl>`;
    case "rows":
      return block.rows.map((row) => rowHtml(row, lang)).join("");
    case "findings":
      return block.findings.map((finding) => findingHtml(finding, lang)).join("");
    case "drawing":
      return drawingHtml(block);
    case "table": {
      const row = (cells: readonly Prose[], tag: string): string =>
        `<tr>${cells.map((cell) => `<${tag}>${proseHtml(cell)}</${tag}>`).join("")}</tr>`;
      return `<table>\n<thead>${row(block.head, "th")}</thead>\n<tbody>${block.rows.map((cells) => row(cells, "td")).join("\n")}</tbody>\n</table>`;
    }
    case "equation":
      return `${block.why === null ? "" : `<p>${proseHtml(block.why)}</p>\n`}${equationHtml(block)}`;
    case "factors":
      return list(
        block.factors.map(
          ({ claim, reason }) => `${formulaMathml(...claim)} ${say.because} ${formulaMathml(...reason)}`,
        ),
      );
  }
}

/** Characters of plain text that fit on a line of a page. */
const ONE_LINE = 80;

/** A step in as many lines as it needs, broken between its pieces. */
function linesOf(parts: readonly Formula[], columns: number): Formula[] {
  const lines = Math.ceil(columnsOf(flatText({ kind: "row", parts })) / columns);
  const each = Math.ceil(parts.length / lines);
  return Array.from({ length: Math.ceil(parts.length / each) }, (_, k) => ({
    kind: "row",
    parts: parts.slice(k * each, (k + 1) * each),
  }));
}

/** One step in a row of a table, aligned at the signs; the label stands beside. */
export function equationHtml({ left, steps, relation, label }: Equation, columns = ONE_LINE): string {
  const rows = steps.flatMap((step, k) =>
    linesOf(step, columns).map((line, at) => {
      const cells = [
        k === 0 && at === 0 ? partMathml(left) : "",
        at > 0 ? "" : `<mo>${escapeHtml(k === 0 ? relation : "=")}</mo>`,
        partMathml(line),
      ];
      return `<mtr>${cells.map((cell, column) => `<mtd style="text-align:${["right", "center", "left"][column]!}"><mstyle displaystyle="true">${cell}</mstyle></mtd>`).join("")}</mtr>`;
    }),
  );
  const math = `<math display="block"><mtable>${rows.join("")}</mtable></math>`;
  if (label === null) return math;
  return `<div class="${label}" style="display:flex;align-items:center"><div style="flex:1">${math}</div><small>(${label})</small></div>`;
}

/** A derivation as a part of a page. */
export function toFragment({ lang, headline, sections }: Document): string {
  const parts = sections.flatMap(({ title, blocks }, k) => [
    `<h2>${k + 1}. ${proseHtml(title)}</h2>`,
    ...blocks.map((block) => blockHtml(block, lang)),
  ]);
  return [
    `<article class="derivation" lang="${lang}">`,
    `<h1>${proseHtml(headline)}</h1>`,
    ...parts,
    "</article>",
    "",
  ].join("\n");
}

/** Text between `section` tags; nothing where it has no body. */
const titled = (title: Prose, body: string): string =>
  body === "" ? "" : `<section>${title === "" ? "" : `<h2>${proseHtml(title)}</h2>`}${body}</section>`;

/** Ranks a section: what is wrong is looked for first; the numbers behind it are long. */
const urgency = ({ blocks }: Section): number =>
  Math.min(
    2,
    ...blocks.map((block) => (block.kind === "findings" ? 1 : block.kind === "list" && block.mark === "✗" ? 0 : 2)),
  );

/**
 * The report as a part of a page: verdict, mistakes, drawing, equations and what belongs to them, without style and
 * data.
 */
export function toPart({
  lang,
  verdict,
  headline,
  score,
  subject,
  asides,
  sections,
  witness,
  appendix,
}: Document): string {
  const say = locales[lang];
  const about = [...subject.map(proseHtml), ...(score === "" ? [] : [plain(score)])].join(" · ");
  return [
    `<div class="banner ${verdict ?? ""}"><h1>${proseHtml(headline)}</h1><p>${about}</p>` +
      `${asides.map(({ label, says }) => `<p class="soft">${plain(`${label}${say.colon}${says}`)}</p>`).join("")}</div>`,
    ...[...sections]
      .sort((a, b) => urgency(a) - urgency(b))
      .map(({ title, blocks }) => titled(title, blocks.map((block) => blockHtml(block, lang)).join(""))),
    ...(witness === null ? [] : [`<p class="${witness.agrees ? "soft" : "wrong"}">${plain(witness.says)}</p>`]),
    ...(appendix === null ? [] : [titled(say.derivation, `<div class="derivation">${toFragment(appendix)}</div>`)]),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/**
 * The report as a page: style, script, drawing, formulas and data within it, and a policy that forbids every request;
 * `file` names what was checked.
 */
export function toHtml(document: Document, { file }: { readonly file?: string | undefined } = {}): string {
  const { lang, headline, data } = document;
  const say = locales[lang];
  // A closing tag inside a string of the data must not end the data.
  const carried = JSON.stringify(data, plainNumbers).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="${say.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${proseHtml(headline)} · chainrule check</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="brand">chainrule check${file === undefined ? "" : ` · ${plain(file)}`}</p>
${toPart(document)}
<section class="data"><h2>${plain(say.data)}</h2><details><summary>${data.schema}</summary><pre>${plain(JSON.stringify(data, plainNumbers, 2))}</pre></details></section>
</main>
<script type="application/json" id="report">${carried}</script>
<script>${script}</script>
</body>
</html>
`;
}
