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

/** e^(-x²) for x ≥ 0, with the rounding error of x² returned to the exponent. */
function expMinusSquare(x: number): number {
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

/**
 * erf(x) = 2/√π ∫₀ˣ e^(-t²) dt. Three forms: the Maclaurin series below 1; Kummer's series of positive terms
 * e^(-x²) Σ 2ⁿ x^(2n+1) / (1·3·5…(2n+1)) up to 3; 1 minus the continued fraction of erfc beyond.
 * Abramowitz and Stegun 7.1.5, 7.1.6, 7.1.14.
 */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x >= 6) return 1;
  const square = x * x;
  if (x < 1) {
    let term = 1;
    let sum = 0;
    for (let n = 1; n < 24; n++) {
      term *= -square / n;
      sum += term / (2 * n + 1);
    }
    return TWO_OVER_SQRT_PI * (x + x * sum);
  }
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= (2 * square) / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_SQRT_PI * expMinusSquare(x) * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return 1 - ((TWO_OVER_SQRT_PI / 2) * expMinusSquare(x)) / (x + fraction);
}
