/** The words of `check` as a request: what is checked, against what, and where the answer goes. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, extname, resolve as absolute } from "node:path";
import { isArrayFile, isProgram } from "../handcheck/intake/sources/endings.ts";
import type { PointsScheme } from "../handcheck/points.ts";
import type { Hints } from "../handcheck/report/document.ts";
import { usageErrors } from "../locales/usage-errors.ts";
import { alike, type Language } from "../locales/words.ts";
import { numberOf, read, type Words } from "./arguments.ts";
import type { Found } from "./class/submissions.ts";
import type { Format, Marks } from "./formats/marks.ts";
import type { CheckJob } from "./job.ts";
import { schemeIn } from "./marking.ts";
import type { Terminal } from "./output.ts";
import { UsageError } from "./usage-error.ts";
import { check, type ConventionName, type ExampleName } from "./usage.ts";

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
export interface Request {
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
  /** The submissions of a class, where one was named: a folder, or several files beside a reference. */
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
      usageErrors.forOneFile({ name: odd, operands: words.operands }),
      usageErrors.allOfOne({ name: odd }),
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
  if (options.has("example")) throw new UsageError(usageErrors.referenceAndExample, usageErrors.oneOfThem);
  return fileOf(shown, resolve);
}

const formatsByEnding: Readonly<Record<string, Format>> = { ".csv": "csv", ".xml": "junit", ".json": "gradescope" };

/** The place and format of marks; none where nothing asks for them. */
function marksOf({ options }: Words): Marks | null {
  const [told, path] = [options.get("format") as Format | undefined, options.get("out")];
  if (told === undefined && path === undefined) return null;
  const format = told ?? formatsByEnding[extname(path!).toLowerCase()];
  if (format === undefined) throw new UsageError(usageErrors.noFormat({ path: path! }), usageErrors.nameFormat);
  return { format, path: path ?? "-" };
}

/** The files that were named: one, or several of arrays. */
function filesOf(words: Words, resolve: Request["resolve"]): string[] {
  const [first, ...rest] = words.operands;
  if (first === undefined && !words.options.has("example"))
    throw new UsageError(usageErrors.noFile, usageErrors.checkOrExample);
  if (first === "-" && rest.length === 0) return [];
  const odd =
    rest.length === 0
      ? undefined
      : words.operands.find((shown) => shown === "-" || !isArrayFile(extname(shown).toLowerCase()));
  if (odd !== undefined) throw new UsageError(usageErrors.oneFile({ names: words.operands }), usageErrors.severalFiles);
  return words.operands.map((shown) => fileOf(shown, resolve));
}

function fileOf(name: string, resolve: Request["resolve"]): string {
  const file = resolve(name);
  if (!existsSync(file)) throw new UsageError(usageErrors.noSuchFile({ name }), usageErrors.lookedFor({ file }));
  if (statSync(file).isDirectory())
    throw new UsageError(usageErrors.isFolder({ name }), usageErrors.folderOfSubmissions);
  const ending = extname(file).toLowerCase();
  if (!readable.includes(ending))
    throw new UsageError(usageErrors.ending({ name, ending }), usageErrors.endings({ endings: readable }));
  return file;
}

/** All of standard input. */
function readInput(): Uint8Array {
  try {
    return readFileSync(0);
  } catch (error) {
    throw new UsageError(
      usageErrors.inputNotRead({ why: (error as Error).message }),
      alike("print(W1, dW1) | chainrule check - --names W1,dW1"),
    );
  }
}

/** Annotations stand among other lines of a log; the other formats have stdout to themselves. */
export const takesStdout = (marks: Marks | null): boolean =>
  marks !== null && marks.path === "-" && marks.format !== "github";

/** The forms that were asked for, and where each goes: no two to stdout, none over what is checked. */
function outputsOf({ options }: Words, marks: Marks | null, isChecked: (path: string) => boolean): Request["outputs"] {
  const outputs = new Map(
    (["json", "md", "latex", "html"] as const).flatMap((name) =>
      options.has(name) ? [[name, options.get(name)!] as const] : [],
    ),
  );
  const onStdout = [
    ...[...outputs].filter(([, path]) => path === "-").map(([name]) => `--${name}`),
    ...(takesStdout(marks) ? [`--format ${marks!.format}`] : []),
  ];
  if (onStdout.length > 1)
    throw new UsageError(usageErrors.bothToStdout({ names: onStdout }), usageErrors.giveFile({ name: onStdout[0]! }));
  for (const [name, path] of outputs)
    if (path !== "-" && isChecked(path))
      throw new UsageError(usageErrors.overwrites({ name, path }), usageErrors.otherName);
  return outputs;
}

/** How code is run, and which part of it is judged. */
const runOf = (words: Words): Pick<CheckJob, "python" | "function" | "pass" | "cell" | "sandbox" | "memory"> => ({
  python: words.options.get("python") ?? null,
  function: words.options.get("function") ?? null,
  pass: numberOf(words, "pass", { least: 1, most: 1e9, whole: true }) ?? 1,
  cell: numberOf(words, "cell", { least: 1, most: 1e6, whole: true }),
  sandbox: words.options.has("sandbox"),
  memory: numberOf(words, "memory", { least: 16, most: 1e6, whole: true }) ?? 2048,
});

/** How the numbers were written. */
function numbersOf(words: Words): Pick<CheckJob, "names" | "dtype" | "digits" | "decimals"> {
  const { options } = words;
  if (options.has("digits") && options.has("decimals"))
    throw new UsageError(usageErrors.digitsAndDecimals, usageErrors.asWritten);
  return {
    names: (options.get("names") ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
    dtype: (options.get("dtype") ?? null) as CheckJob["dtype"],
    digits: numberOf(words, "digits", { least: 1, most: 17, whole: true }),
    decimals: numberOf(words, "decimals", { least: 0, most: 17, whole: true }),
  };
}

/** The network that the words name; beside code its records are read later, and not before a process starts. */
async function networkOf(
  { options }: Words,
  isCode: boolean,
  { from, resolve }: { readonly from: string; readonly resolve: Request["resolve"] },
): Promise<Pick<CheckJob, "example" | "network" | "net" | "cost" | "convention">> {
  const net = options.get("net") ?? null;
  return {
    example: (options.get("example") ?? null) as ExampleName | null,
    network: net === null || isCode ? null : (await import("./network-spec.ts")).networkSpec(net, resolve),
    net: net !== null && isCode ? { text: net, from } : null,
    cost: options.get("cost") ?? null,
    convention: (options.get("convention") ?? "auto") as ConventionName,
  };
}

/** The name by which the report calls what is checked. */
const shownAs = ({ operands, options }: Words): string => {
  if (operands[0] === "-") return "standard input";
  return operands.length > 0 ? operands.map((one) => basename(one)).join(", ") : `--example ${options.get("example")!}`;
};

/** The request; nothing where help was asked for. */
export async function request(argv: readonly string[], { from, lang: own }: Terminal): Promise<Request | null> {
  const words = await read(argv, check);
  const { operands, options } = words;
  if (options.has("help")) return null;
  const resolve = (path: string): string => absolute(from, path);
  const found = await foundIn(words, resolve);
  const marks = marksOf(words);
  const [file = null, ...more] = found === null ? filesOf(words, resolve) : [];
  const outputs = outputsOf(words, marks, (path) => resolve(path) === file);
  const watch = options.has("watch");
  if (watch && file === null) throw new UsageError(usageErrors.watchesFile, alike("chainrule check FILE --watch"));
  const [points, reference] = [options.get("points"), options.get("reference")];
  return {
    job: {
      kind: "check",
      file,
      more,
      reference: referenceOf(words, resolve),
      exercise: null,
      teaches: false,
      ...numbersOf(words),
      input: operands[0] === "-" ? readInput() : null,
      ...runOf(words),
      ...(await networkOf(words, found === null && isProgram(file), { from, resolve })),
      seed: numberOf(words, "seed", { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }),
      lang: (options.get("lang") ?? own) as Language,
      tensors: outputs.has("html"),
      derivation: options.has("derive"),
    },
    milliseconds: 1000 * (numberOf(words, "timeout", { least: 0.001, most: 1e6, whole: false }) ?? 10),
    hints: Number(options.get("hints") ?? 3) as Hints,
    watch,
    shown: shownAs(words),
    outputs,
    scheme: points === undefined ? null : schemeIn(points),
    reference: reference === undefined ? null : basename(reference),
    marks,
    found,
    resolve,
  };
}
