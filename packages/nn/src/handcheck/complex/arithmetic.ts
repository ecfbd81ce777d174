/** Complex numbers, and the functions that activations and costs are made of, continued from the real line. */

import type { Writer } from "../../network/activations/record.ts";
import { erf } from "../equations/neurons.ts";

/** The complex number re + i im. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

export const complex = (re: number, im = 0): Complex => ({ re, im });

export const plus = (a: Complex, b: Complex): Complex => complex(a.re + b.re, a.im + b.im);
export const times = (a: Complex, b: Complex): Complex => complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
const negative = ({ re, im }: Complex): Complex => complex(-re, -im);
const scaled = (c: number, { re, im }: Complex): Complex => complex(c * re, c * im);

/** a / b, by the ratio of the parts of b, so that nothing overflows. */
export function over(a: Complex, b: Complex): Complex {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const [ratio, size] = [b.im / b.re, b.re + (b.im * b.im) / b.re];
    return complex((a.re + a.im * ratio) / size, (a.im - a.re * ratio) / size);
  }
  const [ratio, size] = [b.re / b.im, b.im + (b.re * b.re) / b.im];
  return complex((a.re * ratio + a.im) / size, (a.im * ratio - a.re) / size);
}

/** e^z = e^x (cos y + i sin y) */
export const exp = ({ re, im }: Complex): Complex => complex(Math.exp(re) * Math.cos(im), Math.exp(re) * Math.sin(im));

/** ln z = ln |z| + i arg z */
const ln = ({ re, im }: Complex): Complex => complex(Math.log(Math.hypot(re, im)), Math.atan2(im, re));

/** tanh z = (sinh 2x + i sin 2y) / (cosh 2x + cos 2y), both divided by e^(2|x|) / 2 */
function tanh({ re, im }: Complex): Complex {
  const q = Math.exp(-2 * Math.abs(re));
  const below = 1 + q * q + 2 * q * Math.cos(2 * im);
  return complex((Math.sign(re) * -Math.expm1(-4 * Math.abs(re))) / below, (2 * q * Math.sin(2 * im)) / below);
}

/** Terms of a series in the imaginary part, which is small. */
const TERMS = 40;

/** erf(x + iy) by Taylor's series at x: erf⁽ᵏ⁾(x) = (−1)ᵏ⁻¹ (2/√π) Hₖ₋₁(x) e^(−x²), Hermite's Hₖ₊₁ = 2x Hₖ − 2k Hₖ₋₁ */
function erfOf({ re, im }: Complex): Complex {
  const outer = (2 / Math.sqrt(Math.PI)) * Math.exp(-re * re);
  let [before, hermite] = [0, 1];
  // (iy)ᵏ / k!, with the sign of the derivative.
  let power = complex(0, im);
  let sum = complex(erf(re));
  for (let k = 1; k <= TERMS; k++) {
    sum = plus(sum, scaled(outer * hermite, power));
    [before, hermite] = [hermite, 2 * re * hermite - 2 * (k - 1) * before];
    power = scaled(-1 / (k + 1), times(power, complex(0, im)));
  }
  return sum;
}

/** The side of a kink is that of the real part: there the function is analytic. */
const functions: Readonly<Record<Parameters<Writer<Complex>["apply"]>[0], (z: Complex) => Complex>> = {
  exp,
  ln,
  tanh,
  erf: erfOf,
  abs: (z) => (z.re < 0 ? negative(z) : z),
  sign: ({ re }) => complex(Math.sign(re)),
  positivePart: (z) => (z.re > 0 ? z : complex(0)),
};

/** How formulas on paper are computed at complex numbers. */
export const atComplex: Writer<Complex> = {
  number: (value) => complex(value),
  plus: (...terms) => terms.reduce(plus),
  minus: (a, b) => plus(a, negative(b)),
  negative,
  scaled,
  over,
  times: (...factors) => factors.reduce(times),
  square: (z) => times(z, z),
  apply: (name, z) => functions[name](z),
  positive: ({ re }) => complex(re > 0 ? 1 : 0),
};
