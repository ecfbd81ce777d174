/**
 * The arithmetic of cotangents and tangents. A 0 among them can mean two things: no path leads there (the entry was not
 * chosen), or a slope came out as 0. The first is written -0 and drops whatever it is multiplied by, infinite or not;
 * the second is +0, and multiplies as IEEE 754 says. Sums keep the two apart by themselves: -0 + -0 is -0, and -0 + x
 * is x.
 */

import type { ElementwiseOp } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Lanes } from "../kernels/lanes/lanes.ts";
import { binary, ternary, unary, type Binary, type Ternary, type Unary } from "./declare.ts";

/** True if a number marks what was dropped. */
export function isMark(x: number): boolean {
  return x === 0 && 1 / x < 0;
}

/** x where it is not 0, and dropped where it is: of what was handed in, and of factors that are constants. */
// y = x, -0 where x = 0        dy/dx = 1
export const annul: Unary = unary("annul", {
  value: (x) => (x === 0 ? -0 : x),
  lanes: { value: (l, x) => l.select(l.eq(x, l.constant(0)), l.constant(-0), x) },
  partials: [1],
  needs: "nothing",
});

/** The value where nothing was dropped, with a computed -0 made +0. */
function unlessDropped<V, M>(l: Lanes<V, M>, dropped: M, value: V): V {
  return l.select(dropped, l.constant(-0), l.add(value, l.constant(0)));
}

/** g · p: how the sweeps multiply a cotangent by a local derivative. */
// y = g p, -0 where g = -0        dy/dg = p        dy/dp = g, dropped where g is
export const absorb: Binary = binary("absorb", {
  value: (g, p) => (g === 0 && 1 / g < 0 ? -0 : g * p + 0),
  lanes: { value: (l, g, p) => unlessDropped(l, l.isMark(g), l.mul(g, p)) },
  partials: [(_, __, p) => p, { dropped: (_, g) => g }],
  needs: "inputs",
});

/** -g: neither kind of 0 has a sign to turn. */
export function negated(g: Tensor): Tensor {
  return absorb(g, -1);
}

/** g · h for two cotangents: what was dropped from either is dropped. */
// y = g h, -0 where g = -0 or h = -0        dy/dg = h        dy/dh = g
export const absorbBoth: Binary = binary("absorbBoth", {
  value: (g, h) => ((g === 0 && 1 / g < 0) || (h === 0 && 1 / h < 0) ? -0 : g * h + 0),
  lanes: { value: (l, g, h) => unlessDropped(l, l.or(l.isMark(g), l.isMark(h)), l.mul(g, h)) },
  partials: [{ dropped: (_, __, h) => h }, { dropped: (_, g) => g }],
  needs: "inputs",
});

/** g / n, for shares of a cotangent: a quotient that vanishes is no mark. */
// y = g / n, -0 where g = -0        dy/dg = 1 / n, n being a count
export const portion: Binary = binary("portion", {
  value: (g, n) => (g === 0 && 1 / g < 0 ? -0 : g / n + 0),
  lanes: { value: (l, g, n) => unlessDropped(l, l.isMark(g), l.div(g, n)) },
  partials: [(m, _, n) => m.div(1, n), null],
  needs: "inputs",
});

const gate: Ternary = ternary(
  "pass",
  {
    value: (c, g, rest) => (c !== 0 ? g : rest),
    lanes: { choose: (l, c, g, rest) => l.select(c, g, rest) },
    partials: [null, { gate: (_, c) => c }, { gate: (m, c) => m.not(c) }],
    needs: "inputs",
  },
  true,
);

/** g where the condition holds, dropped elsewhere. */
// y = c ? g : -0        dy/dg = 1 where c, dropped elsewhere
export const pass: { (condition: Tensor, g: Tensor): Tensor; readonly op: ElementwiseOp } = Object.assign(
  (condition: Tensor, g: Tensor): Tensor => gate(condition, g, -0),
  { op: gate.op },
);

/**
 * y as a rule by hand gave it, dropped where the tangent t of its graph was dropped, and y is 0, or the NaN of 0 / 0
 * and 0 · ∞.
 */
// y = v, -0 where v = 0 or v ≠ v, and t = -0        dy/dv = 1
export const restore: Binary = binary("restore", {
  value: (v, t) => (!(v < 0 || v > 0) && isMark(t) ? -0 : v + 0),
  lanes: { value: (l, v, t) => unlessDropped(l, l.and(l.or(l.eq(v, l.constant(0)), l.ne(v, v)), l.isMark(t)), v) },
  partials: [1, null],
  needs: "nothing",
});
