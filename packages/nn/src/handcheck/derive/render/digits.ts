/** Numbers as a teacher writes them: short ones as they are, long ones to eight places. */

/** The digits of a number, and the power of ten behind them where it is far from 1. */
export interface Digits {
  readonly digits: string;
  readonly exponent: number | null;
}

const PLACES = 8;

/** A number for print. */
export function digitsOf(value: number): Digits {
  const plain = (digits: string): Digits => ({ digits: digits.replace("-", "−"), exponent: null });
  if (!Number.isFinite(value)) return plain(Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞");
  const size = Math.abs(value);
  const shortest = String(value);
  if (!shortest.includes("e") && (shortest.split(".")[1] ?? "").length <= PLACES && size < 1e9) return plain(shortest);
  if (size >= 1e6 || size < 1e-4) {
    const [digits, exponent] = value.toExponential(PLACES - 1).split("e");
    return { digits: digits!.replace("-", "−"), exponent: Number(exponent) };
  }
  // Leading zeros are no digits: 0.00043856773 keeps eight.
  const leading = size >= 1e-3 ? 0 : -Math.floor(Math.log10(size)) - 1;
  return plain(value.toFixed(PLACES + leading));
}
