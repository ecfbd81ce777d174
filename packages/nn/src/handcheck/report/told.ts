/**
 * Says what builders of documents share: entries, remarks and mistakes in words, as much of them as the hints allow.
 */

import { locales } from "../../locales/report.ts";
import type { Language } from "../../locales/words.ts";
import type { Points } from "../points.ts";
import type { JudgedLine, Kind, LineStatus, Mistake, Residual, Verdict } from "../report.ts";
import type { Entry, Finding, Hints, Numbers } from "./document.ts";
import { indexText, pair, ratio } from "./numbers.ts";

/** A root is wrong for the values that it was given; an inherited failure only against the truth. */
export const residualOf = ({ status, local, global }: JudgedLine): Residual | null =>
  status === "root" ? (local ?? global) : (global ?? local);

/** The entry that differs most. */
export function entryOf(residual: Residual | null): Entry | null {
  if (residual === null) return null;
  const [yours, correct] = pair(residual.yours, residual.correct);
  return { at: indexText(residual.at), yours, correct };
}

/** Beside a status: that the numbers agree, or that none were compared. */
export function remarkOf(status: LineStatus, residual: Residual | null, lang: Language): string {
  if (status === "shape" || status === "nan") return residual === null ? locales[lang].notCompared : "";
  return status === "ok" && residual !== null ? locales[lang].within : "";
}

/** Numbers of what is right are drawn up to so many entries: they are there to look at, not to find anything in. */
const SMALL = 256;

/** The numbers that are worth looking at: more than one entry, compared. */
export function numbersOf(
  given: Pick<Numbers, "yours" | "correct"> | undefined,
  status: LineStatus,
  residual: Residual | null,
  shape?: readonly number[],
): Numbers | null {
  if (given === undefined || residual === null || status === "missing") return null;
  const { yours, correct } = given;
  const entries = correct.length * (correct[0]?.length ?? 0);
  if (entries < 2 || (status === "ok" && entries > SMALL)) return null;
  // All axes but the last are one.
  const { at } = residual;
  const row = at.slice(0, -1).reduce((index, i, axis) => index * (shape?.[axis] ?? 1) + i, 0);
  const column = at.at(-1) ?? 0;
  return { yours, correct, worst: correct[row]?.[column] === undefined ? [0, 0] : [row, column] };
}

/** Partial credit as data; which equations earn it would say which are wrong. */
export function pointsData(points: Points | undefined, hints: Hints): object {
  if (points === undefined) return {};
  const { of, gained, open, parts } = points;
  return { points: { of, gained, open, ...(hints === 0 ? {} : { parts }) } };
}

/**
 * Returns what counts the right equations, with the points that they earn: whoever asks for points wants them with any
 * hints.
 */
export function scoreText(counted: string, points: Points | undefined, lang: Language): string {
  const earned = points === undefined ? "" : locales[lang].points(points);
  return [counted, earned].filter((text) => text !== "").join(locales[lang].stop + locales[lang].gap);
}

/** The verdict in a sentence, with the places of what is wrong. */
export function heading(
  verdict: Verdict,
  plain: string,
  places: readonly string[],
  between: string,
  lang: Language,
): string {
  if (places.length === 0) return plain;
  const say = locales[lang];
  const found = say.mistakes({ count: places.length });
  const counted = `${found}${say.colon}${[...new Set(places)].join(between)}${say.stop}`;
  return verdict === "mistake" ? counted : `${plain} ${counted}`;
}

/** A mistake in words. */
export function told(
  mistake: Mistake,
  { title, key, kind }: { readonly title: string; readonly key: string | null; readonly kind: Kind },
  lang: Language,
  hints: Hints,
): Finding {
  const nothing = {
    title,
    key,
    id: null,
    says: null,
    yours: null,
    correct: null,
    example: null,
    features: [],
    alternatives: [],
  };
  if (hints < 3) return hints === 1 ? nothing : { ...nothing, says: locales[lang].kinds[kind] };
  const { id, says, yours, correct, example, features, alternatives } = mistake;
  const [own, right] = example === null ? ["", ""] : pair(example.yours, example.correct);
  return {
    title,
    key,
    id: id === "unknown" ? null : id,
    says: says[lang],
    yours: yours === "" ? null : yours,
    correct: correct === "" ? null : correct,
    example:
      example === null
        ? null
        : { at: indexText(example.index), yours: own, correct: right, ratio: ratio(example.yours, example.correct) },
    features: features.map((words) => words[lang]),
    alternatives: alternatives.map((other) => `[${other.id}] ${other.says[lang]}`),
  };
}
