/** Sine, cosine and tangent over lanes: Cody and Waite's reduction to |r| ≤ π/4, then one polynomial each. */

import { polynomial } from "./elementary.ts";
import type { ExternalName, Lanes } from "./lanes.ts";

/**
 * π/2 as a sum of parts, of which all but the last have so few bits that their products with n are exact; n is the
 * nearest whole number to x / (π/2) for |x| ≤ `bound`, beyond which the host's function is called.
 */
const f64 = {
  twoOverPi: 0.6366197723675814,
  // 33 bits, for n below 2²⁰; what is left of π/2 is below 2^-159.
  parts: [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32],
  bound: 2 ** 20,
  // (sin r / r - 1) / r² and (cos r - 1 + r²/2) / r⁴ in r²: sin r within 2^-58.0 of r, cos r within 2^-64.2.
  sine: [
    -0.16666666666666632, 0.008333333333322486, -0.0001984126982985343, 2.7557313705116035e-6, -2.5050759902001597e-8,
    1.5896887449517888e-10,
  ],
  cosine: [
    0.0416666666666666, -0.001388888888887447, 2.480158728966709e-5, -2.7557314399387933e-7, 2.087572902026519e-9,
    -1.1359919135105846e-11,
  ],
} as const;

type Constants = { readonly [K in keyof typeof f64]: (typeof f64)[K] extends number ? number : readonly number[] };

const f32: Constants = {
  twoOverPi: 0.63661975,
  // 14 bits, for n below 2¹⁰; what is left of π/2 is below 2^-76.
  parts: [1.57080078125, -4.454515874385834e-6, 6.077272018956137e-11, -1.7151245100058819e-15],
  bound: 1024,
  // The same: within 2^-28.0 and 2^-33.1.
  sine: [-0.16666655, 0.008332191, -0.00019518605],
  cosine: [0.041666646, -0.0013887301, 2.443067e-5],
};

/** A result as an unrounded sum. */
interface Pair<V> {
  readonly high: V;
  readonly low: V;
}

/** The sine and cosine of what remains of x after n quarter turns, half of n + `add`, and whether that sum is odd. */
interface Reduced<V, M> {
  readonly sine: Pair<V>;
  readonly cosine: Pair<V>;
  readonly half: V;
  readonly odd: M;
}

function reduce<V, M>(l: Lanes<V, M>, x: V, add: 0 | 1): Reduced<V, M> {
  const of = l.type === "f32" ? f32 : f64;
  const n = l.share(l.floor(l.multiplyAdd(x, l.constant(of.twoOverPi), l.constant(0.5))));
  const parts = of.parts.map((part) => l.constant(part));
  const first = l.share(l.sub(x, l.mul(n, parts[0]!)));
  const secondPart = l.share(l.mul(n, parts[1]!));
  const second = l.share(l.sub(first, secondPart));
  const thirdPart = l.share(l.mul(n, parts[2]!));
  const r = l.share(l.sub(second, thirdPart));
  // What the two subtractions rounded off, and the last part: small beside r, and not waited for by what depends on r
  // alone.
  const lost = l.add(l.sub(l.sub(first, second), secondPart), l.sub(l.sub(second, r), thirdPart));
  const rest = l.share(l.sub(lost, l.mul(n, parts[3]!)));

  const square = l.share(l.mul(r, r));
  const halfSquare = l.share(l.mul(square, l.constant(0.5)));
  const base = l.share(l.sub(l.constant(1), halfSquare));
  // sin(r + rest) = r + (r³ p + rest cos r)        cos(r + rest) = 1 - r²/2 + (r⁴ q - r rest), with what 1 - r²/2
  // rounds off
  const sine = l.multiplyAdd(l.mul(square, r), polynomial(l, square, of.sine), l.mul(rest, base));
  const bend = l.sub(l.mul(l.mul(square, square), polynomial(l, square, of.cosine)), l.mul(r, rest));
  const cosine = l.add(l.sub(l.sub(l.constant(1), base), halfSquare), bend);
  const half = l.share(l.mul(add === 0 ? n : l.add(n, l.constant(1)), l.constant(0.5)));
  return {
    sine: { high: r, low: sine },
    cosine: { high: base, low: cosine },
    half,
    odd: l.shareMask(fractional(l, half)),
  };
}

/** True where a number is not whole. */
function fractional<V, M>(l: Lanes<V, M>, x: V): M {
  return l.ne(l.floor(x), x);
}

/** The formula, and the function of the host where |x| is too large for it. */
function within<V, M>(l: Lanes<V, M>, name: ExternalName, x: V, value: V): V {
  const a = l.share(l.abs(x));
  const far = l.and(l.gt(a, l.constant(l.type === "f32" ? f32.bound : f64.bound)), l.lt(a, l.constant(Infinity)));
  return l.external(name, l.shareMask(far), x, value);
}

/** The sine of x and `add` quarter turns. */
function turned<V, M>(l: Lanes<V, M>, x: V, add: 0 | 1): V {
  const { sine, cosine, half, odd } = reduce(l, x, add);
  const y = l.share(l.select(odd, l.add(cosine.high, cosine.low), l.add(sine.high, sine.low)));
  const negative = fractional(l, l.share(l.mul(l.floor(half), l.constant(0.5))));
  return l.select(negative, l.neg(y), y);
}

/** sin x. */
export function sin<V, M>(l: Lanes<V, M>, x: V): V {
  const value = l.select(l.eq(x, l.constant(0)), x, turned(l, x, 0));
  return within(l, "sin", x, value);
}

/** cos x = sin(x + π/2). */
export function cos<V, M>(l: Lanes<V, M>, x: V): V {
  return within(l, "cos", x, turned(l, x, 1));
}

/** tan x = sin x / cos x, and -cos r / sin r an odd number of quarter turns away. */
export function tan<V, M>(l: Lanes<V, M>, x: V): V {
  const { sine, cosine, odd } = reduce(l, x, 0);
  const sineHigh = l.share(l.add(sine.high, sine.low));
  const sineLow = l.add(l.sub(sine.high, sineHigh), sine.low);
  const cosineHigh = l.share(l.add(cosine.high, cosine.low));
  const cosineLow = l.add(l.sub(cosine.high, cosineHigh), cosine.low);
  const above = l.select(odd, l.neg(cosineHigh), sineHigh);
  const aboveLow = l.select(odd, l.neg(cosineLow), sineLow);
  const below = l.share(l.select(odd, sineHigh, cosineHigh));
  const belowLow = l.select(odd, sineLow, cosineLow);
  // (a + a') / (b + b') = q + (a' - q b') / b to first order, with q = a / b.
  const quotient = l.share(l.div(above, below));
  const value = l.add(quotient, l.div(l.sub(aboveLow, l.mul(quotient, belowLow)), below));
  return within(l, "tan", x, l.select(l.eq(x, l.constant(0)), x, value));
}
