/** Rules by hand: both directions, one derived from the other, second order, and what is refused. */

import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  cos,
  customGradient,
  exp,
  grad,
  greater,
  hessian,
  jvp,
  mul,
  neg,
  pow,
  sin,
  sum,
  tensor,
  valueAndGrad,
  vjp,
  where,
  type Tensor,
} from "../../src/index.ts";
import { refusalOf as caught } from "../refusal.ts";

type Scalar = Tensor<[]>;
type Op = (...inputs: (Tensor | number)[]) => Tensor;

/** x³ with the rules given. */
const cube = (rules: "vjp" | "jvp" | "both"): Op =>
  customGradient({
    name: "cube",
    forward: (x) => pow(x, 3),
    ...(rules === "jvp" ? {} : { vjp: (g, { inputs: [x] }) => mul(g, mul(3, mul(x!, x!))) }),
    ...(rules === "vjp" ? {} : { jvp: ([t], { inputs: [x] }) => mul(t!, mul(3, mul(x!, x!))) }),
  });

describe("an op by hand", () => {
  for (const rules of ["vjp", "jvp", "both"] as const) {
    it(`with ${rules} has both directions and every order`, () => {
      const op = cube(rules);
      const f = (x: Scalar): Scalar => op(x) as Scalar;
      expect(grad(f)(2).item()).toBe(12);
      expect(jvp(f, [2], [1]).tangent.item()).toBe(12);
      expect(grad(grad(f))(2).item()).toBe(12);
      expect(grad(grad(grad(f)))(2).item()).toBe(6);
      expect(jvp((x: Scalar) => jvp(f, [x], [tensor(1)]).tangent, [2], [1]).tangent.item()).toBe(12);
      expect(hessian(f)(2).item()).toBe(12);
    });
  }

  it("uses the rule it is given, not the derivative of its forward", () => {
    const clipped = customGradient({ name: "reversal", forward: (x) => mul(x, 1), vjp: (g) => neg(g) });
    expect(grad((x: Scalar) => mul(clipped(x), 3))(2).item()).toBe(-3);
    const through = customGradient({
      name: "straight-through",
      forward: (x) => where(greater(x, 0), 1, 0),
      vjp: (g) => g,
    });
    const { value, gradient } = valueAndGrad((x: Tensor<[2]>) => sum(mul(through(x), tensor([2, 5]))))(tensor([-1, 1]));
    expect([value.item(), gradient.toArray()]).toEqual([5, [2, 5]]);
  });

  it("takes several operands, null standing for one without influence", () => {
    const scaled = customGradient({
      name: "scaled",
      forward: (x, s) => mul(x, s),
      vjp: (g, { inputs: [, s] }) => [mul(g, s!), null],
    });
    const [dx, ds] = grad((x: Scalar, s: Scalar) => scaled(x, s), { argnums: [0, 1] })(3, 5);
    expect([dx.item(), ds.item()]).toEqual([5, 0]);
  });

  it("hands its rule the output", () => {
    const e = customGradient({ name: "e", forward: (x) => exp(x), vjp: (g, { output }) => mul(g, output) });
    expect(grad((x: Scalar) => e(x))(1).item()).toBe(Math.E);
    expect(grad(grad((x: Scalar) => e(x) as Scalar))(1).item()).toBeCloseTo(Math.E, 15);
  });

  it("derives the missing direction over tensors, with several operands", () => {
    const product = customGradient({
      name: "product",
      forward: (a, b) => mul(sin(a), b),
      vjp: (g, { inputs: [a, b] }) => [mul(g, mul(cos(a!), b!)), mul(g, sin(a!))],
    });
    const [a, b, ta, tb] = [tensor([0.3, 1.2]), tensor([2, -1]), tensor([1, 0.5]), tensor([-1, 3])];
    const { tangent } = jvp((x: Tensor<[2]>, y: Tensor<[2]>) => product(x, y), [a, b], [ta, tb]);
    const expected = [0, 1].map((i) => {
      const [x, y] = [a.toTypedArray()[i]!, b.toTypedArray()[i]!];
      return Math.cos(x) * y * ta.toTypedArray()[i]! + Math.sin(x) * tb.toTypedArray()[i]!;
    });
    tangent.toTypedArray().forEach((t, i) => expect(t).toBeCloseTo(expected[i]!, 15));
  });

  it("is recorded on the tape as other ops are", () => {
    const w = tensor(2, { requiresGrad: true });
    cube("jvp")(w).backward();
    expect(w.grad!.item()).toBe(12);
  });
});

describe("a rule is refused by the name of its op", () => {
  it("where the other direction cannot be derived from it", () => {
    const opaque = customGradient({ name: "opaque", forward: (x) => mul(x, 2), vjp: (g) => tensor(2 * g.item()) });
    expect(grad((x: Scalar) => opaque(x))(1).item()).toBe(2);
    const refused = caught(() => jvp((x: Scalar) => opaque(x), [1], [1]));
    expect([refused.op, refused.code]).toEqual(["opaque", "MISSING_RULE"]);
    expect(refused.message).toMatch(/has a vjp but no jvp.*give the op a jvp/);
    const forwardOnly = customGradient({
      name: "forwardOnly",
      forward: (x) => mul(x, 2),
      jvp: ([t]) => tensor(2 * t!.item()),
    });
    expect(caught(() => grad((x: Scalar) => forwardOnly(x))(1)).message).toMatch(/forwardOnly: has a jvp but no vjp/);
  });

  it("where it gives the wrong number of cotangents", () => {
    const short = customGradient({ name: "short", forward: (a, b) => mul(a, b), vjp: (g) => [g] });
    const refused = caught(() => grad((x: Scalar) => short(x, 2))(1));
    expect([refused.op, refused.code]).toEqual(["short", "BAD_RULE"]);
    expect(refused.message).toMatch(/1 cotangents for 2 inputs/);
    const none = customGradient({ name: "none", forward: (a) => mul(a, 2), vjp: () => undefined as unknown as Tensor });
    expect(caught(() => grad((x: Scalar) => none(x))(1)).message).toMatch(/none: vjp gives undefined/);
  });

  it("where a cotangent has the wrong shape or type", () => {
    const wide = customGradient({ name: "wide", forward: (x) => sum(x), vjp: () => tensor([1, 1, 1]) });
    const refused = caught(() => grad((x: Tensor<[2]>) => wide(x))(tensor([1, 2])));
    expect([refused.op, refused.code, refused.shapes]).toEqual(["wide", "BAD_RULE", [[3], [2]]]);
    expect(refused.message).toMatch(/cotangent of shape \[3\] for input 0, which has shape \[2\]/);
    const narrow = customGradient({
      name: "narrow",
      forward: (x) => mul(x, 2),
      vjp: () => tensor(1, { dtype: "float32" }),
    });
    expect(caught(() => grad((x: Scalar) => narrow(x))(1)).message).toMatch(
      /narrow: .*float32 for input 0, which is float64/,
    );
    const text = customGradient({ name: "text", forward: (x) => mul(x, 2), vjp: () => ["g"] as unknown as Tensor[] });
    expect(caught(() => grad((x: Scalar) => text(x))(1)).message).toMatch(/text: the rule gives string for input 0/);
  });

  it("where a tangent has the wrong shape", () => {
    const wide = customGradient({ name: "wide", forward: (x) => sum(x), jvp: () => tensor([1, 1]) });
    const refused = caught(() => jvp((x: Tensor<[2]>) => wide(x), [tensor([1, 2])], [tensor([1, 1])]));
    expect([refused.op, refused.code]).toEqual(["wide", "BAD_RULE"]);
    expect(refused.message).toMatch(/\[2\] for an output of float64 \[\]/);
  });

  it("where there is no rule at all, or forward gives no tensor", () => {
    expect(() => customGradient({ name: "bare", forward: (x) => x })).toThrow(
      /bare: a forward and a vjp or a jvp are needed/,
    );
    const empty = customGradient({ name: "empty", forward: () => 3 as unknown as Tensor, vjp: (g) => g });
    expect(() => empty(1)).toThrow(ArgumentError);
  });

  it("and the next gradient is right", () => {
    expect(
      vjp((x: Scalar) => cube("vjp")(x), 2)
        .pullback(tensor(1))[0]
        .item(),
    ).toBe(12);
  });
});
