/** Sentences about how two gradients differ, each true of every entry; the plainest is told. */

import { relations } from "../../locales/relations.ts";
import type { Words as Sentence } from "../../locales/words.ts";
import { before, constantOf } from "./constant.ts";
import type { Laid } from "./align.ts";
import { constantIn, precisionOf, targetOf } from "./target.ts";
import { CERTAIN, explained, ONE, type Term, type Words } from "./terms.ts";

/** A letter of ours that no input has. */
export interface Letter {
  readonly letter: string;
  readonly means: Sentence;
}

/** Both gradients, and what they may be told with; every array has the same entries. */
export interface Question {
  readonly yours: Float64Array;
  readonly correct: Float64Array;
  readonly slack: Float64Array;
  /** Says what gradients are made of. */
  readonly terms: Words;
  /** Says what one may be a multiple of the other by. */
  readonly ratios: Words;
  /** Right gradients of other names. */
  readonly others: readonly Laid[];
  readonly legend: readonly Letter[];
  /** True if it is about every entry. */
  readonly everywhere: boolean;
}

/** A sentence, and how far-fetched it is. */
export interface Told {
  readonly words: Sentence;
  readonly cost: number;
  /** The term of a sum that is left out, where it is that. */
  readonly missing?: string;
}

/** Explanations that are further fetched than this say less than the numbers do. */
const FAR = 3.25;

/** The question about some of the entries alone. */
function restricted(question: Question, keep: readonly number[]): Question {
  const of = (data: Float64Array): Float64Array => Float64Array.from(keep, (i) => data[i]!);
  const each = (pieces: readonly Laid[]): Laid[] => pieces.map((piece) => ({ ...piece, data: of(piece.data) }));
  const words = ({ heads, factors, pairs, times }: Words): Words => ({
    heads: each(heads),
    factors: each(factors),
    pairs: each(pairs),
    times,
  });
  const { yours, correct, slack, terms, ratios, others } = question;
  return {
    ...question,
    everywhere: false,
    yours: of(yours),
    correct: of(correct),
    slack: of(slack),
    terms: words(terms),
    ratios: words(ratios),
    others: each(others),
  };
}

/** A sentence with the meaning of its letters behind it. */
function explainedWith({ legend }: Question, text: string, words: Sentence): Sentence {
  const isUsed = ({ letter }: Letter): boolean =>
    new RegExp(`(?<![\\p{L}\\p{N}_])${letter}(?![\\p{L}\\p{N}_])`, "u").test(text);
  const letters = legend.filter(isUsed).map(({ letter, means }) => relations.letterIs({ letter, means }));
  if (letters.length === 0) return words;
  return relations.withLetters({ words, letters });
}

const only = (heads: readonly Laid[]): Words => ({ heads, factors: [], pairs: [], times: " " });

/** yours = c · correct */
function constantRatio({ yours, correct, slack }: Question): Told | null {
  const aimed = targetOf(yours, slack);
  if (aimed === null || aimed.decades < CERTAIN) return null;
  const one = ONE(yours.length).data;
  const c = constantIn(aimed, correct, one, one);
  if (c === null) return null;
  const { text, cost } = constantOf(c, precisionOf(aimed));
  return { cost, words: relations.yoursByCorrect({ text: before(text, ""), everywhere: false }) };
}

/** It is the right gradient of another name. */
function another({ yours, slack, others }: Question): Told | null {
  const aimed = targetOf(yours, slack);
  const term = aimed === null ? null : explained(aimed, only(others));
  if (term === null) return null;
  const [name] = term.parts;
  if (Math.abs(term.constant - 1) < 1e-6) return { cost: term.cost, words: relations.isThat({ name: name! }) };
  const times = constantOf(term.constant, 1e-6).text;
  return { cost: term.cost + 1, words: relations.isMultiple({ times: before(times, ""), name: name! }) };
}

/** A factor that one of the two has and the other has not. */
function factor(question: Question): Told | null {
  const { yours, correct, slack, ratios, everywhere } = question;
  const searched = (target: Float64Array, other: Float64Array): Term | null => {
    const aimed = targetOf(target, slack);
    return aimed === null ? null : explained(aimed, { ...ratios, heads: [{ ...ratios.heads[0]!, data: other }] });
  };
  const [missing, extra] = [searched(correct, yours), searched(yours, correct)];
  if (missing !== null && (extra === null || missing.cost <= extra.cost)) {
    const { text, cost, constant } = missing;
    if (Math.abs(constant - 1) < 1e-6) {
      return { cost, words: explainedWith(question, text, relations.factorMissing({ factor: text })) };
    }
    return { cost, words: explainedWith(question, text, relations.correctByYours({ text, everywhere })) };
  }
  if (extra === null) return null;
  const { text, cost } = extra;
  return { cost, words: explainedWith(question, text, relations.yoursByCorrect({ text, everywhere })) };
}

// correct = yours · B/A
/** A known array where another belongs. */
function exchange(question: Question): Told | null {
  const { yours, correct, slack, ratios } = question;
  const aimed = targetOf(correct, slack);
  const near = ratios.factors.filter(({ cost, data }) => cost <= 1.25 && data.every((x) => x !== 0));
  if (aimed === null || aimed.decades < CERTAIN + 2 * Math.log10(1 + near.length)) return null;
  let best: Told | null = null;
  for (const a of near) {
    const under = a.data.map((x) => 1 / x);
    for (const b of near) {
      const cost = a.cost + b.cost + 0.75;
      if (a === b || (best !== null && best.cost <= cost)) continue;
      const c = constantIn(aimed, yours, under, b.data);
      if (c === null || Math.abs(c - 1) > 1e-6) continue;
      const words = relations.standsFor({ given: a.text, needed: b.text });
      best = { cost, words: explainedWith(question, `${a.text} ${b.text}`, words) };
    }
  }
  return best;
}

/** yours − correct = c · a product of known arrays, or another gradient. */
function difference(question: Question): Told | null {
  const { yours, correct, slack, terms, others, everywhere } = question;
  const away = targetOf(
    yours.map((x, i) => x - correct[i]!),
    slack,
  );
  const term = away === null ? null : explained(away, { ...terms, heads: [...terms.heads, ...others] });
  if (term === null) return null;
  const { text, cost } = term;
  return { cost: cost + 0.5, words: explainedWith(question, text, relations.differenceIs({ text, everywhere })) };
}

/** The plainest sentence; `null` where there is none. */
export function plainest(question: Question): Told | null {
  const told = [constantRatio, another, factor, exchange, difference].flatMap((ask) => ask(question) ?? []);
  return told.filter(({ cost }) => cost <= FAR).sort((a, b) => a.cost - b.cost)[0] ?? null;
}

/** The plainest sentence about the entries on one side of a threshold, where all the others are right. */
export function plainestWhere(question: Question, side: string, marked: readonly number[]): Told | null {
  const part = restricted(question, marked);
  const nothing = (data: Float64Array): boolean => data.every((x, i) => Math.abs(x) <= part.slack[i]!);
  const plain = (words: Sentence): Told => ({ cost: 0.5, words: explainedWith(question, side, words) });
  if (nothing(part.correct)) return plain(relations.gateMissing({ side }));
  if (nothing(part.yours)) return plain(relations.mustNotVanish({ side }));
  const told = plainest(part);
  if (told === null) return null;
  const { words } = told;
  return { cost: told.cost + 0.5, words: relations.onlyWhere({ side, words }) };
}
