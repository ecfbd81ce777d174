/**
 * The imaginary parts of the ops at complex numbers. No rule of the library is read here: only what each function is.
 */

import type { ElementwiseOp } from "../graph/op.ts";
import { abs, add, clip, div, maximum, minimum, mul, neg, pow, sign, sub } from "../ops/arithmetic.ts";
import { where } from "../ops/comparison.ts";
import { absorb, absorbBoth, annul, isMark, pass, portion, restore } from "../ops/marks.ts";
import { direction } from "../ops/reduction.ts";
import {
  cos,
  erf,
  exp,
  gaussian,
  log,
  logSigmoid,
  relu,
  sigmoid,
  sin,
  softplus,
  sqrt,
  tan,
  tanh,
} from "../ops/transcendental.ts";

/**
 * Im f(x + iu, …), given as real parts and imaginary parts by turns; NaN where f is not analytic. The real axis goes to
 * the real axis, so this vanishes with all of the imaginary parts.
 */
export type ImaginaryPart = (x: number, u: number, y: number, v: number, z: number, w: number) => number;

/** An op at complex numbers. */
export interface ComplexRule {
  readonly imaginary: ImaginaryPart;
  /** How far the real parts are from a kink, and how fast the imaginary parts say that this changes. */
  readonly kink?: (
    x: number,
    u: number,
    y: number,
    v: number,
    z: number,
    w: number,
  ) => readonly [distance: number, rate: number];
}

/** √(x + iu) = s + iu / 2s,   s = √((x + |x + iu|) / 2),   off the cut x ≤ 0 */
export const sqrtImaginary = (x: number, u: number): number =>
  x > 0 ? u / (2 * Math.sqrt((x + Math.hypot(x, u)) / 2)) : NaN;

/** ln(1 + e^z) = z + ln(1 + e^-z), whichever exponential is small */
const softplusImaginary = (x: number, u: number): number => {
  const e = Math.exp(-Math.abs(x));
  const [re, im] = [1 + e * Math.cos(u), e * Math.sin(u)];
  return x >= 0 ? u + Math.atan2(-im, re) : Math.atan2(im, re);
};

/** z^n by repeated squaring, which keeps the real axis real. */
const integerPower = (x: number, u: number, n: number): readonly [number, number] => {
  let [re, im, a, b] = [1, 0, x, u];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) [re, im] = [re * a - im * b, re * b + im * a];
    [a, b] = [a * a - b * b, 2 * a * b];
  }
  return [re, im];
};

/** (x + iu) / (y + iv), by the ratio of the parts of the divisor, so that nothing is squared */
const quotient = (x: number, u: number, y: number, v: number): number => {
  const ratio = v / y;
  return y === 0 ? NaN : (u - x * ratio) / (y + v * ratio);
};

/** z^w = |z|^y e^(-vθ) at the angle yθ + v ln|z|,   w = y + iv,   θ = arg z */
const power = (x: number, u: number, y: number, v: number): number => {
  if (v === 0 && Number.isInteger(y) && Math.abs(y) <= 64) {
    const [re, im] = integerPower(x, u, Math.abs(y));
    return y < 0 ? quotient(1, 0, re, im) : im;
  }
  if (x < 0 && v === 0 && Number.isInteger(y)) return (y % 2 === 0 ? 1 : -1) * power(-x, -u, y, 0);
  if (!(x > 0)) return NaN;
  const angle = Math.atan2(u, x);
  return x ** y * Math.exp(-v * angle) * Math.sin(y * angle + v * Math.log(x));
};

/** 1 / (1 + e^-z): the same for z and -z but for the sign of the exponent, which turns the other way */
const sigmoidImaginary = (x: number, u: number): number => {
  const e = Math.exp(-Math.abs(x));
  return (e * Math.sin(u)) / (1 + 2 * e * Math.cos(u) + e * e);
};

/** 2/√π times the integral of e^(-t²) from x to x + iu, by the midpoint: exact to u³ */
const erfImaginary = (x: number, u: number): number => 1.1283791670955126 * u * Math.exp(-x * x);

const product: ImaginaryPart = (x, u, y, v) => x * v + u * y;

/**
 * The rule of each op. Where one has a kink, the real parts say on which side of it f is taken: there it is analytic.
 */
const rules = new Map<ElementwiseOp, ComplexRule>([
  [add.op, { imaginary: (_x, u, _y, v) => u + v }],
  [sub.op, { imaginary: (_x, u, _y, v) => u - v }],
  [mul.op, { imaginary: product }],
  [absorb.op, { imaginary: (x, u, y, v, z, w) => (isMark(x) && u === 0 ? -0 : product(x, u, y, v, z, w)) }],
  [
    absorbBoth.op,
    {
      imaginary: (x, u, y, v, z, w) =>
        (isMark(x) && u === 0) || (isMark(y) && v === 0) ? -0 : product(x, u, y, v, z, w),
    },
  ],
  [annul.op, { imaginary: (_x, u) => u }],
  [portion.op, { imaginary: quotient }],
  [pass.op, { imaginary: (condition, _u, _y, v) => (condition !== 0 ? v : -0) }],
  [restore.op, { imaginary: (_x, u) => u }],
  [div.op, { imaginary: quotient }],
  [direction.op, { imaginary: quotient }],
  [neg.op, { imaginary: (_x, u) => -u }],
  [pow.op, { imaginary: power }],
  // e^z = e^x (cos u + i sin u)
  [exp.op, { imaginary: (x, u) => Math.exp(x) * Math.sin(u) }],
  // ln z = ln|z| + i arg z
  [log.op, { imaginary: (x, u) => (x > 0 ? Math.atan2(u, x) : NaN) }],
  [sqrt.op, { imaginary: sqrtImaginary }],
  // sin z = sin x cosh u + i cos x sinh u
  [sin.op, { imaginary: (x, u) => Math.cos(x) * Math.sinh(u) }],
  // cos z = cos x cosh u - i sin x sinh u
  [cos.op, { imaginary: (x, u) => -Math.sin(x) * Math.sinh(u) }],
  // tan z = (sin x cos x + i sinh u cosh u) / (cos² x + sinh² u)
  [tan.op, { imaginary: (x, u) => (Math.sinh(u) * Math.cosh(u)) / (Math.cos(x) ** 2 + Math.sinh(u) ** 2) }],
  // tanh z = (sinh x cosh x + i sin u cos u) / (sinh² x + cos² u)
  [tanh.op, { imaginary: (x, u) => (Math.sin(u) * Math.cos(u)) / (Math.sinh(x) ** 2 + Math.cos(u) ** 2) }],
  [sigmoid.op, { imaginary: sigmoidImaginary }],
  [softplus.op, { imaginary: softplusImaginary }],
  [logSigmoid.op, { imaginary: (x, u) => -softplusImaginary(-x, -u) }],
  // e^(-z²) = e^(u² - x²) (cos 2xu - i sin 2xu)
  [gaussian.op, { imaginary: (x, u) => -Math.exp(u * u - x * x) * Math.sin(2 * x * u) }],
  [erf.op, { imaginary: erfImaginary }],
  [relu.op, { imaginary: (x, u) => (x > 0 ? u : 0), kink: (x, u) => [Math.abs(x), Math.abs(u)] }],
  [abs.op, { imaginary: (x, u) => (x > 0 ? u : -u), kink: (x, u) => [Math.abs(x), Math.abs(u)] }],
  [sign.op, { imaginary: () => 0, kink: (x, u) => [Math.abs(x), Math.abs(u)] }],
  [
    maximum.op,
    { imaginary: (x, u, y, v) => (x > y ? u : v), kink: (x, u, y, v) => [Math.abs(x - y), Math.abs(u - v)] },
  ],
  [
    minimum.op,
    { imaginary: (x, u, y, v) => (x < y ? u : v), kink: (x, u, y, v) => [Math.abs(x - y), Math.abs(u - v)] },
  ],
  [
    clip.op,
    {
      imaginary: (x, u, low, v, high, w) => (x < low ? v : x > high ? w : u),
      kink: (x, u, low, v, high, w) =>
        Math.abs(x - low) < Math.abs(x - high)
          ? [Math.abs(x - low), Math.abs(u - v)]
          : [Math.abs(x - high), Math.abs(u - w)],
    },
  ],
  [where.op, { imaginary: (condition, _u, _y, v, _z, w) => (condition !== 0 ? v : w) }],
]);

/** How an op continues to complex numbers; `undefined` where that is not known. */
export function complexRule(op: ElementwiseOp): ComplexRule | undefined {
  return rules.get(op);
}
