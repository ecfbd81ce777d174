/** What counts as equal: never a bare number, but what rounding explains for these values, this precision, these digits. */

import type { Residual } from "./report.ts";
import type { Tracked } from "./tracked.ts";

/** How precise the handed numbers are. */
export interface Precision {
  /** The machine precision that they were computed with. */
  readonly epsilon: number;
  /** Significant digits of each tensor's largest entry; `null` where they were not copied by hand. */
  readonly digits: number | null;
  /** Whether the precision was read off the numbers. */
  readonly inferred: boolean;
}

const FLOAT32 = 2 ** -23;
/** Nobody copies more by hand. */
const MOST_DIGITS = 12;

/** The precision of a set of tensors: as said, or float32 or few decimals where every number shows it. */
export function precisionOf(tensors: readonly Float64Array[], digits: number | undefined): Precision {
  // Numbers such as 0.5 are float32 without anybody having rounded: only those that use their bits speak.
  let [telling, single] = [0, true];
  for (const tensor of tensors) {
    for (const x of tensor) {
      if (!Number.isFinite(x) || Number.isInteger(x * 4096)) continue;
      telling += 1;
      single &&= Math.fround(x) === x;
    }
  }
  single &&= telling >= 4;
  const epsilon = single ? FLOAT32 : Number.EPSILON;
  if (digits !== undefined) return { epsilon, digits, inferred: false };
  if (single || telling < 4) return { epsilon, digits: null, inferred: single };
  // The median: a largest entry that was rounded up to 1.000 has one digit more than the others, and zeros have none.
  const counts = tensors.map(significantDigits).filter((count) => count > 0).sort((x, y) => x - y);
  const usual = counts[Math.floor(counts.length / 2)]!;
  // Two digits in a few numbers may be chance, in many they are not.
  const rounded = usual >= (telling >= 12 ? 2 : 3) && usual <= MOST_DIGITS && counts[counts.length - 1]! <= MOST_DIGITS;
  return rounded ? { epsilon, digits: usual, inferred: true } : { epsilon, digits: null, inferred: false };
}

/** The digits between the first of the largest entry and the last of any entry; counted no further than it takes to see that nobody rounded. */
function significantDigits(tensor: Float64Array): number {
  let [largest, finest, digits] = [0, Infinity, 0];
  for (const x of tensor) {
    if (x === 0 || !Number.isFinite(x)) continue;
    const [mantissa, exponent] = x.toExponential().split("e") as [string, string];
    const decimals = mantissa.replace("-", "").replace(".", "").length - 1;
    finest = Math.min(finest, Number(exponent) - decimals);
    largest = Math.max(largest, Math.abs(x));
    digits = Math.floor(Math.log10(largest)) - finest + 1;
    if (digits > MOST_DIGITS) break;
  }
  return digits;
}

/** What each entry of a handed tensor may be off: a unit of its last digit, or of its last bit. */
export function withUnits(value: Float64Array, { epsilon, digits }: Precision): Float64Array {
  if (digits === null) return value.map((x) => epsilon * Math.abs(x));
  let largest = 0;
  for (const x of value) largest = Math.max(largest, Math.abs(x));
  // Half a unit is what rounding leaves; on paper, and in well-known posts, digits are as often cut off, which leaves a whole one.
  const unit = largest === 0 ? 0 : 10 ** (Math.floor(Math.log10(largest)) - digits + 1);
  return value.map((x) => unit + epsilon * Math.abs(x));
}

/** The largest |a - b| over what rounding explains, counted no further than `enough`; infinite for different shapes. */
export function overTolerance(a: Tracked, b: Tracked, enough = Infinity): number {
  if (a.rows !== b.rows || a.cols !== b.cols) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.value.length; i++) {
    const gap = Math.abs(a.value[i]! - b.value[i]!);
    if (gap === 0) continue;
    const ratio = gap / ((a.error?.[i] ?? 0) + (b.error?.[i] ?? 0) + 1e-300);
    // NaN must not hide behind a comparison that it never wins.
    if (!(ratio <= worst)) worst = Number.isNaN(ratio) ? Infinity : ratio;
    if (worst > enough) break;
  }
  return worst;
}

/** How far `yours` is from `correct`; the numbers shown are multiplied by `factor`, which undoes a convention. */
export function residual(yours: Tracked, correct: Tracked, factor = 1): Residual | null {
  if (yours.rows !== correct.rows || yours.cols !== correct.cols || yours.value.length === 0) return null;
  let [maxAbs, scale, worst, at] = [0, 0, -1, 0];
  for (let i = 0; i < yours.value.length; i++) {
    const gap = Math.abs(yours.value[i]! - correct.value[i]!);
    const ratio = gap === 0 ? 0 : gap / ((yours.error?.[i] ?? 0) + (correct.error?.[i] ?? 0) + 1e-300);
    if (!(ratio <= worst)) [worst, at] = [ratio, i];
    maxAbs = Math.max(maxAbs, gap);
    scale = Math.max(scale, Math.abs(correct.value[i]!));
  }
  return {
    maxAbs: maxAbs * Math.abs(factor),
    maxRel: maxAbs === 0 ? 0 : maxAbs / scale,
    ulps: maxAbs === 0 ? 0 : Math.round(maxAbs / (scale * Number.EPSILON)),
    overTolerance: worst,
    at: [Math.floor(at / yours.cols), at % yours.cols],
    yours: yours.value[at]! * factor,
    correct: correct.value[at]! * factor,
  };
}
