/** The work itself, in the worker: a network, a subject, the check or the derivation. */

import { isAutogradError, tensor } from "@chainrule/autograd";
import { handcheck } from "../handcheck/handcheck.ts";
import { probeProblems } from "../handcheck/generic.ts";
import type { PlainParameters } from "../handcheck/probe.ts";
import type { Hand, Report } from "../handcheck/report.ts";
import type { Problem } from "../handcheck/setting.ts";
import { network, type Network, type NetworkOptions, type Rows } from "../network/network.ts";
import { conventionOf } from "./conventions.ts";
import type { Example } from "./examples/example.ts";
import { FaultError, faultOf, messageOf, UsageFault } from "./faults.ts";
import type { Answer, CheckJob, DerivationFormat, DeriveJob, Fault, Job, Phase } from "./job.ts";
import { readSubject, type AnySubject, type Subject } from "./subject.ts";

/** The significant digits that a narrower type carries; of float32 the check reads off the numbers themselves. */
const digitsOf: Readonly<Record<NonNullable<CheckJob["dtype"]>, number | null>> = { f64: null, f32: 7, f16: 3, bf16: 2 };

interface Given {
  readonly network: object | null;
  readonly cost: string | null;
  readonly seed: number | null;
  /** Nobody reads its own parameters: none are drawn. */
  readonly blank?: boolean;
}

/** Rows of numbers go into a tensor the short way; whatever else it is, the network says what is wrong with it. */
function packed(value: unknown): unknown {
  if (!Array.isArray(value) || !Array.isArray(value[0]) || value[0].length === 0) return value;
  const rows: readonly unknown[] = value;
  const width = value[0].length;
  const numbers = new Float64Array(rows.length * width);
  let at = 0;
  for (const row of rows) {
    if (!Array.isArray(row) || row.length !== width) return value;
    for (const entry of row as readonly unknown[]) {
      if (typeof entry !== "number") return value;
      numbers[at++] = entry;
    }
  }
  return tensor(numbers, { shape: [rows.length, width] });
}

/** A network that was made elsewhere as what ours is made of: its tensors may be those of another copy of the library. */
function plainNetwork(given: object): object {
  if (!("parameters" in given) || typeof given.parameters !== "object" || given.parameters === null) return given;
  if (!("activities" in given)) return "dtype" in given ? given : { ...given, parameters: Object.fromEntries(Object.entries(given.parameters).map(([name, value]) => [name, packed(value)])) };
  const { sizes, activations, cost, parameters } = given as Network;
  const plain = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, value.toArray()]));
  return { sizes, activations, cost, parameters: plain };
}

function build({ network: given, cost, seed, blank = false }: Given, isOurs: boolean): Network {
  if (given === null) throw new UsageFault("no network is known", "say it with --net 4-5-3:sigmoid,softmax, or export network { sizes, activations, cost } from the file");
  const options = { ...(blank ? { initialization: "zeros" } : {}), ...plainNetwork(given), ...(cost === null ? {} : { cost }), ...(seed === null ? {} : { seed }) } as NetworkOptions;
  try {
    return network(options);
  } catch (error) {
    if (!isAutogradError(error)) throw error;
    const [message, advice] = [`network: ${error.message.split("\n")[0]!.replace(/^network: /, "")}`, "network is { sizes: [2, 3, 1], activations, cost, parameters: { W1, b1, … } }"];
    throw isOurs ? new UsageFault(message, advice) : new FaultError(message, advice);
  }
}

/** What a call of somebody's function was given and gave, or threw. */
interface Calls {
  readonly hands: Map<number, Hand>;
  fault: Fault | null;
}

/** The function, watched: the engine catches what it throws, and knows nothing of lines. */
function watched(backward: Extract<Subject["given"], { kind: "backward" }>["backward"], file: string | null, columns: boolean, calls: Calls): (parameters: PlainParameters, x: number[][], t: number[][]) => Hand {
  return (parameters, x, t) => {
    const samples = columns ? x[0]!.length : x.length;
    try {
      const hand = backward(parameters, x, t) as Hand;
      if (typeof hand === "object" && hand !== null) calls.hands.set(samples, hand);
      return hand;
    } catch (thrown) {
      calls.fault ??= { ...faultOf(thrown, file, `called with W^l out × in, ${samples} samples`), advice: "" };
      throw thrown;
    }
  };
}

interface Checked {
  readonly report: Report;
  /** What the report is about, for showing its numbers. */
  readonly problem: (() => Problem) | null;
  readonly hand: Hand | null;
}

function problemOf(net: Network, x: Rows, t: Rows): Problem {
  const layers = Array.from({ length: net.layers }, (_, index) => index + 1);
  return {
    sizes: net.sizes,
    activations: net.activations as Problem["activations"],
    cost: net.cost as Problem["cost"],
    W: [[], ...layers.map((l) => net.parameters[`W${l}`]!.toArray() as number[][])],
    b: [[], ...layers.map((l) => net.parameters[`b${l}`]!.toArray() as number[])],
    x: x as number[][],
    t: t as number[][],
  };
}

/** Data of a shape that does not fit are the file's fault, not ours. */
const ofData = (error: unknown): unknown =>
  (isAutogradError(error) ? new FaultError(error.message.split("\n")[0]!.replace(/^(?:handcheck|tensor): /, ""), "one sample in each row of x and of t") : error);

async function checkOf(job: CheckJob, subject: Subject, net: Network): Promise<Checked | Fault> {
  // What is built in is written in its author's own way, which is found out.
  const convention = job.file === null ? "auto" : conventionOf(job.convention);
  const digits = job.digits ?? (job.dtype === null ? null : digitsOf[job.dtype]);
  const options = { convention, seed: job.seed ?? 0, ...(digits === null ? {} : { digits }) };
  const { given, data } = subject;
  switch (given.kind) {
    case "backward": {
      const calls: Calls = { hands: new Map(), fault: null };
      const columns = convention !== "auto" && convention.samples === "columns";
      const report = handcheck(net, watched(given.backward, job.file, columns, calls), options);
      if (calls.fault !== null) return calls.fault;
      const known = { sizes: net.sizes, activations: net.activations as Problem["activations"], cost: net.cost as Problem["cost"] };
      const probed = ({ network: { samples } }: Report): Checked => (
        { report, problem: () => probeProblems(known, options.seed)(samples), hand: calls.hands.get(samples) ?? null }
      );
      if (data === null) return probed(report);
      const { withOwnData } = await import("./own-data.ts");
      const ownCalls: Calls = { hands: new Map(), fault: null };
      try {
        const problem = problemOf(net, data.x as number[][], data.t as number[][]);
        const own = withOwnData(report, problem, watched(given.backward, job.file, columns, ownCalls), options, net);
        return own.hand === null ? { ...probed(report), report: own.report } : { report: own.report, problem: () => problem, hand: own.hand };
      } catch (error) {
        if (ownCalls.fault !== null) return ownCalls.fault;
        throw ofData(error);
      }
    }
    case "hand": {
      if (data === null) throw new FaultError("there is no data that the numbers belong to", "add data { x: [[…]], t: [[…]] }, one sample in each row, and network.parameters");
      const [x, t] = [data.x as number[][], data.t as number[][]];
      try {
        return { report: handcheck(net, { x, t }, given.hand, options), problem: () => problemOf(net, x, t), hand: given.hand };
      } catch (error) {
        throw ofData(error);
      }
    }
    case "formulas": {
      const [{ formulas }, { FormulaError }] = await Promise.all([import("../handcheck/formulas/formulas.ts"), import("../handcheck/formulas/problem.ts")]);
      try {
        return { report: formulas(net, given.text, options), problem: null, hand: null };
      } catch (error) {
        if (!(error instanceof FormulaError)) throw error;
        // In a file of formulas their lines are the file's; inside a module or JSON they are the text's own.
        const own = job.file !== null && /\.(?:txt|tex|md)$/i.test(job.file);
        const at = own ? "" : `formulas, line ${error.line}, column ${error.column}: `;
        return { message: `${at}${error.says.en}`, zh: `${at}${error.says.zh}`, advice: "", file: job.file, line: own ? error.line : null, column: own ? error.column : null };
      }
    }
  }
}

/** The derivation of a network in a form, in the words of its own renderers. */
async function derivation(net: Network, format: DerivationFormat, { lang, notation, data, alone }: { readonly lang: "en" | "zh"; readonly notation: string; readonly data: Example["data"] | null; readonly alone: boolean }): Promise<string> {
  const { derive } = await import("../handcheck/derive/derive.ts");
  const numbers = data === null ? {} : { numbers: { x: data.x as number[][], t: data.t as number[][] } };
  const derived = derive(net, { language: lang, notation: notation as "document", ...numbers });
  switch (format) {
    case "text": return derived.toText();
    case "markdown": return derived.toMarkdown();
    case "latex": return derived.toLatex({ standalone: alone });
    case "mathml": return derived.toMathML();
    case "typescript": return derived.toTypeScript();
    case "json": return JSON.stringify(derived.toJSON(), null, 2);
  }
}

/** Derivations of larger networks are longer than anybody reads: numbers are put in up to this many weights. */
const READABLE = 200;

const count = ({ sizes }: Network): number => sizes.slice(1).reduce((sum, units, l) => sum + units * sizes[l]!, 0);

async function checkAnswer(job: CheckJob, doing: (phase: Phase["doing"]) => void): Promise<Answer> {
  doing("load");
  const example = job.example === null ? null : await (await import("./examples/example.ts")).builtIn(job.example);
  let read: AnySubject;
  try {
    read = job.file === null ? { given: example!.given as Subject["given"], network: null, data: null } : await readSubject(job.file, job.network !== null || example !== null);
  } catch (thrown) {
    // What a file does while it is read is its own affair, with a line or without.
    return { kind: "fault", fault: faultOf(thrown, job.file) };
  }
  if (read.given.kind === "op" || read.given.kind === "graph") return (await import("./op-work.ts")).opAnswer(job, read.given, doing);
  const subject: Subject = { ...read, given: read.given };
  const ours = job.network ?? example?.network ?? null;
  const data = subject.data ?? example?.data ?? null;
  // The check chooses its own numbers for what it can call.
  const blank = subject.given.kind !== "hand" && data === null && job.derivation.length === 0;
  const net = build({ network: job.network ?? subject.network ?? ours, cost: job.cost, seed: job.seed, blank }, job.network !== null || subject.network === null);
  doing("check");
  const checked = await checkOf(job, { ...subject, data }, net);
  if ("message" in checked) return { kind: "fault", fault: checked };
  const { report, problem, hand } = checked;
  const derivations: Partial<Record<DerivationFormat, string>> = {};
  const numbers = data !== null && count(net) <= READABLE ? data : null;
  for (const format of job.derivation) derivations[format] = await derivation(net, format, { lang: job.lang, notation: "document", data: numbers as Example["data"] | null, alone: false });
  const tensors = job.tensors && problem !== null && hand !== null ? (await import("./tensors.ts")).tensorsOf(problem(), hand, report) : [];
  return { kind: "report", report, tensors, derivations };
}

async function deriveAnswer(job: DeriveJob): Promise<Answer> {
  const example = job.example === null ? null : await (await import("./examples/example.ts")).builtIn(job.example);
  const net = build({ network: job.network ?? example?.network ?? null, cost: job.cost, seed: job.seed }, true);
  const data = job.network === null && example !== null && count(net) <= READABLE ? example.data : null;
  try {
    return { kind: "derivation", text: await derivation(net, job.format, { lang: job.lang, notation: job.notation, data, alone: true }) };
  } catch (error) {
    if (isAutogradError(error)) throw new UsageFault(error.message.split("\n")[0]!, "chainrule derive --help");
    throw error;
  }
}

function answerTo(thrown: unknown, job: Job): Answer {
  if (thrown instanceof UsageFault) return { kind: "usage", message: thrown.message, advice: thrown.advice };
  if (thrown instanceof FaultError) return { kind: "fault", fault: faultOf(thrown, job.kind === "check" ? job.file : null) };
  return { kind: "internal", message: messageOf(thrown), stack: thrown instanceof Error ? thrown.stack ?? "" : "" };
}

/** What a job gives; `doing` hears how far it is. */
export const answerOf = (job: Job, doing: (phase: Phase["doing"]) => void): Promise<Answer> =>
  (job.kind === "check" ? checkAnswer(job, doing) : deriveAnswer(job)).catch((thrown: unknown) => answerTo(thrown, job));
