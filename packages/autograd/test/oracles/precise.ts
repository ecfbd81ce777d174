// Reference values of the elementary functions: series on 320-bit numbers, rounded once to the nearest float64.

import { add, big, compare, div, fromNumber, mul, neg, scale, sqrt, sub, toFixed, toNumber, top, PRECISION } from "./bigfloat.ts";
import type { Big } from "./bigfloat.ts";

export { ulpDistance, ulpDistance32 } from "./ulp.ts";
/** Fractional bits of the series: each of them sums to a value of order one or more. */
const FRACTION = PRECISION + 16;
const ONE = 1n << BigInt(FRACTION);
const one = big(1n);
const two = big(2n);

/** Σ terms of a fixed-point series: `next(t, n)` is term n from term n − 1, and the first term is 1. */
const series = (next: (term: bigint, n: bigint) => bigint): Big => {
  let sum = ONE;
  let term = ONE;
  // An arithmetic right shift of a negative number never reaches zero, so −1 ends the sum as well.
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = next(term, n);
    sum += term;
  }
  return big(sum, -FRACTION);
};

const times = (a: bigint, b: bigint): bigint => (a * b) >> BigInt(FRACTION);

// artanh(s) = s · Σ s²ⁿ / (2n + 1), for |s| ≤ 1/3
const artanh = (s: Big): Big => {
  const s2 = toFixed(mul(s, s), FRACTION);
  let sum = ONE;
  let power = ONE;
  for (let n = 1n; power > 0n; n++) {
    power = times(power, s2);
    sum += power / (2n * n + 1n);
  }
  return mul(s, big(sum, -FRACTION));
};

// ln 2 = 2 artanh(1/3)
const ln2 = scale(artanh(div(one, big(3n))), 1);

/** Fractional bits of π: the 1024 of the largest double's integer part, the 62 of the worst cancellation, and the result's own. */
const PI_BITS = 1600;

// π = 16 arctan(1/5) − 4 arctan(1/239)
const fixedPi = ((): bigint => {
  const guard = 32n;
  const arctanOfInverse = (k: bigint): bigint => {
    let power = (1n << (BigInt(PI_BITS) + guard)) / k;
    let sum = 0n;
    for (let n = 0n; power > 0n; n++) {
      const term = power / (2n * n + 1n);
      sum += n % 2n === 0n ? term : -term;
      power /= k * k;
    }
    return sum;
  };
  return (16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n)) >> guard;
})();
const pi = big(fixedPi, -PI_BITS);

const roundToInteger = (a: Big): bigint => toFixed(a, 0);

/** eˣ − 1 without cancellation at small x. */
const expm1Big = (x: Big): Big => {
  if (top(x) > -1) return sub(expBig(x), one);
  // (eˣ − 1)/x = Σ xⁿ/(n + 1)!
  const t = toFixed(x, FRACTION);
  return mul(x, series((term, n) => times(term, t) / (n + 1n)));
};

/** eˣ = 2ᵏ · (e^(r/256))²⁵⁶ with r = x − k ln 2 */
const expBig = (x: Big): Big => {
  const k = roundToInteger(div(x, ln2));
  const r = scale(sub(x, mul(big(k), ln2)), -8);
  const t = toFixed(r, FRACTION);
  let power = series((term, n) => times(term, t) / n);
  for (let i = 0; i < 8; i++) power = mul(power, power);
  return scale(power, Number(k));
};

/** ln(m · 2ᵏ) = 2 artanh((m − 1)/(m + 1)) + k ln 2, with 3/4 ≤ m < 3/2 so that nothing cancels */
const logBig = (x: Big): Big => {
  let k = top(x);
  if (compare(scale(x, -k), big(3n, -2)) < 0) k -= 1;
  const m = scale(x, -k);
  const small = scale(artanh(div(sub(m, one), add(m, one))), 1);
  return add(small, mul(big(BigInt(k)), ln2));
};

/** ln(1 + x) = 2 artanh(x / (2 + x)) for small x */
const log1pBig = (x: Big): Big => (top(x) > -1 ? logBig(add(one, x)) : scale(artanh(div(x, add(two, x))), 1));

const softplusBig = (x: Big): Big => log1pBig(expBig(x));

/** [sin x, cos x] of a finite double: x = q·π/2 + r exactly enough for every exponent. */
const sinCos = (x: number): [Big, Big] => {
  const fixed = toFixed(fromNumber(x), PI_BITS);
  // Two more fractional bits make a half of π without a rounding.
  const quadrant = (4n * fixed + fixedPi) / (2n * fixedPi) - (4n * fixed + fixedPi < 0n ? 1n : 0n);
  const r = big(2n * fixed - quadrant * fixedPi, -PI_BITS - 1);
  const r2 = toFixed(mul(r, r), FRACTION);
  const sine = mul(r, series((term, n) => -times(term, r2) / (2n * n * (2n * n + 1n))));
  const cosine = series((term, n) => -times(term, r2) / (2n * n * (2n * n - 1n)));
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
const erfBig = (x: Big): Big => {
  const x2 = mul(x, x);
  const t = toFixed(scale(x2, 1), FRACTION);
  const sum = series((term, n) => times(term, t) / (2n * n + 1n));
  return mul(mul(div(two, sqrt(pi)), expBig(neg(x2))), mul(x, sum));
};

const gaussianBig = (x: Big): Big => expBig(neg(mul(x, x)));

const tanhBig = (x: Big): Big => {
  const grown = expm1Big(scale(x, 1));
  return div(grown, add(grown, two));
};

/** NaN stays NaN, ±0 gives `atZero` (with its sign where that is zero), and ±∞ gives the two limits. */
const elementary =
  (atMinusInfinity: number, atZero: number, atInfinity: number, of: (x: number) => number) =>
  (x: number): number => {
    if (Number.isNaN(x)) return NaN;
    if (x === 0) return atZero === 0 ? x : atZero;
    if (!Number.isFinite(x)) return x < 0 ? atMinusInfinity : atInfinity;
    return of(x);
  };

const rounded =
  (f: (x: Big) => Big) =>
  (x: number): number =>
    toNumber(f(fromNumber(x)));

const exp = elementary(0, 1, Infinity, (x) => (x > 710 ? Infinity : x < -746 ? 0 : rounded(expBig)(x)));
const expm1 = elementary(-1, 0, Infinity, (x) => (x > 710 ? Infinity : x < -746 ? -1 : rounded(expm1Big)(x)));
const log = elementary(NaN, -Infinity, Infinity, (x) => (x < 0 ? NaN : rounded(logBig)(x)));
const log1p = elementary(NaN, 0, Infinity, (x) => (x < -1 ? NaN : x === -1 ? -Infinity : rounded(log1pBig)(x)));
const root = elementary(NaN, 0, Infinity, (x) => (x < 0 ? NaN : rounded(sqrt)(x)));
const sin = elementary(NaN, 0, NaN, (x) => toNumber(sinCos(x)[0]));
const cos = elementary(NaN, 1, NaN, (x) => toNumber(sinCos(x)[1]));
const tan = elementary(NaN, 0, NaN, (x) => toNumber(div(...sinCos(x))));
const tanh = elementary(-1, 0, 1, (x) => (Math.abs(x) > 40 ? Math.sign(x) : rounded(tanhBig)(x)));
const erf = elementary(-1, 0, 1, (x) => (Math.abs(x) > 7 ? Math.sign(x) : rounded(erfBig)(x)));
const gaussian = elementary(0, 1, 0, (x) => (Math.abs(x) > 28 ? 0 : rounded(gaussianBig)(x)));
const sigmoid = elementary(0, 0.5, 1, (x) =>
  x > 746 ? 1 : x < -746 ? 0 : toNumber(div(one, add(one, expBig(fromNumber(-x))))),
);
const softplus = elementary(0, Math.LN2, Infinity, (x) => (x > 746 ? x : x < -746 ? 0 : rounded(softplusBig)(x)));
const logSigmoid = (x: number): number => -softplus(-x);

/** x^y = e^(y ln x) for finite x > 0 and finite y. */
const pow = (x: number, y: number): number => {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (!(x > 0 && x < Infinity && Number.isFinite(y))) throw new RangeError("precise.pow: needs a finite x > 0 and a finite y");
  const exponent = mul(fromNumber(y), logBig(fromNumber(x)));
  if (top(exponent) > 10) return exponent.m > 0n ? Infinity : 0;
  return toNumber(expBig(exponent));
};

export const precise = { exp, log, sqrt: root, sin, cos, tan, tanh, sigmoid, softplus, logSigmoid, erf, gaussian, pow, log1p, expm1 };
