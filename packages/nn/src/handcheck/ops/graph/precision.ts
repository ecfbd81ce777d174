/** How precise the gradients of a graph are: as said, or read off all of them together. */

/** How precise the handed numbers are. */
export interface Precision {
  /** The machine precision that they were computed with. */
  readonly epsilon: number;
  /** Significant digits of each tensor's largest entry; `null` where they were not copied by hand. */
  readonly digits: number | null;
  /** True if the precision was read off the numbers. */
  readonly inferred: boolean;
}

const FLOAT32 = 2 ** -23;
/** Nobody copies more by hand. */
const MOST_DIGITS = 12;

/** So many numbers agree by no chance. */
const MANY = 12;

/** The precision of a set of tensors: as said, or float32 or few decimals where every number shows it. */
export function precisionOf(tensors: readonly Float64Array[], digits: number | undefined): Precision {
  const { telling, float32 } = bitsOf(tensors);
  const single = float32 && telling >= 4;
  const epsilon = single ? FLOAT32 : Number.EPSILON;
  if (digits !== undefined) return { epsilon, digits, inferred: false };
  if (single || telling < 4) return { epsilon, digits: null, inferred: single };
  // The median: a largest entry that was rounded up to 1.000 has one digit more than the others, and zeros have none.
  const counts = tensors
    .map(significantDigits)
    .filter((count) => count > 0)
    .sort((x, y) => x - y);
  const usual = counts[Math.floor(counts.length / 2)]!;
  // Two digits in a few numbers may be chance, in many they are not.
  const rounded =
    usual >= (telling >= MANY ? 2 : 3) && usual <= MOST_DIGITS && counts[counts.length - 1]! <= MOST_DIGITS;
  return rounded ? { epsilon, digits: usual, inferred: true } : { epsilon, digits: null, inferred: false };
}

/** How many numbers use their bits, and whether float32 holds all of them; counted no further than it takes. */
function bitsOf(tensors: readonly Float64Array[]): { readonly telling: number; readonly float32: boolean } {
  let telling = 0;
  let float32 = true;
  for (const tensor of tensors) {
    for (let i = 0; i < tensor.length; i++) {
      const x = tensor[i]!;
      // Numbers such as 0.5 are float32 without anybody having rounded: they say nothing.
      if (!Number.isFinite(x) || Number.isInteger(x * 4096)) continue;
      telling += 1;
      float32 &&= Math.fround(x) === x;
      if (!float32 && telling >= MANY) return { telling, float32 };
    }
  }
  return { telling, float32 };
}

/**
 * The digits between the first of the largest entry and the last of any entry; counted no further than it takes to see
 * that nobody rounded.
 */
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

/**
 * Returns what the digits of a handed tensor leave open in each entry: half a unit of the last, 0 where nobody copied
 * digits.
 */
function lastDigit(value: Float64Array, { digits, inferred }: Precision): number {
  if (digits === null) return 0;
  let largest = 0;
  for (const x of value) largest = Math.max(largest, Math.abs(x));
  // Half a unit is what rounding leaves. Where nobody told the digits they may have been cut off, as in well-known
  // posts: a whole one.
  return largest === 0 ? 0 : (inferred ? 1 : 0.5) * 10 ** (Math.floor(Math.log10(largest)) - digits + 1);
}

/** Returns what each entry of a handed tensor may be off: half a unit of its last digit, or a unit of its last bit. */
export function withUnits(value: Float64Array, precision: Precision): Float64Array {
  const unit = lastDigit(value, precision);
  return value.map((x) => unit + precision.epsilon * Math.abs(x));
}
