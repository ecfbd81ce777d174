/** The subcommand `check`: the check that was asked for, its report in every form that was asked for. */

import { isProgram } from "../handcheck/intake/sources/endings.ts";
import type { Document } from "../handcheck/report/document.ts";
import { exitCode } from "../handcheck/report.ts";
import { progress } from "../locales/usage-errors.ts";
import { against, heldTo, placeOf, settled, standardFor, withPoints, type Settled } from "./marking.ts";
import { writeReport, type Terminal } from "./output.ts";
import { request, takesStdout, type Request } from "./request.ts";
import type { Run } from "./run.ts";
import { UsageError } from "./usage-error.ts";
import { check, spelledOut } from "./usage.ts";

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

/** The writer of each form; only what is asked for is loaded. */
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
  const { print, tell, width, lang } = terminal;
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
      tell(`chainrule: ${error.says[lang]}\n`);
    }
    tell(`${progress.watching({ name: asked.shown })[lang]}\n`);
  });
}
