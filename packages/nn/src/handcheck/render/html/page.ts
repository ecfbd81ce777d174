/** The report as one page that needs nothing beside itself: the network with its badges, every equation, what the data cannot show. */

import { formulaMathml } from "../formula.ts";
import { toJson } from "../json.ts";
import { distance } from "../numbers.ts";
import { keyOf, residualOf, viewOf, type AnyReport, type Finding, type RenderOptions, type Row, type View } from "../view.ts";
import { phrases } from "../words.ts";
import { graphSvg } from "./graph.ts";
import { heatMaps, type Compared } from "./heat.ts";
import { page, prose, reasonHtml, section } from "./shell.ts";

/** What the page may show beyond the report. */
export interface HtmlOptions extends RenderOptions {
  /** The numbers themselves, by equation and layer. */
  readonly tensors?: readonly Compared[];
  /** The network's derivation: MathML and text that the caller vouches for. */
  readonly derivation?: string;
  /** What was checked: the name of a file. */
  readonly file?: string;
}

/** Tensors of right equations are drawn up to this many entries: they are there to look at, not to find anything in. */
const SMALL = 256;

function findingHtml(finding: Finding, view: View): string {
  const say = phrases[view.lang];
  const { key, title, id, says, yours, correct, example, features, alternatives } = finding;
  const link = key === "" ? prose(title) : `<a href="#${key}">${prose(title)}</a>`;
  const row = (name: string, value: string, tone: string): string => `<dt>${prose(name)}</dt><dd class="${tone}">${value}</dd>`;
  return (
    `<article class="root"><header><h3>${link}</h3>${id === null ? "" : `<span class="id">${prose(id)}</span>`}</header>` +
    (says === null ? "" : `<p>${prose(says)}</p>`) +
    `<dl class="pair">${[
      yours === null ? "" : row(say.yours, formulaMathml(yours), "wrong"),
      correct === null ? "" : row(say.correct, formulaMathml(correct), "right"),
      example === null ? "" : row(`${say.entry} ${example.at}`, `<span class="number"><span class="wrong">${example.yours}</span> · <span class="right">${example.correct}</span>${example.ratio === null ? "" : ` · ${say.ratio} = ${example.ratio}`}</span>`, ""),
    ].join("")}</dl>` +
    (features.length === 0 ? "" : `<ul>${features.map((feature) => `<li>${prose(feature)}</li>`).join("")}</ul>`) +
    alternatives.map((other) => `<p class="soft">${prose(say.alternatives)}: ${prose(other)}</p>`).join("") +
    "</article>"
  );
}

function rowHtml(row: Row, view: View, tensors: readonly Compared[]): string {
  const say = phrases[view.lang];
  const { line, status, worst } = row;
  const compared = tensors.find(({ equation, layer }) => equation === line.equation && layer === line.layer);
  const entries = compared === undefined ? 0 : compared.correct.length * (compared.correct[0]?.length ?? 0);
  const shown = view.hints === 3 && compared !== undefined && entries > 0 && status !== "missing" && (status !== "ok" || entries <= SMALL);
  const off = status === "ok" && view.hints === 3 && line.global !== null ? ` · ${distance(line.global)}` : "";
  const legend = say.legend[status];
  return (
    `<article id="${keyOf(line)}" class="${status}"><header><strong>${line.equation === "forward" ? prose(say.forward) : line.equation}</strong>` +
    `<span>${formulaMathml(row.equation)}</span><span class="soft">${prose(say.columns.layer)} ${line.layer}</span>` +
    `<span class="state">${say.mark[status]} ${prose(say.status[status])}<span class="soft">${off}</span></span></header>` +
    (legend === undefined ? "" : `<p class="soft">${prose(legend)}</p>`) +
    (worst === null || shown ? "" : `<p class="number">${prose(`${say.entry} ${worst.at}: ${say.yours} ${worst.yours}, ${say.correct} ${worst.correct}`)}</p>`) +
    (shown ? heatMaps(compared, residualOf(line)?.at ?? [], view.lang) : "") +
    "</article>"
  );
}

function blindHtml({ blind }: View): string {
  if (blind.summary === "") return "";
  const groups = blind.groups.map(({ why, ids }) => `<li>${prose(why)} ${ids.map((id) => `<span class="id">${prose(id)}</span>`).join(" ")}</li>`).join("");
  return `<p>${prose(blind.summary)}</p>${groups === "" ? "" : `<ul>${groups}</ul>`}${blind.advice.map((text) => `<p>→ ${prose(text)}</p>`).join("")}`;
}

function readingHtml({ reading, hints }: View): string {
  if (hints === 0) return "";
  const formulas = reading.formulas.map(({ line, text }) => `<dt>${line}</dt><dd>${formulaMathml(text)}</dd>`).join("");
  return `${formulas === "" ? "" : `<dl class="pair">${formulas}</dl>`}${reading.notes.length === 0 ? "" : `<ul>${reading.notes.map(reasonHtml).join("")}</ul>`}`;
}

/** The report as HTML in one file: style, script, drawing, formulas and data within it, and a policy that forbids every request. */
export function toHtml(report: AnyReport, options: HtmlOptions = {}): string {
  const view = viewOf(report, options);
  const say = phrases[view.lang];
  const { sizes, activations, cost, formula, samples } = view.subject;
  const subject = sizes === "" ? "" : [
    prose(`${sizes} ${activations}`),
    `${prose(cost)}${view.lang === "en" ? ` ${say.cost}` : say.cost} ${formula === "" ? "" : formulaMathml(formula)}`,
    ...(report.network.samples > 0 ? [prose(samples)] : []),
    ...(view.score === "" ? [] : [prose(view.score)]),
  ].join(" · ");
  const tensors = options.tensors ?? [];
  return page({
    ...view,
    file: options.file,
    banner: `<p>${subject}</p>${view.hints === 0 || view.convention.note === "" ? "" : `<p class="soft">${prose(say.convention)}: ${prose(view.convention.note)}</p>`}${view.readAs.length === 0 ? "" : `<p class="soft">${prose(say.readAs)}: ${prose(view.readAs.join("; "))}</p>`}`,
    body: [
      view.contract.length === 0 ? "" : `<ul>${view.contract.map(reasonHtml).join("")}</ul>`,
      section(say.findings, view.findings.map((finding) => findingHtml(finding, view)).join("")),
      section(say.readAs, readingHtml(view)),
      section(say.network, graphSvg(view, report.network.sizes)),
      section(say.equations, view.rows.map((row) => rowHtml(row, view, tensors)).join("")),
      options.derivation === undefined || view.hints < 3 ? "" : section(say.derivation, `<div class="derivation">${options.derivation}</div>`),
      view.hints === 0 || view.rows.length === 0 ? "" : section(say.blindTitle, `${blindHtml(view)}<p class="soft">${prose(view.witness.text)}</p>`),
    ].join("\n"),
    schema: "handcheck/1",
    report: toJson(report, view.hints),
  });
}
