/** A report as its readers see it: in one language, and with no more of the answer than the hints allow. */

import { costOf, costWords, isCostName } from "../../network/cost.ts";
import { exitCode, type Blindness, type Diagnosis, type Line, type LineStatus, type Report, type Residual, type Verdict, type Words } from "../report.ts";
import type { Points } from "../points.ts";
import { digits, indexText, pair, ratio } from "./numbers.ts";
import { phrases, type Kind, type Language } from "./words.ts";

/** How much of the answer is given: 0 right or not · 1 + equation and layer · 2 + what sort of slip · 3 everything. */
export type Hints = 0 | 1 | 2 | 3;

/** What reading formulas adds to a report. */
interface ReadingParts {
  readonly formulas?: readonly { readonly line: number; readonly text: string }[];
  readonly steps?: readonly { readonly line: number; readonly text: string; readonly right: boolean; readonly problem: Words | null; readonly roots: readonly Diagnosis[] }[];
  readonly notes?: readonly Words[];
}

/** A report, of numbers or of formulas. */
export type AnyReport = Report & ReadingParts;

/** What every renderer is told. */
export interface RenderOptions {
  readonly lang?: Language;
  readonly hints?: Hints;
}

/** One equation at one layer. */
export interface Row {
  readonly line: Line;
  readonly status: LineStatus;
  /** `δ¹ = (W²ᵀδ²) ⊙ σ'(u¹)`; only what it gives where the formula would be the answer. */
  readonly equation: string;
  /** The entry that differs most: where, yours, correct; `null` where hints hide it or nothing differs. */
  readonly worst: { readonly at: string; readonly yours: string; readonly correct: string } | null;
}

/** A mistake in words, as much of it as the hints allow. */
export interface Told {
  readonly title: string;
  /** The catalogue's id, from hint level 3. */
  readonly id: string | null;
  readonly says: string | null;
  readonly yours: string | null;
  readonly correct: string | null;
  /** `at [0]: yours …, correct …, ratio …` */
  readonly example: { readonly at: string; readonly yours: string; readonly correct: string; readonly ratio: string | null } | null;
  readonly features: readonly string[];
  readonly alternatives: readonly string[];
}

/** A mistake as it is told. */
export interface Finding extends Told {
  /** The anchor of its equation. */
  readonly key: string;
}

/** The whole report in words. */
export interface View {
  readonly lang: Language;
  readonly hints: Hints;
  readonly verdict: Verdict;
  readonly exit: number;
  readonly headline: string;
  /** `2-2-2`, its activations, its cost, its samples. */
  readonly subject: { readonly sizes: string; readonly activations: string; readonly cost: string; readonly formula: string; readonly samples: string };
  readonly convention: { readonly note: string; readonly inferred: boolean };
  /** How names, layout and cost were read; nothing where nothing had to be. */
  readonly readAs: readonly string[];
  readonly rows: readonly Row[];
  readonly findings: readonly Finding[];
  /** Reasons why it could not be judged; lines after the first show a place as it is written. */
  readonly contract: readonly string[];
  /** Formulas as they were understood, by line; what is wrong with the steps before their ends; what else there is to know. */
  readonly reading: { readonly formulas: readonly { readonly line: number; readonly text: string }[]; readonly notes: readonly string[] };
  readonly blind: { readonly summary: string; readonly groups: readonly { readonly why: string; readonly ids: readonly string[] }[]; readonly advice: readonly string[] };
  readonly witness: { readonly agrees: boolean; readonly text: string };
  /** Nothing where nothing was judged. */
  readonly score: string;
}

/** The anchor of an equation. */
export const keyOf = ({ equation, layer, name }: Pick<Line, "equation" | "layer"> & { readonly name?: string }): string =>
  equation === "forward" ? `forward-${layer}-${name?.[0] ?? ""}` : `${equation}-${layer}`;

/** What sort of slip a diagnosis is. */
export function kindOf({ id, edit }: Diagnosis): Kind {
  if (id === "unknown") return "unknown";
  const term = edit.term.replaceAll(/[\s·×*()]/g, "");
  if (/^[-−]1?$/.test(term)) return "sign";
  if (/^[\d.½/NK]+$/.test(term)) return "constant";
  // What is to be inserted is missing; what is to be deleted is too much.
  return edit.kind === "insert" ? "missing" : edit.kind === "delete" ? "extra" : "other";
}

/** The verdict alone, with what the numbers were read as. */
function plainVerdict({ verdict, rounding, undecided }: Report, lang: Language, hints: Hints): string {
  const say = phrases[lang];
  const read = rounding?.[lang] ?? "";
  if (verdict === "correct" && read !== "") return say.rightTo(read);
  if (verdict !== "inconclusive" || undecided.length === 0 || hints === 0) return say.verdict[verdict];
  const asked = undecided.find(({ asks }) => asks !== undefined)?.asks;
  if (asked !== undefined) return say.asked(asked[lang]);
  return say.open(read, undecided.map(({ equation, layer }) => say.at(equation, layer)).join(lang === "en" ? ", " : "、"));
}

/** What rounded numbers leave open, as much of it as the hints allow. */
function doubtNotes({ undecided }: Report, lang: Language, hints: Hints): string[] {
  const say = phrases[lang];
  if (hints < 3) return [];
  return undecided.filter(({ asks }) => asks === undefined).map(({ name, slips, decimals }) => say.doubt(name, slips.map(({ id, says }) => `[${id}] ${says[lang]}`).join("; "), decimals));
}

function headline(report: Report, lang: Language, hints: Hints): string {
  const say = phrases[lang];
  const verdict = [plainVerdict(report, lang, hints), ...(report.condition === undefined || hints === 0 ? [] : [report.condition[lang]])].join(lang === "en" ? " " : "");
  if (report.roots.length === 0 || hints === 0) return verdict;
  const places = [...new Set(report.roots.map(({ equation, layer }) => say.at(equation, layer)))].join(lang === "en" ? ", " : "、");
  const counted = `${say.mistakes(report.roots.length)}${lang === "en" ? ": " : "："}${places}${lang === "en" ? "." : "。"}`;
  return report.verdict === "mistake" ? counted : `${verdict} ${counted}`;
}

/** A root is wrong for the values that it was given; an inherited failure only against the truth. */
export const residualOf = ({ status, local, global }: Line): Residual | null => (status === "root" ? local ?? global : global ?? local);

function row(line: Line, hints: Hints): Row {
  const differs = !["ok", "convention", "missing"].includes(line.status);
  const residual = residualOf(line);
  const [yours, correct] = residual === null ? ["", ""] : pair(residual.yours, residual.correct);
  return {
    line,
    status: line.status,
    equation: hints < 3 || line.formula === "" ? line.name : line.formula.includes("=") ? line.formula : `${line.name} = ${line.formula}`,
    worst: hints < 3 || !differs || residual === null ? null : { at: indexText(residual.at), yours, correct },
  };
}

function finding(diagnosis: Diagnosis, lang: Language, hints: Hints, keys: ReadonlySet<string>): Finding {
  const say = phrases[lang];
  const { equation, layer, example } = diagnosis;
  const known = diagnosis.id !== "unknown";
  const key = [...keys].find((one) => one === keyOf(diagnosis) || (equation === "forward" && one.startsWith(`forward-${layer}-`))) ?? "";
  const title = say.at(equation, layer);
  const nothing = { id: null, says: null, yours: null, correct: null, example: null, features: [], alternatives: [] };
  if (hints === 1) return { ...nothing, key, title };
  if (hints === 2) return { ...nothing, key, title, says: say.kinds[kindOf(diagnosis)] };
  const [yours, correct] = pair(example.yours, example.correct);
  return {
    key,
    title,
    id: known ? diagnosis.id : null,
    says: diagnosis.says[lang],
    yours: diagnosis.yours === "" ? null : diagnosis.yours,
    correct: diagnosis.correct === "" ? null : diagnosis.correct,
    example: { at: indexText(example.index), yours, correct, ratio: ratio(example.yours, example.correct) },
    features: diagnosis.features.map((words) => words[lang]),
    alternatives: diagnosis.alternatives.map((other) => `[${other.id}] ${other.says[lang]}`),
  };
}

function blindness({ tried, missed, advice }: Blindness, lang: Language): View["blind"] {
  const groups = new Map<string, Set<string>>();
  for (const { id, why } of missed) groups.set(why[lang], (groups.get(why[lang]) ?? new Set()).add(id));
  const say = phrases[lang];
  return {
    summary: tried === 0 ? "" : missed.length === 0 ? say.blindNone(tried) : say.blind(missed.length, tried),
    groups: [...groups].map(([why, ids]) => ({ why, ids: [...ids] })),
    advice: advice.map((words: Words) => words[lang]),
  };
}

/** Steps of a chain δ = a = b that are wrong before its end, and the notes of the reader. */
function readingNotes({ steps = [], notes = [] }: ReadingParts, lang: Language, hints: Hints): string[] {
  const say = phrases[lang];
  const wrong = steps.filter(({ right }) => !right).map(({ line, text, problem, roots }) => {
    const why = hints < 3 ? "" : problem?.[lang] ?? roots.map(({ id, says }) => `${says[lang]} [${id}]`).join("; ");
    return say.step(line, text, why);
  });
  return [...(hints === 0 ? [] : wrong), ...(hints < 3 ? [] : notes).map((words) => words[lang])];
}

/** Why it could not be judged. Beside a mistake that was named, what does not fit says which, so that it waits for the last hint. */
export const reasons = ({ verdict, contract }: Report, hints: Hints): readonly Words[] => (hints < 3 && verdict !== "contract" ? [] : contract);

/** What counts the right equations, with the points that they earn: whoever asks for points wants them with any hints. */
export function scoreText(counted: string, points: Points | undefined, lang: Language): string {
  const earned = points === undefined ? "" : phrases[lang].points(points.gained, points.of, points.open);
  return [counted, earned].filter((text) => text !== "").join(lang === "en" ? ". " : "。");
}

/** What a reader of a report sees. */
export function viewOf(report: AnyReport, { lang = "en", hints = 3 }: RenderOptions = {}): View {
  const say = phrases[lang];
  const { sizes, activations, cost, samples } = report.network;
  const same = activations.every((one) => one === activations[0]);
  const rows = hints === 0 ? [] : report.lines.map((line) => row(line, hints));
  const keys = new Set(rows.map(({ line }) => keyOf(line)));
  return {
    lang,
    hints,
    verdict: report.verdict,
    exit: exitCode(report.verdict),
    headline: headline(report, lang, hints),
    subject: {
      sizes: sizes.join("-"),
      activations: same ? activations[0] ?? "" : activations.join(", "),
      cost: isCostName(cost) ? costWords(cost)[lang] : cost,
      formula: isCostName(cost) ? costOf(cost).record.formula : "",
      samples: say.samples(samples),
    },
    readAs: hints === 0 || report.readAs === undefined ? [] : report.readAs.length === 0 ? [say.asOurs] : report.readAs.map((words) => words[lang]),
    convention: { note: report.convention.note[lang], inferred: report.convention.inferred.length > 0 },
    rows,
    findings: hints === 0 ? [] : report.roots.map((root) => finding(root, lang, hints, keys)),
    contract: reasons(report, hints).map((words) => words[lang]),
    reading: { formulas: report.formulas ?? [], notes: [...doubtNotes(report, lang, hints), ...readingNotes(report, lang, hints)] },
    blind: blindness(report.blindness, lang),
    witness: { agrees: report.witness.agrees, text: say.witness(report.witness.agrees, digits(report.witness.autograd, 3), report.witness.difference.toExponential(1)) },
    score: scoreText(hints === 0 || report.score.given === 0 ? "" : say.score(report.score.passed, report.score.given), report.points, lang),
  };
}
