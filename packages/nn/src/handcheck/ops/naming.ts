/**
 * Giving a wrong gradient of a kernel its name: the wrong formula that reproduces the person's numbers on every probe.
 */

import type { OpDiagnosis } from "../report.ts";
import { EXACT, search, told, type Found, type Hypothesis } from "../judge/search.ts";
import { featuresOf } from "../relations/features.ts";
import { gapOf, residualOf } from "../bounds/compare.ts";
import type { Family, Settings, Slip } from "../catalogue/families/family.ts";
import { fromTensor, largest, toTensor } from "../bounds/numbers.ts";
import type { Occasion as Evidence } from "./swaps.ts";
import { shownOf, unnamed, type Context } from "./unnamed.ts";

/** A gradient that is wrong, with what every probe shows of it. */
export interface Wrong {
  /** The input: `x`. */
  readonly of: string;
  readonly evidence: readonly Evidence[];
}

/** A slip of the family, and how far it is from the numbers. */
interface Tried extends Hypothesis, Pick<Slip, "kind"> {
  readonly off: number;
}

/** How far a formula is from the numbers, in units of what rounding explains. */
function offBy(slip: Slip, evidence: readonly Evidence[], settings: Settings): number {
  let worst = 0;
  for (const { inputs, g, yours, correct } of evidence) {
    const made = slip.value(inputs.map(toTensor), toTensor(g), settings, toTensor(yours));
    if (made === null) return Infinity;
    const value = fromTensor(made);
    // A formula with larger numbers rounds more.
    const growth = Math.max(1, largest(value.data) / Math.max(largest(correct.value.data), 1e-300));
    worst = Math.max(worst, gapOf(value, yours) / (4 * growth * correct.allowed + 1e-300));
  }
  return worst;
}

const sameName = (a: Hypothesis, b: Hypothesis): boolean => a.id === b.id && a.says.en === b.says.en;

/** Two decades between the name and the next make it certain. */
const margin = (best: number): number => 100 * Math.max(best, EXACT);

/** The names of what is wrong: one for all gradients that one slip explains. */
export function nameAll(
  wrong: readonly Wrong[],
  family: Family | null,
  settings: Settings,
  context: Context,
): OpDiagnosis[] {
  const tried = wrong.map(({ of, evidence }) =>
    (family?.slips ?? [])
      .filter((slip) => slip.of === of)
      .map((slip): Tried => ({ ...slip, edits: slip.loose === true ? 2 : 1, off: offBy(slip, evidence, settings) })),
  );
  /** How many gradients a slip explains. */
  const weight = (one: Hypothesis): number =>
    tried.filter((all) => all.some((other) => other.off <= 1 && sameName(one, other))).length;
  const roots: OpDiagnosis[] = [];
  wrong.forEach(({ of, evidence }, k) => {
    const found = search(tried[k]!, { off: ({ off }) => off, same: sameName, margin, weight });
    const root =
      found === null ? unexplained(of, evidence, family, context) : named(found, of, telling(evidence), family);
    const known = roots.findIndex(
      (one) => one.id !== "unknown" && sameName({ ...one, edits: 1 }, { ...root, edits: 1 }),
    );
    if (known < 0) roots.push(root);
    else
      roots[known] = {
        ...roots[known]!,
        of: [...roots[known]!.of, `d${of}`],
        confidence: Math.min(roots[known]!.confidence, root.confidence),
      };
  });
  return roots;
}

/** The probe that shows most: the report speaks of that one. */
function telling(evidence: readonly Evidence[]): Evidence {
  const off = ({ yours, correct }: Evidence): number =>
    residualOf(yours, correct.value, correct.allowed)?.overTolerance ?? Infinity;
  return evidence.reduce((most, entry) => (off(entry) > off(most) ? entry : most));
}

const correctText = (of: string, family: Family | null): string =>
  family?.formulas[of] === undefined ? "" : `d${of} = ${family.formulas[of]}`;

function exampleOf({ yours, correct }: Evidence): OpDiagnosis["example"] {
  const worst = residualOf(yours, correct.value, correct.allowed);
  return worst === null ? null : { index: worst.at, yours: worst.yours, correct: worst.correct };
}

function named(found: Found<Tried>, of: string, evidence: Evidence, family: Family | null): OpDiagnosis {
  const shown =
    of === "x" && family?.name === "batchNorm"
      ? featuresOf(shownOf(evidence), { samples: evidence.correct.value.shape[0] ?? 1 })
      : [];
  const { kind, yours } = found.best;
  return {
    ...told(found),
    kind,
    of: [`d${of}`],
    yours: `d${of} = ${yours}`,
    correct: correctText(of, family),
    example: exampleOf(evidence),
    features: shown.map(({ words }) => words),
  };
}

function unexplained(of: string, evidence: readonly Evidence[], family: Family | null, context: Context): OpDiagnosis {
  const shown = telling(evidence);
  const found = unnamed(of, evidence, shown, context);
  return {
    of: [`d${of}`],
    alternatives: [],
    example: exampleOf(shown),
    ...found,
    correct: correctText(of, family) || found.correct,
  };
}
