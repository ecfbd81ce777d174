/** Giving a wrong gradient its name: the wrong formula that reproduces the person's numbers on every probe. */

import type { OpDiagnosis } from "./report.ts";
import { gapOf, residualOf } from "./compare.ts";
import type { Family, Settings, Slip } from "./families/family.ts";
import { fromTensor, largest, toTensor } from "./numbers.ts";
import type { Occasion as Evidence } from "./swaps.ts";
import { featuresOf } from "../relations/features.ts";
import { shownOf, unnamed, type Context } from "./unnamed.ts";

/** A gradient that is wrong, with what every probe shows of it. */
export interface Wrong {
  /** The input: `x`. */
  readonly of: string;
  readonly evidence: readonly Evidence[];
}

interface Fit {
  readonly slip: Slip;
  /** The largest gap over what is allowed: 1 is the limit. */
  readonly off: number;
}

/** How far a formula is from the numbers, in units of what rounding explains. */
function fitOf(slip: Slip, evidence: readonly Evidence[], settings: Settings): number {
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

const sameName = (a: Slip, b: Slip): boolean => a.id === b.id && a.says.en === b.says.en;

/** The names of what is wrong: one for all gradients that one slip explains. */
export function nameAll(wrong: readonly Wrong[], family: Family | null, settings: Settings, context: Context): OpDiagnosis[] {
  const fits = wrong.map(({ of, evidence }) =>
    (family?.slips ?? [])
      .filter((slip) => slip.of === of)
      .map((slip): Fit => ({ slip, off: fitOf(slip, evidence, settings) }))
      .sort((a, b) => Number(a.slip.loose ?? false) - Number(b.slip.loose ?? false)),
  );
  const hits = fits.map((list) => list.filter(({ off }) => off <= 1));
  const shared = (slip: Slip): number => hits.filter((list) => list.some((hit) => sameName(hit.slip, slip))).length;
  const roots: OpDiagnosis[] = [];
  wrong.forEach(({ of, evidence }, k) => {
    const chosen = hits[k]!.reduce<Fit | null>((best, hit) => (best === null || (shared(hit.slip) > shared(best.slip) && hit.slip.loose !== true) ? hit : best), null);
    const root = chosen === null ? unexplained(of, evidence, family, context) : named(chosen, of, telling(evidence), fits[k]!, family);
    const known = roots.findIndex(({ id, says }) => id !== "unknown" && id === root.id && says.en === root.says.en);
    if (known < 0) roots.push(root);
    else roots[known] = { ...roots[known]!, of: [...roots[known]!.of, `d${of}`], confidence: Math.min(roots[known]!.confidence, root.confidence) };
  });
  return roots;
}

/** The probe that shows most: the report speaks of that one. */
function telling(evidence: readonly Evidence[]): Evidence {
  const off = ({ yours, correct }: Evidence): number => residualOf(yours, correct.value, correct.allowed)?.overTolerance ?? Infinity;
  return evidence.reduce((most, entry) => (off(entry) > off(most) ? entry : most));
}

const correctText = (of: string, family: Family | null): string => (family?.formulas[of] === undefined ? "" : `d${of} = ${family.formulas[of]}`);

function exampleOf({ yours, correct }: Evidence): OpDiagnosis["example"] {
  const worst = residualOf(yours, correct.value, correct.allowed);
  return worst === null ? null : { index: worst.at, yours: worst.yours, correct: worst.correct };
}

function named({ slip, off }: Fit, of: string, evidence: Evidence, fits: readonly Fit[], family: Family | null): OpDiagnosis {
  const others = fits.filter((fit) => !sameName(fit.slip, slip) && fit.slip.loose !== true);
  const limit = 100 * Math.max(off, 0.01);
  const near = others.filter((fit) => fit.off <= Math.max(1, limit));
  const next = Math.min(...others.map((fit) => fit.off), Infinity);
  return {
    id: slip.id,
    of: [`d${of}`],
    // Two decades between the name and the next make it certain.
    confidence: next === Infinity ? 1 : Math.min(1, Math.max(0.1, Math.log10(next / Math.max(off, 0.01)) / 2)),
    yours: `d${of} = ${slip.yours}`,
    correct: correctText(of, family),
    says: slip.says,
    alternatives: near.map((fit) => ({ id: fit.slip.id, yours: fit.slip.yours, says: fit.slip.says })),
    example: exampleOf(evidence),
    features: slip.of === "x" && family?.name === "batchNorm" ? featuresOf(shownOf(evidence), { samples: evidence.correct.value.shape[0] ?? 1 }).map(({ words }) => words) : [],
  };
}

function unexplained(of: string, evidence: readonly Evidence[], family: Family | null, context: Context): OpDiagnosis {
  const shown = telling(evidence);
  const told = unnamed(of, evidence, shown, context);
  return { of: [`d${of}`], alternatives: [], example: exampleOf(shown), ...told, correct: correctText(of, family) || told.correct };
}
