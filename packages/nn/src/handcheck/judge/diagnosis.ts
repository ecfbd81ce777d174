/**
 * A wrong tensor of a network under a name: the formula of the catalogue that gives its numbers, where no other is
 * near.
 */

import { networkSlips } from "../../locales/network-slips.ts";
import type { Words } from "../../locales/words.ts";
import type { Candidate } from "../catalogue/mistake.ts";
import { once } from "../once.ts";
import type { Diagnosis, Line } from "../report.ts";
import { overTolerance, residual } from "../bounds/tolerance.ts";
import type { Tracked } from "../bounds/tracked.ts";
import { search } from "./search.ts";

/** A handed tensor, and how it follows from what the candidates give. */
export interface Observation {
  readonly yours: Tracked;
  readonly correct: Tracked;
  readonly through: (value: Tracked) => Tracked;
}

/** A tensor by itself: it is what the candidates give. */
export const itself = (yours: Tracked, correct: Tracked): Observation => ({
  yours,
  correct,
  through: (value) => value,
});

/** Holds where a root stands, and the correct formula. */
export interface Place {
  readonly equation: Line["equation"];
  readonly layer: number;
  readonly correct: string;
  /** Says what the shown numbers are multiplied by, so that they are the person's own. */
  readonly factor: number;
  /** The same formulas on other numbers, to tell identities from coincidences. */
  readonly elsewhere: () => readonly Candidate[];
}

/** A name, and what the named formula gives. */
interface Named {
  readonly diagnosis: Diagnosis;
  /** The formula of the diagnosis; `null` where it is unknown. */
  readonly candidate: Candidate | null;
}

// What misses by more than rounding explains is not it; one that misses by little more may be, where a bound was a
// little short.
const MARGIN = 2;

/** The name of what was observed among the candidates; `null` where none gives the numbers. */
export function diagnose(
  observations: readonly Observation[],
  candidates: readonly Candidate[],
  place: Place,
): Named | null {
  const elsewhere = once(() => new Map(place.elsewhere().map((one) => [one.key, one])));
  const isAlias = (one: Candidate, other: Candidate): boolean => {
    const [a, b] = [elsewhere().get(one.key), elsewhere().get(other.key)];
    return a !== undefined && b !== undefined && overTolerance(a.value(), b.value()) <= 1;
  };
  const found = search(candidates, {
    off: (one) => distance(observations, one),
    same: (a, b) => a.id === b.id || isAlias(a, b),
    margin: () => MARGIN,
  });
  if (found === null) return null;
  const { best, others, rivals } = found;
  // Two things at once are less likely than one.
  const confidence = best.edits > 1 ? Math.min(0.9, found.confidence) : found.confidence;
  const rest = [...others, ...rivals].map((one) => describe(one, observations, place, [], 0));
  // A rival that misses by little means that these digits cannot tell: then nothing is claimed.
  if (rivals.length > 0)
    return {
      diagnosis: unknown(observations, place, [], [describe(best, observations, place, [], confidence), ...rest]),
      candidate: null,
    };
  return { diagnosis: describe(best, observations, place, rest, confidence), candidate: best };
}

function distance(observations: readonly Observation[], one: Candidate): number {
  let worst = 0;
  for (const { yours, through } of observations) {
    const ratio = overTolerance(yours, through(one.value()), MARGIN);
    if (!(ratio <= worst)) worst = Number.isNaN(ratio) ? Infinity : ratio;
  }
  return worst;
}

/** A diagnosis from the candidate that fits. */
function describe(
  one: Candidate,
  observations: readonly Observation[],
  place: Place,
  alternatives: readonly Diagnosis[],
  confidence: number,
): Diagnosis {
  return {
    id: one.id,
    equation: one.id.startsWith("E") && place.equation === "BP4" ? "REG" : place.equation,
    layer: place.layer,
    confidence,
    yours: one.yours,
    correct: place.correct,
    edit: one.edit,
    says: one.says,
    alternatives,
    example: exampleOf(observations, place.factor),
    features: [],
  };
}

/** A root without a name. */
export function unknown(
  observations: readonly Observation[],
  place: Place,
  features: readonly Words[],
  alternatives: readonly Diagnosis[] = [],
): Diagnosis {
  return {
    id: "unknown",
    equation: place.equation,
    layer: place.layer,
    confidence: 0,
    yours: "?",
    correct: place.correct,
    edit: { kind: "replace", term: `? → ${place.correct}` },
    says: networkSlips.unknown,
    alternatives,
    example: exampleOf(observations, place.factor),
    features,
  };
}

/** The mistake under its name, or without one. */
export const nameOf = (
  observation: Observation,
  candidates: readonly Candidate[],
  place: Place,
  features: readonly Words[] = [],
): Diagnosis => diagnose([observation], candidates, place)?.diagnosis ?? unknown([observation], place, features);

/** The entry that is furthest off, in the person's own scale. */
function exampleOf(observations: readonly Observation[], factor: number): Diagnosis["example"] {
  const { yours, correct } = observations[0]!;
  const worst = residual(yours, correct, factor);
  if (worst !== null) return { index: worst.at, yours: worst.yours, correct: worst.correct };
  // Of different shapes: the first entries stand for the whole.
  return { index: [0, 0], yours: (yours.value[0] ?? NaN) * factor, correct: (correct.value[0] ?? NaN) * factor };
}
