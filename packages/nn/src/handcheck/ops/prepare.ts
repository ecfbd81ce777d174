/**
 * Says what somebody asks about a kernel, made ready: its inputs, its reference, its family, and where its forward is
 * defined.
 */

import { checkOptions, option, type OptionKinds, type Tensor } from "@chainrule/autograd";
import type { Words } from "../../locales/words.ts";
import type { JudgedLine } from "../report.ts";
import type { Family, Settings } from "../catalogue/families/family.ts";
import { familyOf, type FamilyName } from "../catalogue/families/index.ts";
import { without } from "../catalogue/families/without.ts";
import { runForward, type Kernel } from "./kernel.ts";
import type { KernelType } from "../bounds/precision.ts";
import { domains, inputsOf } from "./probe.ts";
import { forwardLine, inputsAt, leftOut, referenceOf, settle, type Subject } from "./subject.ts";

/** Holds what the kernel is compared with, and on which numbers. */
export interface CheckOpOptions {
  /** One for each input; those of the family where nothing is said. */
  readonly shapes?: readonly (readonly number[])[];
  /**
   * Returns what the kernel should compute, with ops of `@chainrule/autograd`. Inputs without a gradient come as plain
   * arrays.
   */
  readonly like?: (...inputs: never[]) => Tensor;
  /** An operation that is known by name, with the mistakes that people make in it. */
  readonly family?: FamilyName;
  /**
   * Says what the family takes besides its inputs: `{ eps: 1e-5 }`, `{ stride: 2, pad: 1, layout: "nhwc" }`, `{ causal:
   * true }`.
   */
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
  shapes: option.checkedLater,
  like: option.callback,
  family: option.checkedLater,
  settings: option.record,
  dtype: option.checkedLater,
  seed: option.seed,
  inputs: option.checkedLater,
  differentiable: option.checkedLater,
  names: option.checkedLater,
  tolerance: option.record,
};
const toleranceKinds: OptionKinds<NonNullable<CheckOpOptions["tolerance"]>> = {
  atol: option.finite(0),
  rtol: option.finite(0),
};

/** A kernel with everything that it is judged by. */
export interface Prepared {
  readonly subject: Subject;
  readonly family: Family | null;
  /** Its output against the reference; `null` where there is none. */
  readonly forward: JudgedLine | null;
  readonly notes: readonly Words[];
}

/** The probes that every kernel is tried on. */
export const PROBES = [0, 1] as const;

/** The numbers on which the forward gives numbers: drawn anywhere, or where a logarithm and a root are defined. */
function withDomain(subject: Subject): { readonly subject: Subject; readonly notes: readonly Words[] } {
  const defined = (candidate: Subject): boolean =>
    PROBES.every((probe) => runForward(subject.kernel, inputsAt(candidate, probe)).data.every(Number.isFinite));
  const found = domains
    .filter(({ name }) => name !== "near" || subject.given !== null)
    .find(({ name }) => defined({ ...subject, domain: name }));
  if (found === undefined || found.name === subject.domain) return { subject, notes: [] };
  return { subject: { ...subject, domain: found.name }, notes: found.says === null ? [] : [found.says] };
}

/** Reads the options, and settles what the forward is; inputs named in `labels` are drawn as labels are. */
export function prepare(kernel: Kernel, options: CheckOpOptions, labels: readonly string[] = []): Prepared {
  checkOptions("checkOp", options, kinds, {
    call: "checkOp(kernel, { shapes, like, family, settings, dtype, seed, inputs, differentiable, names, tolerance })",
  });
  checkOptions("checkOp", options.tolerance, toleranceKinds, {
    call: "checkOp(kernel, { tolerance: { atol, rtol } })",
  });
  const count = (options.inputs ?? options.shapes)?.length;
  const whole = options.family === undefined ? null : familyOf(options.family, options.settings ?? {});
  const less = whole === null || count === undefined || count >= whole.inputs.length ? null : without(whole, count);
  const family = less ?? whole;
  const { specs, given } = inputsOf(family, options);
  const settings = { ...family?.settings, ...options.settings };
  const subject: Subject = {
    kernel,
    specs,
    family,
    settings,
    given,
    dtype: options.dtype ?? "float64",
    seed: options.seed ?? 1,
    reference: null,
    domain: "any",
    sized: count !== undefined,
    tolerance: options.tolerance,
    labels,
  };
  if (options.like !== undefined) {
    const ready = withDomain({ ...subject, reference: referenceOf(options.like, specs) });
    return {
      ...ready,
      family,
      forward: forwardLine(ready.subject, ready.subject.reference!),
      notes: [...(family?.notes ?? []), ...ready.notes],
    };
  }
  if (family === null) return { ...withDomain(subject), family, forward: null };
  const settled = settle(subject, family, settings);
  const missing = less === null ? [] : [leftOut(whole!.inputs.slice(count).map(({ name }) => name))];
  return {
    subject: settled.subject,
    family: settled.family,
    forward: settled.line,
    notes: [...settled.notes, ...missing, ...(family.notes ?? [])],
  };
}
