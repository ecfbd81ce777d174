/** The subcommand `check`: what was asked for, the check, its report in every form that was asked for. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, extname, resolve as absolute } from "node:path";
import { isArrayFile, isProgram } from "../handcheck/intake/sources/endings.ts";
import type { Language } from "../locales/words.ts";
import type { PointsScheme } from "../handcheck/points.ts";
import type { Document, Hints } from "../handcheck/report/document.ts";
import { exitCode } from "../handcheck/report.ts";
import { numberOf, read, UsageError, type Words } from "./arguments.ts";
import type { Found } from "./class/submissions.ts";
import type { Format, Marks } from "./formats/marks.ts";
import type { CheckJob } from "./job.ts";
import { against, heldTo, placeOf, settled, standardFor, schemeIn, withPoints, type Settled } from "./marking.ts";
import { writeReport, type Terminal } from "./output.ts";
import type { Run } from "./run.ts";
import { check, spelledOut, type ConventionName, type ExampleName } from "./usage.ts";

/** Files that can be checked. */
const readable: readonly string[] = [
  ".ts",
  ".mts",
  ".cts",
  ".js",
  ".mjs",
  ".cjs",
  ".py",
  ".ipynb",
  ".m",
  ".json",
  ".npz",
  ".npy",
  ".csv",
  ".tsv",
  ".txt",
  ".log",
  ".out",
  ".tex",
  ".md",
];

/** Everything that the words of the command line say. */
interface Request {
  readonly job: CheckJob;
  readonly milliseconds: number;
  readonly hints: Hints;
  readonly watch: boolean;
  /** How the file was called. */
  readonly shown: string;
  /** By form: `-` for stdout, or a path. */
  readonly outputs: ReadonlyMap<"json" | "md" | "latex" | "html", string>;
  readonly scheme: PointsScheme | null;
  /** How the reference was called. */
  readonly reference: string | null;
  readonly marks: Marks | null;
  /** Where a class was named: a folder, or several files beside a reference. */
  readonly found: Found | null;
  readonly resolve: (path: string) => string;
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** True where each file is judged by itself. */
const isClass = ({ operands, options }: Words, resolve: Request["resolve"]): boolean =>
  operands.some((shown) => isFolder(resolve(shown))) || (options.has("reference") && operands.length > 1);

/** Options that are for one file. */
const single: readonly string[] = ["md", "latex", "html", "derive", "watch", "example"];

/** The submissions of a class; nothing where one file was named. */
async function foundIn(words: Words, resolve: Request["resolve"]): Promise<Found | null> {
  if (!isClass(words, resolve)) return null;
  const odd = single.find((name) => words.options.has(name));
  if (odd !== undefined)
    throw new UsageError(
      `--${odd} is for one file, and ${words.operands.join(", ")} ${words.operands.length === 1 ? "is a folder" : "are several"}`,
      `chainrule check FILE --${odd} says all of one; --out marks.csv is for many`,
    );
  const { submissionsIn } = await import("./class/submissions.ts");
  return submissionsIn(
    words.operands.map((shown) => (isFolder(resolve(shown)) ? resolve(shown) : fileOf(shown, resolve))),
    { readable, reference: referenceOf(words, resolve) },
  );
}

/** The reference by its absolute path. */
function referenceOf({ options }: Words, resolve: Request["resolve"]): string | null {
  const shown = options.get("reference");
  if (shown === undefined) return null;
  if (options.has("example"))
    throw new UsageError("--reference and --example both say what it is about", "give one of them");
  return fileOf(shown, resolve);
}

const formatsByEnding: Readonly<Record<string, Format>> = { ".csv": "csv", ".xml": "junit", ".json": "gradescope" };

/** Where marks go; none where nothing asks for them. */
function marksOf({ options }: Words): Marks | null {
  const [told, path] = [options.get("format") as Format | undefined, options.get("out")];
  if (told === undefined && path === undefined) return null;
  const format = told ?? formatsByEnding[extname(path!).toLowerCase()];
  if (format === undefined)
    throw new UsageError(
      `--out ${path!} says no format by its ending`,
      "name it .csv, .xml (JUnit) or .json (Gradescope), or say --format",
    );
  return { format, path: path ?? "-" };
}

/** The files that were named: one, or several of arrays. */
function filesOf(words: Words, resolve: Request["resolve"]): string[] {
  const [first, ...rest] = words.operands;
  if (first === undefined && !words.options.has("example"))
    throw new UsageError("no FILE", "chainrule check FILE, or chainrule check --example mazur to see one");
  if (first === "-" && rest.length === 0) return [];
  const odd =
    rest.length === 0
      ? undefined
      : words.operands.find((shown) => shown === "-" || !isArrayFile(extname(shown).toLowerCase()));
  if (odd !== undefined)
    throw new UsageError(
      `one FILE at a time: ${words.operands.join(", ")}`,
      "chainrule check FILE; several FILEs hold one array each, as W1.csv dW1.csv, or are judged each by a --reference",
    );
  return words.operands.map((shown) => fileOf(shown, resolve));
}

function fileOf(shown: string, resolve: Request["resolve"]): string {
  const file = resolve(shown);
  if (!existsSync(file)) throw new UsageError(`${shown}: there is no such file`, `looked for ${file}`);
  if (statSync(file).isDirectory())
    throw new UsageError(`${shown} is a folder`, "a folder is for submissions: chainrule check FOLDER");
  const ending = extname(file).toLowerCase();
  if (!readable.includes(ending))
    throw new UsageError(
      `${shown}: files that end with ${ending === "" ? "nothing" : ending} cannot be read`,
      `give one of ${readable.join(" ")}`,
    );
  return file;
}

/** All of standard input. */
function readInput(): Uint8Array {
  try {
    return readFileSync(0);
  } catch (error) {
    throw new UsageError(
      `standard input cannot be read: ${(error as Error).message}`,
      "print(W1, dW1) | chainrule check - --names W1,dW1",
    );
  }
}

async function request(argv: readonly string[], { from, lang: own }: Terminal): Promise<Request | null> {
  const words = await read(argv, check);
  if (words.options.has("help")) return null;
  const resolve = (path: string): string => absolute(from, path);
  const option = (name: string): string | null => words.options.get(name) ?? null;
  const found = await foundIn(words, resolve);
  const marks = marksOf(words);
  const [file = null, ...more] = found === null ? filesOf(words, resolve) : [];
  const fromInput = words.operands[0] === "-";
  const outputs = new Map(
    (["json", "md", "latex", "html"] as const).flatMap((name) =>
      option(name) === null ? [] : [[name, option(name)!] as const],
    ),
  );
  const onStdout = [
    ...[...outputs].filter(([, path]) => path === "-").map(([name]) => `--${name}`),
    ...(takesStdout(marks) ? [`--format ${marks!.format}`] : []),
  ];
  if (onStdout.length > 1)
    throw new UsageError(
      `${onStdout.join(" and ")} cannot both go to stdout`,
      `give a file: ${onStdout[0]!} FILE, or --out FILE`,
    );
  for (const [name, path] of outputs)
    if (path !== "-" && resolve(path) === file)
      throw new UsageError(`--${name} ${path} would overwrite what is checked`, "give another name");
  const watch = words.options.has("watch");
  if (watch && file === null) throw new UsageError("--watch needs a FILE", "chainrule check FILE --watch");
  const lang = (option("lang") ?? own) as Language;
  const net = option("net");
  // The records of a network are read where they are needed, and not before a process starts.
  const isDeferred = found === null && isProgram(file);
  if (words.options.has("digits") && words.options.has("decimals"))
    throw new UsageError(
      "--digits and --decimals say two things of the same numbers",
      "give the one that they were written with",
    );
  return {
    job: {
      kind: "check",
      file,
      more,
      reference: referenceOf(words, resolve),
      exercise: null,
      teaches: false,
      input: fromInput ? readInput() : null,
      names: (option("names") ?? "")
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== ""),
      python: option("python"),
      function: option("function"),
      pass: numberOf(words, "pass", { least: 1, most: 1e9, whole: true }) ?? 1,
      cell: numberOf(words, "cell", { least: 1, most: 1e6, whole: true }),
      sandbox: words.options.has("sandbox"),
      memory: numberOf(words, "memory", { least: 16, most: 1e6, whole: true }) ?? 2048,
      example: option("example") as ExampleName | null,
      network: net === null || isDeferred ? null : (await import("./network-spec.ts")).networkSpec(net, resolve),
      net: net !== null && isDeferred ? { text: net, from } : null,
      cost: option("cost"),
      convention: (option("convention") ?? "auto") as ConventionName,
      dtype: option("dtype") as CheckJob["dtype"],
      digits: numberOf(words, "digits", { least: 1, most: 17, whole: true }),
      decimals: numberOf(words, "decimals", { least: 0, most: 17, whole: true }),
      seed: numberOf(words, "seed", { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }),
      lang,
      tensors: outputs.has("html"),
      derivation: words.options.has("derive"),
    },
    milliseconds: 1000 * (numberOf(words, "timeout", { least: 0.001, most: 1e6, whole: false }) ?? 10),
    hints: Number(option("hints") ?? 3) as Hints,
    watch,
    shown: fromInput
      ? "standard input"
      : words.operands.length > 0
        ? words.operands.map((one) => basename(one)).join(", ")
        : `--example ${option("example")!}`,
    outputs,
    scheme: option("points") === null ? null : schemeIn(option("points")!),
    reference: option("reference") === null ? null : basename(option("reference")!),
    marks,
    found,
    resolve,
  };
}

/** Annotations stand among other lines of a log; the other formats have stdout to themselves. */
const takesStdout = (marks: Marks | null): boolean => marks !== null && marks.path === "-" && marks.format !== "github";

/** The answer as a document. */
async function documentOf(answer: Settled, { job: { lang }, hints }: Request): Promise<Document> {
  const options = { lang, hints };
  if (answer.kind === "report")
    return (await import("./printing.ts")).networkDocument(answer.report, {
      ...options,
      tensors: answer.tensors,
      appendix: answer.derivation,
    });
  return (await import("../handcheck/report/of-op.ts")).opDocument(answer.findings, {
    ...options,
    tensors: answer.tensors,
  });
}

/** What writes each form; only what is asked for is loaded. */
const writers: Readonly<
  Record<"json" | "md" | "latex" | "html", (document: Document, file: string) => Promise<string>>
> = {
  json: async ({ data, appendix }) => (await import("../handcheck/report/json.ts")).toJson(data, appendix),
  md: async (document) => (await import("../handcheck/report/markdown.ts")).toMarkdown(document),
  latex: async (document) => (await import("../handcheck/report/latex.ts")).toLatex(document),
  html: async (document, file) => (await import("../handcheck/report/html/page.ts")).toHtml(document, { file }),
};

/** True where the report itself is for people to read. */
const isRead = ({ outputs, marks }: Request): boolean => ![...outputs.values()].includes("-") && !takesStdout(marks);

async function deliver(answer: Settled, asked: Request, terminal: Terminal): Promise<void> {
  const { print, color, width } = terminal;
  const document = await documentOf(answer, asked);
  for (const [form, path] of asked.outputs) {
    const text = await writers[form](document, asked.shown);
    if (path === "-") print(text);
    else writeReport(asked.resolve(path), path, text, terminal);
  }
  if (isRead(asked)) print((await import("./printing.ts")).toText(document, { color, width }));
}

/** Marks of one file. */
async function deliverMarks(
  answer: Settled,
  { job, hints, shown, marks, resolve }: Request,
  begun: Date,
  terminal: Terminal,
): Promise<void> {
  if (marks === null) return;
  const [{ judgedAnswer }, { marksText }, { wayTo }] = await Promise.all([
    import("./formats/judged.ts"),
    import("./formats/marks.ts"),
    import("./class/submissions.ts"),
  ]);
  const seconds = (Date.now() - begun.getTime()) / 1000;
  const judged = judgedAnswer(answer, {
    file: shown,
    path: job.file === null ? shown : wayTo(job.file, terminal.from),
    lang: job.lang,
    hints,
    place: placeOf(answer),
    seconds,
  });
  const text = await marksText(marks.format, [judged], begun);
  if (marks.path === "-") terminal.print(text);
  else writeReport(resolve(marks.path), marks.path, text, terminal);
}

/** While it is judged, what will print the answer is read, behind what starts a program. */
async function readPrinting(asked: Request): Promise<void> {
  const { file, reference } = asked.job;
  if (isProgram(file) || isProgram(reference)) await import("./apart.ts");
  await import("./printing.ts");
}

/** One check from beginning to end; gives the exit status. */
async function once(asked: Request, terminal: Terminal, run: Run): Promise<number> {
  const { job, milliseconds, shown, scheme, reference } = asked;
  const begun = new Date();
  const standard = await standardFor({ job, name: reference, scheme, milliseconds }, run);
  const working = run(heldTo(job, standard), milliseconds);
  void readPrinting(asked);
  const answer = withPoints(against(settled(await working, shown), standard), scheme, standard);
  await deliver(answer, asked, terminal);
  await deliverMarks(answer, asked, begun, terminal);
  return exitCode((answer.kind === "report" ? answer.report : answer.findings).verdict);
}

/** Runs `check`; gives the exit status. */
export async function runCheck(argv: readonly string[], terminal: Terminal, run: Run): Promise<number> {
  const { print, tell, width } = terminal;
  const asked = await request(argv, terminal);
  if (asked === null) {
    print((await import("./help.ts")).page(await spelledOut(check), width));
    return 0;
  }
  if (asked.found !== null)
    return (await import("./class/class.ts")).runClass(
      { ...asked, found: asked.found, json: asked.outputs.get("json") ?? null },
      terminal,
      run,
    );
  if (!asked.watch) return once(asked, terminal, run);
  const { onChange } = await import("./watch.ts");
  return onChange(asked.job.file!, async () => {
    if (terminal.interactive) print("\u001b[2J\u001b[3J\u001b[H");
    try {
      await once(asked, terminal, run);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      tell(`chainrule: ${error.message}\n`);
    }
    tell(`watching ${asked.shown}; Ctrl-C ends it\n`);
  });
}
