/** A kernel with what it is compared with: its numbers, its reference, and the convention that its forward follows. */

import type { Tensor } from "@chainrule/autograd";
import { kernels } from "../../locales/kernels.ts";
import type { Words } from "../../locales/words.ts";
import type { JudgedLine } from "../report.ts";
import { gapOf, residualOf } from "../bounds/compare.ts";
import type { Family, Settings } from "../catalogue/families/family.ts";
import { without } from "../catalogue/families/without.ts";
import { runForward, type Input, type Kernel } from "./kernel.ts";
import type { Numbers } from "../bounds/numbers.ts";
import { drawInputs, type Drawing } from "./probe.ts";
import { knownOutput, type Reference } from "./reference.ts";

/** Holds what is checked. */
export interface Subject extends Drawing {
  readonly kernel: Kernel;
  readonly reference: Reference | null;
  readonly given: readonly Numbers[] | null;
  /** True if the inputs were told: then they are as many as there are. */
  readonly sized: boolean;
  readonly tolerance: { readonly atol?: number; readonly rtol?: number } | undefined;
}

/** The person's own numbers first; labels, ids and masks of theirs stay. */
export function inputsAt(subject: Subject, probe: number): readonly Numbers[] {
  const { given, specs } = subject;
  if (given !== null && probe === 0) return given;
  return drawInputs(subject, probe).map((drawn, k) => (given === null || specs[k]!.differentiable ? drawn : given[k]!));
}

/** Returns what a result may be off: what rounding explains, or what was told. */
export const allowance = (
  { tolerance }: Subject,
  known: { readonly value: Numbers; readonly allowed: number },
): number =>
  tolerance === undefined
    ? known.allowed
    : (tolerance.atol ?? 0) + (tolerance.rtol ?? 0) * Math.max(0, ...known.value.data.map(Math.abs));

/** A reference from a function of tensors: what has no gradient is handed on as plain arrays. */
export function referenceOf(like: (...inputs: never[]) => Tensor, specs: readonly Input[]): Reference {
  return (inputs) =>
    (like as (...xs: unknown[]) => Tensor)(...inputs.map((x, k) => (specs[k]!.differentiable ? x : x.toArray())));
}

/** The forward against its reference. */
export function forwardLine(subject: Subject, reference: Reference): JudgedLine {
  const inputs = inputsAt(subject, 0);
  const known = knownOutput(reference, inputs, subject.dtype);
  const yours = runForward(subject.kernel, inputs);
  const allowed = allowance(subject, known);
  const residual = residualOf(yours, known.value, allowed);
  const status =
    residual === null
      ? "shape"
      : yours.data.some(Number.isNaN)
        ? "nan"
        : gapOf(yours, known.value) <= allowed
          ? "ok"
          : "root";
  return { name: "forward", formula: "", status, local: null, global: residual };
}

/** A kernel that is settled as one of a family. */
interface Settled {
  readonly subject: Subject;
  readonly family: Family;
  readonly line: JudgedLine;
  readonly notes: readonly Words[];
}

/** The convention of the family that the forward follows: its own, or a variant; of neither, its own. */
function settleAs(subject: Subject, family: Family, settings: Settings): Settled {
  const under = (chosen: Settings): { subject: Subject; line: JudgedLine } => {
    const reference: Reference = (inputs) => family.forward(inputs, chosen);
    const other = { ...subject, family, settings: chosen, reference };
    return { subject: other, line: forwardLine(other, reference) };
  };
  const own = under(settings);
  if (own.line.status === "ok") return { ...own, family, notes: [] };
  for (const variant of family.variants) {
    const tried = under({ ...settings, ...variant.settings });
    if (tried.line.status === "ok") return { ...tried, family, notes: [variant.says] };
  }
  return { ...own, family, notes: [] };
}

/** The words for parameters that somebody's operation does not have. */
export const leftOut = (names: readonly string[]): Words => kernels.judgedWithout({ names });

/** The family that the forward follows: as it is, or without its last parameters where the forward reads none. */
export function settle(subject: Subject, family: Family, settings: Settings): Settled {
  const own = settleAs(subject, family, settings);
  if (own.line.status === "ok" || subject.sized) return own;
  for (let count = family.inputs.length - 1; count > 0; count--) {
    const less = without(family, count);
    if (less === null) break;
    const specs = subject.specs.slice(0, count);
    try {
      const tried = settleAs({ ...subject, specs, family: less }, less, settings);
      if (tried.line.status === "ok")
        return { ...tried, notes: [leftOut(family.inputs.slice(count).map(({ name }) => name)), ...tried.notes] };
    } catch {
      // A forward that reads what it is not given may throw: it is not that family.
    }
  }
  return own;
}
