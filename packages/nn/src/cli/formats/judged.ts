/**
 * One submission as every format for a class tells it: network, kernel and graph alike, with no more of the answer than
 * the hints allow.
 */

import { locales } from "../../locales/report.ts";
import type { Language } from "../../locales/words.ts";
import { fateOf, gradedLines, type Fate, type GradedLine, type Points } from "../../handcheck/points.ts";
import type { Document, Finding as Told, Hints } from "../../handcheck/report/document.ts";
import { networkDocument } from "../../handcheck/report/of-network.ts";
import { opDocument } from "../../handcheck/report/of-op.ts";
import { proseText } from "../../handcheck/report/text.ts";
import { type AnyReport, exitCode, type OpFindings, type Verdict } from "../../handcheck/report.ts";
import type { Settled } from "../marking.ts";

/** One equation at one layer, or one gradient of a kernel. */
export interface JudgedEquation {
  readonly title: string;
  readonly fate: Fate;
  /** `mistake`, `inherited`, `not given`, in the language of the report. */
  readonly status: string;
  /** The mistake's id in the catalogue; `null` where there is none, or the hints hide it. */
  readonly id: string | null;
  /** Its mistakes, one line each; what is most worth saying comes first. */
  readonly says: readonly string[];
  /** The points that it is worth and that it earned; `null` where no points are for it. */
  readonly points: { readonly of: number; readonly gained: number } | null;
  /** The person's line, where it is known. */
  readonly line: number | null;
}

export interface Judged {
  /** How the file is called: its name, without the way there. */
  readonly file: string;
  /** The way to it from where the user stands. */
  readonly path: string;
  /** `internal` is a fault of the program, not of the file. */
  readonly verdict: Verdict | "internal";
  readonly exit: number;
  /** The sentence that is to be read first. */
  readonly sentence: string;
  /** Everything that there is to say of the whole. */
  readonly reasons: readonly string[];
  readonly passed: number;
  readonly given: number;
  /** `B1 BP2 1`: id, equation, layer; without the id where hints hide it. */
  readonly roots: readonly string[];
  readonly equations: readonly JudgedEquation[];
  readonly points: Points | null;
  /** The place in the file that could not be read, or where the function begins that was judged. */
  readonly place: { readonly line: number; readonly column: number | null } | null;
  readonly seconds: number;
  /** The whole report, as data. */
  readonly report: Document["data"];
}

/** The file that is judged, and how it is told. */
export interface Telling {
  readonly file: string;
  readonly path: string;
  readonly lang: Language;
  readonly hints: Hints;
  readonly place: Judged["place"];
  readonly seconds: number;
}

interface Finding {
  readonly told: Told;
  /** True if it is about the line. */
  readonly about: (line: GradedLine) => boolean;
}

/** The parts that either report comes down to. */
interface Parts {
  readonly report: Document["data"];
  readonly verdict: Verdict;
  readonly headline: string;
  readonly contract: readonly string[];
  readonly score: { readonly passed: number; readonly given: number };
  readonly roots: readonly string[];
  readonly lines: readonly GradedLine[];
  readonly findings: readonly Finding[];
  readonly points: Points | null;
  /** The lines of the reference that are left out. */
  readonly wanted: readonly Pick<GradedLine, "equation" | "layer">[];
  readonly trusted: boolean;
  readonly titleOf: (line: Omit<GradedLine, "status">) => string;
  readonly lineOf: (name: string) => number | null;
}

/** A finding, a line for each thing that it says. */
function findingLines(
  { says, id, yours, correct, example, features, alternatives }: Told,
  title: string,
  lang: Language,
): string[] {
  const say = locales[lang];
  return [
    `${says ?? title}${id === null ? "" : ` [${id}]`}`,
    ...(yours === null ? [] : [`${say.yours}${say.colon}${yours}`]),
    ...(correct === null ? [] : [`${say.correct}${say.colon}${correct}`]),
    ...(example === null
      ? []
      : [
          `${say.entry} ${example.at}${say.colon}${say.yours} ${example.yours}${say.comma}${say.correct} ${example.correct}`,
        ]),
    ...features,
    ...alternatives.map((other) => `${say.alternatives}${say.colon}${other}`),
  ];
}

function equationOf(
  line: GradedLine,
  { lines, findings, points, contract, trusted, titleOf, lineOf }: Parts,
  lang: Language,
): JudgedEquation {
  const say = locales[lang];
  const fate = trusted ? fateOf(line, lines) : "open";
  const title = titleOf(line);
  const finding = fate === "lost" ? findings.find(({ about }) => about(line)) : undefined;
  const part = points?.parts.find(({ equation, layer }) => equation === line.equation && layer === line.layer);
  const reason = contract.find((text) => text.startsWith(`${line.name}:`));
  const legend = say.legend[line.status] ?? say.status[line.status];
  const left = fate === "open" && part !== undefined ? [say.points({ gained: 0, of: part.of, open: part.of })] : [];
  return {
    title,
    fate,
    status: fate === "gained" && line.status === "missing" ? say.status.ok : say.status[line.status],
    id: finding?.told.id ?? null,
    says:
      finding !== undefined
        ? findingLines(finding.told, title, lang)
        : [reason ?? (fate === "gained" && line.status === "missing" ? say.status.ok : legend), ...left],
    points: part === undefined ? null : { of: part.of, gained: part.gained },
    line: lineOf(line.name),
  };
}

/** Equations that were given or show in others, and those that were expected. */
function equationsOf(parts: Parts, lang: Language): JudgedEquation[] {
  const { lines, points, wanted } = parts;
  const same =
    (a: Pick<GradedLine, "equation" | "layer">) =>
    (b: Pick<GradedLine, "equation" | "layer">): boolean =>
      a.equation === b.equation && a.layer === b.layer;
  const worth = points?.parts ?? [];
  const there = lines.filter((line) => line.status !== "missing" || [...worth, ...wanted].some(same(line)));
  const absent = worth
    .filter((part) => !there.some(same(part)))
    .map((part): GradedLine => ({ ...part, status: "missing" }));
  return [...there, ...absent].map((line) => equationOf(line, parts, lang));
}

function judged(parts: Parts, { file, path, lang, hints, place, seconds }: Telling): Judged {
  const { verdict, headline, contract, findings, score, points, report } = parts;
  const [first] = findings;
  const reasons = contract.length > 0 && findings.length === 0 ? contract : [headline, ...contract];
  const sentence =
    first === undefined ? withoutName(reasons[0]!.split("\n")[0]!, file) : findingSentence(first.told, lang);
  return {
    file,
    path,
    verdict,
    sentence,
    reasons,
    points,
    place,
    seconds,
    report,
    exit: exitCode(verdict),
    ...(hints === 0 ? { passed: 0, given: 0 } : score),
    roots: hints === 0 ? [] : parts.roots,
    equations: hints === 0 ? [] : equationsOf(parts, lang),
  };
}

/** Beside its name a file need not say it again; where it says a line the name stays. */
const withoutName = (text: string, file: string): string =>
  [": ", "："].some((colon) => text.startsWith(`${file}${colon}`)) ? text.slice(file.length + 1).trimStart() : text;

const findingSentence = ({ title, says, id }: Told, lang: Language): string =>
  `${title}${says === null ? locales[lang].stop : `${locales[lang].colon}${says}`}${id === null ? "" : ` [${id}]`}`;

const blocksOf = ({ sections }: Document) => sections.flatMap(({ blocks }) => blocks);

/** The document's words on the whole. */
const saidIn = (document: Document): Pick<Parts, "headline" | "contract" | "report"> => ({
  report: document.data,
  headline: proseText(document.headline),
  contract: blocksOf(document).flatMap((block) => (block.kind === "list" && block.mark === "✗" ? block.items : [])),
});

const findingsIn = (document: Document): readonly Told[] =>
  blocksOf(document).flatMap((block) => (block.kind === "findings" ? block.findings : []));

/** A report of a network. */
function judgedReport(report: AnyReport, telling: Telling): Judged {
  const { lang, hints } = telling;
  const document = networkDocument(report, { lang, hints });
  const say = locales[lang];
  const told = findingsIn(document).map((finding, k) => ({ finding, root: report.roots[k]! }));
  return judged(
    {
      ...saidIn(document),
      verdict: report.verdict,
      score: report.score,
      points: report.points ?? null,
      trusted: report.witness.agrees,
      wanted: report.undecided,
      roots: report.roots.map(({ id, equation, layer }) => `${hints < 3 ? "" : `${id} `}${equation} ${layer}`),
      lines: gradedLines(report),
      findings: told.map(({ finding, root }) => ({
        told: finding,
        about: ({ equation, layer }) => equation === root.equation && layer === root.layer,
      })),
      titleOf: ({ equation, layer, name }) => (layer === null ? name : `${say.at({ equation, layer })}: ${name}`),
      lineOf: (name) => report.formulas?.find(({ text }) => text.startsWith(`${name} =`))?.line ?? null,
    },
    telling,
  );
}

/** A report of a kernel or a graph. */
function judgedFindings(findings: OpFindings, telling: Telling): Judged {
  const { lang, hints } = telling;
  const document = opDocument(findings, { lang, hints });
  const say = locales[lang];
  return judged(
    {
      ...saidIn(document),
      verdict: findings.verdict,
      score: findings.score,
      points: findings.points ?? null,
      trusted: findings.witness?.agrees ?? true,
      wanted: [],
      roots: findings.roots.map(({ id, of }) => `${hints < 3 ? "" : `${id} `}${of.join(" ")}`.trim()),
      lines: gradedLines(findings),
      findings: findingsIn(document).map((told, k) => ({
        told,
        about: ({ name }) => findings.roots[k]!.of.includes(name),
      })),
      titleOf: ({ name, equation }) => (equation === "forward" ? say.forward : name),
      lineOf: () => null,
    },
    telling,
  );
}

/** An answer, as it is told. */
export const judgedAnswer = (answer: Settled, telling: Telling): Judged =>
  answer.kind === "report" ? judgedReport(answer.report, telling) : judgedFindings(answer.findings, telling);
