/** The exponential, the logarithm and what is made of them, stated once over lanes for both float types. */

import type { Lanes } from "./lanes.ts";

// Every polynomial is the best one for its interval (Remez' exchange in 60 digits), refitted coefficient by coefficient
// as each was rounded to its type. The bounds are those of the rounded polynomials.

/** c₀ + c₁x + … + cₙxⁿ by Estrin's scheme, whose halves do not wait for each other. */
export function polynomial<V, M>(l: Lanes<V, M>, x: V, coefficients: readonly number[]): V {
  let level = coefficients.map((c) => l.constant(c));
  let power = x;
  for (;;) {
    level = level.flatMap((low, k) =>
      k % 2 === 1 ? [] : k + 1 < level.length ? [l.multiplyAdd(level[k + 1]!, power, low)] : [low],
    );
    if (level.length === 1) return level[0]!;
    power = l.share(l.mul(power, power));
  }
}

/** Constants that depend on the type alone. ln2High · n is exact for every exponent n that occurs. */
const f64 = {
  log2e: 1.4426950408889634,
  ln2High: 0.6931471803691238,
  ln2Low: 1.9082149292705877e-10,
  /** Beyond these the exponential is 0 or ∞; at the lower one the factors 2ⁿ of `exp` are 0. */
  lowest: -1418,
  highest: 710,
  /** A power of two that makes all of those below 1 normal. */
  lift: 128,
  /** Beyond this the exponential is 0 as well: here the factor 2ⁿ with the lift is. */
  lowestLifted: -798,
  smallestNormal: 2 ** -1022,
  /** The bits of a significand. */
  digits: 53,
  /** Beyond this e^(-x²) is 0; minus its square is as low as `lowestLifted`. */
  gaussianEnd: 28.245,
  erfEnd: 6,
  // (eʳ - 1 - r) / r² on |r| ≤ ½ ln 2: eʳ within 2^-63.6.
  exp: [
    0.5, 0.16666666666666688, 0.041666666666666824, 0.00833333333331389, 0.0013888888888777904, 0.0001984126990338429,
    2.4801587559262388e-5, 2.7557228658971184e-6, 2.75570678028679e-7, 2.5113943273574e-8, 2.0977664429187487e-9,
  ],
  // (artanh s · 2/s - 2) / s² in s² on |s| ≤ 1/5: the logarithm within 2^-62.6 of itself.
  log: [
    0.666666666666666, 0.4000000000005674, 0.2857142855580562, 0.22222224299496904, 0.1818166567699475,
    0.15391118822067912, 0.13173479021716608, 0.1384387803060932,
  ],
  // (tanh x / x - 1) / x² in x² on |x| ≤ 0.55: tanh within 2^-60.6 of x.
  tanh: [
    -0.333333333333333, 0.1333333333332656, -0.05396825396371542, 0.021869488384290526, -0.008863232571640442,
    0.0035920916898557623, -0.0014555404108147927, 0.0005884335177436827, -0.00023335133873850062, 8.32699275177451e-5,
    -1.946406560414694e-5,
  ],
  // erf x / x - 1 in x² on |x| ≤ 1: erf within 2^-55.8 of x.
  erf: [
    0.12837916709551256, -0.3761263890318334, 0.11283791670936538, -0.026866170641869115, 0.005223977595836589,
    -0.0008548325435532531, 0.00012055278853182913, -1.4924431208109795e-5, 1.6443692236494326e-6,
    -1.6180230566999264e-7, 1.3599359773354761e-8, -7.57345397014617e-10,
  ],
  // e^(x²) erfc x in 1 / (x + 2) - erfcMiddle on 1 ≤ x ≤ 6: erfc within 2^-60.4 of 1.
  erfcMiddle: 0.22916666666666666,
  erfc: [
    0.22142954022993164, 1.5541782531938506, 3.5537421703874186, 4.944626961693691, 1.6743948263490658,
    -6.5875753767166705, -5.745861443673559, 14.875454357802935, 11.79950196017364, -48.64205359655175,
    -2.6397320734524086, 164.41063868552865, -211.67367633264567,
  ],
} as const;

type Constants = { readonly [K in keyof typeof f64]: (typeof f64)[K] extends number ? number : readonly number[] };

const f32: Constants = {
  log2e: 1.442695,
  ln2High: 0.693359375,
  ln2Low: -0.00021219444,
  lowest: -176,
  highest: 89,
  lift: 64,
  lowestLifted: -132.5,
  smallestNormal: 2 ** -126,
  digits: 24,
  gaussianEnd: 11.505,
  erfEnd: 4,
  // The same functions on the same intervals: within 2^-28.1, 2^-28.4, 2^-29.8, 2^-29.5; erfc on 1 ≤ x ≤ 4 within
  // 2^-33.4.
  exp: [0.49999994, 0.16666517, 0.041668247, 0.00836908, 0.0013822466],
  log: [0.6666695, 0.39957657, 0.3036444],
  tanh: [-0.3333332, 0.13332637, -0.053856853, 0.021088343, -0.0062957243],
  erf: [0.12837917, -0.3761263, 0.11283618, -0.026855126, 0.005190734, -0.0008030762, 7.9203746e-5],
  erfcMiddle: 0.25,
  erfc: [0.25539568, 1.7087433, 3.8665051, 5.055714, 0.94635385, -7.343272],
};

const constantsOf = (l: { readonly type: string }): Constants => (l.type === "f32" ? f32 : f64);

/**
 * n and y = eʳ of e^(a + b), for a shared a within some hundreds and a b that is at most small beside 1, or `null`
 * for 0.
 */
// a + b = n ln 2 + r        e^(a + b) = 2ⁿ y        y = eʳ = 1 + r + r² p(r)
function expOfSum<V, M>(l: Lanes<V, M>, a: V, b: V | null): { readonly n: V; readonly y: V } {
  const of = constantsOf(l);
  const n = l.share(l.floor(l.multiplyAdd(a, l.constant(of.log2e), l.constant(0.5))));
  const high = l.share(l.multiplyAdd(n, l.constant(-of.ln2High), a));
  const part = l.mul(n, l.constant(of.ln2Low));
  const low = l.share(b === null ? part : l.sub(part, b));
  const r = l.share(l.sub(high, low));
  const one = l.constant(1);
  const bend = l.sub(l.mul(l.mul(r, r), polynomial(l, r, of.exp)), low);
  // In float64 what 1 + high rounds off is kept as well: 0.55 ulp instead of 0.7, and e¹ is the number e.
  const sum = l.share(l.add(one, high));
  const y = l.type === "f64" ? l.add(sum, l.add(l.sub(high, l.sub(sum, one)), bend)) : l.add(one, l.add(high, bend));
  return { n, y };
}

/** eˣ. */
// What is far below all numbers is multiplied by a factor of 0: a product that vanishes takes five times as long.
export function exp<V, M>(l: Lanes<V, M>, x: V): V {
  const { lowest, highest } = constantsOf(l);
  const { n, y } = expOfSum(l, l.share(l.atLeast(l.atMost(x, l.constant(highest)), l.constant(lowest))), null);
  // Two steps, so that each factor is a normal number and a denormal result is rounded once.
  const half = l.share(l.floor(l.mul(n, l.constant(0.5))));
  return l.scale(l.scale(y, half), l.sub(n, half));
}

/** e^(a + b) for a sum that is not above 0; of the two steps the second is always the same. */
function expBelow0<V, M>(l: Lanes<V, M>, a: V, b: V | null): V {
  const { lift } = constantsOf(l);
  const { n, y } = expOfSum(l, a, b);
  return l.mul(l.scale(y, l.add(n, l.constant(lift))), l.constant(2 ** -lift));
}

/** e^-|x|. */
function expOfMinus<V, M>(l: Lanes<V, M>, x: V): V {
  return expBelow0(l, l.share(l.atLeast(l.neg(l.abs(x)), l.constant(constantsOf(l).lowestLifted))), null);
}

/** ln(2ᵏ (1 + f)) for a shared -1/4 ≤ f ≤ 1/2 and a whole k. */
// s = f / (2 + f)        ln(1 + f) = 2 artanh s = f - (f²/2 - s (f²/2 + s² p(s²)))
function logOfParts<V, M>(l: Lanes<V, M>, k: V, f: V): V {
  const of = constantsOf(l);
  const s = l.share(l.div(f, l.add(l.constant(2), f)));
  const square = l.share(l.mul(s, s));
  const half = l.share(l.mul(l.constant(0.5), l.mul(f, f)));
  const high = l.share(l.mul(k, l.constant(of.ln2High)));
  // The largest two terms are added first, and what that rounds off is kept: |high| ≥ |f| where it is not 0.
  const sum = l.share(l.add(high, f));
  const lost = l.sub(f, l.sub(sum, high));
  const inner = l.multiplyAdd(square, polynomial(l, square, of.log), half);
  const rest = l.sub(half, l.multiplyAdd(s, inner, l.mul(k, l.constant(of.ln2Low))));
  return l.sub(sum, l.sub(rest, lost));
}

/** ln x. */
export function log<V, M>(l: Lanes<V, M>, x: V): V {
  const { smallestNormal, digits } = constantsOf(l);
  const [zero, one] = [l.constant(0), l.constant(1)];
  const denormal = l.shareMask(l.lt(x, l.constant(smallestNormal)));
  const normal = l.share(l.select(denormal, l.mul(x, l.constant(2 ** digits)), x));
  const m = l.share(l.significand(normal));
  const large = l.shareMask(l.ge(m, l.constant(1.5)));
  const k = l.add(l.add(l.exponent(normal), l.fromMask(large)), l.select(denormal, l.constant(-digits), zero));
  const f = l.sub(l.select(large, l.mul(m, l.constant(0.5)), m), one);
  const value = logOfParts(l, l.share(k), l.share(f));
  const irregular = l.select(l.eq(x, zero), l.constant(-Infinity), l.select(l.lt(x, zero), l.constant(NaN), x));
  return l.select(l.and(l.gt(x, zero), l.lt(x, l.constant(Infinity))), value, irregular);
}

/** ln(1 + y) for 0 ≤ y ≤ 1. */
function logAbove1<V, M>(l: Lanes<V, M>, y: V): V {
  const large = l.shareMask(l.ge(y, l.constant(0.5)));
  const f = l.select(large, l.mul(l.constant(0.5), l.sub(y, l.constant(1))), y);
  return logOfParts(l, l.share(l.fromMask(large)), l.share(f));
}

/** σ(x) = 1 / (1 + e^-x) = eˣ / (1 + eˣ), whichever of the exponentials does not overflow. */
export function sigmoid<V, M>(l: Lanes<V, M>, x: V): V {
  const one = l.constant(1);
  const e = l.share(expOfMinus(l, x));
  return l.div(l.select(l.ge(x, l.constant(0)), one, e), l.add(one, e));
}

/**
 * tanh x = x + x³ p(x²) for small x, ±(1 - 2 e^-|2x| / (1 + e^-|2x|)) for others: with the exponential of σ(2x), its
 * derivative.
 */
export function tanh<V, M>(l: Lanes<V, M>, x: V): V {
  const one = l.constant(1);
  const a = l.share(l.abs(x));
  const square = l.share(l.mul(x, x));
  const near = l.multiplyAdd(a, l.mul(square, polynomial(l, square, constantsOf(l).tanh)), a);
  const e = l.share(expOfMinus(l, l.share(l.mul(l.constant(2), x))));
  const far = l.sub(one, l.div(l.add(e, e), l.add(one, e)));
  return l.copySign(l.select(l.lt(a, l.constant(0.55)), near, far), x);
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^-|x|). */
export function softplus<V, M>(l: Lanes<V, M>, x: V): V {
  const zero = l.constant(0);
  const e = l.share(expOfMinus(l, x));
  return l.add(l.select(l.gt(x, zero), x, zero), logAbove1(l, e));
}

/** ln σ(x) = min(x, 0) - ln(1 + e^-|x|). */
export function logSigmoid<V, M>(l: Lanes<V, M>, x: V): V {
  const zero = l.constant(0);
  const e = l.share(expOfMinus(l, x));
  return l.sub(l.select(l.lt(x, zero), x, zero), logAbove1(l, e));
}

/** e^(-x²). */
// x = h + (x - h), where h² is exact        -x² = -h² + (h - x)(h + x)
export function gaussian<V, M>(l: Lanes<V, M>, x: V): V {
  const a = l.share(l.atMost(l.share(l.abs(x)), l.constant(constantsOf(l).gaussianEnd)));
  const h = l.share(l.upper(a));
  return expBelow0(l, l.share(l.neg(l.mul(h, h))), l.mul(l.sub(h, a), l.add(h, a)));
}

/** 2/√π ∫₀ˣ e^(-t²) dt = x + x p(x²) below 1, ±(1 - e^(-x²) q(1 / (|x| + 2))) beyond. */
export function erf<V, M>(l: Lanes<V, M>, x: V): V {
  const of = constantsOf(l);
  const one = l.constant(1);
  const a = l.share(l.abs(x));
  const near = l.multiplyAdd(x, polynomial(l, l.share(l.mul(x, x)), of.erf), x);
  const b = l.share(l.atMost(a, l.constant(of.erfEnd)));
  const t = l.share(l.sub(l.div(one, l.add(b, l.constant(2))), l.constant(of.erfcMiddle)));
  // Here 1 - erf is at most 0.16, so that the error of x² does no harm.
  const complement = l.mul(expBelow0(l, l.share(l.neg(l.mul(b, b))), null), polynomial(l, t, of.erfc));
  return l.select(l.lt(a, one), near, l.copySign(l.sub(one, complement), x));
}
