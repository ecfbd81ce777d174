// The dual numbers against complex steps, closed forms, the conventions at kinks, and their own error bounds under
// perturbed roundings.

import { describe, expect, it } from "vitest";
import * as c from "./complex.ts";
import type { Complex } from "./complex.ts";
import { apply, constant, isComparable, leaf, runDual } from "./dual.ts";
import type { Dual, OperationName, Program } from "./dual.ts";
import { erf } from "./dual-rules.ts";
import { precise, ulpDistance } from "./precise.ts";

const single = (op: OperationName, leaves: number[], params?: number[], order: 1 | 2 = 2): Dual =>
  runDual({ leaves, instructions: [{ op, operands: leaves.map((_, i) => i), ...(params && { params }) }] }, order);

const analyticUnary: [OperationName, (z: Complex) => Complex, number[], number[]?][] = [
  ["neg", c.neg, [-2, 3]],
  ["exp", c.exp, [-20, -0.5, 0, 1, 20]],
  ["log", c.log, [1e-8, 0.5, 1, 20]],
  ["sqrt", c.sqrt, [1e-8, 0.5, 20]],
  ["powConst", (z) => c.pow(z, c.complex(2.5)), [0.5, 3], [2.5]],
  ["powConst", (z) => c.pow(z, c.complex(3)), [-2, 1e-3, 0.5], [3]],
  ["powConst", (z) => c.pow(z, c.complex(-1)), [-2, 0.5], [-1]],
  ["sin", c.sin, [-20, 0, 1, 3]],
  ["cos", c.cos, [-20, 1, 3]],
  ["tan", c.tan, [-20, 0, 1, 1.5]],
  ["tanh", c.tanh, [-20, -0.5, 0, 1, 20, 300]],
  ["sigmoid", c.sigmoid, [-300, -20, 0, 1, 20]],
  ["softplus", c.softplus, [-300, -20, 0, 1, 20]],
  ["logSigmoid", c.logSigmoid, [-20, 0, 1, 20, 300]],
  ["erf", c.erf, [-20, -3, -0.5, 0, 1, 2.5, 3.5]],
];
const analyticBinary: [OperationName, (a: Complex, b: Complex) => Complex, [number, number][]][] = [
  ["add", c.add, [[1, 2]]],
  ["sub", c.sub, [[1, 2]]],
  ["mul", c.mul, [[1.5, -2]]],
  [
    "div",
    c.div,
    [
      [1.5, -2],
      [0, 3],
      [1e200, 1e200],
    ],
  ],
  [
    "pow",
    c.pow,
    [
      [1.5, -2.5],
      [0.3, 2],
      [20, 0.5],
      [2, 0],
    ],
  ],
];

describe("first derivatives of duals", () => {
  for (const [op, f, at, params] of analyticUnary) {
    it(`agree with the complex step for ${op}(${params ?? ""})`, () => {
      for (const x of at) {
        const result = single(op, [x], params);
        expect(ulpDistance(result.gradient[0]!, c.complexStep(f, x)), `${op}′(${x})`).toBeLessThanOrEqual(4);
        expect(result.pathBound[0]).toBe(Math.abs(result.gradient[0]!));
      }
    });
  }
  for (const [op, f, at] of analyticBinary) {
    it(`agree with the complex step for ${op}`, () => {
      for (const point of at) {
        const { gradient } = single(op, point);
        const steps = c.complexGradient(f, point);
        gradient.forEach((g, i) => expect(ulpDistance(g, steps[i]!), `${op} at ${point}`).toBeLessThanOrEqual(4));
      }
    });
  }

  it("keep full relative accuracy where tanh saturates", () => {
    expect(single("tanh", [20]).gradient).toEqual([1.6993417021166355e-17]);
  });

  it("follow the conventions at kinks and ties", () => {
    const rows: [OperationName, number[], number[] | undefined, number, number[]][] = [
      ["relu", [0], undefined, 0, [0]],
      ["relu", [2], undefined, 2, [1]],
      ["abs", [0], undefined, 0, [0]],
      ["abs", [-2], undefined, 2, [-1]],
      ["sign", [-2], undefined, -1, [0]],
      ["clip", [-1], [-1, 1], -1, [1]],
      ["clip", [1], [-1, 1], 1, [1]],
      ["clip", [1.5], [-1, 1], 1, [0]],
      ["detach", [1.5], undefined, 1.5, [0]],
      ["maximum", [3, 3], undefined, 3, [0.5, 0.5]],
      ["maximum", [-0, 0], undefined, 0, [0.5, 0.5]],
      ["maximum", [3, 4], undefined, 4, [0, 1]],
      ["minimum", [3, 3], undefined, 3, [0.5, 0.5]],
      ["minimum", [3, 4], undefined, 3, [1, 0]],
      ["whereLess", [1, 1, 5, 6], undefined, 6, [0, 0, 0, 1]],
      ["whereLessEqual", [1, 1, 5, 6], undefined, 5, [0, 0, 1, 0]],
      ["whereGreater", [1, 0, 5, 6], undefined, 5, [0, 0, 1, 0]],
      ["whereGreaterEqual", [0, 1, 5, 6], undefined, 6, [0, 0, 0, 1]],
      ["whereEqual", [-0, 0, 5, 6], undefined, 5, [0, 0, 1, 0]],
      ["whereNotEqual", [-0, 0, 5, 6], undefined, 6, [0, 0, 0, 1]],
      ["pow", [0, 2], undefined, 0, [0, 0]],
      ["pow", [0, 0], undefined, 1, [0, 0]],
      ["pow", [0, 1], undefined, 0, [1, 0]],
      ["powConst", [0], [0], 1, [0]],
    ];
    for (const [op, leaves, params, value, gradient] of rows) {
      const result = single(op, leaves, params);
      expect(result.value, `${op}(${leaves})`).toBe(value);
      expect(result.gradient, `${op}(${leaves})`).toEqual(gradient);
      expect(result.ambiguous).toBe(false);
    }
    expect(single("maximum", [NaN, 1]).value).toBeNaN();
    expect(single("maximum", [NaN, 1]).gradient).toEqual([1, 0]);
    expect(single("minimum", [1, NaN]).gradient).toEqual([0, 1]);
  });
});

describe("second derivatives of duals", () => {
  it("agree with differences of the first derivatives", () => {
    type Point = [OperationName, number[], number[] | undefined];
    const points = [
      ...analyticUnary.flatMap(([op, , at, params]) => at.map((x): Point => [op, [x], params])),
      ...analyticBinary.flatMap(([op, , at]) => at.map((point): Point => [op, point, undefined])),
    ];
    for (const [op, at, params] of points) {
      const k = at.length;
      const { hessian, gradient } = single(op, at, params);
      for (let j = 0; j < k; j++) {
        const h = 1e-6 * Math.abs(at[j]!) || 1e-6;
        const shifted = (by: number) =>
          single(
            op,
            at.map((x, i) => (i === j ? x + by : x)),
            params,
          ).gradient;
        const [up, down] = [shifted(h), shifted(-h)];
        for (let i = 0; i < k; i++) {
          const difference = (up[i]! - down[i]!) / (2 * h);
          const scale = 1e-6 * Math.abs(difference) + (1e-9 * Math.abs(gradient[i]!)) / h ** 0.5;
          expect(Math.abs(hessian![i * k + j]! - difference), `${op} at ${at}`).toBeLessThanOrEqual(scale);
        }
      }
    }
  });

  it("give the symmetric Hessian of x^y at an exponent of zero", () => {
    expect(single("pow", [2, 0]).hessian).toEqual([0, 0.5, 0.5, Math.LN2 ** 2]);
  });

  it("give the Hessian of a composition through a diamond", () => {
    // f = x y · sin(x y): with u = x y, f′ = sin u + u cos u and f″ = 2 cos u − u sin u
    const [x, y] = [0.7, -1.3];
    const u = x * y;
    const first = Math.sin(u) + u * Math.cos(u);
    const second = 2 * Math.cos(u) - u * Math.sin(u);
    const program: Program = {
      leaves: [x, y],
      instructions: [
        { op: "mul", operands: [0, 1] },
        { op: "sin", operands: [2] },
        { op: "mul", operands: [2, 3] },
      ],
    };
    const { gradient, hessian } = runDual(program, 2);
    [first * y, first * x].forEach((g, i) => expect(gradient[i]).toBeCloseTo(g, 14));
    [second * y * y, second * u + first, second * u + first, second * x * x].forEach((h, i) =>
      expect(hessian![i]).toBeCloseTo(h, 14),
    );
    expect(runDual(program).hessian).toBeUndefined();
  });
});

describe("what a dual says about itself", () => {
  const x = (value: number): Dual => leaf(value, 0, 1, 2);

  it("sums the paths by absolute value where the derivative cancels", () => {
    const { gradient, pathBound } = apply("sub", [x(3), x(3)]);
    expect([gradient, pathBound]).toEqual([[0], [2]]);
  });

  it("cuts what lies behind an exact zero, even an infinity", () => {
    const zero = x(0);
    const guarded = apply("whereGreater", [zero, constant(0, zero), apply("log", [zero]), constant(0, zero)]);
    expect([guarded.value, guarded.gradient, guarded.hessian, guarded.finite, guarded.hessianFinite]).toEqual([
      0,
      [0],
      [0],
      true,
      true,
    ]);
    const product = apply("mul", [apply("sqrt", [zero]), constant(0, zero)]);
    expect([product.gradient, product.finite]).toEqual([[0], true]);
  });

  it("reports what is not finite", () => {
    expect(single("log", [0]).finite).toBe(false);
    expect(single("sqrt", [0]).finite).toBe(false);
    expect(single("log", [-1]).finite).toBe(false);
    expect(single("whereLess", [NaN, 1, 2, 3]).finite).toBe(false);
    const root = single("powConst", [0], [1.5]);
    expect([root.finite, root.hessianFinite]).toEqual([true, false]);
  });

  it("reports a kink only where rounding decides the side", () => {
    const half = x(0.5);
    const back = apply("exp", [apply("log", [half])]);
    expect(apply("relu", [apply("sub", [back, half])]).ambiguous).toBe(true);
    expect(apply("maximum", [back, half]).ambiguous).toBe(true);
    expect(apply("maximum", [back, back]).ambiguous).toBe(false);
    expect(apply("relu", [apply("sub", [half, half])]).ambiguous).toBe(false);
    expect(apply("relu", [back]).ambiguous).toBe(false);
    expect(isComparable(apply("maximum", [back, half]))).toBe(false);
  });

  it("reports a value that rounding has emptied", () => {
    expect(apply("sin", [apply("mul", [apply("exp", [x(1)]), x(1e14)])]).ambiguous).toBe(true);
    expect(apply("sin", [x(1e14)]).ambiguous).toBe(false);
  });

  it("reports derivatives too large to compare", () => {
    expect(isComparable(single("powConst", [1e-7], [-2]))).toBe(false);
    expect(isComparable(single("powConst", [1e-3], [-2]))).toBe(true);
  });

  it("rejects programs that are not straight lines", () => {
    expect(() => runDual({ leaves: [1], instructions: [{ op: "add", operands: [0, 1] }] })).toThrow(RangeError);
    expect(() => runDual({ leaves: [1], instructions: [{ op: "add", operands: [0] }] })).toThrow(RangeError);
    expect(() => runDual({ leaves: [], instructions: [] })).toThrow(RangeError);
  });
});

describe("the error function of the duals", () => {
  it("stays within four units in the last place", () => {
    for (let z = -6.5; z <= 6.5; z += 0.0137)
      expect(ulpDistance(erf(z), precise.erf(z)), `erf(${z})`).toBeLessThanOrEqual(4);
    expect([erf(-Infinity), erf(0), erf(1e-300), erf(Infinity), erf(NaN)]).toEqual([
      -1,
      0,
      precise.erf(1e-300),
      1,
      NaN,
    ]);
  });
});
