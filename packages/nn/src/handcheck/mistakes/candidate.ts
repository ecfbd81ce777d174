/** A wrong formula that a person may have used: what it gives, how it reads, and its place in the catalogue. */

import type { Diagnosis, Words } from "../report.ts";
import type { Setting } from "../setting.ts";
import type { Tracked } from "../tracked.ts";
import { factorText } from "../text.ts";
import { catalogue } from "./words.ts";

/** One hypothesis about one equation. */
export interface Candidate {
  /** The id of the catalogue; two joined by + where two mistakes meet. */
  readonly id: string;
  /** What tells it from the other variants of its id, also in another setting. */
  readonly key: string;
  /** How many things differ from the correct formula. */
  readonly edits: number;
  readonly yours: string;
  readonly edit: Diagnosis["edit"];
  readonly says: Words;
  /** What the formula gives; computed when asked for. */
  readonly value: () => Tracked;
}

/** A part of a formula that can be wrong; the correct one has no id. */
export interface Part {
  readonly id: string | null;
  readonly key: string;
  readonly text: string;
  readonly edit: Diagnosis["edit"];
  readonly value: Tracked;
}

/** A factor before a formula. */
export interface Factor {
  readonly id: string | null;
  readonly key: string;
  readonly c: number;
}

/** The number of outputs as a factor, where it is no other factor as well. */
export function byOutputs({ outputs, samples }: Pick<Setting, "outputs" | "samples">, id: string): Factor[] {
  if (outputs === 1 || outputs === 2 || outputs === samples) return [];
  return [{ id, key: "K", c: outputs }, { id, key: "1/K", c: 1 / outputs }];
}

/** What the parts say together. */
export function saysOf(ids: readonly string[]): Words {
  const words = ids.map((id) => catalogue[id]!);
  return { en: words.map(({ en }) => en).join("; and "), zh: words.map(({ zh }) => zh).join(";而且") };
}

/** A candidate from the ids of its wrong parts. */
export function candidate(ids: readonly string[], key: string, yours: string, edit: Diagnosis["edit"], value: () => Tracked): Candidate {
  let memo: Tracked | undefined;
  return { id: ids.join("+"), key, edits: ids.length, yours, edit, says: saysOf(ids), value: () => (memo ??= value()) };
}

/** Variants of one formula by a factor: each of `factors` before `base`. */
export function scaled(setting: Setting, factors: readonly Factor[], ids: readonly string[], key: string, name: string, formula: string, edit: Diagnosis["edit"], base: () => Tracked): Candidate[] {
  return factors
    .filter(({ id }) => id !== null || ids.length > 0)
    .map(({ id, key: factor, c }) => {
      const text = c === 1 ? formula : `${factorText(c)}${formula.includes(" − ") && !formula.startsWith("(") ? `(${formula})` : formula}`;
      const own: Diagnosis["edit"] = id !== null && ids.length === 0 ? { kind: "delete", term: factorText(c).replace("·", "") } : edit;
      return candidate(id === null ? ids : [...ids, id], `${key}|${factor}`, `${name} = ${text}`, own, () => setting.by.scale(base(), c));
    });
}
