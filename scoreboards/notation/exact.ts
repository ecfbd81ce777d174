/** Residuals with their first and second derivatives in numbers of 96 digits: what float64 is measured by. */

import {
  add,
  big,
  compare as compareBig,
  div,
  fromNumber,
  mul,
  neg,
  scale,
  sqrt,
  sub,
  toNumber,
  type Big,
} from "../../packages/autograd/test/oracles/bigfloat.ts";
import { exp, log, one, pi, sinCos, two } from "../../packages/autograd/test/oracles/real.ts";
import { compare, type Comparison, type Expression } from "./expand.ts";

const zero = big(0n);

/**
 * A value, its gradient, and its Hessian below the diagonal; `null` for a constant, and for Hessians that are not asked
 * for.
 */
interface Jet {
  readonly value: Big;
  readonly gradient: readonly Big[] | null;
  readonly hessian: readonly Big[] | null;
}

/** 12.5e-3 is 125 / 10⁴: the number that is written, not the nearest float64. */
export function decimal(text: string): Big {
  const match = /^(-?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/.exec(text);
  if (match === null) throw new SyntaxError(`exact: ${text} is no decimal number`);
  const [, sign, whole, fraction, exponent] = match as unknown as readonly [
    string,
    string,
    string,
    string,
    string | undefined,
  ];
  const shift = Number(exponent ?? 0) - fraction.length;
  const digits = big(BigInt(`${whole}${fraction}`));
  const power = big(10n ** BigInt(Math.abs(shift)));
  const size = shift < 0 ? div(digits, power) : mul(digits, power);
  return sign === "-" ? neg(size) : size;
}

/** atan x = 2^k atan of the half angle taken k times, there by its series. */
function atan(x: Big): Big {
  const halvings = 10;
  let small = x;
  for (let k = 0; k < halvings; k++) small = div(small, add(one, sqrt(add(one, mul(small, small)))));
  const square = mul(small, small);
  let [power, sum] = [small, small];
  for (let k = 1; k < 24; k++) {
    power = neg(mul(power, square));
    sum = add(sum, div(power, big(BigInt(2 * k + 1))));
  }
  return scale(sum, halvings);
}

const isZero = (a: Big): boolean => a.m === 0n;

/** f(u) from f, f′ and f″ at u: ∂ = f′ u_j, ∂² = f″ u_j u_k + f′ u_jk */
function chain(u: Jet, value: Big, first: Big, second: Big): Jet {
  if (u.gradient === null) return { value, gradient: null, hessian: null };
  const gradient = u.gradient.map((one) => mul(first, one));
  const hessian =
    u.hessian === null
      ? null
      : pairs(u.gradient.length, (j, k, at) =>
          add(
            isZero(u.gradient![j]!) ? zero : mul(second, mul(u.gradient![j]!, u.gradient![k]!)),
            mul(first, u.hessian![at]!),
          ),
        );
  return { value, gradient, hessian };
}

/** A list with an entry for each pair j ≥ k. */
function pairs(n: number, of: (j: number, k: number, at: number) => Big): Big[] {
  const out: Big[] = [];
  for (let j = 0; j < n; j++) for (let k = 0; k <= j; k++) out.push(of(j, k, out.length));
  return out;
}

function sum(a: Jet, b: Jet): Jet {
  const both = (x: readonly Big[] | null, y: readonly Big[] | null): readonly Big[] | null =>
    x === null ? y : y === null ? x : x.map((one, i) => add(one, y[i]!));
  return { value: add(a.value, b.value), gradient: both(a.gradient, b.gradient), hessian: both(a.hessian, b.hessian) };
}

/** (ab)_jk = a b_jk + a_j b_k + a_k b_j + b a_jk */
function product(a: Jet, b: Jet): Jet {
  const value = mul(a.value, b.value);
  if (a.gradient === null)
    return b.gradient === null ? { value, gradient: null, hessian: null } : chain(b, value, a.value, zero);
  if (b.gradient === null) return chain(a, value, b.value, zero);
  const [p, q, u, v] = [a.gradient, b.gradient, a.hessian, b.hessian];
  return {
    value,
    gradient: p.map((one, j) => add(mul(a.value, q[j]!), mul(b.value, one))),
    hessian:
      u === null || v === null
        ? null
        : pairs(p.length, (j, k, at) =>
            add(add(mul(a.value, v[at]!), mul(b.value, u[at]!)), add(mul(p[j]!, q[k]!), mul(p[k]!, q[j]!))),
          ),
  };
}

const negated = (a: Jet): Jet => chain(a, neg(a.value), big(-1n), zero);
const reciprocal = (a: Jet): Jet => {
  const value = div(one, a.value);
  const square = mul(value, value);
  return chain(a, value, neg(square), scale(mul(square, value), 1));
};
const exponential = (a: Jet): Jet => {
  const value = exp(a.value);
  return chain(a, value, value, value);
};
const logarithm = (a: Jet): Jet => {
  const slope = div(one, a.value);
  return chain(a, log(a.value), slope, neg(mul(slope, slope)));
};

function power(base: Jet, exponent: Jet): Jet {
  const whole = wholeOf(exponent);
  if (whole === null) return exponential(product(exponent, logarithm(base)));
  let out: Jet = { value: one, gradient: null, hessian: null };
  for (let k = 0; k < Math.abs(whole); k++) out = product(out, base);
  return whole < 0 ? reciprocal(out) : out;
}

/** The small whole number that a constant is; `null` for any other. */
function wholeOf({ value, gradient }: Jet): number | null {
  if (gradient !== null) return null;
  for (let k = -64; k <= 64; k++) if (compareBig(value, big(BigInt(k))) === 0) return k;
  return null;
}

function call(name: string, [a, b]: readonly Jet[]): Jet {
  switch (name) {
    case "+":
      return sum(a!, b!);
    case "-":
      return sum(a!, negated(b!));
    case "*":
      return product(a!, b!);
    case "/":
      return product(a!, reciprocal(b!));
    case "^":
      return power(a!, b!);
    case "neg":
      return negated(a!);
    case "pi":
      return { value: pi(), gradient: null, hessian: null };
    case "exp":
      return exponential(a!);
    case "ln":
      return logarithm(a!);
    case "abs":
      return a!.value.m < 0n ? negated(a!) : a!;
    case "min":
      return compareBig(a!.value, b!.value) <= 0 ? a! : b!;
    case "sign":
      return { value: big(a!.value.m > 0n ? 1n : a!.value.m < 0n ? -1n : 0n), gradient: null, hessian: null };
    case "sqrt": {
      const root = sqrt(a!.value);
      const slope = div(one, mul(two, root));
      return chain(a!, root, slope, neg(div(slope, mul(two, a!.value))));
    }
    case "sin":
    case "cos": {
      const [sine, cosine] = sinCos(a!.value);
      return name === "sin" ? chain(a!, sine, cosine, neg(sine)) : chain(a!, cosine, neg(sine), neg(cosine));
    }
    case "atan": {
      const slope = div(one, add(one, mul(a!.value, a!.value)));
      return chain(a!, atan(a!.value), slope, neg(mul(mul(two, a!.value), mul(slope, slope))));
    }
    default:
      throw new SyntaxError(`exact: there is no function ${name}`);
  }
}

/** All residuals as jets at a point of float64, to the first or the second order. */
function jetsAt(residuals: readonly Expression[], x: readonly number[], order: 1 | 2): Jet[] {
  const n = x.length;
  const known = new Map<Expression, Jet>();
  const unit = (at: number): readonly Big[] => x.map((_, j) => (j === at ? one : zero));
  const none = order === 1 ? null : pairs(n, () => zero);
  const holds = ({ name, left, right }: Comparison): boolean =>
    compare(name, compareBig(of(left).value, of(right).value), 0);
  const write = (e: Expression): Jet => {
    switch (e.kind) {
      case "number":
        return { value: decimal(e.text), gradient: null, hessian: null };
      case "x":
        return { value: fromNumber(x[e.at]!), gradient: unit(e.at), hessian: none };
      case "call":
        return call(e.name, e.of.map(of));
      case "if":
        return of(e.cases.find(([comparison]) => comparison === null || holds(comparison))![1]);
    }
  };
  const of = (e: Expression): Jet => {
    const found = known.get(e) ?? write(e);
    known.set(e, found);
    return found;
  };
  return residuals.map(of);
}

/** Σ f² with its derivatives, and for each the sum of the sizes of its terms: what rounding is measured by. */
export interface Exact {
  readonly value: Big;
  readonly gradient: readonly Big[];
  readonly gradientTerms: readonly Big[];
  /** The same where residuals vanish: Σ 2 |f_j| (|f| + Σ |f_k x_k|), by which the last bits of x move the gradient. */
  readonly gradientMoves: readonly Big[];
  /** Below the diagonal, row by row; nothing where the first order was asked for. */
  readonly hessian: readonly Big[];
  readonly hessianTerms: readonly Big[];
}

const size = (a: Big): Big => (a.m < 0n ? neg(a) : a);

/**
 * g = Σ 2 f f_j, H = Σ 2 (f_j f_k + f f_jk); second derivatives of many parameters take gigabytes, and are left out for
 * `order` 1.
 */
export function exactSum(residuals: readonly Expression[], x: readonly number[], order: 1 | 2 = 2): Exact {
  const n = x.length;
  const [gradient, gradientTerms, gradientMoves] = [x.map(() => zero), x.map(() => zero), x.map(() => zero)];
  const lengths = x.map((one) => size(fromNumber(one)));
  const followed = order === 1 ? 0 : n;
  const [hessian, hessianTerms] = [pairs(followed, () => zero), pairs(followed, () => zero)];
  let value = zero;
  for (const { value: f, gradient: g, hessian: h } of jetsAt(residuals, x, order)) {
    value = add(value, mul(f, f));
    if (g === null) continue;
    const moves = g.reduce((total, slope, k) => add(total, mul(size(slope), lengths[k]!)), size(f));
    for (let j = 0; j < n; j++) {
      const term = scale(mul(f, g[j]!), 1);
      gradient[j] = add(gradient[j]!, term);
      gradientTerms[j] = add(gradientTerms[j]!, size(term));
      gradientMoves[j] = add(gradientMoves[j]!, scale(mul(size(g[j]!), moves), 1));
    }
    pairs(followed, (j, k, at) => {
      const [outer, bent] = [scale(mul(g[j]!, g[k]!), 1), scale(mul(f, h![at]!), 1)];
      hessian[at] = add(hessian[at]!, add(outer, bent));
      hessianTerms[at] = add(hessianTerms[at]!, add(size(outer), size(bent)));
      return zero;
    });
  }
  return { value, gradient, gradientTerms, gradientMoves, hessian, hessianTerms };
}

/** |given − exact| by the size of the terms; 0 where all of them are 0. */
export function errorOf(given: number, exact: Big, terms: Big): number {
  const difference = size(sub(fromNumber(given), exact));
  return isZero(difference) ? 0 : isZero(terms) ? Infinity : toNumber(div(difference, terms));
}
