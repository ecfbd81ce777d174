/** Finds the wrong formula that gives a person's numbers: all candidates are tried, and a name needs a margin. */

import type { Diagnosis, Line, Words } from "./report.ts";
import { UNKNOWN } from "./catalogue/catalogue.ts";
import type { Candidate } from "./catalogue/mistake.ts";
import { overTolerance, residual } from "./tolerance.ts";
import type { Tracked } from "./tracked.ts";

/** A handed tensor, and how it follows from what the candidates give. */
export interface Observation {
  readonly yours: Tracked;
  readonly correct: Tracked;
  readonly through: (value: Tracked) => Tracked;
}

/** Where a root stands, and the correct formula. */
export interface Place {
  readonly equation: Line["equation"];
  readonly layer: number;
  readonly correct: string;
  /** What the shown numbers are multiplied by, so that they are the person's own. */
  readonly factor: number;
  /** The same formulas on other numbers, to tell identities from coincidences. */
  readonly elsewhere: () => readonly Candidate[];
}

/** A name, and what the named formula gives. */
export interface Named {
  readonly diagnosis: Diagnosis;
  /** The formula of the diagnosis; `null` where it is unknown. */
  readonly candidate: Candidate | null;
}

// What misses by more than rounding explains is not it; one that misses by little more may be, where a bound was a little short.
const MARGIN = 2;

/** Searches the candidates; `null` where none gives the numbers. */
export function search(observations: readonly Observation[], candidates: readonly Candidate[], place: Place): Named | null {
  const most = Math.max(1, ...candidates.map(({ edits }) => edits));
  for (let edits = 1; edits <= most; edits++) {
    const tier = candidates
      .filter((one) => one.edits === edits)
      .map((one) => ({ one, ratio: distance(observations, one) }));
    const hits = distinct(tier.filter(({ ratio }) => ratio <= 1).map(({ one }) => one), place);
    if (hits.length === 0) continue;
    const best = hits[0]!;
    const near = tier.filter(({ one, ratio }) => ratio > 1 && ratio < MARGIN && !hits.some((hit) => sameMistake(one, hit))).map(({ one }) => one);
    const rivals = distinct([best, ...near], place).slice(1);
    const others = [...hits.slice(1), ...rivals].map((one) => describe(one, observations, place, [], 0));
    const sure = others.length === 0 ? (edits === 1 ? 1 : 0.9) : 1 / (1 + others.length);
    // A rival that misses by little means that these digits cannot tell: then nothing is claimed.
    if (rivals.length > 0) return { diagnosis: unknown(observations, place, [], [describe(best, observations, place, [], sure), ...others]), candidate: null };
    return { diagnosis: describe(best, observations, place, others, sure), candidate: best };
  }
  return null;
}

function distance(observations: readonly Observation[], one: Candidate): number {
  let worst = 0;
  for (const { yours, through } of observations) {
    const ratio = overTolerance(yours, through(one.value()), MARGIN);
    if (!(ratio <= worst)) worst = Number.isNaN(ratio) ? Infinity : ratio;
  }
  return worst;
}

/** Two variants of one mistake, such as the first and the last sample's. */
function sameMistake(a: Candidate, b: Candidate): boolean {
  return a.id === b.id;
}

/** Drops variants of one id, and what is the same formula in other words: equal on other numbers as well. */
function distinct(hits: readonly Candidate[], place: Place): Candidate[] {
  const kept: Candidate[] = [];
  let others: ReadonlyMap<string, Candidate> | undefined;
  for (const one of hits) {
    if (kept.some((other) => sameMistake(one, other))) continue;
    const alias = kept.some((other) => {
      others ??= new Map(place.elsewhere().map((candidate) => [candidate.key, candidate]));
      const [a, b] = [others.get(one.key), others.get(other.key)];
      return a !== undefined && b !== undefined && overTolerance(a.value(), b.value()) <= 1;
    });
    if (!alias) kept.push(one);
  }
  return kept;
}

/** A diagnosis from the candidate that fits. */
function describe(one: Candidate, observations: readonly Observation[], place: Place, alternatives: readonly Diagnosis[], confidence: number): Diagnosis {
  return {
    id: one.id, equation: one.id.startsWith("E") && place.equation === "BP4" ? "REG" : place.equation, layer: place.layer, confidence,
    yours: one.yours, correct: place.correct, edit: one.edit, says: one.says, alternatives, example: exampleOf(observations, place.factor), features: [],
  };
}

/** A root without a name. */
export function unknown(observations: readonly Observation[], place: Place, features: readonly Words[], alternatives: readonly Diagnosis[] = []): Diagnosis {
  return {
    id: "unknown", equation: place.equation, layer: place.layer, confidence: 0, yours: "?", correct: place.correct,
    edit: { kind: "replace", term: `? → ${place.correct}` }, says: UNKNOWN, alternatives, example: exampleOf(observations, place.factor), features,
  };
}

/** The entry that is furthest off, in the person's own scale. */
function exampleOf(observations: readonly Observation[], factor: number): Diagnosis["example"] {
  const { yours, correct } = observations[0]!;
  const worst = residual(yours, correct, factor);
  if (worst !== null) return { index: worst.at, yours: worst.yours, correct: worst.correct };
  // Of different shapes: the first entries stand for the whole.
  return { index: [0, 0], yours: (yours.value[0] ?? NaN) * factor, correct: (correct.value[0] ?? NaN) * factor };
}
