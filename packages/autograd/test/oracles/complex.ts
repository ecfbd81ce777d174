// Complex arithmetic for complex-step differentiation: f′(x) = Im f(x + ih)/h without subtraction, for a tiny h.

import { big, div as divideBig, fromNumber, mul as multiplyBig, toFixed, toNumber } from "./bigfloat.ts";

export interface Complex {
  readonly re: number;
  readonly im: number;
}

export const complex = (re: number, im = 0): Complex => ({ re, im });

export const add = (a: Complex, b: Complex): Complex => complex(a.re + b.re, a.im + b.im);
export const sub = (a: Complex, b: Complex): Complex => complex(a.re - b.re, a.im - b.im);
export const neg = (a: Complex): Complex => complex(-a.re, -a.im);
export const mul = (a: Complex, b: Complex): Complex => complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);

/** a/b by the larger part of b, so that |b|² neither overflows nor vanishes. */
export const div = (a: Complex, b: Complex): Complex => {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re;
    const scale = b.re + b.im * ratio;
    return complex((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale);
  }
  const ratio = b.re / b.im;
  const scale = b.im + b.re * ratio;
  return complex((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale);
};

/** e^(x+iy) = eˣ (cos y + i sin y) */
export const exp = (z: Complex): Complex => {
  const size = Math.exp(z.re);
  return complex(size * Math.cos(z.im), size * Math.sin(z.im));
};

/** ln(1 + z), with |1 + z|² − 1 = x(2 + x) + y² */
export const log1p = (z: Complex): Complex =>
  complex(0.5 * Math.log1p(z.re * (2 + z.re) + z.im * z.im), Math.atan2(z.im, 1 + z.re));

/** ln|z| + i arg z; near |z| = 1 from |z|² − 1 */
export const log = (z: Complex): Complex => {
  const size = Math.hypot(z.re, z.im);
  const re = size > 0.5 && size < 2 ? 0.5 * Math.log1p((z.re - 1) * (z.re + 1) + z.im * z.im) : Math.log(size);
  return complex(re, Math.atan2(z.im, z.re));
};

/** s = √((|x| + |z|)/2) is one part, and y/(2s) the other. */
export const sqrt = (z: Complex): Complex => {
  if (z.re === 0 && z.im === 0) return complex(0, z.im);
  const s = Math.sqrt((Math.abs(z.re) + Math.hypot(z.re, z.im)) / 2);
  const other = z.im / (2 * s);
  return z.re >= 0 ? complex(s, other) : complex(Math.abs(other), z.im < 0 ? -s : s);
};

/** sin(x + iy) = sin x cosh y + i cos x sinh y */
export const sin = (z: Complex): Complex => complex(Math.sin(z.re) * Math.cosh(z.im), Math.cos(z.re) * Math.sinh(z.im));

/** cos(x + iy) = cos x cosh y − i sin x sinh y */
export const cos = (z: Complex): Complex =>
  complex(Math.cos(z.re) * Math.cosh(z.im), -Math.sin(z.re) * Math.sinh(z.im));

export const tan = (z: Complex): Complex => div(sin(z), cos(z));

/** With q = e^(−2|x|): tanh(x + iy) = (±(1 − q²) + 2iq sin 2y) / ((1 + q)² − 4q sin² y) */
export const tanh = (z: Complex): Complex => {
  const q = Math.exp(-2 * Math.abs(z.re));
  const scale = (1 + q) ** 2 - 4 * q * Math.sin(z.im) ** 2;
  return complex((-Math.sign(z.re) * Math.expm1(-4 * Math.abs(z.re))) / scale, (2 * q * Math.sin(2 * z.im)) / scale);
};

const one = complex(1);

/** 1/(1 + e^(−z)) = e^z/(1 + e^z), whichever exponential is small */
export const sigmoid = (z: Complex): Complex => {
  if (z.re >= 0) return div(one, add(one, exp(neg(z))));
  const grown = exp(z);
  return div(grown, add(one, grown));
};

/** ln(1 + e^z) = z + ln(1 + e^(−z)), whichever exponential is small */
export const softplus = (z: Complex): Complex => (z.re >= 0 ? add(z, log1p(exp(neg(z)))) : log1p(exp(z)));

export const logSigmoid = (z: Complex): Complex => neg(softplus(neg(z)));

/** 2/√π to forty digits */
const twoOverRootPi = divideBig(big(11283791670955125738961589031215451716881n), big(10n ** 40n));

/**
 * erf z = 2/√π Σ (−1)ⁿ z^(2n+1) / (n! (2n + 1)).
 * The terms grow to e^|z|² before the sum falls to as little as e^(−|z|²), so the series runs in fixed point with those
 * bits to spare.
 */
export const erf = (z: Complex): Complex => {
  const size = Math.hypot(z.re, z.im);
  if (Number.isNaN(size)) return complex(NaN, NaN);
  // Beyond, the derivative is below the smallest double and only the limits on the real axis are asked for.
  if (size > 28) return complex(Math.sign(z.re), 0);
  const bits = 400 + Math.ceil(3 * size * size);
  const width = BigInt(bits);
  const x = toFixed(fromNumber(z.re), bits);
  const y = toFixed(fromNumber(z.im), bits);
  const squareRe = (x * x - y * y) >> width;
  const squareIm = (2n * x * y) >> width;
  let [termRe, termIm, sumRe, sumIm] = [x, y, x, y];
  for (let n = 1n; termRe * termRe + termIm * termIm > 2n; n++) {
    [termRe, termIm] = [
      -((termRe * squareRe - termIm * squareIm) >> width) / n,
      -((termRe * squareIm + termIm * squareRe) >> width) / n,
    ];
    sumRe += termRe / (2n * n + 1n);
    sumIm += termIm / (2n * n + 1n);
  }
  const part = (sum: bigint): number => toNumber(multiplyBig(twoOverRootPi, big(sum, -bits)));
  return complex(part(sumRe), part(sumIm));
};

/** z^n for an integer n ≥ 0 by repeated squaring, which keeps the real axis real. */
const integerPower = (z: Complex, n: number): Complex => {
  let [power, square] = [one, z];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = mul(power, square);
    square = mul(square, square);
  }
  return power;
};

/** |z|^u e^(−vθ) at the angle uθ + v ln|z|, for w = u + iv and θ = arg z */
export const pow = (z: Complex, w: Complex): Complex => {
  if (w.im === 0 && Number.isInteger(w.re) && Math.abs(w.re) <= 64) {
    const power = integerPower(z, Math.abs(w.re));
    return w.re < 0 ? div(one, power) : power;
  }
  const { re: ln, im: angle } = log(z);
  const size = Math.hypot(z.re, z.im) ** w.re * Math.exp(-w.im * angle);
  const turn = w.re * angle + w.im * ln;
  return complex(size * Math.cos(turn), size * Math.sin(turn));
};

/**
 * f′(x) of an analytic f that is real on the real axis, for |x| far above h or zero and h f′(x) far above the smallest
 * double.
 */
export const complexStep = (f: (z: Complex) => Complex, x: number, h = 1e-30): number => f(complex(x, h)).im / h;

/** The gradient of an analytic f of several variables, one step per variable. */
export const complexGradient = (f: (...z: Complex[]) => Complex, at: readonly number[], h = 1e-30): number[] =>
  at.map((_, i) => f(...at.map((x, j) => complex(x, i === j ? h : 0))).im / h);
