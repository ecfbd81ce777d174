/** What was solved, kept on the machine: how often somebody missed or had a hint, by level. */

const STORE = "chainrule find";

/** Misses and hints of each level that is solved, by its key, or by its seed. */
export type Score = Readonly<Record<string, number>>;

const isScore = (value: unknown): value is Score =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((misses) => Number.isSafeInteger(misses));

export function readScore(): Score {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    return isScore(kept) ? kept : {};
  } catch {
    // What cannot be read is none.
    return {};
  }
}

/** The score with one more solved; the best try counts. */
export const withSolved = (score: Score, key: string, misses: number): Score => ({
  ...score,
  [key]: Math.min(misses, score[key] ?? Infinity),
});

export function keepScore(score: Score): void {
  try {
    localStorage.setItem(STORE, JSON.stringify(score));
  } catch {
    // Then it lasts as long as the page.
  }
}
