/** The word that was probably meant by one that is not known. */

/** How many letters must change, be added, be left out or change places to make one word of the other. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)]);
  rows[0] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i]![j] = Math.min(change, rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows[a.length]![b.length]!;
}

/** The word that was probably meant; `null` where none is near. */
export function nearest(word: string, words: readonly string[]): string | null {
  const given = word.toLowerCase();
  const begun = words.filter((one) => given.length >= 2 && one.toLowerCase().startsWith(given));
  if (begun.length === 1) return begun[0]!;
  const ranked = words.map((one) => [distance(given, one.toLowerCase()), one] as const).sort(([a], [b]) => a - b);
  const [first] = ranked;
  return first !== undefined && given.length > 1 && first[0] <= Math.max(1, Math.floor(given.length / 3))
    ? first[1]
    : null;
}

/** `; did you mean …?` where that can be guessed. */
export function guess(word: string, words: readonly string[], written: (word: string) => string = String): string {
  const meant = nearest(word, words);
  return meant === null ? "" : `; did you mean ${written(meant)}?`;
}
