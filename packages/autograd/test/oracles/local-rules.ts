/**
 * Functions of one number with three derivatives, twice: in plain floating point, and in big numbers where they are
 * regular.
 */

import { add, big, compare, div, fromNumber, mul, neg, scale, sqrt, sub, toNumber, top, type Big } from "./bigfloat.ts";
import type { Local } from "./jets.ts";
import * as real from "./real.ts";

/** A point at the edge of a domain or at a pole: there is a limit at best. */
export class Singular extends Error {}

/** A number too large or too fine for this arithmetic: nothing can be said. */
export class Undecided extends Error {}

export interface LocalRule {
  /** The library's value may be off by the last digits. */
  readonly rounded: boolean;
  plain(x: number, params: readonly number[]): Local<number>;
  exact(x: Big, params: readonly number[]): Local<Big>;
}

const { one, two } = real;
const ZERO = big(0n);
const whole = (n: number): Big => big(BigInt(n));

/** An exponent beyond this has no place in a number. */
const LARGEST_EXPONENT = 45;
/** More bits before the point than that leave the sine nothing of its period. */
const LARGEST_ANGLE = 1100;

export const expOf = (x: Big): Big => {
  if (top(x) <= LARGEST_EXPONENT) return real.exp(x);
  // Smaller than anything: where it matters how small, a division by it or its logarithm has no answer.
  if (x.m < 0n) return ZERO;
  throw new Undecided("exp");
};

const reciprocal = (x: Big): Big => {
  if (x.m === 0n) throw new Singular("1/0");
  return div(one, x);
};

const logOf = (x: Big): Big => {
  if (x.m <= 0n) throw new Singular("log");
  return real.log(x);
};

const sinCosOf = (x: Big): [Big, Big] => {
  if (top(x) > LARGEST_ANGLE) throw new Undecided("sin");
  return real.sinCos(x);
};

/** σ(x) σ(−x) = e^(−|x|) / (1 + e^(−|x|))² */
const sigmoidParts = (x: Big): { y: Big; slope: Big; tilt: Big } => {
  const size = x.m < 0n ? x : neg(x);
  const small = expOf(size);
  const whole = reciprocal(add(one, small));
  const [above, below] = [whole, mul(small, whole)];
  return {
    y: x.m < 0n ? below : above,
    slope: mul(above, below),
    tilt: x.m < 0n ? sub(above, below) : sub(below, above),
  };
};

const softplusOf = (x: Big): Big => (x.m > 0n ? add(x, real.log1p(expOf(neg(x)))) : real.log1p(expOf(x)));

/** From here on 1 − erf x is below every precision used. */
const FAR = big(64n);

const erfOf = (x: Big): Big => {
  if (compare(x, FAR) > 0) return one;
  return compare(x, neg(FAR)) < 0 ? neg(one) : real.erf(x);
};

const integerPower = (x: Big, n: number): Big => {
  if (n < 0) return reciprocal(integerPower(x, -n));
  let result = one;
  for (let k = 0; k < n; k++) result = mul(result, x);
  return result;
};

/** x^c and its derivatives c x^(c−1), …; the later ones of a whole c ≥ 0 are 0 everywhere. */
const powers = <T>(c: number, term: (order: number) => T): Local<T> => {
  const at = (order: number): T | null => (Number.isInteger(c) && c >= 0 && order > c ? null : term(order));
  return [term(0), at(1), at(2), at(3)];
};

/** c (c − 1) … of so many factors. */
const falling = (c: number, order: number): Big =>
  Array.from({ length: order }, (_, k) => sub(fromNumber(c), whole(k))).reduce(mul, one);

const twoOverRootPi = 1.1283791670955126;

const sigmoid: LocalRule = {
  rounded: true,
  plain(x) {
    const small = Math.exp(-Math.abs(x));
    const [above, below] = [1 / (1 + small), small / (1 + small)];
    const [y, d] = [x < 0 ? below : above, above * below];
    const tilt = x < 0 ? above - below : below - above;
    return [y, d, d * tilt, d * (1 - 6 * d)];
  },
  exact(x) {
    const { y, slope, tilt } = sigmoidParts(x);
    return [y, slope, mul(slope, tilt), mul(slope, sub(one, mul(whole(6), slope)))];
  },
};

const softplus: LocalRule = {
  rounded: true,
  plain(x) {
    const [y, first, second] = sigmoid.plain(x, []);
    return [x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)), y, first, second];
  },
  exact(x) {
    const [y, first, second] = sigmoid.exact(x, []);
    return [softplusOf(x), y, first, second];
  },
};

export const localRules = {
  neg: { rounded: false, plain: (x) => [-x, -1, null, null], exact: (x) => [neg(x), neg(one), null, null] },
  exp: {
    rounded: true,
    plain(x) {
      const y = Math.exp(x);
      return [y, y, y, y];
    },
    exact(x) {
      const y = expOf(x);
      return [y, y, y, y];
    },
  },
  log: {
    rounded: true,
    plain: (x) => [Math.log(x), 1 / x, -1 / x / x, 2 / x / x / x],
    exact(x) {
      const [y, r] = [logOf(x), reciprocal(x)];
      return [y, r, neg(mul(r, r)), scale(mul(r, mul(r, r)), 1)];
    },
  },
  sqrt: {
    rounded: false,
    plain(x) {
      const y = Math.sqrt(x);
      return [y, 0.5 / y, -0.25 / y / x, 0.375 / y / x / x];
    },
    exact(x) {
      if (x.m <= 0n) throw new Singular("sqrt");
      const [y, r] = [sqrt(x), reciprocal(x)];
      const first = scale(mul(y, r), -1);
      const second = neg(scale(mul(first, r), -1));
      return [y, first, second, neg(mul(mul(second, r), big(3n, -1)))];
    },
  },
  sin: {
    rounded: true,
    plain: (x) => [Math.sin(x), Math.cos(x), -Math.sin(x), -Math.cos(x)],
    exact(x) {
      const [s, c] = sinCosOf(x);
      return [s, c, neg(s), neg(c)];
    },
  },
  cos: {
    rounded: true,
    plain: (x) => [Math.cos(x), -Math.sin(x), -Math.cos(x), Math.sin(x)],
    exact(x) {
      const [s, c] = sinCosOf(x);
      return [c, neg(s), neg(c), s];
    },
  },
  tan: {
    rounded: true,
    plain(x) {
      const y = Math.tan(x);
      const d = 1 + y * y;
      return [y, d, 2 * y * d, d * (2 + 6 * y * y)];
    },
    exact(x) {
      const [s, c] = sinCosOf(x);
      const y = mul(s, reciprocal(c));
      const y2 = mul(y, y);
      const d = add(one, y2);
      return [y, d, scale(mul(y, d), 1), mul(d, add(two, mul(whole(6), y2)))];
    },
  },
  tanh: {
    rounded: true,
    plain(x) {
      const [y, small] = [Math.tanh(x), Math.exp(-2 * Math.abs(x))];
      const d = (4 * small) / (1 + small) ** 2;
      return [y, d, -2 * y * d, d * (6 * y * y - 2)];
    },
    exact(x) {
      // tanh x = 2 σ(2x) − 1
      const { slope, tilt } = sigmoidParts(scale(x, 1));
      const [y, d] = [neg(tilt), scale(slope, 2)];
      return [y, d, neg(scale(mul(y, d), 1)), mul(d, sub(mul(whole(6), mul(y, y)), two))];
    },
  },
  sigmoid,
  softplus,
  logSigmoid: {
    rounded: true,
    plain(x) {
      const [y, first, second, third] = softplus.plain(-x, []) as [number, number, number, number];
      return [-y, first, -second, third];
    },
    exact(x) {
      const [y, first, second, third] = softplus.exact(neg(x), []) as [Big, Big, Big, Big];
      return [neg(y), first, neg(second), third];
    },
  },
  erf: {
    rounded: true,
    plain(x) {
      const d = twoOverRootPi * Math.exp(-x * x);
      return [
        Math.abs(x) > 6 ? Math.sign(x) : Number.isNaN(x) ? NaN : toNumber(erfOf(fromNumber(x))),
        d,
        -2 * x * d,
        (4 * x * x - 2) * d,
      ];
    },
    exact(x) {
      const x2 = mul(x, x);
      const d = mul(div(two, sqrt(real.pi())), expOf(neg(x2)));
      return [erfOf(x), d, neg(scale(mul(x, d), 1)), mul(d, sub(scale(x2, 2), two))];
    },
  },
  /** x^c for a constant c. */
  power: {
    rounded: true,
    plain: (x, [c]) =>
      powers(c!, (order) => (order === 0 ? x ** c! : toNumber(falling(c!, order)) * x ** (c! - order))),
    exact(x, [c]) {
      const y = Number.isInteger(c) ? null : expOf(mul(fromNumber(c!), logOf(x)));
      return powers(c!, (order) =>
        mul(falling(c!, order), y === null ? integerPower(x, c! - order) : mul(y, integerPower(x, -order))),
      );
    },
  },
  /** c^x for a constant c ≥ 0. */
  exponential: {
    rounded: true,
    plain(x, [c]) {
      if (c === 0) return [0 ** x, x >= 0 ? 0 : NaN, x >= 0 ? 0 : NaN, x >= 0 ? 0 : NaN];
      const [y, l] = [c! ** x, Math.log(c!)];
      return [y, y * l, y * l * l, y * l * l * l];
    },
    exact(x, [c]) {
      if (c === 0) {
        if (x.m <= 0n) throw new Singular("0^x");
        return [ZERO, null, null, null];
      }
      const l = real.log(fromNumber(c!));
      const y = expOf(mul(x, l));
      const y1 = mul(y, l);
      const y2 = mul(y1, l);
      return [y, y1, y2, mul(y2, l)];
    },
  },
  reciprocal: {
    rounded: false,
    plain: (x) => [1 / x, -1 / x / x, 2 / x / x / x, -6 / x / x / x / x],
    exact(x) {
      const r = reciprocal(x);
      const r2 = mul(r, r);
      return [r, neg(r2), scale(mul(r2, r), 1), mul(whole(-6), mul(r2, r2))];
    },
  },
} satisfies Readonly<Record<string, LocalRule>>;

export type RuleName = keyof typeof localRules;
