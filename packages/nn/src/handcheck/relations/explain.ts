/**
 * Says what is said of a wrong gradient that no formula of the catalogue gives: how it differs, in terms of known
 * arrays, and what its numbers show.
 */

import { relations } from "../../locales/relations.ts";
import type { Words } from "../../locales/words.ts";
import { sameShape } from "../bounds/numbers.ts";
import type { Kind } from "../report.ts";
import type { Meanings } from "./constant.ts";
import { featuresOf, type Feature, type Shown } from "./features.ts";
import { relationsOf, type Surroundings } from "./relations.ts";

/** A name that is found only where nothing plainer is. */
interface Named {
  readonly id: string;
  readonly kind: Kind;
  readonly says: Words;
}

/** A wrong gradient, with what it is told with. */
interface Unnamed {
  /** Says what it is a gradient of, as it stands before `=`: `dx`, `∂C/∂W²`. */
  readonly name: string;
  readonly probes: readonly Shown[];
  /** The probe that the report speaks of. */
  readonly telling: Shown;
  readonly surroundings: Surroundings | null;
  readonly meanings?: Meanings;
  /** Asked where no plain sentence is found. */
  readonly otherwise?: () => Named | null;
  /** True if a term that is left out is a path of its own. */
  readonly isPath?: (term: string) => boolean;
  /** Says what would narrow it down; `null` where nothing is known that would. */
  readonly narrower: Words | null;
}

/** Holds what is said. */
export interface Explanation {
  readonly id: string;
  readonly kind: Kind;
  readonly confidence: number;
  /** `null` where nothing plain was found. */
  readonly says: Words | null;
  readonly yours: string;
  readonly correct: string;
  readonly features: readonly Words[];
}

/** A relation as plain as that is told before anything else is looked for. */
const CLEAR = 1.75;

/** Returns what holds on every probe, in the words of the one that is shown. */
function shared(probes: readonly Shown[], telling: Shown, meanings: Meanings): Feature[] {
  const plain = ({ words: { en } }: Feature): string => en.replace(/\d+ of/u, "some of");
  const everywhere = probes.map((one) => new Set(featuresOf(one, meanings).map(plain)));
  return featuresOf(telling, meanings).filter((one) => everywhere.every((seen) => seen.has(plain(one))));
}

/** The words for a gradient that nothing names. */
export function explain({
  name,
  probes,
  telling,
  surroundings,
  meanings = {},
  otherwise,
  isPath,
  narrower,
}: Unnamed): Explanation {
  const shown = shared(probes, telling, meanings);
  const words = (without: Feature | null = null): Words[] =>
    shown.filter((one) => one !== without).map((one) => one.words);
  const plain = { id: "unknown", kind: "unknown" as Kind, confidence: 0, yours: "", correct: "" };
  if (!sameShape(telling.yours.shape, telling.correct.shape)) return { ...plain, says: null, features: words() };
  const ratio = shown.find(({ kind }) => kind === "ratio") ?? null;
  if (ratio !== null) return { ...plain, says: ratio.words, features: words(ratio) };
  const turned = shown.find(({ kind }) => kind === "transposed");
  if (turned !== undefined) return { ...plain, says: turned.words, features: [] };
  // What is wrong in one or two of many entries follows no formula.
  const slip = shown.some(({ kind }) => kind === "slip");
  const found = surroundings === null || slip ? null : relationsOf(probes, surroundings);
  const formula = (text: string): string => (text === "" ? "" : `${name} = ${text}`);
  const told = { ...plain, yours: formula(found?.yours ?? ""), correct: formula(found?.correct ?? "") };
  const says = found?.says ?? null;
  const places = found?.places ?? [];
  if (says?.missing !== undefined && isPath?.(says.missing) === true) {
    const path = relations.pathMissing({ path: says.missing });
    return { ...told, id: "B19", kind: "missing", confidence: 1, says: path, features: [] };
  }
  if (says === null || says.cost > CLEAR) {
    const named = otherwise?.() ?? null;
    if (named !== null) return { ...told, ...named, confidence: 1, features: [] };
  }
  return {
    ...told,
    says: says?.words ?? null,
    features: [...places, ...(says === null ? [...words(), ...(narrower === null ? [] : [narrower])] : [])],
  };
}
