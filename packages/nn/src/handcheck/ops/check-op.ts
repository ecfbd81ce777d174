/**
 * Checks a kernel written by hand: its forward, then its backward against the truth, then its manners; and names what
 * is wrong.
 */

import { kernels } from "../../locales/kernels.ts";
import type { Words } from "../../locales/words.ts";
import type { ExaminedOp, JudgedLine, OpDiagnosis, Verdict } from "../report.ts";
import { adjointGap } from "./differences.ts";
import { contextOf, enlarged, judgeAll } from "./evidence.ts";
import type { Family } from "../catalogue/families/family.ts";
import { kernelBlindness } from "./blindness.ts";
import { call, runForward, type Call, type Kernel } from "./kernel.ts";
import { chance, ignoredUpstream, linearity, memory, mutation } from "./manners.ts";
import { inOrder } from "../judge/order.ts";
import { once } from "../once.ts";
import { nameAll, type Wrong } from "./naming.ts";
import { countOf, scaled, type Numbers } from "../bounds/numbers.ts";
import { unitOf } from "../bounds/precision.ts";
import { prepare, PROBES, type CheckOpOptions, type Prepared } from "./prepare.ts";
import { drawDirection, drawInputs, drawUpstream, isLabels } from "./probe.ts";
import type { Reference } from "./reference.ts";
import { reported, type OpReport } from "./report.ts";
import { inputsAt, type Subject } from "./subject.ts";
import { tryOn, type Tried } from "./trying.ts";

/** The corners of a family: every subgradient is right, and what is none has a name. */
function corners(subject: Subject, family: Family): { readonly root: OpDiagnosis | null; readonly note: Words | null } {
  const { kinks } = family;
  if (kinks === undefined) return { root: null, note: null };
  const inputs = kinks.draw(drawInputs(subject, 0), subject.settings);
  const g = drawUpstream(subject, runForward(subject.kernel, inputs).shape, 0);
  const given = call(subject.kernel, subject.specs, inputs, g).gradients[0] ?? null;
  if (given === null) return { root: null, note: null };
  if (kinks.accepts(inputs, g, given, subject.settings))
    return { root: null, note: kinks.says(inputs, g, given, subject.settings) };
  return {
    root: {
      ...kinks.slip,
      of: [`d${family.inputs[0]!.name}`],
      confidence: 1,
      correct: "",
      alternatives: [],
      example: null,
      features: [],
    },
    note: null,
  };
}

function verdictOf(
  forward: JudgedLine | null,
  lines: readonly JudgedLine[],
  roots: readonly OpDiagnosis[],
  agrees: boolean,
  labels: readonly string[],
): Verdict {
  if (forward !== null && forward.status !== "ok") return "forward-wrong";
  const named = roots.filter(({ id }) => id !== "E10" && id !== "E11");
  // A loss has no gradient for its labels.
  const ofLabels = (name: string): boolean => isLabels(name) || labels.includes(name);
  const unreadable = ({ status, name }: JudgedLine): boolean =>
    status === "nan" || (status === "missing" && !ofLabels(name.replace(/^d/, ""))) || status === "shape";
  // A shape that a known slip explains is that slip; any other cannot be judged.
  if (named.some(({ id }) => id !== "unknown") || lines.some(({ status }) => status === "root")) return "mistake";
  if (roots.length > 0 || lines.some(unreadable)) return "contract";
  return agrees ? "correct" : "inconclusive";
}

/** A kernel that is called in one way, with what its first call gave. */
interface Begun extends Prepared {
  /** A wrong forward has gradients too: those of what it computes; then there is no reference and no name. */
  readonly reference: Reference | null;
  readonly naming: Family | null;
  readonly inputs: readonly Numbers[];
  readonly g: Numbers;
  readonly first: Call;
}

function begin(kernel: Kernel, options: CheckOpOptions, labels: readonly string[]): Begun {
  const prepared = prepare(kernel, options, labels);
  const { subject, family, forward } = prepared;
  const isRight = forward === null || forward.status === "ok";
  const inputs = inputsAt(subject, 0);
  const g = drawUpstream(subject, runForward(kernel, inputs).shape, 0);
  return {
    ...prepared,
    reference: isRight ? subject.reference : null,
    naming: isRight ? family : null,
    inputs,
    g,
    first: call(kernel, subject.specs, inputs, g),
  };
}

/** Returns what the findings of a kernel have in common, whatever they are. */
const commonOf = ({ subject, reference, forward }: Begun) =>
  ({
    schema: "opcheck/1",
    name: subject.kernel.name,
    reference: reference === null ? "differences" : "autograd",
    dtype: subject.dtype,
    forward,
    contract: [],
  }) as const;

/** The findings of a kernel that gives other numbers when it is called again. */
const unrepeatable = (begun: Begun, root: OpDiagnosis): ExaminedOp => ({
  findings: {
    ...commonOf(begun),
    verdict: "contract",
    lines: [],
    roots: [root],
    notes: begun.notes,
    witness: null,
    score: { passed: 0, given: 0 },
  },
  tensors: [],
});

/** The upstream gradients that do not count, and the gradients that are not linear in theirs. */
interface Upstream extends Pick<ReturnType<typeof linearity>, "ignored" | "bent"> {
  /** None counts: 1 stands in their places. */
  readonly ones: boolean;
}

function upstreamOf({ subject: { kernel, specs }, inputs, g, first }: Begun): Upstream {
  const { ignored, bent } = linearity(kernel, specs, inputs, g, first);
  const wanted = specs.filter(({ differentiable }) => differentiable);
  return { ignored, bent, ones: ignored.length > 0 && ignored.length === wanted.length };
}

/** The names of the gradients that are wrong for another reason than an upstream gradient that is ignored. */
function namesOf({ subject, reference, naming }: Begun, wrong: readonly Wrong[], upstream: Upstream): OpDiagnosis[] {
  const { ignored, bent, ones } = upstream;
  const unexplained = wrong.filter(({ of }) => ones || !ignored.includes(of));
  const evidence = enlarged(subject, reference, unexplained, ones);
  const isBent = ({ id, yours, of }: OpDiagnosis): boolean =>
    id === "unknown" && yours === "" && of.some((name) => bent.includes(name.slice(1)));
  return nameAll(evidence, naming, subject.settings, contextOf(subject, reference)).map((root) =>
    isBent(root) ? { ...root, features: [...root.features, kernels.notLinear] } : root,
  );
}

/** Everything that is wrong with the kernel: its gradients, its corners, what it does to its arguments. */
function rootsOf(
  begun: Begun,
  upstream: Upstream,
  wrong: readonly Wrong[],
  isRight: boolean,
): { readonly roots: readonly OpDiagnosis[]; readonly note: Words | null } {
  const { subject, naming, inputs, g, first } = begun;
  const corner = naming !== null && isRight ? corners(subject, naming) : { root: null, note: null };
  const scribbled = mutation(first);
  const roots = [
    ...(upstream.ignored.length > 0 ? [ignoredUpstream(upstream.ignored)] : []),
    ...namesOf(begun, wrong, upstream),
    ...(corner.root === null ? [] : [corner.root]),
    ...(scribbled === null ? [] : [scribbled]),
  ];
  const elsewhere = roots.length > 0 ? null : memory(subject.kernel, subject.specs, inputs, g);
  return { roots: elsewhere === null ? roots : [elsewhere], note: corner.note };
}

/** The findings of a kernel that is called in one way. */
function examined(kernel: Kernel, options: CheckOpOptions, labels: readonly string[] = []): ExaminedOp {
  const begun = begin(kernel, options, labels);
  const { subject, naming, reference, notes, forward, first, inputs, g } = begun;
  const random = chance(first, call(kernel, subject.specs, inputs, g), subject.specs);
  if (random !== null) return unrepeatable(begun, random);
  const upstream = upstreamOf(begun);
  const tried = PROBES.map((probe) => tryOn(subject, reference, probe, upstream.ones));
  const { judged, wrong, tensors } = judgeAll(subject, tried, naming);
  const isRight = wrong.length === 0 && judged.every(({ status }) => status === "ok");
  const { roots, note } = rootsOf(begun, upstream, wrong, isRight);
  // A difference across a corner says nothing: numbers without one are taken.
  const smooth = tried.find(({ truth }) => truth.every(({ corners: there }) => there.size === 0));
  const witness = reference === null || smooth === undefined ? null : witnessOf(subject, smooth);
  // With 1 in the place of the upstream gradient nothing was measured that it decides.
  const lines = upstream.ones
    ? judged.map((line) =>
        line.status === "ok" ? { ...line, status: "root" as const, local: null, global: null } : line,
      )
    : judged;
  const findings = {
    ...commonOf(begun),
    verdict: verdictOf(forward, lines, roots, witness?.agrees ?? true, labels),
    lines,
    roots: inOrder(roots, "shares"),
    notes: [...notes, ...(note === null ? [] : [note])],
    witness,
    score: {
      passed: lines.filter(({ status }) => status === "ok" || status === "kink").length,
      given: lines.filter(({ status }) => status !== "missing").length,
    },
  };
  if (naming === null || reference === null) return { findings, tensors };
  return { findings, tensors, blindness: () => kernelBlindness(subject, naming, reference, tried) };
}

const withoutUpstream: Words = kernels.noUpstream;

/**
 * The findings of a loss that is right where an input without a gradient holds labels, whatever its name; `null` where
 * there is none.
 */
function withLabels(kernel: Kernel, options: CheckOpOptions, { findings }: ExaminedOp): ExaminedOp | null {
  if (findings.verdict !== "mistake" && findings.verdict !== "contract") return null;
  const given = new Set(findings.lines.filter(({ status }) => status !== "missing").map(({ name }) => name));
  const { subject } = prepare(kernel, options);
  const candidates = subject.specs.filter(
    ({ name, shape }, k) => k > 0 && shape.length === 2 && shape[1]! > 1 && !given.has(`d${name}`) && !isLabels(name),
  );
  // A loss is one number, or one for each row of its labels: what is none is not called again.
  const count = candidates.length === 0 ? 0 : countOf(runForward(kernel, inputsAt(subject, 0)).shape);
  for (const { name } of candidates.filter(({ shape }) => count === 1 || count === shape[0])) {
    const other = calledEitherWay(kernel, options, [name]);
    if (other.findings.verdict === "correct") return noted(other, asLabels(name));
  }
  return null;
}

const noted = ({ findings, ...rest }: ExaminedOp, note: Words): ExaminedOp => ({
  ...rest,
  findings: { ...findings, notes: [...findings.notes, note] },
});

const asLabels = (name: string): Words => kernels.rowsSumToOne({ name });

/** The findings, with what the inputs cannot show once somebody asks: it takes every typical mistake to find out. */
function withBlindness({ findings, tensors, blindness }: ExaminedOp): ExaminedOp {
  if (blindness === undefined) return { findings, tensors };
  const known = once(blindness);
  return {
    findings: {
      ...findings,
      get blindness() {
        return known();
      },
    },
    tensors,
  };
}

/** The check of a kernel: its findings, and the numbers behind them. */
export function examineOp(kernel: Kernel, options: CheckOpOptions = {}): ExaminedOp {
  const found = calledEitherWay(kernel, options);
  return withBlindness(withLabels(kernel, options, found) ?? found);
}

/** The findings of a kernel, which may leave the upstream gradient out of its arguments where it is a loss. */
function calledEitherWay(kernel: Kernel, options: CheckOpOptions, labels: readonly string[] = []): ExaminedOp {
  const usual = (): ExaminedOp => examined(kernel, options, labels);
  if (kernel.takesUpstream !== undefined) return usual();
  const otherwise = (): ExaminedOp | null => {
    try {
      const { subject } = prepare(kernel, options);
      if (countOf(runForward(kernel, inputsAt(subject, 0)).shape) !== 1) return null;
      return noted(examined({ ...kernel, takesUpstream: false }, options, labels), withoutUpstream);
    } catch {
      // Called in that way it cannot be judged: what the usual call shows is told.
      return null;
    }
  };
  let first: ExaminedOp;
  try {
    first = usual();
  } catch (thrown) {
    // What runs in one way only is meant to be called in that.
    const found = otherwise();
    if (found === null) throw thrown;
    return found;
  }
  if (first.findings.verdict === "correct") return first;
  const other = otherwise();
  return other?.findings.verdict === "correct" ? other : first;
}

/**
 * Checks a kernel: what its forward gives, what its backward gives, and how it treats its arguments.
 *
 * @param kernel - `name`, `forward(...inputs)`, `backward(upstream, ...inputs, output)`, on nested arrays where
 * `layout` says nothing
 * @param options - `like` or `family` for the truth; without them it is taken from differences of the kernel's own
 * forward
 * @returns the report: a verdict, a line for each gradient, and each mistake by name
 * @throws ArgumentError where there are no shapes, or what the kernel gives is no array of numbers
 */
export const checkOp = (kernel: Kernel, options: CheckOpOptions = {}): OpReport => reported(examineOp(kernel, options));

/** The adjoint identity by the person's own forward: the reference is not believed for its own sake. */
function witnessOf(
  subject: Subject,
  { inputs, g, truth }: Tried,
): { readonly adjoint: number; readonly agrees: boolean } {
  const { specs, kernel, dtype } = subject;
  let next = 0;
  const pulled = specs.map(({ differentiable }) => (differentiable ? truth[next++]!.value : null));
  // Steps in proportion to the data of each input.
  const v = drawDirection(subject).map((direction, k) =>
    direction === null ? null : scaled(Math.max(1e-12, ...inputs[k]!.data.map(Math.abs)), direction),
  );
  const adjoint = adjointGap((xs) => runForward(kernel, xs), inputs, v, g, pulled, dtype);
  return { adjoint, agrees: adjoint <= (dtype === "float64" ? 1e-4 : 40 * Math.cbrt(unitOf[dtype])) };
}
