/** The spectrum of the fit that follows: where its peaks are, and how the address holds those that were moved. */

/** Center, height, width and share of Lorentz's curve of each peak, one after another. */
export const first: readonly number[] = Array.from({ length: 12 }, (_, k) => [
  4 + 8.2 * k,
  1 + ((k * 5) % 7) / 3,
  1 + (k % 3) * 0.4,
  0.2 + (k % 4) * 0.2,
]).flat();

export const PEAKS = first.length / 4;
export const POINTS = 1024;
/** Where it is measured: from 0 to 100. */
export const SPAN = 100;
export const TALLEST = 4;

export const centerOf = (peaks: readonly number[], k: number): number => peaks[4 * k]!;
export const heightOf = (peaks: readonly number[], k: number): number => peaks[4 * k + 1]!;

const within = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));
const rounded = (x: number): number => Math.round(x * 100) / 100;

export function moved(peaks: readonly number[], k: number, center: number, height: number): number[] {
  const next = [...peaks];
  next[4 * k] = rounded(within(center, 0, SPAN));
  next[4 * k + 1] = rounded(within(height, 0.1, TALLEST));
  return next;
}

/** `5:47.5:1.2` for each that is not where it was at first. */
export function wordOf(peaks: readonly number[]): string | undefined {
  const words = Array.from({ length: PEAKS }, (_, k) => k)
    .filter((k) => centerOf(peaks, k) !== centerOf(first, k) || heightOf(peaks, k) !== heightOf(first, k))
    .map((k) => `${k}:${centerOf(peaks, k)}:${heightOf(peaks, k)}`);
  return words.length === 0 ? undefined : words.join(",");
}

export function peaksOf(word: string | undefined): readonly number[] {
  return (word ?? "").split(",").reduce<readonly number[]>((peaks, one) => {
    const [k = NaN, center = NaN, height = NaN] = one.split(":").map(Number);
    return Number.isInteger(k) && k >= 0 && k < PEAKS && Number.isFinite(center + height)
      ? moved(peaks, k, center, height)
      : peaks;
  }, first);
}

/** A start that is near enough: what somebody reads off a plot. */
export const roughly = (peaks: readonly number[]): readonly number[] =>
  peaks.map((value, j) => value * [1, 0.8, 1.25, 0.9][j % 4]!);
