// Reference values of the elementary functions: series on 320-bit numbers, rounded once to the nearest float64.

import { add, div, fromNumber, mul, sqrt, toNumber, top } from "./bigfloat.ts";
import type { Big } from "./bigfloat.ts";
import * as real from "./real.ts";

export { ulpDistance, ulpDistance32 } from "./ulp.ts";

const { one } = real;

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

const exp = elementary(0, 1, Infinity, (x) => (x > 710 ? Infinity : x < -746 ? 0 : rounded(real.exp)(x)));
const expm1 = elementary(-1, 0, Infinity, (x) => (x > 710 ? Infinity : x < -746 ? -1 : rounded(real.expm1)(x)));
const log = elementary(NaN, -Infinity, Infinity, (x) => (x < 0 ? NaN : rounded(real.log)(x)));
const log1p = elementary(NaN, 0, Infinity, (x) => (x < -1 ? NaN : x === -1 ? -Infinity : rounded(real.log1p)(x)));
const root = elementary(NaN, 0, Infinity, (x) => (x < 0 ? NaN : rounded(sqrt)(x)));
const sin = elementary(NaN, 0, NaN, (x) => toNumber(real.sinCos(fromNumber(x))[0]));
const cos = elementary(NaN, 1, NaN, (x) => toNumber(real.sinCos(fromNumber(x))[1]));
const tan = elementary(NaN, 0, NaN, (x) => toNumber(div(...real.sinCos(fromNumber(x)))));
const tanh = elementary(-1, 0, 1, (x) => (Math.abs(x) > 40 ? Math.sign(x) : rounded(real.tanh)(x)));
const erf = elementary(-1, 0, 1, (x) => (Math.abs(x) > 7 ? Math.sign(x) : rounded(real.erf)(x)));
const gaussian = elementary(0, 1, 0, (x) => (Math.abs(x) > 28 ? 0 : rounded(real.gaussian)(x)));
const sigmoid = elementary(0, 0.5, 1, (x) =>
  x > 746 ? 1 : x < -746 ? 0 : toNumber(div(one, add(one, real.exp(fromNumber(-x))))),
);
const softplus = elementary(0, Math.LN2, Infinity, (x) => (x > 746 ? x : x < -746 ? 0 : rounded(real.softplus)(x)));
const logSigmoid = (x: number): number => -softplus(-x);

/** x^y = e^(y ln x) for finite x > 0 and finite y. */
const pow = (x: number, y: number): number => {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (!(x > 0 && x < Infinity && Number.isFinite(y)))
    throw new RangeError("precise.pow: needs a finite x > 0 and a finite y");
  const exponent = mul(fromNumber(y), real.log(fromNumber(x)));
  if (top(exponent) > 10) return exponent.m > 0n ? Infinity : 0;
  return toNumber(real.exp(exponent));
};

export const precise = {
  exp,
  log,
  sqrt: root,
  sin,
  cos,
  tan,
  tanh,
  sigmoid,
  softplus,
  logSigmoid,
  erf,
  gaussian,
  pow,
  log1p,
  expm1,
};
