/** The report of a kernel or of a graph as one page that needs nothing beside itself: every gradient with its numbers, what is wrong, the data. */

import { heatMaps } from "../../render/html/heat.ts";
import { formulaMathml } from "../../render/formula.ts";
import { page, prose, reasonHtml, section } from "../../render/html/shell.ts";
import { phrases } from "../../render/words.ts";
import type { Compared, OpFindings } from "../report.ts";
import { opJson } from "./json.ts";
import { opViewOf, type OpFinding, type OpRenderOptions, type OpRow, type OpView } from "./view.ts";

/** What the page may show beyond the report. */
export interface OpHtmlOptions extends OpRenderOptions {
  /** The numbers themselves. */
  readonly tensors?: readonly Compared[];
  /** What was checked: the name of a file. */
  readonly file?: string;
}

/** Tensors of right gradients are drawn up to this many entries. */
const SMALL = 256;

/** Words between the symbols: what holds them is no formula. */
const sentence = /\b(?:where|elsewhere|over|with|without|of|at|the|and|for|from|by|not|in|every|everywhere|each|as|to|moved|taken|instead|turned|its|again|only)\b|\p{L}{4,} \p{L}{4,}/u;

/** A right-hand side: set as mathematics where it is a formula, as it is where it is a sentence. */
const formulaHtml = (text: string): string => (sentence.test(text) ? `<code>${prose(text)}</code>` : formulaMathml(text, true));

/** An anchor out of a name. */
const keyOf = (name: string): string => `gradient-${name.replace(/[^\p{L}\p{N}_]/gu, "-")}`;

function findingHtml(finding: OpFinding, view: OpView): string {
  const say = phrases[view.lang];
  const { title, row, id, says, yours, correct, example, features, alternatives } = finding;
  const item = (name: string, value: string, tone: string): string => `<dt>${prose(name)}</dt><dd class="${tone}">${value}</dd>`;
  const linked = row !== null && view.rows.some(({ name }) => name === row) ? `<a href="#${keyOf(row)}">${prose(title)}</a>` : prose(title);
  return (
    `<article class="root"><header><h3>${linked}</h3>${id === null ? "" : `<span class="id">${prose(id)}</span>`}</header>` +
    (says === null ? "" : `<p>${prose(says)}</p>`) +
    `<dl class="pair">${[
      yours === null ? "" : item(say.yours, formulaHtml(yours), "wrong"),
      correct === null ? "" : item(say.correct, formulaHtml(correct), "right"),
      example === null ? "" : item(`${say.entry} ${example.at}`, `<span class="number"><span class="wrong">${example.yours}</span> · <span class="right">${example.correct}</span>${example.ratio === null ? "" : ` · ${say.ratio} = ${example.ratio}`}</span>`, ""),
    ].join("")}</dl>` +
    (features.length === 0 ? "" : `<ul>${features.map((feature) => `<li>${prose(feature)}</li>`).join("")}</ul>`) +
    alternatives.map((other) => `<p class="soft">${prose(say.alternatives)}: ${prose(other)}</p>`).join("") +
    "</article>"
  );
}

/** Where the worst entry lies once all axes but the last are one. */
function flatPlace(at: readonly number[], shape: readonly number[]): readonly number[] {
  const leading = at.slice(0, -1).reduce((index, i, axis) => index * shape[axis]! + i, 0);
  return at.length === 0 ? [0, 0] : [leading, at.at(-1)!];
}

function rowHtml({ name, status, formula, residual, worst }: OpRow, view: OpView, tensors: readonly Compared[]): string {
  const say = phrases[view.lang];
  const compared = tensors.find((one) => one.name === name);
  const entries = compared === undefined ? 0 : compared.correct.length * (compared.correct[0]?.length ?? 0);
  const shown = view.hints === 3 && compared !== undefined && entries > 1 && residual !== null && (status !== "ok" || entries <= SMALL);
  const legend = say.legend[status];
  const beside = view.hints < 3 ? "" : status === "missing" ? "" : residual === null ? say.notCompared : status === "ok" ? say.within : "";
  return (
    `<article id="${keyOf(name)}" class="${status}"><header><strong>${prose(name)}</strong>${formula === "" ? "" : `<span>${formulaHtml(formula)}</span>`}` +
    `<span class="state">${say.mark[status]} ${prose(say.status[status])}${beside === "" ? "" : `<span class="soft"> · ${prose(beside)}</span>`}</span></header>` +
    (legend === undefined ? "" : `<p class="soft">${prose(legend)}</p>`) +
    (worst === null || shown ? "" : `<p class="number">${prose(`${say.entry} ${worst.at}: ${say.yours} ${worst.yours}, ${say.correct} ${worst.correct}`)}</p>`) +
    (shown ? heatMaps({ equation: name, layer: 0, yours: compared.yours, correct: compared.correct }, flatPlace(residual.at, compared.shape), view.lang) : "") +
    "</article>"
  );
}

const list = (items: readonly string[]): string => (items.length === 0 ? "" : `<ul>${items.join("")}</ul>`);

/** The report as HTML in one file, with a policy that forbids every request. */
export function opHtml(findings: OpFindings, options: OpHtmlOptions = {}): string {
  const view = opViewOf(findings, options);
  const say = phrases[view.lang];
  return page({
    ...view,
    file: options.file,
    banner: `<p>${prose(view.subject)}${view.score === "" ? "" : ` · ${prose(view.score)}`}</p>`,
    body: [
      list(view.contract.map(reasonHtml)),
      section(say.findings, view.findings.map((finding) => findingHtml(finding, view)).join("")),
      section({ en: "Gradients", zh: "各个梯度" }[view.lang], view.rows.map((row) => rowHtml(row, view, options.tensors ?? [])).join("")),
      list([...view.notes, view.doubt].filter((text) => text !== "").map((text) => `<li>${prose(text)}</li>`)),
    ].join("\n"),
    schema: "opcheck/1",
    report: opJson(findings, view.hints),
  });
}
