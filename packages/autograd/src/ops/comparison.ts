/** Comparisons, logic, and the choice between two tensors. A comparison is piecewise constant: it has no derivative. */

import type { LaneForms } from "../kernels/lanes/forms.ts";
import type { Lanes } from "../kernels/lanes/lanes.ts";
import {
  binary,
  ternary,
  unary,
  type Binary,
  type ElementwiseDeclaration,
  type Ternary,
  type Unary,
} from "./declare.ts";

/** A comparison; with a form for conditions it takes bool as well. */
function comparison(value: (...inputs: number[]) => number, lanes: LaneForms): ElementwiseDeclaration {
  return {
    value,
    lanes,
    partials: [null, null],
    needs: "nothing",
    result: "bool",
    takes: lanes.logic === undefined ? "number" : "any",
  };
}

/** True where just one of two conditions holds. */
function differ<V, M>(l: Lanes<V, M>, a: M, b: M): M {
  return l.and(l.or(a, b), l.not(l.and(a, b)));
}

/** True where a number counts as true. */
function truth<V, M>(l: Lanes<V, M>, x: V): M {
  return l.ne(x, l.constant(0));
}

/**
 * a > b entry by entry, a bool tensor.
 *
 * @example
 * greater(tensor([1, 2]), 1).toArray() // => [false, true]
 */
export const greater: Binary = binary(
  "greater",
  comparison((a, b) => (a > b ? 1 : 0), { compare: (l, a, b) => l.gt(a, b) }),
);

/**
 * a ≥ b entry by entry, a bool tensor.
 *
 * @example
 * greaterEqual(tensor([1, 2]), 2).toArray() // => [false, true]
 */
export const greaterEqual: Binary = binary(
  "greaterEqual",
  comparison((a, b) => (a >= b ? 1 : 0), { compare: (l, a, b) => l.ge(a, b) }),
);

/**
 * a < b entry by entry, a bool tensor.
 *
 * @example
 * less(tensor([1, 2]), 2).toArray() // => [true, false]
 */
export const less: Binary = binary(
  "less",
  comparison((a, b) => (a < b ? 1 : 0), { compare: (l, a, b) => l.lt(a, b) }),
);

/**
 * a ≤ b entry by entry, a bool tensor.
 *
 * @example
 * lessEqual(tensor([1, 2]), 1).toArray() // => [true, false]
 */
export const lessEqual: Binary = binary(
  "lessEqual",
  comparison((a, b) => (a <= b ? 1 : 0), { compare: (l, a, b) => l.le(a, b) }),
);

/**
 * a = b entry by entry, a bool tensor; NaN equals nothing.
 *
 * @example
 * equal(tensor([1, 2]), 2).toArray() // => [false, true]
 */
export const equal: Binary = binary(
  "equal",
  comparison((a, b) => (a === b ? 1 : 0), {
    compare: (l, a, b) => l.eq(a, b),
    logic: (l, a, b) => l.not(differ(l, a, b)),
  }),
);

/**
 * a ≠ b entry by entry, a bool tensor; NaN differs from everything.
 *
 * @example
 * notEqual(tensor([1, 2]), 2).toArray() // => [true, false]
 */
export const notEqual: Binary = binary(
  "notEqual",
  comparison((a, b) => (a !== b ? 1 : 0), { compare: (l, a, b) => l.ne(a, b), logic: differ }),
);

/**
 * Both true, entry by entry.
 *
 * @example
 * logicalAnd(tensor([true, true]), tensor([true, false])).toArray() // => [true, false]
 */
export const logicalAnd: Binary = binary(
  "logicalAnd",
  comparison((a, b) => (a !== 0 && b !== 0 ? 1 : 0), {
    compare: (l, a, b) => l.and(truth(l, a), truth(l, b)),
    logic: (l, a, b) => l.and(a, b),
  }),
);

/**
 * At least one true, entry by entry.
 *
 * @example
 * logicalOr(tensor([true, false]), tensor([false, false])).toArray() // => [true, false]
 */
export const logicalOr: Binary = binary(
  "logicalOr",
  comparison((a, b) => (a !== 0 || b !== 0 ? 1 : 0), {
    compare: (l, a, b) => l.or(truth(l, a), truth(l, b)),
    logic: (l, a, b) => l.or(a, b),
  }),
);

/**
 * True where x is false or 0.
 *
 * @example
 * logicalNot(tensor([true, false])).toArray() // => [false, true]
 */
export const logicalNot: Unary = unary("logicalNot", {
  value: (x) => (x === 0 ? 1 : 0),
  lanes: { compare: (l, x) => l.eq(x, l.constant(0)), logic: (l, x) => l.not(x) },
  partials: [null],
  needs: "nothing",
  result: "bool",
  takes: "any",
});

/**
 * `a` where the condition holds, else `b`, entry by entry with broadcasting. The cotangent is selected, never
 * multiplied, so that nothing of the branch not taken reaches the gradient: `where(greater(x, 0), log(x), 0)` has
 * gradient 0 at 0.
 *
 * @example
 * where(tensor([true, false]), tensor([1, 2]), 0).toArray() // => [1, 0]
 */
// y = c ? a : b        dy/da = 1 where c, else 0        dy/db = 0 where c, else 1
export const where: Ternary = ternary(
  "where",
  {
    value: (c, a, b) => (c !== 0 ? a : b),
    lanes: {
      choose: (l, c, a, b) => l.select(c, a, b),
      logic: (l, c, a, b) => l.or(l.and(c, a), l.and(l.not(c), b)),
    },
    partials: [null, { gate: (_, c) => c }, { gate: (m, c) => m.not(c) }],
    needs: "inputs",
    takes: "any",
  },
  true,
);
