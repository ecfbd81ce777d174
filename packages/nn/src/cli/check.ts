/** The subcommand `check`: what was asked for, the check, its report in every form that was asked for. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, extname, resolve as absolute } from "node:path";
import { isArrayFile } from "../handcheck/intake/sources/endings.ts";
import type { Hints } from "../handcheck/render/view.ts";
import type { Language } from "../handcheck/render/words.ts";
import { exitCode, type Report } from "../handcheck/report.ts";
import { numberOf, read, UsageError, type Words } from "./arguments.ts";
import type { OpFindings } from "../handcheck/ops/report.ts";
import { faultReport, opFaultFindings } from "./fault-report.ts";
import type { Answer, CheckJob, DerivationFormat } from "./job.ts";
import { networkSpec } from "./network-spec.ts";
import { writeReport, type Terminal } from "./output.ts";
import type { Run } from "./run.ts";
import { check, type ConventionName, type ExampleName } from "./usage.ts";

/** Files that can be checked. */
const readable: readonly string[] = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".py", ".ipynb", ".m", ".json", ".npz", ".npy", ".csv", ".tsv", ".txt", ".log", ".out", ".tex", ".md"];

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
  readonly derive: boolean;
  readonly resolve: (path: string) => string;
}

/** The files that were named: one, or several of arrays. */
function filesOf(words: Words, resolve: Request["resolve"]): string[] {
  const [first, ...rest] = words.operands;
  if (first === undefined && !words.options.has("example")) throw new UsageError("no FILE", "chainrule check FILE, or chainrule check --example mazur to see one");
  if (first === "-" && rest.length === 0) return [];
  const odd = rest.length === 0 ? undefined : words.operands.find((shown) => shown === "-" || !isArrayFile(extname(shown).toLowerCase()));
  if (odd !== undefined) throw new UsageError(`one FILE at a time: ${words.operands.join(", ")}`, "chainrule check FILE; several FILEs hold one array each, as W1.csv dW1.csv");
  return words.operands.map((shown) => fileOf(shown, resolve));
}

function fileOf(shown: string, resolve: Request["resolve"]): string {
  const file = resolve(shown);
  if (!existsSync(file)) throw new UsageError(`${shown}: there is no such file`, `looked for ${file}`);
  if (statSync(file).isDirectory()) throw new UsageError(`${shown} is a folder`, "give the file in it");
  const ending = extname(file).toLowerCase();
  if (!readable.includes(ending)) throw new UsageError(`${shown}: files that end with ${ending === "" ? "nothing" : ending} cannot be read`, `give one of ${readable.join(" ")}`);
  return file;
}

/** All of standard input. */
function readInput(): Uint8Array {
  try {
    return readFileSync(0);
  } catch (error) {
    throw new UsageError(`standard input cannot be read: ${(error as Error).message}`, "print(W1, dW1) | chainrule check - --names W1,dW1");
  }
}

function request(argv: readonly string[], { from, lang: own }: Terminal): Request | null {
  const words = read(argv, check);
  if (words.options.has("help")) return null;
  const resolve = (path: string): string => absolute(from, path);
  const option = (name: string): string | null => words.options.get(name) ?? null;
  const [file = null, ...more] = filesOf(words, resolve);
  const fromInput = words.operands[0] === "-";
  const outputs = new Map((["json", "md", "latex", "html"] as const).flatMap((name) => (option(name) === null ? [] : [[name, option(name)!] as const])));
  const onStdout = [...outputs].filter(([, path]) => path === "-").map(([name]) => `--${name}`);
  if (onStdout.length > 1) throw new UsageError(`${onStdout.join(" and ")} cannot both go to stdout`, `give a file: ${onStdout[0]!} FILE`);
  for (const [name, path] of outputs) if (path !== "-" && resolve(path) === file) throw new UsageError(`--${name} ${path} would overwrite what is checked`, "give another name");
  const watch = words.options.has("watch");
  if (watch && file === null) throw new UsageError("--watch needs a FILE", "chainrule check FILE --watch");
  const lang = (option("lang") ?? own) as Language;
  const derive = words.options.has("derive");
  const formats: readonly DerivationFormat[] = !derive ? [] : [
    ...(onStdout.length === 0 ? ["text" as const] : []),
    ...(outputs.has("md") ? ["markdown" as const] : []),
    ...(outputs.has("latex") ? ["latex" as const] : []),
    ...(outputs.has("html") ? ["mathml" as const] : []),
    ...(outputs.has("json") ? ["json" as const] : []),
  ];
  const net = option("net");
  if (words.options.has("digits") && words.options.has("decimals")) throw new UsageError("--digits and --decimals say two things of the same numbers", "give the one that they were written with");
  return {
    job: {
      kind: "check",
      file,
      more,
      reference: null,
      input: fromInput ? readInput() : null,
      names: (option("names") ?? "").split(",").map((name) => name.trim()).filter((name) => name !== ""),
      python: option("python"),
      function: option("function"),
      pass: numberOf(words, "pass", { least: 1, most: 1e9, whole: true }) ?? 1,
      cell: numberOf(words, "cell", { least: 1, most: 1e6, whole: true }),
      example: option("example") as ExampleName | null,
      network: net === null ? null : networkSpec(net, resolve),
      cost: option("cost"),
      convention: (option("convention") ?? "auto") as ConventionName,
      dtype: option("dtype") as CheckJob["dtype"],
      digits: numberOf(words, "digits", { least: 1, most: 17, whole: true }),
      decimals: numberOf(words, "decimals", { least: 0, most: 17, whole: true }),
      seed: numberOf(words, "seed", { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }),
      lang,
      tensors: outputs.has("html"),
      derivation: formats,
    },
    milliseconds: 1000 * (numberOf(words, "timeout", { least: 0.001, most: 1e6, whole: false }) ?? 10),
    hints: Number(option("hints") ?? 3) as Hints,
    watch,
    shown: fromInput ? "standard input" : words.operands.length > 1 ? words.operands.map((one) => basename(one)).join(", ") : words.operands[0] ?? `--example ${option("example")!}`,
    outputs,
    derive,
    resolve,
  };
}

type Reported = Extract<Answer, { readonly kind: "report" }>;

/** The report in one form. */
async function rendered(form: "json" | "md" | "latex" | "html", { report, tensors, derivations }: Reported, { job, hints, shown }: Request): Promise<string> {
  const options = { lang: job.lang, hints };
  const { joined } = await import("./derivations.ts");
  switch (form) {
    case "json": return joined.json((await import("../handcheck/render/json.ts")).toJsonText(report, hints), derivations.json);
    case "md": return joined.markdown((await import("../handcheck/render/markdown.ts")).toMarkdown(report, options), derivations.markdown);
    case "latex": return joined.latex((await import("../handcheck/render/latex.ts")).toLatex(report, options), derivations.latex);
    case "html": {
      const { toHtml } = await import("../handcheck/render/html/page.ts");
      return toHtml(report, { ...options, tensors, file: shown, ...(derivations.mathml === undefined ? {} : { derivation: derivations.mathml }) });
    }
  }
}

async function deliver(answer: Reported, asked: Request, terminal: Terminal): Promise<void> {
  const { print, color, width } = terminal;
  const { outputs, job, hints, resolve } = asked;
  for (const [form, path] of outputs) {
    const text = await rendered(form, answer, asked);
    if (path === "-") print(text);
    else writeReport(resolve(path), path, text, terminal);
  }
  if ([...outputs.values()].includes("-")) return;
  const { toText } = await import("../handcheck/render/text.ts");
  const { derivations } = answer;
  // The derivation is long; the verdict stands where the eye is, at the end.
  if (derivations.text !== undefined && hints === 3) print(`${derivations.text.trimEnd()}\n\n`);
  print(toText(answer.report, { lang: job.lang, hints, color, width }));
}

type OpReported = Extract<Answer, { readonly kind: "opReport" }>;

/** The report of a kernel or a graph in one form. */
async function opRendered(form: "json" | "md" | "latex" | "html", { findings, tensors }: OpReported, { job, hints, shown }: Request): Promise<string> {
  const options = { lang: job.lang, hints };
  switch (form) {
    case "json": return (await import("../handcheck/ops/render/json.ts")).opJsonText(findings, hints);
    case "md": return (await import("../handcheck/ops/render/markdown.ts")).opMarkdown(findings, options);
    case "latex": return (await import("../handcheck/ops/render/latex.ts")).opLatex(findings, options);
    case "html": return (await import("../handcheck/ops/render/html.ts")).opHtml(findings, { ...options, tensors, file: shown });
  }
}

async function deliverOp(answer: OpReported, asked: Request, terminal: Terminal): Promise<number> {
  const { print, color, width } = terminal;
  const { outputs, job, hints, resolve } = asked;
  for (const [form, path] of outputs) {
    const text = await opRendered(form, answer, asked);
    if (path === "-") print(text);
    else writeReport(resolve(path), path, text, terminal);
  }
  if (![...outputs.values()].includes("-")) {
    const { opText } = await import("../handcheck/ops/text.ts");
    print(opText(answer.findings, { lang: job.lang, hints, color, width }));
  }
  return exitCode(answer.findings.verdict);
}

const opFault = (findings: OpFindings): OpReported => ({ kind: "opReport", findings, tensors: [] });

/** One check from beginning to end; gives the exit status. */
async function once(asked: Request, terminal: Terminal, run: Run): Promise<number> {
  const working = run(asked.job, asked.milliseconds);
  // While the worker works, this side reads what will print its answer.
  if (![...asked.outputs.values()].includes("-")) void import("../handcheck/render/text.ts");
  const answer = await working;
  switch (answer.kind) {
    case "usage": throw new UsageError(answer.message, answer.advice);
    case "internal": throw new Error(answer.message, { cause: answer.stack });
    case "derivation": throw new Error("internal: a derivation where a report was asked for");
    case "opReport": return deliverOp(answer, asked, terminal);
    case "fault":
    case "report": {
      if (answer.kind === "fault" && answer.op !== undefined) return deliverOp(opFault(opFaultFindings(answer.fault, asked.shown, answer.op)), asked, terminal);
      const report: Report = answer.kind === "report" ? answer.report : faultReport(answer.fault, asked.shown);
      await deliver(answer.kind === "report" ? answer : { kind: "report", report, tensors: [], derivations: {} }, asked, terminal);
      return exitCode(report.verdict);
    }
  }
}

/** Runs `check`; gives the exit status. */
export async function runCheck(argv: readonly string[], terminal: Terminal, run: Run): Promise<number> {
  const { print, tell } = terminal;
  const asked = request(argv, terminal);
  if (asked === null) {
    print((await import("./help.ts")).page(check));
    return 0;
  }
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
