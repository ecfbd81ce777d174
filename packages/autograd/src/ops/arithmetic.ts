/** Arithmetic: sums, products, quotients, powers, extremes. */

import { ConfigError } from "../errors.ts";
import type { Partial } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { pow as power } from "../kernels/special.ts";
import { refuseExtra } from "../options.ts";
import type { Guard, Result, Shape } from "../types/shape.ts";
import type { Broadcast } from "../types/broadcast.ts";
import { binary, ternary, unary, type Binary, type Broadcast3, type Unary } from "./declare.ts";

/**
 * a + b, with broadcasting.
 *
 * @example
 * add(tensor([1, 2]), 10).toArray() // => [11, 12]
 */
// y = a + b        dy/da = 1        dy/db = 1
export const add: Binary = binary("add", {
  value: (a, b) => a + b,
  lanes: { value: (l, a, b) => l.add(a, b) },
  partials: [1, 1],
  needs: "nothing",
  takes: "number",
  mayOverflow: true,
});

/**
 * a - b, with broadcasting.
 *
 * @example
 * sub(tensor([1, 2]), 10).toArray() // => [-9, -8]
 */
// y = a - b        dy/da = 1        dy/db = -1
export const sub: Binary = binary("sub", {
  value: (a, b) => a - b,
  lanes: { value: (l, a, b) => l.sub(a, b) },
  partials: [1, -1],
  needs: "nothing",
  takes: "number",
  mayOverflow: true,
});

/**
 * a · b entry by entry (the Hadamard product ⊙), with broadcasting.
 *
 * @example
 * mul(tensor([1, 2]), tensor([3, 4])).toArray() // => [3, 8]
 */
// y = a b        dy/da = b        dy/db = a
export const mul: Binary = binary("mul", {
  value: (a, b) => a * b,
  lanes: { value: (l, a, b) => l.mul(a, b) },
  partials: [{ factor: 1 }, { factor: 0 }],
  needs: "inputs",
  takes: "number",
  mayOverflow: true,
});

/**
 * a / b entry by entry, with broadcasting; division by zero gives ±∞ or NaN as IEEE 754 says.
 *
 * @example
 * div(tensor([1, 2]), 4).toArray() // => [0.25, 0.5]
 */
// y = a / b        dy/da = 1 / b        dy/db = -y / b
export const div: Binary = binary("div", {
  value: (a, b) => a / b,
  lanes: { value: (l, a, b) => l.div(a, b) },
  // -a / b² would overflow where -y / b does not.
  partials: [(m, _, b) => m.div(1, b), { factor: 0, rule: (m, _, b, y) => m.neg(m.div(y, b)) }],
  needs: "both",
});

/**
 * -x.
 *
 * @example
 * neg(tensor([1, -2])).toArray() // => [-1, 2]
 */
// y = -x        dy/dx = -1
export const neg: Unary = unary("neg", {
  value: (x) => -x,
  lanes: { value: (l, x) => l.neg(x) },
  partials: [-1],
  needs: "nothing",
  takes: "number",
  mayOverflow: true,
});

/**
 * a to the power b, with broadcasting. A negative base with a fractional exponent gives NaN; 0^0 and 1^NaN are 1.
 *
 * @example
 * pow(tensor([2, 3]), 2).toArray() // => [4, 9]
 */
// y = a^b        dy/da = b a^(b-1)        dy/db = a^b ln a
export const pow: Binary = binary("pow", {
  value: (a, b) => power(a, b),
  lanes: { value: (l, a, b) => l.external2("pow", a, b) },
  partials: [
    // With b = 0 the power is constant in a, whatever a is.
    { dropped: (m, a, b) => m.absorb(m.annul(b), m.pow(a, m.sub(b, 1))) },
    // At a = 0 and b ≥ 0 the power is constant in b, from the right; the condition goes to the logarithm's input too,
    // so that higher orders stay finite.
    (m, a, b, y) => {
      const constant = m.and(m.equal(a, 0), m.greaterEqual(b, 0));
      return m.where(constant, 0, m.mul(y, m.log(m.where(constant, 1, a))));
    },
  ],
  needs: "both",
});

/**
 * |x|; the derivative at 0 is 0.
 *
 * @example
 * abs(tensor([-2, 3])).toArray() // => [2, 3]
 */
// y = |x|        dy/dx = sign x
export const abs: Unary = unary("abs", {
  value: (x) => Math.abs(x),
  lanes: { value: (l, x) => l.abs(x) },
  partials: [(m, x) => m.sign(x)],
  needs: "inputs",
  takes: "number",
  mayOverflow: true,
});

/**
 * 1, -1 or 0; the derivative is 0 everywhere.
 *
 * @example
 * sign(tensor([-2, 0, 3])).toArray() // => [-1, 0, 1]
 */
// y = sign x        dy/dx = 0
export const sign: Unary = unary("sign", {
  value: (x) => (x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : NaN),
  lanes: {
    value(l, x) {
      const zero = l.constant(0);
      const still = l.select(l.eq(x, zero), zero, x);
      return l.select(l.gt(x, zero), l.constant(1), l.select(l.lt(x, zero), l.constant(-1), still));
    },
  },
  partials: [null],
  needs: "nothing",
  takes: "number",
});

/** The share of a tie or of a NaN that goes to each of two operands; the one that loses is dropped. */
const share = (wins: "greater" | "less"): readonly [Partial, Partial] => [
  { dropped: (m, a, b) => m.where(m.equal(a, b), 0.5, m.where(m.or(m[wins](a, b), m.notEqual(a, a)), 1, -0)) },
  {
    dropped: (m, a, b) =>
      m.where(m.equal(a, b), 0.5, m.where(m.and(m.or(m[wins](b, a), m.notEqual(b, b)), m.equal(a, a)), 1, -0)),
  },
];

/**
 * The larger of a and b entry by entry; NaN where either is. Equal entries share the gradient.
 *
 * @example
 * maximum(tensor([1, 5]), 3).toArray() // => [3, 5]
 */
// y = max(a, b)        dy/da = 1 where a > b, ½ where a = b, else 0
export const maximum: Binary = binary("maximum", {
  value: (a, b) => Math.max(a, b),
  lanes: { value: (l, a, b) => l.max(a, b) },
  partials: share("greater"),
  needs: "inputs",
  takes: "number",
});

/**
 * The smaller of a and b entry by entry; NaN where either is. Equal entries share the gradient.
 *
 * @example
 * minimum(tensor([1, 5]), 3).toArray() // => [1, 3]
 */
// y = min(a, b)        dy/da = 1 where a < b, ½ where a = b, else 0
export const minimum: Binary = binary("minimum", {
  value: (a, b) => Math.min(a, b),
  lanes: { value: (l, a, b) => l.min(a, b) },
  partials: share("less"),
  needs: "inputs",
  takes: "number",
});

const clipTernary = ternary(
  "clip",
  {
    value: (x, low, high) => Math.min(Math.max(x, low), high),
    lanes: { value: (l, x, low, high) => l.min(l.max(x, low), high) },
    partials: [
      { gate: (m, x, low, high) => m.and(m.greaterEqual(x, low), m.lessEqual(x, high)) },
      { gate: (m, x, low) => m.less(x, low) },
      { gate: (m, x, _, high) => m.greater(x, high) },
    ],
    needs: "inputs",
    takes: "number",
  },
  false,
);

/**
 * x held within [low, high]. The gradient passes on the closed interval, so that a parameter at its bound can move
 * back.
 *
 * @param x - a tensor
 * @param low - the lower bound, a number or a tensor that broadcasts
 * @param high - the upper bound, likewise
 * @throws ConfigError where two numbers are given with low > high or NaN
 *
 * @example
 * clip(tensor([-2, 0.5, 2]), -1, 1).toArray() // => [-1, 0.5, 1]
 */
// y = min(max(x, low), high)        dy/dx = 1 where low ≤ x ≤ high, else 0
export function clip<A extends Shape, B extends Shape = [], C extends Shape = []>(
  x: Tensor<A>,
  low: number | (Tensor<B> & Guard<Broadcast<A, B>>),
  high: number | (Tensor<C> & Guard<Broadcast3<A, B, C>>),
): Tensor<Result<Broadcast3<A, B, C>>>;
export function clip(x: Tensor, low: number | Tensor, high: number | Tensor, extra?: unknown): Tensor {
  refuseExtra("clip", extra, "clip(x, low, high)");
  if (Number.isNaN(low) || Number.isNaN(high) || (typeof low === "number" && typeof high === "number" && low > high)) {
    throw new ConfigError({
      op: "clip",
      problem: `the bounds ${String(low)} and ${String(high)} are not in order`,
      hint: "give low ≤ high",
    });
  }
  return clipTernary(x, low, high);
}
clip.op = clipTernary.op;
