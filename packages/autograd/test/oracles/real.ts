// Elementary functions of big numbers: series in fixed point, at the precision that is set.

import { add, big, compare, div, mul, neg, precision, scale, sqrt, sub, toFixed, top } from "./bigfloat.ts";
import type { Big } from "./bigfloat.ts";

export const one = big(1n);
export const two = big(2n);

/** Fractional bits of the series: each of them sums to a value of order one or more. */
const fraction = (): number => precision() + 16;

/** Computes a constant once for each precision. */
const perPrecision = (compute: () => Big): (() => Big) => {
  const known = new Map<number, Big>();
  return () => {
    let value = known.get(precision());
    if (value === undefined) known.set(precision(), (value = compute()));
    return value;
  };
};

/** Σ terms of a fixed-point series: `next(t, n)` is term n from term n − 1, and the first term is 1. */
const series = (next: (term: bigint, n: bigint, bits: bigint) => bigint): Big => {
  const bits = BigInt(fraction());
  let sum = 1n << bits;
  let term = sum;
  // An arithmetic right shift of a negative number never reaches zero, so −1 ends the sum as well.
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = next(term, n, bits);
    sum += term;
  }
  return big(sum, -fraction());
};

// artanh(s) = s · Σ s²ⁿ / (2n + 1), for |s| ≤ 1/3
const artanh = (s: Big): Big => {
  const bits = BigInt(fraction());
  const s2 = toFixed(mul(s, s), fraction());
  let sum = 1n << bits;
  let power = sum;
  for (let n = 1n; power > 0n; n++) {
    power = (power * s2) >> bits;
    sum += power / (2n * n + 1n);
  }
  return mul(s, big(sum, -fraction()));
};

// ln 2 = 2 artanh(1/3)
const ln2 = perPrecision(() => scale(artanh(div(one, big(3n))), 1));

/**
 * Fractional bits of π: the 1024 of the largest double's integer part, the 62 of the worst cancellation, and the
 * result's own.
 */
const piBits = (): number => precision() + 1280;

// π = 16 arctan(1/5) − 4 arctan(1/239)
const fixedPi = perPrecision(() => {
  const bits = BigInt(piBits());
  const guard = 32n;
  const arctanOfInverse = (k: bigint): bigint => {
    let power = (1n << (bits + guard)) / k;
    let sum = 0n;
    for (let n = 0n; power > 0n; n++) {
      const term = power / (2n * n + 1n);
      sum += n % 2n === 0n ? term : -term;
      power /= k * k;
    }
    return sum;
  };
  return { m: (16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n)) >> guard, e: -piBits() };
});

export const pi = (): Big => big(fixedPi().m, fixedPi().e);

/** eˣ − 1 without cancellation at small x. */
export const expm1 = (x: Big): Big => {
  if (top(x) > -1) return sub(exp(x), one);
  // (eˣ − 1)/x = Σ xⁿ/(n + 1)!
  const t = toFixed(x, fraction());
  return mul(
    x,
    series((term, n, bits) => ((term * t) >> bits) / (n + 1n)),
  );
};

/** eˣ = 2ᵏ · (e^(r/256))²⁵⁶ with r = x − k ln 2 */
export const exp = (x: Big): Big => {
  const k = toFixed(div(x, ln2()), 0);
  const r = scale(sub(x, mul(big(k), ln2())), -8);
  const t = toFixed(r, fraction());
  let power = series((term, n, bits) => ((term * t) >> bits) / n);
  for (let i = 0; i < 8; i++) power = mul(power, power);
  return scale(power, Number(k));
};

/** ln(m · 2ᵏ) = 2 artanh((m − 1)/(m + 1)) + k ln 2, with 3/4 ≤ m < 3/2 so that nothing cancels */
export const log = (x: Big): Big => {
  let k = top(x);
  if (compare(scale(x, -k), big(3n, -2)) < 0) k -= 1;
  const m = scale(x, -k);
  const small = scale(artanh(div(sub(m, one), add(m, one))), 1);
  return add(small, mul(big(BigInt(k)), ln2()));
};

/** ln(1 + x) = 2 artanh(x / (2 + x)) for small x */
export const log1p = (x: Big): Big => (top(x) > -1 ? log(add(one, x)) : scale(artanh(div(x, add(two, x))), 1));

export const softplus = (x: Big): Big => log1p(exp(x));

/** [sin x, cos x] of a number below 2¹⁰²⁴: x = q·π/2 + r exactly enough for every double. */
export const sinCos = (x: Big): [Big, Big] => {
  const half = fixedPi().m;
  const fixed = toFixed(x, piBits());
  // Two more fractional bits make a half of π without a rounding.
  const quadrant = (4n * fixed + half) / (2n * half) - (4n * fixed + half < 0n ? 1n : 0n);
  const r = big(2n * fixed - quadrant * half, -piBits() - 1);
  const r2 = toFixed(mul(r, r), fraction());
  const sine = mul(
    r,
    series((term, n, bits) => -((term * r2) >> bits) / (2n * n * (2n * n + 1n))),
  );
  const cosine = series((term, n, bits) => -((term * r2) >> bits) / (2n * n * (2n * n - 1n)));
  switch (((quadrant % 4n) + 4n) % 4n) {
    case 0n:
      return [sine, cosine];
    case 1n:
      return [cosine, neg(sine)];
    case 2n:
      return [neg(sine), neg(cosine)];
    default:
      return [neg(cosine), sine];
  }
};

/** erf x = 2/√π · e^(−x²) · x · Σ (2x²)ⁿ / (3·5···(2n + 1)), every term positive */
export const erf = (x: Big): Big => {
  const x2 = mul(x, x);
  const t = toFixed(scale(x2, 1), fraction());
  const sum = series((term, n, bits) => ((term * t) >> bits) / (2n * n + 1n));
  return mul(mul(div(two, sqrt(pi())), exp(neg(x2))), mul(x, sum));
};

export const gaussian = (x: Big): Big => exp(neg(mul(x, x)));

export const tanh = (x: Big): Big => {
  const grown = expm1(scale(x, 1));
  return div(grown, add(grown, two));
};
