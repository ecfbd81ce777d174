/** The report of a kernel or of a graph as its readers see it: in one language, with no more of the answer than the hints allow. */

import { digits, indexText, pair, ratio } from "../../render/numbers.ts";
import { scoreText, type Hints, type Told } from "../../render/view.ts";
import { phrases, type Kind, type Language } from "../../render/words.ts";
import { exitCode, type LineStatus, type Residual, type Verdict, type Words } from "../../report.ts";
import type { OpDiagnosis, OpFindings, OpLine } from "../report.ts";

/** What every renderer is told. */
export interface OpRenderOptions {
  /** `"en"` where nothing is said. */
  readonly lang?: Language;
  /** How much is given away: 0 right or not · 1 + which gradient · 2 + what sort of slip · 3 everything, where nothing is said. */
  readonly hints?: Hints;
}

/** One gradient, or the output. */
export interface OpRow {
  readonly name: string;
  readonly status: LineStatus;
  /** The rule where it is known, from hint level 3. */
  readonly formula: string;
  readonly residual: Residual | null;
  /** The entry that differs most; `null` where nothing differs or the hints hide it. */
  readonly worst: { readonly at: string; readonly yours: string; readonly correct: string } | null;
}

/** A mistake as it is told; its title names the gradients: `dx, dw`. */
export interface OpFinding extends Told {
  /** The row that it is about first; `null` for what is about the whole. */
  readonly row: string | null;
}

/** The whole report in words. */
export interface OpView {
  readonly lang: Language;
  readonly hints: Hints;
  readonly verdict: Verdict;
  readonly exit: number;
  readonly headline: string;
  /** `my batch norm, float64, compared with autograd` */
  readonly subject: string;
  readonly rows: readonly OpRow[];
  readonly findings: readonly OpFinding[];
  /** Why it could not be judged; lines after the first show a place as it is written. */
  readonly contract: readonly string[];
  readonly notes: readonly string[];
  /** Nothing where nothing was judged, or where the references agree. */
  readonly doubt: string;
  readonly score: string;
}

const references: Readonly<Record<OpFindings["reference"] | NonNullable<OpFindings["referenceBy"]>, Words>> = {
  file: { en: "compared with autograd of the reference in your own file", zh: "与你文件里自带的参照的自动微分比较" },
  teacher: { en: "compared with autograd of the teacher's reference", zh: "与老师给的参照的自动微分比较" },
  autograd: { en: "compared with autograd", zh: "与自动微分比较" },
  differences: { en: "compared with differences of your forward", zh: "与你自己的前向函数的差商比较" },
};

const right: Words = { en: "Right: every gradient that you gave is.", zh: "正确：你给出的每个梯度都对。" };
const whole: Words = { en: "The kernel", zh: "整个算子" };

/** What sort of slip a diagnosis is, by its words. */
export function opKindOf({ id, says: { en } }: OpDiagnosis): Kind {
  if (id === "unknown") return "unknown";
  if (/\bsign\b/.test(en)) return "sign";
  if (/1\/N|1\/√d|1\/d|\bmean .* where|factor \d|averaged where|applied twice|multiplied by [−\d]/.test(en)) return "constant";
  if (/forgotten|missing|ignored|not (?:summed|applied|used)|left out|only the|overwrites|treated as constants/.test(en)) return "missing";
  return "other";
}

/** The residual that a row is judged by. */
export const residualOfLine = ({ status, local, global }: OpLine): Residual | null => (status === "root" ? local ?? global : global ?? local);

function row(line: OpLine, hints: Hints): OpRow {
  const residual = residualOfLine(line);
  const differs = ["root", "inherited", "kink", "shape", "nan"].includes(line.status) && residual !== null && residual.maxAbs !== 0;
  const [yours, correct] = residual === null ? ["", ""] : pair(residual.yours, residual.correct);
  return {
    name: line.name,
    status: line.status,
    formula: hints < 3 ? "" : line.formula,
    residual: hints < 3 ? null : residual,
    worst: hints < 3 || !differs ? null : { at: indexText(residual.at), yours, correct },
  };
}

function finding(root: OpDiagnosis, lang: Language, hints: Hints): OpFinding {
  const title = root.of.length === 0 ? whole[lang] : root.of.join(", ");
  const nothing = { title, row: root.of[0] ?? null, id: null, says: null, yours: null, correct: null, example: null, features: [], alternatives: [] };
  if (hints === 1) return nothing;
  if (hints === 2) return { ...nothing, says: phrases[lang].kinds[opKindOf(root)] };
  const { example } = root;
  const [yours, correct] = example === null ? ["", ""] : pair(example.yours, example.correct);
  return {
    ...nothing,
    id: root.id === "unknown" ? null : root.id,
    says: root.says[lang],
    yours: root.yours === "" ? null : root.yours,
    correct: root.correct === "" ? null : root.correct,
    example: example === null ? null : { at: indexText(example.index), yours, correct, ratio: ratio(example.yours, example.correct) },
    features: root.features.map((words) => words[lang]),
    alternatives: root.alternatives.map(({ id, says }) => `${says[lang]} [${id}]`),
  };
}

/** The report in words. */
export function opViewOf(findings: OpFindings, { lang = "en", hints = 3 }: OpRenderOptions = {}): OpView {
  const say = phrases[lang];
  const { verdict, roots } = findings;
  const places = [...new Set(roots.map(({ of }) => (of.length === 0 ? whole[lang] : of.join(", "))))].join(lang === "en" ? "; " : "；");
  const counted = `${say.mistakes(roots.length)}${lang === "en" ? ": " : "："}${places}${lang === "en" ? "." : "。"}`;
  const plain = verdict === "correct" ? right[lang] : say.verdict[verdict];
  const headline = roots.length === 0 || hints === 0 ? plain : verdict === "mistake" ? counted : `${plain} ${counted}`;
  const lines = hints === 0 ? [] : [...(findings.forward === null ? [] : [findings.forward]), ...findings.lines];
  const { witness, score } = findings;
  const comma = lang === "en" ? ", " : "，";
  const adjoint = witness === null ? "" : digits(witness.adjoint, 2);
  const doubts: Words = {
    en: `⟨g, Jv⟩ by differences of your forward and ⟨Jᵀg, v⟩ by the reference DISAGREE by ${adjoint}: do not trust this verdict.`,
    zh: `由你的前向差商得到的 ⟨g, Jv⟩ 与参照的 ⟨Jᵀg, v⟩ 相差 ${adjoint}，互相矛盾：请不要相信这个结论。`,
  };
  const counts: Words = { en: `${score.passed} of ${score.given} gradients right`, zh: `${score.given} 个梯度中 ${score.passed} 个正确` };
  return {
    lang, hints, verdict,
    exit: exitCode(verdict),
    headline,
    subject: [findings.name, ...(findings.contract.length > 0 && lines.length === 0 ? [] : [findings.dtype, references[findings.referenceBy ?? findings.reference][lang]])].filter((text) => text !== "").join(comma),
    rows: lines.map((line) => row(line, hints)),
    findings: hints === 0 ? [] : roots.map((root) => finding(root, lang, hints)),
    contract: hints === 0 ? [] : findings.contract.map((words) => words[lang]),
    notes: hints < 3 ? [] : findings.notes.map((words) => words[lang]),
    doubt: witness === null || witness.agrees ? "" : doubts[lang],
    score: scoreText(hints === 0 || score.given === 0 ? "" : counts[lang], findings.points, lang),
  };
}
