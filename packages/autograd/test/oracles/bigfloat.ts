// Binary floating-point numbers on BigInt, with mantissas of 320 bits where nothing else is asked for: slow, but 267
// bits better than a float64.

/** The number `m · 2^e`; a zero has `m = 0n`. */
export interface Big {
  readonly m: bigint;
  readonly e: number;
}

let kept = 320;

/** Mantissa bits kept by every operation. */
export const precision = (): number => kept;

/** Runs a function with mantissas of so many bits. */
export const withPrecision = <T>(bits: number, f: () => T): T => {
  const before = kept;
  kept = bits;
  try {
    return f();
  } finally {
    kept = before;
  }
};

/**
 * Bits trusted when a result is rounded to float64. Rounding to these first makes a result that is exactly
 * halfway between two doubles (3^34, say) a recognizable tie in spite of the last few bits of working error.
 */
const TRUSTED = 260;

export const bitLength = (n: bigint): number => {
  const hex = (n < 0n ? -n : n).toString(16);
  return n === 0n ? 0 : 4 * (hex.length - 1) + (32 - Math.clz32(parseInt(hex[0]!, 16)));
};

/** n / 2^bits rounded to the nearest integer, halves away from zero. */
const shiftRound = (n: bigint, bits: number): bigint => {
  if (bits <= 0) return n << BigInt(-bits);
  if (bits > bitLength(n) + 1) return 0n;
  const half = 1n << BigInt(bits - 1);
  return n < 0n ? -((-n + half) >> BigInt(bits)) : (n + half) >> BigInt(bits);
};

export const big = (m: bigint, e = 0, bits = kept): Big => {
  if (m === 0n) return { m: 0n, e: 0 };
  const excess = bitLength(m) - bits;
  return excess > 0 ? { m: shiftRound(m, excess), e: e + excess } : { m, e };
};

const word = new DataView(new ArrayBuffer(8));

/** A finite float64, exactly. */
export const fromNumber = (x: number): Big => {
  word.setFloat64(0, x);
  const bits = word.getBigUint64(0);
  const field = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const m = field === 0 ? fraction : fraction | 0x10000000000000n;
  return m === 0n ? { m, e: 0 } : { m: x < 0 ? -m : m, e: Math.max(field, 1) - 1075 };
};

/** The nearest float64, ties to even, with gradual underflow and overflow to infinity. */
export const toNumber = (a: Big): number => {
  if (a.m === 0n) return 0;
  // Far outside the range, where aligning the mantissa could need gigabytes.
  if (top(a) > 1030 || top(a) < -1080) return (a.m < 0n ? -1 : 1) * (top(a) > 0 ? Infinity : 0);
  const { m, e } = big(a.m, a.e, TRUSTED);
  const size = m < 0n ? -m : m;
  const unit = Math.max(bitLength(size) + e - 53, -1074);
  const drop = unit - e;
  let n = size << BigInt(Math.max(-drop, 0));
  if (drop > 0) {
    const kept = size >> BigInt(drop);
    const rest = size - (kept << BigInt(drop));
    const half = 1n << BigInt(drop - 1);
    const up = rest > half || (rest === half && (kept & 1n) === 1n);
    n = up ? kept + 1n : kept;
  }
  const magnitude = unit > 971 ? Infinity : Number(n) * 2 ** unit;
  return m < 0n ? -magnitude : magnitude;
};

export const neg = (a: Big): Big => ({ m: -a.m, e: a.e });

/** a · 2^k */
export const scale = (a: Big, k: number): Big => (a.m === 0n ? a : { m: a.m, e: a.e + k });

/** Where the leading bit stands: 2^(top−1) ≤ |a| < 2^top. */
export const top = (a: Big): number => bitLength(a.m) + a.e;

export const add = (a: Big, b: Big): Big => {
  if (a.m === 0n) return b;
  if (b.m === 0n) return a;
  // A far smaller summand cannot reach the kept bits, and aligning it could need gigabytes.
  if (top(a) - top(b) > 2 * kept) return a;
  if (top(b) - top(a) > 2 * kept) return b;
  const e = Math.min(a.e, b.e);
  return big((a.m << BigInt(a.e - e)) + (b.m << BigInt(b.e - e)), e);
};

export const sub = (a: Big, b: Big): Big => add(a, neg(b));

export const mul = (a: Big, b: Big): Big => big(a.m * b.m, a.e + b.e);

export const div = (a: Big, b: Big): Big => {
  const shift = Math.max(0, kept + 2 + bitLength(b.m) - bitLength(a.m));
  return big((a.m << BigInt(shift)) / b.m, a.e - shift - b.e);
};

/** ⌊√n⌋ by Newton's iteration from above. */
const integerSqrt = (n: bigint): bigint => {
  let root = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
};

export const sqrt = (a: Big): Big => {
  if (a.m === 0n) return a;
  let shift = Math.max(0, 2 * kept + 2 - bitLength(a.m));
  if ((a.e - shift) % 2 !== 0) shift += 1;
  return big(integerSqrt(a.m << BigInt(shift)), (a.e - shift) / 2);
};

/** a · 2^bits rounded to an integer: the fixed-point form that the series run in. */
export const toFixed = (a: Big, bits: number): bigint => shiftRound(a.m, -(a.e + bits));

/** Sign of a − b. */
export const compare = (a: Big, b: Big): number => {
  const { m } = sub(a, b);
  return m > 0n ? 1 : m < 0n ? -1 : 0;
};
