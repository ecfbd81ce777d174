/** Checks a kernel written by hand: its forward, then its backward against the truth, then its manners; and names what is wrong. */

import { checkOptions, option, type OptionKinds } from "@chainrule/autograd";
import type { Tensor } from "@chainrule/autograd";
import type { Verdict, Words } from "../report.ts";
import { Random } from "../../random.ts";
import { gapOf, residualOf } from "./compare.ts";
import { cornerAmong, DRAWS, nearby, plus, type Corner } from "./corners.ts";
import { adjointGap, differences } from "./differences.ts";
import { familyOf, type FamilyName } from "./families/index.ts";
import type { Family, Settings } from "./families/family.ts";
import { call, runForward, type Call, type Input, type Kernel } from "./kernel.ts";
import { judgeLine, type Truth } from "./judge.ts";
import { chance, ignoredUpstream, linearity, memory, mutation } from "./manners.ts";
import { nameAll, type Evidence, type Wrong } from "./naming.ts";
import { indexOf, sameShape, scaled, type Numbers } from "./numbers.ts";
import { unitOf, type KernelType } from "./precision.ts";
import { drawDirection, drawInputs, drawUpstream, inputsOf, type Drawing } from "./probe.ts";
import { knownGradients, knownOutput, type Reference } from "./reference.ts";
import { compared, reported, type Compared, type Examined, type OpDiagnosis, type OpLine, type OpReport } from "./report.ts";

/** What the kernel is compared with, and on which numbers. */
export interface CheckOpOptions {
  /** One for each input; those of the family where nothing is said. */
  readonly shapes?: readonly (readonly number[])[];
  /** What the kernel should compute, with ops of `@chainrule/autograd`. Inputs without a gradient come as plain arrays. */
  readonly like?: (...inputs: never[]) => Tensor;
  /** An operation that is known by name, with the mistakes that people make in it. */
  readonly family?: FamilyName;
  /** What the family takes besides its inputs: `{ eps: 1e-5 }`, `{ stride: 2, pad: 1, layout: "nhwc" }`, `{ causal: true }`. */
  readonly settings?: Settings;
  /** The type of the kernel's numbers; `"float64"` where nothing is said. */
  readonly dtype?: KernelType;
  readonly seed?: number | string;
  /** Numbers of your own for the first probe. */
  readonly inputs?: readonly unknown[];
  /** Which inputs have a gradient; all where nothing is said, or as in the family. */
  readonly differentiable?: readonly boolean[];
  /** The names of the inputs, for the report. */
  readonly names?: readonly string[];
  /** |yours − correct| ≤ atol + rtol max|correct| in place of what rounding explains. */
  readonly tolerance?: { readonly atol?: number; readonly rtol?: number };
}

const kinds: OptionKinds<CheckOpOptions> = {
  shapes: option.checkedLater, like: option.callback, family: option.checkedLater, settings: option.record, dtype: option.checkedLater, seed: option.seed, inputs: option.checkedLater,
  differentiable: option.checkedLater, names: option.checkedLater, tolerance: option.record,
};
const toleranceKinds: OptionKinds<NonNullable<CheckOpOptions["tolerance"]>> = { atol: option.finite(0), rtol: option.finite(0) };

interface Subject extends Drawing {
  readonly kernel: Kernel;
  readonly reference: Reference | null;
  readonly given: readonly Numbers[] | null;
  readonly tolerance: CheckOpOptions["tolerance"];
}

const PROBES = [0, 1] as const;

/** The person's own numbers first; labels, ids and masks of theirs stay. */
function inputsAt(subject: Subject, probe: number): readonly Numbers[] {
  const { given, specs } = subject;
  if (given !== null && probe === 0) return given;
  return drawInputs(subject, probe).map((drawn, k) => (given === null || specs[k]!.differentiable ? drawn : given[k]!));
}

const allowance = ({ tolerance }: Subject, known: { readonly value: Numbers; readonly allowed: number }): number =>
  tolerance === undefined ? known.allowed : (tolerance.atol ?? 0) + (tolerance.rtol ?? 0) * Math.max(0, ...known.value.data.map(Math.abs));

/** A reference from a function of tensors: what has no gradient is handed on as plain arrays. */
function referenceOf(like: (...inputs: never[]) => Tensor, specs: readonly Input[]): Reference {
  return (inputs) => (like as (...xs: unknown[]) => Tensor)(...inputs.map((x, k) => (specs[k]!.differentiable ? x : x.toArray())));
}

/** The forward against its reference. */
function forwardLine(subject: Subject, reference: Reference): OpLine {
  const inputs = inputsAt(subject, 0);
  const known = knownOutput(reference, inputs, subject.dtype);
  const yours = runForward(subject.kernel, inputs);
  const allowed = allowance(subject, known);
  const residual = residualOf(yours, known.value, allowed);
  const status = residual === null ? "shape" : yours.data.some(Number.isNaN) ? "nan" : gapOf(yours, known.value) <= allowed ? "ok" : "root";
  return { name: "forward", formula: "", status, local: null, global: residual };
}

/** The convention of the family that the forward follows: its own, or a variant; `null` where it follows none. */
function settle(subject: Subject, family: Family, settings: Settings): { readonly subject: Subject; readonly line: OpLine; readonly notes: readonly Words[] } {
  const under = (chosen: Settings): { subject: Subject; line: OpLine } => {
    const reference: Reference = (inputs) => family.forward(inputs, chosen);
    const other = { ...subject, settings: chosen, reference };
    return { subject: other, line: forwardLine(other, reference) };
  };
  const own = under(settings);
  if (own.line.status === "ok") return { ...own, notes: [] };
  for (const variant of family.variants) {
    const tried = under({ ...settings, ...variant.settings });
    if (tried.line.status === "ok") return { ...tried, notes: [variant.says] };
  }
  return { ...own, notes: [] };
}

/** The corners of a reference at somebody's own numbers; what is drawn has none. */
function cornersAt({ specs, dtype, seed }: Subject, reference: Reference, inputs: readonly Numbers[], g: Numbers, known: readonly Numbers[]): readonly (Corner | null)[] {
  const samples = Array.from({ length: DRAWS }, (_, draw) => {
    const random = new Random(seed).split("corner", draw);
    return knownGradients(reference, specs, inputs.map((x, k) => (specs[k]!.differentiable ? plus(x, nearby(x, random)) : x)), g, dtype);
  });
  return known.map((base, k) => cornerAmong(base, samples.map((sample) => sample[k]!.value)));
}

/** The truth about one probe: by autograd of the reference, or by differences of the person's own forward. */
function truthOf(subject: Subject, reference: Reference | null, inputs: readonly Numbers[], g: Numbers): Truth[] {
  const own = inputs === subject.given;
  const { specs, dtype, kernel } = subject;
  if (reference !== null) {
    const known = knownGradients(reference, specs, inputs, g, dtype);
    const corners = own ? cornersAt(subject, reference, inputs, g, known.map(({ value }) => value)) : [];
    return known.map((one, k) => ({ value: one.value, allowed: allowance(subject, one), corners: corners[k]?.ranges ?? new Map(), sums: corners[k]?.sums ?? [] }));
  }
  const which = specs.flatMap(({ differentiable }, k) => (differentiable ? [k] : []));
  return differences((xs) => runForward(kernel, xs), inputs, which, g, dtype).map((known) => ({ ...known, allowed: allowance(subject, known) }));
}

interface Tried {
  readonly inputs: readonly Numbers[];
  readonly g: Numbers;
  readonly call: Call;
  readonly truth: readonly Truth[];
}

function tryOn(subject: Subject, reference: Reference | null, probe: number, ones: boolean): Tried {
  const inputs = inputsAt(subject, probe);
  const { shape } = runForward(subject.kernel, inputs);
  const drawn = drawUpstream(subject, shape, probe);
  const g = ones ? { shape, data: drawn.data.map(() => 1) } : drawn;
  return { inputs, g, call: call(subject.kernel, subject.specs, inputs, g), truth: truthOf(subject, reference, inputs, g) };
}

/** The corners of a family: every subgradient is right, and what is none has a name. */
function corners(subject: Subject, family: Family): { readonly root: OpDiagnosis | null; readonly note: Words | null } {
  const { kinks } = family;
  if (kinks === undefined) return { root: null, note: null };
  const inputs = kinks.draw(drawInputs(subject, 0), subject.settings);
  const g = drawUpstream(subject, runForward(subject.kernel, inputs).shape, 0);
  const given = call(subject.kernel, subject.specs, inputs, g).gradients[0] ?? null;
  if (given === null) return { root: null, note: null };
  if (kinks.accepts(inputs, g, given, subject.settings)) return { root: null, note: kinks.says(inputs, g, given, subject.settings) };
  return { root: { ...kinks.slip, of: [`d${family.inputs[0]!.name}`], confidence: 1, correct: "", alternatives: [], example: null, features: [] }, note: null };
}

/** One line for each gradient, judged on all probes, and the evidence of those that are wrong. */
function judgeAll(subject: Subject, tried: readonly Tried[], family: Family | null): { readonly judged: readonly OpLine[]; readonly wrong: readonly Wrong[]; readonly tensors: readonly Compared[] } {
  const wanted = subject.specs.filter(({ differentiable }) => differentiable);
  const wrong: Wrong[] = [];
  const tensors: Compared[] = [];
  const judged = wanted.map(({ name }, k) => {
    const evidence = tried.flatMap(({ inputs, g, call: { gradients }, truth }): Evidence[] =>
      gradients[k] === null || gradients[k] === undefined ? [] : [{ inputs, g, yours: gradients[k], correct: truth[k]! }]);
    const line = judgeLine(`d${name}`, family?.formulas[name] ?? "", evidence.map((entry, p) => ({ yours: entry.yours, truth: tried[p]!.truth[k]! })));
    if (line.status === "root" || line.status === "shape") wrong.push({ of: name, evidence });
    // The numbers that are shown are those of the probe that the line speaks of.
    const shown = evidence.find(({ yours }) => line.global !== null && sameShape(yours.shape, wanted[k]!.shape) && Object.is(yours.data[indexOf(line.global.at, yours.shape)], line.global.yours));
    if (shown !== undefined) tensors.push(compared(`d${name}`, shown.yours, shown.correct.value));
    return line;
  });
  return { judged, wrong, tensors };
}

function verdictOf(forward: OpLine | null, lines: readonly OpLine[], roots: readonly OpDiagnosis[], agrees: boolean): Verdict {
  if (forward !== null && forward.status !== "ok") return "forward-wrong";
  const named = roots.filter(({ id }) => id !== "E10" && id !== "E11");
  const unreadable = (status: OpLine["status"]): boolean => status === "nan" || status === "missing" || status === "shape";
  // A shape that a known slip explains is that slip; any other cannot be judged.
  if (named.some(({ id }) => id !== "unknown") || lines.some(({ status }) => status === "root")) return "mistake";
  if (roots.length > 0 || lines.some(({ status }) => unreadable(status))) return "contract";
  return agrees ? "correct" : "inconclusive";
}

/** The check of a kernel: its findings, and the numbers behind them. */
export function examineOp(kernel: Kernel, options: CheckOpOptions = {}): Examined {
  checkOptions("checkOp", options, kinds, { call: "checkOp(kernel, { shapes, like, family, settings, dtype, seed, inputs, differentiable, names, tolerance })" });
  checkOptions("checkOp", options.tolerance, toleranceKinds, { call: "checkOp(kernel, { tolerance: { atol, rtol } })" });
  const family = options.family === undefined ? null : familyOf(options.family, options.settings ?? {});
  const { specs, given } = inputsOf(family, options);
  const settings = { ...family?.settings, ...options.settings };
  const dtype = options.dtype ?? "float64";
  let subject: Subject = { kernel, specs, family, settings, dtype, seed: options.seed ?? 1, reference: null, given, tolerance: options.tolerance };
  let forward: OpLine | null = null;
  let notes: readonly Words[] = family?.notes ?? [];
  if (options.like !== undefined) {
    subject = { ...subject, reference: referenceOf(options.like, specs) };
    forward = forwardLine(subject, subject.reference!);
  } else if (family !== null) {
    const settled = settle(subject, family, settings);
    ({ subject, line: forward } = settled);
    notes = [...settled.notes, ...notes];
  }

  const usable = forward === null || forward.status === "ok";
  // A wrong forward has gradients too: those of what it computes.
  const reference = usable ? subject.reference : null;
  const naming = usable ? family : null;
  const inputs = inputsAt(subject, 0);
  const g = drawUpstream(subject, runForward(kernel, inputs).shape, 0);
  const first = call(kernel, specs, inputs, g);
  const random = chance(first, call(kernel, specs, inputs, g), specs);
  const common = { schema: "opcheck/1", name: kernel.name, reference: reference === null ? "differences" : "autograd", dtype, forward, contract: [] } as const;
  if (random !== null) {
    return { findings: { ...common, verdict: "contract", lines: [], roots: [random], notes, witness: null, score: { passed: 0, given: 0 } }, tensors: [] };
  }

  const { ignored, bent } = linearity(kernel, specs, inputs, g, first);
  const wanted = specs.filter(({ differentiable }) => differentiable);
  const ones = ignored.length > 0 && ignored.length === wanted.length;
  const tried = PROBES.map((probe) => tryOn(subject, reference, probe, ones));
  const { judged, wrong, tensors } = judgeAll(subject, tried, naming);
  const scribbled = mutation(first);
  const unexplained = wrong.filter(({ of }) => ones || !ignored.includes(of));
  const named = nameAll(unexplained, naming, subject.settings).map((root) =>
    root.id === "unknown" && root.of.some((name) => bent.includes(name.slice(1)))
      ? { ...root, features: [...root.features, { en: "it is not linear in the upstream gradient: twice as much does not give twice as much", zh: "它对上游梯度不是线性的：上游加倍，结果没有加倍" }] }
      : root);
  const corner = naming === null || wrong.length > 0 || judged.some(({ status }) => status !== "ok") ? { root: null, note: null } : corners(subject, naming);
  const roots = [
    ...(ignored.length > 0 ? [ignoredUpstream(ignored)] : []),
    ...named,
    ...(corner.root === null ? [] : [corner.root]),
    ...(scribbled === null ? [] : [scribbled]),
  ];
  const elsewhere = scribbled !== null || roots.length > 0 ? null : memory(kernel, specs, inputs, g);
  if (elsewhere !== null) roots.push(elsewhere);

  // A difference across a corner says nothing: numbers without one are taken.
  const smooth = tried.find(({ truth }) => truth.every(({ corners: there }) => there.size === 0));
  const witness = reference === null || smooth === undefined ? null : witnessOf(subject, smooth);
  const lines = ones ? judged.map((line) => (line.status === "ok" ? { ...line, status: "root" as const } : line)) : judged;
  const findings = {
    ...common,
    verdict: verdictOf(forward, lines, roots, witness?.agrees ?? true),
    lines,
    roots,
    notes: [...notes, ...(corner.note === null ? [] : [corner.note])],
    witness,
    score: { passed: lines.filter(({ status }) => status === "ok" || status === "kink").length, given: lines.filter(({ status }) => status !== "missing").length },
  };
  return { findings, tensors };
}

/**
 * Checks a kernel: what its forward gives, what its backward gives, and how it treats its arguments.
 *
 * @param kernel - `name`, `forward(...inputs)`, `backward(upstream, ...inputs, output)`, on nested arrays where `layout` says nothing
 * @param options - `like` or `family` for the truth; without them it is taken from differences of the kernel's own forward
 * @returns the report: a verdict, a line for each gradient, and each mistake by name
 * @throws ArgumentError where there are no shapes, or what the kernel gives is no array of numbers
 */
export const checkOp = (kernel: Kernel, options: CheckOpOptions = {}): OpReport => reported(examineOp(kernel, options));

/** The adjoint identity by the person's own forward: the reference is not believed for its own sake. */
function witnessOf(subject: Subject, { inputs, g, truth }: Tried): { readonly adjoint: number; readonly agrees: boolean } {
  const { specs, kernel, dtype } = subject;
  let next = 0;
  const pulled = specs.map(({ differentiable }) => (differentiable ? truth[next++]!.value : null));
  // Steps in proportion to the data of each input.
  const v = drawDirection(subject).map((direction, k) => (direction === null ? null : scaled(Math.max(1e-12, ...inputs[k]!.data.map(Math.abs)), direction)));
  const adjoint = adjointGap((xs) => runForward(kernel, xs), inputs, v, g, pulled, dtype);
  return { adjoint, agrees: adjoint <= (dtype === "float64" ? 1e-4 : 40 * Math.cbrt(unitOf[dtype])) };
}
