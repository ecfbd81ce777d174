/** Functions of one or two numbers that `Math` lacks or gets wrong, in float64, within 2 ulp. */

/** σ(x) = 1 / (1 + e^-x), with a form for each sign so that neither exponential overflows. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1 + e^x) = max(x, 0) + log1p(e^-|x|). */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** log σ(x) = -log(1 + e^-x). */
export function logSigmoid(x: number): number {
  return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
}

/** x^y as IEEE 754 defines it: 1^y is 1 and (-1)^±∞ is 1, where JavaScript says NaN. */
export function pow(x: number, y: number): number {
  if (x === 1) return 1;
  if (x === -1 && (y === Infinity || y === -Infinity)) return 1;
  if (y === 2) return x * x;
  if (y === 0.5 && x > 0) return Math.sqrt(x);
  return x ** y;
}

/** 1 for positive, -1 for negative, 0 for both zeros; NaN stays. */
export function sign(x: number): number {
  return x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : NaN;
}

const TWO_OVER_SQRT_PI = 1.1283791670955126;

/** e^(-x²), with what the rounding of x² loses put back into the exponent. */
export function gaussian(x: number): number {
  // 26 bits of x have an exact square; the rest of x² is small and rounds harmlessly.
  const high = Math.fround(x);
  // Beyond 27 the result is 0, and x² must not meet an infinity of the other sign.
  return Math.abs(x) > 27 ? 0 : Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

/**
 * Chebyshev coefficients of e^(x²) erfc(x) in t = 1 / (1 + x), for x from 1 to 6; the next one is below 1e-18.
 * From the interpolation at 30 Chebyshev nodes in 40-digit arithmetic.
 */
const SCALED_ERFC = [
  0.25214152741684092, 0.16790788453237582, 0.0080775110051352544, -0.00051051103083589522, -0.000038960561664086476,
  6.2054551265686726e-6, -1.357766446158643e-8, -7.5026740394973224e-8, 7.8543302011523522e-9, 2.2989628427404403e-10,
  -1.5910853302757478e-10, 1.8211850244561267e-11, 2.4237032943257288e-13, -3.9775262512158187e-13, 6.1977708399193369e-14,
  -2.3823954126729581e-15, -9.4504968436814429e-16, 2.3547736399671503e-16, -2.4013265312106562e-17,
];

/**
 * erf(x) = 2/√π ∫₀ˣ e^(-t²) dt: the Maclaurin series below 1 (Abramowitz and Stegun 7.1.5), 1 - erfc(x) beyond, where erfc is
 * e^(-x²) times a Chebyshev sum by Clenshaw's recurrence.
 */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x >= 6) return 1;
  if (x < 1) {
    const square = x * x;
    let term = 1;
    let sum = 0;
    for (let n = 1; n < 24; n++) {
      term *= -square / n;
      sum += term / (2 * n + 1);
    }
    return TWO_OVER_SQRT_PI * (x + x * sum);
  }
  // t runs from 1/7 to 1/2; s is that interval brought to [-1, 1].
  const s = (28 / (1 + x) - 9) / 5;
  let [first, second] = [0, 0];
  for (let k = SCALED_ERFC.length - 1; k > 0; k--) [first, second] = [2 * s * first - second + SCALED_ERFC[k]!, first];
  return 1 - gaussian(x) * (s * first - second + SCALED_ERFC[0]!);
}
