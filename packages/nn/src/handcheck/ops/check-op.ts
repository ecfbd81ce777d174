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
import { call, runForward, type Kernel } from "./kernel.ts";
import { chance, ignoredUpstream, linearity, memory, mutation } from "./manners.ts";
import { inOrder } from "../judge/order.ts";
import { nameAll } from "./naming.ts";
import { countOf, scaled } from "../bounds/numbers.ts";
import { unitOf } from "../bounds/precision.ts";
import { prepare, PROBES, type CheckOpOptions } from "./prepare.ts";
import { drawDirection, drawInputs, drawUpstream, isLabels } from "./probe.ts";
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

/** The findings of a kernel that is called in one way. */
function examined(kernel: Kernel, options: CheckOpOptions, labels: readonly string[] = []): ExaminedOp {
  const { subject, family, forward, notes } = prepare(kernel, options, labels);
  const { specs, dtype } = subject;
  const usable = forward === null || forward.status === "ok";
  // A wrong forward has gradients too: those of what it computes.
  const reference = usable ? subject.reference : null;
  const naming = usable ? family : null;
  const inputs = inputsAt(subject, 0);
  const g = drawUpstream(subject, runForward(kernel, inputs).shape, 0);
  const first = call(kernel, specs, inputs, g);
  const random = chance(first, call(kernel, specs, inputs, g), specs);
  const common = {
    schema: "opcheck/1",
    name: kernel.name,
    reference: reference === null ? "differences" : "autograd",
    dtype,
    forward,
    contract: [],
  } as const;
  if (random !== null) {
    return {
      findings: {
        ...common,
        verdict: "contract",
        lines: [],
        roots: [random],
        notes,
        witness: null,
        score: { passed: 0, given: 0 },
      },
      tensors: [],
    };
  }

  const { ignored, bent } = linearity(kernel, specs, inputs, g, first);
  const wanted = specs.filter(({ differentiable }) => differentiable);
  const ones = ignored.length > 0 && ignored.length === wanted.length;
  const tried = PROBES.map((probe) => tryOn(subject, reference, probe, ones));
  const { judged, wrong, tensors } = judgeAll(subject, tried, naming);
  const scribbled = mutation(first);
  const unexplained = wrong.filter(({ of }) => ones || !ignored.includes(of));
  const named = nameAll(
    enlarged(subject, reference, unexplained, ones),
    naming,
    subject.settings,
    contextOf(subject, reference),
  ).map((root) =>
    root.id === "unknown" && root.yours === "" && root.of.some((name) => bent.includes(name.slice(1)))
      ? { ...root, features: [...root.features, kernels.notLinear] }
      : root,
  );
  const corner =
    naming === null || wrong.length > 0 || judged.some(({ status }) => status !== "ok")
      ? { root: null, note: null }
      : corners(subject, naming);
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
  // With 1 in the place of the upstream gradient nothing was measured that it decides.
  const lines = ones
    ? judged.map((line) =>
        line.status === "ok" ? { ...line, status: "root" as const, local: null, global: null } : line,
      )
    : judged;
  const findings = {
    ...common,
    verdict: verdictOf(forward, lines, roots, witness?.agrees ?? true, labels),
    lines,
    roots: inOrder(roots, "shares"),
    notes: [...notes, ...(corner.note === null ? [] : [corner.note])],
    witness,
    score: {
      passed: lines.filter(({ status }) => status === "ok" || status === "kink").length,
      given: lines.filter(({ status }) => status !== "missing").length,
    },
  };
  return { findings, tensors };
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

/** The check of a kernel: its findings, and the numbers behind them. */
export function examineOp(kernel: Kernel, options: CheckOpOptions = {}): ExaminedOp {
  const found = calledEitherWay(kernel, options);
  return withLabels(kernel, options, found) ?? found;
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
