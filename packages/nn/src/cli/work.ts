/** The work itself: a network, a subject, the check or the derivation. Whose code is judged runs elsewhere. */

import { basename, resolve } from "node:path";
import { isAutogradError } from "@chainrule/autograd";
import type { Derivation } from "../handcheck/derive/derive.ts";
import type { Checked } from "../handcheck/files/check-code.ts";
import type { Surroundings } from "../handcheck/intake/gather.ts";
import { SourceError, type GivenRecord } from "../handcheck/intake/given.ts";
import { Refusal } from "../handcheck/intake/refusal.ts";
import { isModule, isProgram, isPython } from "../handcheck/intake/sources/endings.ts";
import { fromCode } from "../handcheck/intake/sources/code.ts";
import { isRecord, recordOf } from "../handcheck/intake/values.ts";
import { exportErrors } from "../locales/export-errors.ts";
import { programErrors } from "../locales/program-errors.ts";
import { usageErrors } from "../locales/usage-errors.ts";
import { alike, type Language, type Words } from "../locales/words.ts";
import { mustBeSaid, nameOf, type ActivationName } from "../network/activation.ts";
import type { Network } from "../network/network.ts";
import type { Programs } from "./bridge.ts";
import { conventionOf } from "./conventions.ts";
import { Desk } from "./desk.ts";
import type { Example } from "./examples/example.ts";
import { faultOf, messageOf } from "./faults.ts";
import type { Answer, CheckJob, DeriveJob, Fault, Job } from "./job.ts";
import { exerciseOf, readReference, type Reference } from "./reference.ts";
import { readSubject, type AnySubject, type Subject } from "./subject.ts";
import * as work from "./submission-work.ts";
import { UsageError } from "./usage-error.ts";

/** The significant digits that a narrower type carries; of float32 the check reads off the numbers themselves. */
const digitsOf: Readonly<Record<NonNullable<CheckJob["dtype"]>, number | null>> = {
  f64: null,
  f32: 7,
  f16: 3,
  bf16: 2,
};

const record = (value: unknown): GivenRecord => {
  const given = fromCode(value);
  return isRecord(given) ? given : recordOf(new Map());
};

/**
 * Gathers what the command line says of the network, which counts for more than what a file says; a reference or an
 * example stands in.
 */
function surroundingsOf(
  job: CheckJob | DeriveJob,
  example: Example | null,
  reference: Reference | null = null,
): Surroundings {
  const words = { ...(job.network ?? {}), ...(job.cost === null ? {} : { cost: job.cost }) };
  return {
    ...(Object.keys(words).length === 0 ? {} : { command: record(words) }),
    ...(example === null ? {} : { otherwise: record({ network: example.network, data: example.data }) }),
    ...(reference === null ? {} : { otherwise: reference.values }),
  };
}

/** Puts the source's remarks on how it was read before the rest. */
const withNotes = (checked: Checked, notes: readonly Words[]): Checked =>
  notes.length === 0
    ? checked
    : { ...checked, report: { ...checked.report, readAs: [...notes, ...(checked.report.readAs ?? [])] } };

/** All that stands beside the file: an example, a reference, and the way to programs. */
interface Beside {
  readonly example: Example | null;
  readonly reference: Reference | null;
  readonly programs: Programs | null;
}

async function checkOf(
  job: CheckJob,
  { given, values }: Subject,
  { example, reference, programs }: Beside,
): Promise<Checked | Fault> {
  // What is built in is written in its author's own way, which is found out.
  const convention = job.file === null ? "auto" : conventionOf(job.convention);
  const digits = job.digits ?? (job.dtype === null || job.decimals !== null ? null : digitsOf[job.dtype]);
  const options = {
    convention,
    seed: job.seed ?? 0,
    ...(digits === null ? {} : { digits }),
    ...(job.decimals === null ? {} : { decimals: job.decimals }),
  };
  const surroundings = surroundingsOf(job, example, reference);
  switch (given.kind) {
    case "backward":
      return work.checkCode(given.backward, values, {
        file: job.file,
        seed: job.seed,
        surroundings,
        options,
        shown: job.derivation,
      });
    case "python": {
      const { checkPython } = await import("./python-work.ts");
      const code = { file: job.file, seed: job.seed, surroundings, options, shown: job.derivation };
      return checkPython(
        programs!,
        { ...code, function: job.function, hasNetwork: job.network !== null || reference !== null },
        (source) => ({
          ...withNotes(work.checkPass(source.values, source.pass?.adds === true, surroundings, options), source.notes),
          values: source.values,
        }),
      );
    }
    case "values":
      return given.pass === undefined
        ? work.checkValues(values, surroundings, options)
        : work.checkPass(values, given.pass.adds, surroundings, options);
    case "formulas":
      return (await import("./formulas-work.ts")).checkFormulas(given.text, values, {
        file: job.file,
        seed: job.seed,
        surroundings,
        options,
        shown: job.derivation,
      });
  }
}

/** The derivation of a network, with numbers where it has data. */
async function derivationOf(
  net: Network,
  { lang, notation }: { readonly lang: Language; readonly notation: string },
  data: Example["data"] | null,
): Promise<Derivation> {
  const { derive } = await import("../handcheck/derive/derive.ts");
  const numbers = data === null ? {} : { numbers: { x: data.x as number[][], t: data.t as number[][] } };
  return derive(net, { language: lang, notation: notation as "document", ...numbers });
}

function derivationText(derivation: Derivation, { format, width }: DeriveJob): string {
  switch (format) {
    case "text":
      return derivation.toText({ width });
    case "markdown":
      return derivation.toMarkdown();
    case "latex":
      return derivation.toLatex({ standalone: true });
    case "mathml":
      return derivation.toMathML();
    case "typescript":
      return derivation.toTypeScript();
    case "json":
      return JSON.stringify(derivation.toJSON(), null, 2);
  }
}

/** Derivations of larger networks are longer than anybody reads: numbers are put in up to this many weights. */
const READABLE = 200;

const count = ({ sizes }: Network): number => sizes.slice(1).reduce((sum, units, l) => sum + units * sizes[l]!, 0);

/** The subject of a built-in example, as if somebody had handed it in. */
const builtInSubject = ({ given }: Example): Subject =>
  given.kind === "hand"
    ? { given: { kind: "values" }, values: record({ hand: given.hand }) }
    : { given: given as Subject["given"], values: recordOf(new Map()) };

/** The work that was handed in, and what it is judged against. */
interface Read {
  readonly example: Example | null;
  readonly reference: Reference | null;
  readonly subject: AnySubject;
}

/** Reads everything; what a file does while it is read is its own affair, with a line or without. */
async function readAll(job: CheckJob, desk: Desk): Promise<Read | Fault> {
  const example = job.example === null ? null : await (await import("./examples/example.ts")).builtIn(job.example);
  let reading = job.reference;
  try {
    const reference: Reference | null =
      job.exercise !== null
        ? { values: job.exercise, op: null }
        : job.reference === null
          ? null
          : await readReference(job.reference, desk.modules("reference"));
    reading = job.file;
    if (job.file === null && job.input === null) return { example, reference, subject: builtInSubject(example!) };
    const elsewhere = job.network !== null || example !== null || reference?.op === null;
    const subject = await readSubject(job, {
      elsewhere,
      op: reference?.op ?? null,
      teaches: job.teaches,
      modules: desk.modules("submission"),
    });
    if (reference !== null && subject.given.kind === "graph")
      throw new SourceError(exportErrors.graphJudged, exportErrors.handNetwork);
    if (reference !== null && (subject.given.kind === "op") !== (reference.op !== null)) {
      throw new SourceError(
        subject.given.kind === "op" ? exportErrors.kernelForNetwork : exportErrors.networkForKernel,
        exportErrors.handSame,
      );
    }
    return { example, reference, subject };
  } catch (thrown) {
    return faultOf(thrown, reading);
  }
}

/** The job with its network read. */
async function withNetwork(job: CheckJob): Promise<CheckJob> {
  if (job.net === null) return job;
  const { text, from } = job.net;
  const { networkSpec } = await import("./network-spec.ts");
  return { ...job, network: networkSpec(text, (path) => resolve(from, path)), net: null };
}

async function checkAnswer(asked: CheckJob, programs: Programs | null): Promise<Answer> {
  const job = await withNetwork(asked);
  if (job.sandbox && isProgram(job.file) && !isModule(job.file))
    throw new UsageError(usageErrors.sandboxed({ name: basename(job.file!) }), usageErrors.container);
  const desk = new Desk(job, programs);
  // A program starts slowly: what judges it is read meanwhile, since afterwards this thread waits.
  if (isPython(job.file)) await import("./python-work.ts");
  const read = await readAll(job, desk);
  if ("message" in read) return { kind: "fault", fault: read };
  const { given } = read.subject;
  desk.during(
    given.kind === "op" ? programErrors.theKernel : given.kind === "graph" ? programErrors.theGraph : alike("backward"),
  );
  const answer =
    given.kind === "op" || given.kind === "graph"
      ? await (await import("./op-work.ts")).opAnswer(job, given, () => desk.reference())
      : await networkAnswer(job, { ...read, programs, subject: { ...read.subject, given } });
  // What no longer answers is not judged by what it answered before.
  if (desk.fatal === null) return job.sandbox && isModule(job.file) ? withSandboxNote(answer) : answer;
  const op = given.kind === "op" || given.kind === "graph" ? given.name : null;
  return { kind: "fault", fault: faultOf(desk.fatal, job.file), ...(op === null ? {} : { op }) };
}

/** Adds what the sandbox leaves open, where it was used. */
async function withSandboxNote(answer: Answer): Promise<Answer> {
  const note = (await import("./sandbox.ts")).sandboxNote();
  if (answer.kind === "report")
    return { ...answer, report: { ...answer.report, readAs: [...(answer.report.readAs ?? []), note] } };
  return answer.kind === "opReport"
    ? { ...answer, findings: { ...answer.findings, notes: [...answer.findings.notes, note] } }
    : answer;
}

async function networkAnswer(job: CheckJob, beside: Beside & { readonly subject: Subject }): Promise<Answer> {
  const { subject } = beside;
  const found = await checkOf(job, subject, beside);
  if ("message" in found) return { kind: "fault", fault: found };
  const checked = withNotes(found, subject.notes ?? []);
  const { report, network: net, problem, hand } = checked;
  const data = checked.data !== null && count(net) <= READABLE ? checked.data : null;
  const derivation = !job.derivation
    ? null
    : (await derivationOf(net, { lang: job.lang, notation: "document" }, data)).document;
  const tensors =
    job.tensors && problem !== null && hand !== null
      ? (await import("../handcheck/files/tensors.ts")).tensorsOf(problem(), hand, report)
      : [];
  return {
    kind: "report",
    report,
    tensors,
    derivation,
    exercise: exerciseOf(checked.values ?? subject.values, report),
    // A function and formulas are judged on any numbers, a program has those that it draws.
    others:
      subject.given.kind === "values" && beside.reference !== null
        ? (await import("../handcheck/intake/other-numbers.ts")).differingIn(subject.values, beside.reference.values)
        : [],
    line: checked.line ?? null,
  };
}

/** An activation and the others of its name, each spelled out. */
const waysToSay = (open: ActivationName, all: readonly ActivationName[]): readonly string[] => [
  open,
  ...new Set(all.filter((one) => nameOf(one) === nameOf(open) && one !== open)),
];

async function deriveAnswer(job: DeriveJob): Promise<Answer> {
  const example = job.example === null ? null : await (await import("./examples/example.ts")).builtIn(job.example);
  const [{ describedIn }, { networkOf }] = await Promise.all([
    import("../handcheck/intake/described.ts"),
    import("../handcheck/intake/network.ts"),
  ]);
  const described = describedIn(recordOf(new Map()), surroundingsOf(job, example));
  const open = described.activations.find((one, l) =>
    described.otherActivations.some((other) => other[l] !== one && mustBeSaid(one)),
  );
  if (open !== undefined)
    throw new UsageError(
      usageErrors.whichActivation({ name: nameOf(open) }),
      usageErrors.write({ choices: waysToSay(open, described.otherActivations.flat()) }),
    );
  const net = networkOf(described, described.costs[0]!, { seed: job.seed, blank: false });
  const data = job.network === null && example !== null && count(net) <= READABLE ? example.data : null;
  try {
    return { kind: "derivation", text: derivationText(await derivationOf(net, job, data), job) };
  } catch (error) {
    if (isAutogradError(error))
      throw new UsageError(alike(error.message.split("\n")[0]!), alike("chainrule derive --help"));
    throw error;
  }
}

function answerTo(thrown: unknown, job: Job): Answer {
  if (thrown instanceof UsageError) return { kind: "usage", says: thrown.says, advises: thrown.advises };
  if (thrown instanceof Refusal || thrown instanceof SourceError)
    return { kind: "fault", fault: faultOf(thrown, job.kind === "check" ? job.file : null) };
  return {
    kind: "internal",
    message: messageOf(thrown).en,
    stack: thrown instanceof Error ? (thrown.stack ?? "") : "",
  };
}

/** Answers a job; `programs` run the code that is judged. */
export const answerOf = (job: Job, programs: Programs | null = null): Promise<Answer> =>
  (job.kind === "check" ? checkAnswer(job, programs) : deriveAnswer(job)).catch((thrown: unknown) =>
    answerTo(thrown, job),
  );
