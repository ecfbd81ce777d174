/** The check of a kernel or of a graph as a document: no more of the answer than the hints allow. */

import { locales } from "../../locales/report.ts";
import type { Language, Words } from "../../locales/words.ts";
import { type ComparedArray, exitCode, type JudgedLine, type OpDiagnosis, type OpFindings } from "../report.ts";
import type { Block, Document, Finding, Hints, RenderOptions, Row, Section } from "./document.ts";
import { digits, distance } from "./numbers.ts";
import { entryOf, heading, numbersOf, pointsData, remarkOf, residualOf, scoreText, told } from "./told.ts";

/** Holds what a report is shown with. */
export interface OpOptions extends RenderOptions {
  /** The numbers themselves, for formats that draw them. */
  readonly tensors?: readonly ComparedArray[];
}

/** An anchor out of a name. */
const keyOf = (name: string): string => `gradient-${name.replace(/[^\p{L}\p{N}_]/gu, "-")}`;

/** The findings as data of the schema `opcheck/1`. */
function dataOf(findings: OpFindings, hints: Hints): Document["data"] {
  const {
    schema,
    name,
    verdict,
    reference,
    referenceBy,
    dtype,
    forward,
    lines,
    roots,
    notes,
    witness,
    score,
    contract,
    blindness,
  } = findings;
  const head = { schema, name, verdict, exit: exitCode(verdict), hints, ...pointsData(findings.points, hints) };
  if (hints === 0) return head;
  const line = (one: JudgedLine): object => (hints === 3 ? one : { name: one.name, status: one.status });
  return {
    ...head,
    reference,
    ...(referenceBy === undefined ? {} : { referenceBy }),
    dtype,
    score,
    forward: forward === null ? null : line(forward),
    lines: lines.map(line),
    roots: roots.map((root) => (hints === 1 ? { of: root.of } : hints === 2 ? { of: root.of, kind: root.kind } : root)),
    contract,
    witness,
    ...(hints < 3 ? {} : { notes, ...(blindness === undefined ? {} : { blindness }) }),
  };
}

function rowOf(line: JudgedLine, lang: Language, hints: Hints, tensors: readonly ComparedArray[]): Row {
  const { name, formula, status } = line;
  const residual = hints < 3 ? null : residualOf(line);
  const differs = ["root", "inherited", "kink", "shape", "nan"].includes(status) && residual?.maxAbs !== 0;
  const tensor = tensors.find((one) => one.name === name);
  return {
    key: keyOf(name),
    label: "",
    place: "",
    name,
    equation: hints < 3 ? "" : formula,
    status,
    worst: differs ? entryOf(residual) : null,
    difference: residual === null ? "" : distance(residual),
    remark: hints < 3 ? "" : remarkOf(status, residual, lang),
    numbers: numbersOf(tensor, status, residual, tensor?.shape),
  };
}

/** So many formulas are told one by one; of more the ids. */
const FEW_FORMULAS = 4;

/** Nothing where the inputs would have shown every typical mistake; else those that they hide, by what hides them. */
function blindSection({ blindness }: OpFindings, lang: Language, hints: Hints): Section[] {
  if (hints < 3 || blindness === undefined || blindness.missed.length === 0) return [];
  const { tried, missed, given } = blindness;
  const say = locales[lang];
  const count = { missed: missed.length, tried };
  const reasons = [...new Set(missed.map(({ why }) => why[lang]))];
  const group = (says: string): Block => {
    const hidden = missed.filter(({ why }) => why[lang] === says);
    if (hidden.length > FEW_FORMULAS)
      return { kind: "grouped", groups: [{ says, ids: [...new Set(hidden.map(({ id }) => id))] }] };
    const formulas = hidden.map(({ id, of, yours }) => `d${of} = ${yours} [${id}]`);
    return { kind: "list", mark: "·", items: [`${says}${say.colon}${formulas.join(say.semicolon)}`] };
  };
  const says = given ? say.blindInputs(count) : say.blindShapes(count);
  return [{ title: say.blindTitle, blocks: [{ kind: "prose", tone: "plain", says }, ...reasons.map(group)] }];
}

/** The sections: gradients, why they could not be judged, mistakes, notes, what the inputs hide. */
function sectionsOf(findings: OpFindings, { lang, hints, tensors }: Required<OpOptions>): Section[] {
  const say = locales[lang];
  const hidden = hints === 0;
  const lines = hidden ? [] : [...(findings.forward === null ? [] : [findings.forward]), ...findings.lines];
  const known = new Set(lines.map((line) => line.name));
  const finding = (root: OpDiagnosis): Finding => {
    const key = known.has(root.of[0] ?? "") ? keyOf(root.of[0]!) : null;
    return told(root, { title: titleOf(root, lang), key, kind: root.kind }, lang, hints);
  };
  const list = (mark: "✗" | "·", items: readonly Words[]): Block => ({
    kind: "list",
    mark,
    items: items.map((words) => words[lang]),
  });
  return [
    {
      title: say.gradients,
      blocks: [{ kind: "rows", rows: lines.map((line) => rowOf(line, lang, hints, tensors)), brief: null }],
    },
    { title: "", blocks: [list("✗", hidden ? [] : findings.contract)] },
    { title: say.findings, blocks: [{ kind: "findings", findings: hidden ? [] : findings.roots.map(finding) }] },
    { title: "", blocks: [list("·", hints < 3 ? [] : findings.notes)] },
    ...blindSection(findings, lang, hints),
  ];
}

const titleOf = ({ of }: OpDiagnosis, lang: Language): string =>
  of.length === 0 ? locales[lang].kernel : of.join(", ");

/** The findings as a document. */
export function opDocument(findings: OpFindings, { lang = "en", hints = 3, tensors = [] }: OpOptions = {}): Document {
  const say = locales[lang];
  const { name, verdict, reference, referenceBy = reference, dtype, roots, witness, score } = findings;
  const hidden = hints === 0;
  const isEmpty = hidden || (findings.forward === null && findings.lines.length === 0);
  return {
    lang,
    verdict,
    headline: heading(
      verdict,
      verdict === "correct" ? say.rightGradients : say.verdict[verdict],
      hidden ? [] : roots.map((root) => titleOf(root, lang)),
      say.semicolon,
      lang,
    ),
    score: scoreText(hidden || score.given === 0 ? "" : say.scoreOfGradients(score), findings.points, lang),
    subject: [name, ...(findings.contract.length > 0 && isEmpty ? [] : [dtype, say.references[referenceBy]])].filter(
      (text) => text !== "",
    ),
    asides: [],
    sections: sectionsOf(findings, { lang, hints, tensors }),
    witness:
      witness === null || witness.agrees
        ? null
        : { agrees: false, says: say.adjointsDisagree({ gap: digits(witness.adjoint, 2) }) },
    appendix: null,
    data: dataOf(findings, hints),
  };
}
