/** The check of a network, by numbers or by formulas, as a document: no more of the answer than the hints allow. */

import { locales } from "../../locales/report.ts";
import type { Language, Words } from "../../locales/words.ts";
import { exitCode, type AnyReport, type Diagnosis, type Kind, type Line, type LineStatus } from "../report.ts";
import type { Badge, Block, Document, Finding, Hints, Numbers, RenderOptions, Row, Section } from "./document.ts";
import { digits, distance } from "./numbers.ts";
import { gravity } from "./status.ts";
import { entryOf, heading, numbersOf, pointsData, remarkOf, residualOf, scoreText, told } from "./told.ts";

/** The numbers behind an equation, with samples or outputs as rows. */
export interface Compared {
  readonly equation: string;
  readonly layer: number;
  readonly yours: Numbers["yours"];
  readonly correct: Numbers["correct"];
}

/** Holds what a report is shown with. */
export interface NetworkOptions extends RenderOptions {
  /** The numbers themselves, for formats that draw them. */
  readonly tensors?: readonly Compared[];
  /** The derivation of the network, from hint level 3. */
  readonly appendix?: Document | null;
}

/** The anchor of an equation. */
const keyOf = ({ equation, layer, name }: Pick<Line, "equation" | "layer" | "name">): string =>
  equation === "forward" ? `forward-${layer}-${name[0] ?? ""}` : `${equation}-${layer}`;

/** Returns what sort of slip a diagnosis is. */
function kindOf({ id, edit }: Diagnosis): Kind {
  if (id === "unknown") return "unknown";
  const term = edit.term.replaceAll(/[\s·×*()]/g, "");
  if (/^[-−]1?$/.test(term)) return "sign";
  if (/^[\d.½/NK]+$/.test(term)) return "constant";
  // What is to be inserted is missing; what is to be deleted is too much.
  return edit.kind === "insert" ? "missing" : edit.kind === "delete" ? "extra" : "other";
}

/**
 * Why it could not be judged. Beside a mistake that was named, what does not fit says which, so that it waits for the
 * last hint.
 */
const reasons = ({ verdict, contract }: AnyReport, hints: Hints): readonly Words[] =>
  hints < 3 && verdict !== "contract" ? [] : contract;

/** The report as data of the schema `handcheck/1`. */
function dataOf(report: AnyReport, hints: Hints): Document["data"] {
  const { schema, verdict, network, convention, blindness, witness, score, readAs, condition, formulas, steps, notes } =
    report;
  const head = { schema, verdict, exit: exitCode(verdict), hints, network, ...pointsData(report.points, hints) };
  if (hints === 0) return head;
  const diagnosis = (root: Diagnosis): object => {
    const place = { equation: root.equation, layer: root.layer };
    return hints === 1
      ? place
      : hints === 2
        ? { ...place, kind: kindOf(root) }
        : { ...place, kind: kindOf(root), ...root };
  };
  return {
    ...head,
    score,
    convention,
    ...(readAs === undefined ? {} : { readAs }),
    ...(condition === undefined ? {} : { condition }),
    lines:
      hints === 3
        ? report.lines
        : report.lines.map(({ equation, layer, name, status }) => ({ equation, layer, name, status })),
    roots: report.roots.map(diagnosis),
    undecided: report.undecided.map((one) =>
      hints < 3 ? { equation: one.equation, layer: one.layer, name: one.name } : one,
    ),
    rounding: report.rounding,
    contract: reasons(report, hints),
    blindness,
    witness,
    ...(formulas === undefined ? {} : { formulas }),
    ...(steps === undefined
      ? {}
      : {
          steps: steps.map(({ line, text, right, problem, roots }) => ({
            line,
            text,
            right,
            ...(hints === 3 ? { problem, roots: roots.map(diagnosis) } : {}),
          })),
        }),
    ...(notes === undefined || hints < 3 ? {} : { notes }),
  };
}

/** The verdict alone, with what the numbers were read as. */
function plainVerdict({ verdict, rounding, undecided }: AnyReport, lang: Language, hints: Hints): string {
  const say = locales[lang];
  const read = rounding?.[lang] ?? "";
  if (verdict === "correct" && read !== "") return say.rightTo({ rounding: read });
  if (verdict !== "inconclusive" || undecided.length === 0 || hints === 0) return say.verdict[verdict];
  const asked = undecided.find(({ asks }) => asks !== undefined)?.asks;
  if (asked !== undefined) return say.asked({ question: asked[lang] });
  return say.open({ rounding: read, places: undecided.map(say.at).join(say.also) });
}

function rowOf(line: Line, lang: Language, hints: Hints, tensors: readonly Compared[]): Row {
  const { equation, layer, name, formula, status } = line;
  const full = hints === 3;
  const residual = full ? residualOf(line) : null;
  return {
    key: keyOf(line),
    label: equation === "forward" ? locales[lang].forward : equation,
    place: locales[lang].layer({ layer }),
    name,
    equation: !full || formula === "" ? name : formula.includes("=") ? formula : `${name} = ${formula}`,
    status,
    worst: ["ok", "convention", "missing"].includes(status) ? null : entryOf(residual),
    difference: full && line.global !== null ? distance(line.global) : "",
    remark: full ? remarkOf(status, residual, lang) : "",
    numbers: numbersOf(
      tensors.find((one) => one.equation === equation && one.layer === layer),
      status,
      residual,
    ),
  };
}

function findingOf(root: Diagnosis, lang: Language, hints: Hints, rows: readonly Row[]): Finding {
  const { equation, layer } = root;
  const row = rows.find(({ key }) =>
    key.startsWith(equation === "forward" ? `forward-${layer}-` : `${equation}-${layer}`),
  );
  const title = locales[lang].at({ equation, layer });
  return told(root, { title, key: row?.key ?? null, kind: kindOf(root) }, lang, hints);
}

/**
 * Rounded numbers that leave something open; steps of a chain δ = a = b that are wrong before its end; the notes of the
 * reader.
 */
function notesOf({ undecided, steps = [], notes = [] }: AnyReport, lang: Language, hints: Hints): string[] {
  const say = locales[lang];
  const named = (mistakes: readonly { readonly id: string; readonly says: Words }[]): string =>
    mistakes.map(({ id, says }) => `[${id}] ${says[lang]}`).join("; ");
  const doubts = undecided
    .filter(({ asks }) => asks === undefined)
    .map(({ name, slips, decimals }) => say.doubt({ name, slips: named(slips), decimals }));
  const wrong = steps
    .filter(({ right }) => !right)
    .map(({ line, text, problem, roots }) => {
      const why = problem?.[lang] ?? roots.map(({ id, says }) => `${says[lang]} [${id}]`).join("; ");
      return say.step({ line, text, why: hints < 3 ? "" : why });
    });
  return hints < 3 ? wrong : [...doubts, ...wrong, ...notes.map((words) => words[lang])];
}

/** The network with one badge for each equation of a layer; the gravest of several lines stands for them. */
function drawingOf({ network, lines }: AnyReport, rows: readonly Row[], lang: Language): Block[] {
  const { sizes } = network;
  if (sizes.length < 2 || rows.length === 0) return [];
  const say = locales[lang];
  const spots: readonly (readonly [
    spot: Badge["spot"],
    equations: readonly Line["equation"][],
    label: (line: Line) => string,
  ])[] = [
    ["error", ["BP1", "BP2"], ({ equation, name }) => `${equation} ${name}`],
    ["between", ["BP4"], () => "BP4 W"],
    ["under", ["BP3"], () => "BP3 b"],
    ["last", ["forward"], () => "u v"],
    ["step", ["REG", "STEP"], () => "η λ"],
  ];
  const weight = ({ status }: { readonly status: LineStatus }): number => gravity.indexOf(status);
  const badges = sizes.flatMap((_, column) =>
    spots.flatMap(([spot, equations, label]): Badge[] => {
      const [line] = lines
        .filter(({ equation, layer }) => column > 0 && layer === column && equations.includes(equation))
        .sort((a, b) => weight(a) - weight(b));
      return line === undefined
        ? []
        : [
            {
              column,
              spot,
              label: label(line),
              key: keyOf(line),
              status: line.status,
              says: `${line.equation} ${line.name}: ${say.status[line.status]}`,
            },
          ];
    }),
  );
  const raised = (layer: number): string => String(layer).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!);
  return [
    {
      kind: "drawing",
      says: `${say.network} ${sizes.join("-")}`,
      columns: sizes.map((units, l) => ({ name: l === 0 ? "x" : `v${raised(l)}`, units })),
      badges,
    },
  ];
}

function blindSection({ blindness: { tried, missed, advice } }: AnyReport, lang: Language): Section {
  const groups = new Map<string, Set<string>>();
  for (const { id, why } of missed) groups.set(why[lang], (groups.get(why[lang]) ?? new Set()).add(id));
  const say = locales[lang];
  return {
    title: say.blindTitle,
    blocks:
      tried === 0
        ? []
        : [
            { kind: "prose", tone: "plain", says: say.blind({ missed: missed.length, tried }) },
            { kind: "grouped", groups: [...groups].map(([says, ids]) => ({ says, ids: [...ids] })) },
            { kind: "list", mark: "→", items: advice.map((words) => words[lang]) },
          ],
  };
}

function asidesOf({ convention, readAs }: AnyReport, lang: Language): Document["asides"] {
  const say = locales[lang];
  return [
    ...(convention.note[lang] === "" ? [] : [{ label: say.convention, says: convention.note[lang] }]),
    ...(readAs === undefined
      ? []
      : [
          {
            label: say.readAs,
            says: readAs.length === 0 ? say.asOurs : readAs.map((words) => words[lang]).join(say.semicolon),
          },
        ]),
  ];
}

/** Which references agree; nothing where nothing was judged. */
function witnessOf(
  { witness: { agrees, autograd, difference, noDifference } }: AnyReport,
  lang: Language,
): Document["witness"] {
  const say = locales[lang];
  const apart = noDifference === true ? null : difference === 0 ? "0" : difference.toExponential(1);
  if (agrees) return { agrees, says: say.checked({ difference: apart }) };
  return { agrees, says: say.disagree({ autograd: digits(autograd, 3), difference: apart }) };
}

/** The forward pass in one line, where all of it is right. */
function briefOf(forward: readonly Row[], lang: Language): Extract<Block, { kind: "rows" }>["brief"] {
  if (forward.length === 0 || forward.some(({ status }) => status !== "ok")) return null;
  const names = forward.map(({ name }) => name).join(" ");
  return { keys: forward.map(({ key }) => key), says: locales[lang].forwardRight({ names }) };
}

/** The report as a document. */
export function networkDocument(
  report: AnyReport,
  { lang = "en", hints = 3, tensors = [], appendix = null }: NetworkOptions = {},
): Document {
  const say = locales[lang];
  const { verdict, roots, condition, costSaid, formulas = [], score } = report;
  const { sizes, activations, cost, samples } = report.network;
  const rows = hints === 0 ? [] : report.lines.map((line) => rowOf(line, lang, hints, tensors));
  const forward = rows.filter((_, k) => report.lines[k]!.equation === "forward");
  const notes = notesOf(report, lang, hints);
  const read: readonly Block[] =
    hints === 0 || formulas.length === 0
      ? []
      : [{ kind: "readings", formulas: formulas.map(({ line, text }) => ({ line, text })) }];
  const plain = [
    plainVerdict(report, lang, hints),
    ...(condition === undefined || hints === 0 ? [] : [condition[lang]]),
  ].join(say.gap);
  const same = activations.every((one) => one === activations[0]);
  const section = (title: string, ...blocks: readonly Block[]): Section => ({ title, blocks });
  const hidden = hints === 0;
  return {
    lang,
    verdict,
    headline: heading(verdict, plain, hidden ? [] : roots.map(say.at), say.also, lang),
    score: scoreText(hidden || score.given === 0 ? "" : say.score(score), report.points, lang),
    // Where nothing was checked there is nothing to describe.
    subject:
      sizes.length === 0
        ? []
        : [
            `${sizes.join("-")} ${same ? (activations[0] ?? "") : activations.join(", ")}`,
            costSaid === undefined
              ? say.cost({ name: cost })
              : [`${say.cost({ name: costSaid.words[lang] })} `, { kind: "line", text: costSaid.formula }],
            ...(samples > 0 ? [say.samples({ count: samples })] : []),
          ],
    asides: hidden ? [] : asidesOf(report, lang),
    sections: [
      section(say.network, ...drawingOf(report, rows, lang)),
      section(say.equations, { kind: "rows", rows, brief: briefOf(forward, lang) }),
      section("", { kind: "list", mark: "✗", items: reasons(report, hints).map((words) => words[lang]) }),
      section(read.length === 0 ? "" : say.readAs, ...read, { kind: "list", mark: "·", items: hidden ? [] : notes }),
      section(say.findings, {
        kind: "findings",
        findings: hidden ? [] : roots.map((root) => findingOf(root, lang, hints, rows)),
      }),
      ...(hidden ? [] : [blindSection(report, lang)]),
    ],
    witness: hidden || rows.length === 0 ? null : witnessOf(report, lang),
    appendix: hints < 3 ? null : appendix,
    data: dataOf(report, hints),
  };
}
