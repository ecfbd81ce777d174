/** Says what the probes show: a line for each gradient, and of those that are wrong all that a name can be found by. */

import { gradientOf, onProbes } from "../claims/of-kernel.ts";
import { lineOf, walk } from "../judge/walk.ts";
import type { Family } from "../catalogue/families/family.ts";
import type { Wrong } from "./naming.ts";
import { countOf, indexOf, sameShape } from "../bounds/numbers.ts";
import type { Reference } from "./reference.ts";
import { compared } from "./report.ts";
import type { ComparedArray, JudgedLine } from "../report.ts";
import type { Subject } from "./subject.ts";
import type { Occasion } from "./swaps.ts";
import { truthOf, tryOn, type Tried } from "./trying.ts";
import type { Context } from "./unnamed.ts";

/** Few numbers explain themselves by chance: more of them are asked for. */
const FURTHER = [2, 3, 4, 5] as const;
/** So many entries need no further probes at all, or not all of them. */
const ENOUGH = { any: 64, all: 12 } as const;

/** Returns what the probes show of one gradient. */
const occasionsOf = (tried: readonly Tried[], k: number): Occasion[] =>
  tried.flatMap(({ inputs, g, call: { gradients, output }, truth }) =>
    gradients[k] === null || gradients[k] === undefined
      ? []
      : [{ inputs, output, g, yours: gradients[k], correct: truth[k]!, truths: truth.map(({ value }) => value) }],
  );

/** One line for each gradient, judged on all probes, and the evidence of those that are wrong. */
export function judgeAll(
  subject: Subject,
  tried: readonly Tried[],
  family: Family | null,
): {
  readonly judged: readonly JudgedLine[];
  readonly wrong: readonly Wrong[];
  readonly tensors: readonly ComparedArray[];
} {
  const wanted = subject.specs.filter(({ differentiable }) => differentiable);
  const wrong: Wrong[] = [];
  const tensors: ComparedArray[] = [];
  const all = wanted.map((_, k) => occasionsOf(tried, k));
  const claims = wanted.map(({ name }, k) =>
    gradientOf(
      `d${name}`,
      family?.formulas[name] ?? "",
      all[k]!.map(({ yours }, p) => ({ yours, truth: tried[p]!.truth[k]! })),
    ),
  );
  const judged = Array.from(walk(claims, onProbes), (met, k) => {
    const [{ name }, evidence, line] = [wanted[k]!, all[k]!, lineOf(met, onProbes)];
    if (line.status === "root" || line.status === "shape") wrong.push({ of: name, evidence });
    // The numbers that are shown are those of the probe that the line speaks of.
    const shown = evidence.find(
      ({ yours }) =>
        line.global !== null &&
        sameShape(yours.shape, wanted[k]!.shape) &&
        Object.is(yours.data[indexOf(line.global.at, yours.shape)], line.global.yours),
    );
    if (shown !== undefined) tensors.push(compared(`d${name}`, shown.yours, shown.correct.value));
    return line;
  });
  return { judged, wrong, tensors };
}

/** So many entries make one more truth by differences too dear to be asked for words alone. */
const DEAR = 1024;

/** True if the truth anywhere else costs thousands of calls of the forward. */
const isCostly = ({ specs }: Subject, reference: Reference | null): boolean =>
  reference === null &&
  specs.reduce((sum, { differentiable, shape }) => sum + (differentiable ? countOf(shape) : 0), 0) > DEAR;

/** The same evidence, with more probes where there are few numbers. */
export function enlarged(
  subject: Subject,
  reference: Reference | null,
  wrong: readonly Wrong[],
  ones: boolean,
): readonly Wrong[] {
  const wanted = subject.specs.filter(({ differentiable }) => differentiable);
  const sizeOf = ({ of }: Wrong): number => countOf(wanted.find(({ name }) => name === of)!.shape);
  const small = wrong.filter((one) => sizeOf(one) < ENOUGH.any);
  if (small.length === 0 || isCostly(subject, reference)) return wrong;
  const further = FURTHER.slice(0, small.some((one) => sizeOf(one) < ENOUGH.all) ? FURTHER.length : 1).map((probe) =>
    tryOn(subject, reference, probe, ones),
  );
  return wrong.map((one) =>
    small.includes(one)
      ? {
          ...one,
          evidence: [
            ...one.evidence,
            ...occasionsOf(
              further,
              wanted.findIndex(({ name }) => name === one.of),
            ),
          ],
        }
      : one,
  );
}

/** Returns what the words for a wrong gradient are made of. */
export function contextOf(subject: Subject, reference: Reference | null): Context {
  const { specs } = subject;
  const place = (k: number): number => specs.slice(0, k).filter(({ differentiable }) => differentiable).length;
  return {
    specs,
    truthAt: (k) => (inputs, g) =>
      isCostly(subject, reference) ? null : (truthOf(subject, reference, inputs, g)[place(k)] ?? null),
    right: (occasions) =>
      new Map(
        specs.flatMap(({ name, differentiable }, k) =>
          differentiable ? [[name, occasions.map(({ truths }) => truths[place(k)]!)] as const] : [],
        ),
      ),
  };
}
