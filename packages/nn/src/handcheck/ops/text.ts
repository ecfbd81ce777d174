/** The report of a kernel or of a graph for a terminal: one line for each gradient, then what is wrong; 80 columns. */

import { columnsOf, pad, wrap } from "../render/width.ts";
import { phrases, type Language } from "../render/words.ts";
import type { Words } from "../report.ts";
import type { OpDiagnosis, OpFindings, OpLine } from "./report.ts";

/** How the text is written. */
export interface OpTextOptions {
  /** `"en"` where nothing is said. */
  readonly lang?: Language;
  /** 80 where nothing is said. */
  readonly width?: number;
}

const number = (x: number): string => String(Number(x.toPrecision(9)));

function lineText(line: OpLine, nameWidth: number, lang: Language): string {
  const say = phrases[lang];
  const status = `${say.mark[line.status]} ${say.status[line.status]}`;
  const shown = line.local ?? line.global;
  const off = shown === null ? "" : shown.maxRel === 0 ? "0" : shown.maxRel.toExponential(1);
  return `  ${pad(line.name, nameWidth)}  ${pad(status, 14)}  ${pad(off, 8, "right")}${line.formula === "" ? "" : `  ${line.formula}`}`;
}

function rootLines(root: OpDiagnosis, lang: Language): string[] {
  const say = phrases[lang];
  const pick = (words: Words): string => words[lang];
  const of = root.of.length === 0 ? "" : `${root.of.join(", ")}: `;
  return [
    `${of}${pick(root.says)} [${root.id}]`,
    ...(root.yours === "" ? [] : [`  ${pad(say.yours, 8)} ${root.yours}`]),
    ...(root.correct === "" ? [] : [`  ${pad(say.correct, 8)} ${root.correct}`]),
    ...(root.example === null ? [] : [`  ${say.entry} (${root.example.index.join(", ")}): ${number(root.example.yours)} / ${number(root.example.correct)}`]),
    ...root.features.map((words) => `  ${pick(words)}`),
    ...(root.alternatives.length === 0 ? [] : [`  ${say.alternatives}: ${root.alternatives.map(({ id, says }) => `${pick(says)} [${id}]`).join("; ")}`]),
  ];
}

/** The text of a report. */
export function opText(findings: OpFindings, { lang = "en", width = 80 }: OpTextOptions = {}): string {
  const say = phrases[lang];
  const lines = [...(findings.forward === null ? [] : [findings.forward]), ...findings.lines];
  const nameWidth = Math.max(0, ...lines.map(({ name }) => columnsOf(name)));
  const references: Words =
    findings.reference === "autograd"
      ? { en: "compared with autograd", zh: "与自动微分比较" }
      : { en: "compared with differences of your forward", zh: "与你自己的前向函数的差商比较" };
  const right: Words = { en: "Right: every gradient that you gave is.", zh: "正确：你给出的每个梯度都对。" };
  const legend = findings.lines.some(({ status }) => status === "inherited") ? [say.legend.inherited!] : [];
  const text = [
    `${findings.name}  ${findings.dtype}  ${references[lang]}`,
    "",
    ...lines.map((line) => lineText(line, nameWidth, lang)),
    ...legend,
    "",
    findings.verdict === "correct" ? right[lang] : say.verdict[findings.verdict],
    ...findings.roots.flatMap((root) => ["", ...rootLines(root, lang)]),
    ...(findings.notes.length === 0 ? [] : ["", ...findings.notes.map((words) => `· ${words[lang]}`)]),
  ];
  return `${text.flatMap((line) => (line === "" ? [""] : wrap(line, width, "    "))).join("\n")}\n`;
}
