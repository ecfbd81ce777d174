/**
 * How a wrong gradient and the right one differ, in terms of what is known: the sentence, and both formulas where they
 * are found.
 */

import { relations } from "../../locales/relations.ts";
import type { Words as Sentence } from "../../locales/words.ts";
import { largest, sameShape } from "../bounds/numbers.ts";
import { laid, type Laid } from "./align.ts";
import type { Shown } from "./features.ts";
import type { Piece } from "./piece.ts";
import { powerForExponential, powerLaw } from "./power.ts";
import { plainest, plainestWhere, type Letter, type Question, type Told } from "./sentences.ts";
import { targetOf, type Target } from "./target.ts";
import { explained, ONE, pairsOf, sumText, twoTerms, type Term, type Words } from "./terms.ts";
import { vocabularyOf } from "./vocabulary.ts";
import { placesOf } from "./where.ts";

/** Holds what a gradient is told with. */
export interface Surroundings {
  /** Named arrays, by probe. */
  readonly arrays: readonly Piece[];
  /** True if every gradient is linear in one upstream gradient, as that of a kernel is. */
  readonly linear: boolean;
  readonly legend: readonly Letter[];
  /** Says what stands between factors that are multiplied entry by entry; nothing but a space where nothing is said. */
  readonly times?: string;
  /** Right gradients of other names. */
  readonly others: readonly Piece[];
}

/** Holds what was found. */
interface Found {
  /** How they differ; `null` where nothing simple says it. */
  readonly says: Told | null;
  /** Says where it is wrong, or no number. */
  readonly places: readonly Sentence[];
  /** Right-hand sides; empty where none was found. */
  readonly yours: string;
  readonly correct: string;
}

/** Larger gradients are not searched: it would take too long. */
const MOST_ENTRIES = 4096;

/** Formulas that are further fetched than this say less than the numbers do. */
const FAR = 4.5;

const joined = (arrays: readonly Float64Array[]): Float64Array =>
  Float64Array.from(arrays.flatMap((array) => Array.from(array)));

/** The probes whose numbers say most: beside a pole of the function differences are coarse. */
function sharp(probes: readonly Shown[]): readonly Shown[] {
  const coarse = ({ correct, slack }: Shown): number => {
    const sizes = Array.from(correct.data, Math.abs).sort((a, b) => a - b);
    return largest(slack) / Math.max(sizes[Math.floor(sizes.length / 2)] ?? 0, 1e-300);
  };
  const least = Math.min(...probes.map(coarse));
  const kept = probes.filter((one) => coarse(one) <= 100 * Math.max(least, 1e-9));
  return kept.length >= Math.min(2, probes.length) ? kept : probes;
}

function questionOf(probes: readonly Shown[], { arrays, linear, legend, others, times = " " }: Surroundings): Question {
  const { shape } = probes[0]!.correct;
  const [yours, correct] = [joined(probes.map((one) => one.yours.data)), joined(probes.map((one) => one.correct.data))];
  const { plain, upstream } = vocabularyOf(arrays, times);
  const lay = (pieces: readonly Piece[]): Laid[] => pieces.flatMap((piece) => laid(piece, shape));
  const factors = lay(plain);
  const pairs = pairsOf(factors);
  const one = ONE(yours.length);
  return {
    yours,
    correct,
    legend,
    everywhere: true,
    // A number that is computed from others carries their rounding.
    slack: joined(probes.map((probe) => probe.slack.map((room) => 4 * room + 1e-9 * largest(probe.correct.data)))),
    terms: { heads: [...(linear ? [] : [one]), ...lay(upstream)], factors, pairs, times },
    ratios: { heads: [one], factors, pairs, times },
    others: others.flatMap((piece) => (sameShape(piece.shape, shape) ? laid(piece, shape).slice(0, 1) : [])),
  };
}

/** A formula, and the products that it is a sum of, where these are known. */
interface Formula {
  readonly text: string;
  readonly terms: readonly Term[];
}

/** The formula of a target, where one is found. */
function formulaOf(target: Target | null, terms: Words, linear: boolean): Formula {
  if (target === null) return { text: "", terms: [] };
  const one = explained(target, terms);
  if (one !== null && one.cost <= FAR) return { text: one.text, terms: [one] };
  const law = linear ? powerLaw(target, terms) : null;
  if (law !== null) return { text: law, terms: [] };
  const two = twoTerms(target, terms);
  return two === null ? { text: "", terms: [] } : { text: sumText(two), terms: two };
}

/** The one term that a sum has beside another. */
const beside = (sum: Formula, part: Formula): Term | null =>
  sum.terms.length === 2 && part.terms.length === 1 && sum.terms.some(({ text }) => text === part.text)
    ? (sum.terms.find(({ text }) => text !== part.text) ?? null)
    : null;

/** The sentence for two formulas: the one part in which they differ, or that they differ. */
function apart(mine: Formula, right: Formula, target: Target, terms: Words): Told | null {
  const [missing, extra] = [beside(right, mine), beside(mine, right)];
  if (missing !== null) {
    return { cost: 0.1, missing: missing.text, words: relations.termMissing({ term: missing.text }) };
  }
  if (extra !== null) return { cost: 0.1, words: relations.termTooMuch({ term: extra.text }) };
  const [own, other] = [mine.terms, right.terms].map((list) => (list.length === 1 ? list[0]! : null)) as [
    Term | null,
    Term | null,
  ];
  const power = other === null ? null : powerForExponential(target, other, terms);
  if (power !== null) {
    const { base, x } = power;
    return {
      cost: 1,
      words: relations.powerForExponential({ x, base }),
    };
  }
  if (own !== null && other !== null && Math.abs(own.constant / other.constant - 1) < 1e-6) {
    const [a, b] = [
      own.parts.filter((part) => !other.parts.includes(part)),
      other.parts.filter((part) => !own.parts.includes(part)),
    ];
    if (a.length === 1 && b.length === 1) {
      return { cost: 1.5, words: relations.standsFor({ given: a[0]!, needed: b[0]! }) };
    }
  }
  return mine.text === "" ? null : { cost: 3, words: relations.otherFormula };
}

/** How `yours` and `correct` differ. */
export function relationsOf(
  all: readonly Shown[],
  surroundings: Surroundings,
  kept: readonly number[] = sharp(all).map((one) => all.indexOf(one)),
): Found | null {
  const probes = kept.map((p) => all[p]!);
  const { shape } = probes[0]!.correct;
  const count = probes.reduce((sum, { yours }) => sum + yours.data.length, 0);
  if (count > MOST_ENTRIES || probes.some(({ yours, correct }) => !sameShape(yours.shape, correct.shape))) return null;
  const only = (piece: Piece): Piece => ({ ...piece, values: kept.map((p) => piece.values[p]!) });
  const arrays = surroundings.arrays.map(only);
  const question = questionOf(probes, { ...surroundings, arrays, others: surroundings.others.map(only) });
  const { yours, correct, slack, terms } = question;
  const aimed = targetOf(yours, slack);
  if (
    targetOf(
      yours.map((x, i) => x - correct[i]!),
      slack,
    ) === null
  )
    return null;
  const { broken, wrong, words } = placesOf(
    yours,
    correct,
    slack,
    shape,
    arrays.flatMap((piece) => laid(piece, shape).slice(0, 1)),
  );
  const mine = formulaOf(aimed, terms, surroundings.linear);
  const right = formulaOf(targetOf(correct, slack), terms, surroundings.linear);
  const told = [
    plainest(question),
    wrong === null || broken ? null : plainestWhere(question, wrong.side, wrong.entries),
    aimed === null ? null : apart(mine, right, aimed, terms),
  ]
    .flatMap((one) => one ?? [])
    .sort((a, b) => a.cost - b.cost);
  return {
    says: told[0] ?? null,
    places: broken || told.length === 0 ? words : [],
    yours: mine.text,
    correct: right.text,
  };
}
