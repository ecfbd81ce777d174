/** Roots and fixed points: known solutions, trees, what goes wrong, and derivatives against closed forms. */

import { describe, expect, it } from "vitest";
import {
  add,
  compile,
  cos,
  exp,
  grad,
  hessian,
  jacobian,
  log,
  mul,
  pow,
  sin,
  sqrt,
  sub,
  sum,
  tanh,
  tensor,
  type Tensor,
} from "../../src/index.ts";
import { fixedPoint, root } from "../../src/optimize/index.ts";
import { refusalOf } from "../refusal.ts";

type Scalar = Tensor<[]>;

describe("a root", () => {
  it("is found to the last digits, from near and from far", () => {
    for (const start of [2, 100, -50, 1e6]) {
      const { parameters, converged, message } = root((x: Scalar) => sub(mul(x, mul(x, x)), 2), start);
      expect(converged, message).toBe(true);
      expect(Math.abs(parameters.item() - Math.cbrt(2))).toBeLessThanOrEqual(2.3e-16);
    }
  });

  it("is one over a tree, with a residual for each unknown, in any order of keys", () => {
    const found = root(
      ({ x, v }: { x: Scalar; v: Tensor<[2]> }) => ({
        v: sub(mul(v, v), add(mul(x, tensor([1, 2])), 1)),
        x: sub(add(sum(v), x), 6),
      }),
      { x: 1, v: tensor([1, 1]) },
    );
    expect(found.converged, found.message).toBe(true);
    const [x, v] = [found.parameters.x.item(), found.parameters.v.toArray() as number[]];
    expect(v[0]! ** 2).toBeCloseTo(x + 1, 13);
    expect(v[1]! ** 2).toBeCloseTo(2 * x + 1, 13);
    expect(v[0]! + v[1]! + x).toBeCloseTo(6, 13);
    expect(Math.max(...(found.residuals.v.toArray() as number[]).map(Math.abs))).toBeLessThan(1e-14);
  });

  it("is found where plain Newton steps go astray, and where they leave what is finite", () => {
    const far = root((x: Scalar) => tanh(sub(x, 3)), 9);
    expect([far.converged, far.parameters.item()]).toEqual([true, expect.closeTo(3, 12)]);
    const edge = root((x: Scalar) => sub(sqrt(x), 1e-3), 4);
    expect([edge.converged, edge.parameters.item()]).toEqual([true, expect.closeTo(1e-6, 15)]);
    const badlyScaled = root((x: Tensor<[2]>) => mul(tensor([1, 1e-4]), tensor([0, 0])).add(powell(x)), tensor([0, 1]));
    expect(badlyScaled.converged, badlyScaled.message).toBe(true);
    const [a, b] = badlyScaled.parameters.toArray() as [number, number];
    expect(1e4 * a * b).toBeCloseTo(1, 10);
    expect(Math.exp(-a) + Math.exp(-b)).toBeCloseTo(1.0001, 12);
  });

  /** Powell's badly scaled equations: 10⁴ x₁ x₂ = 1, e^−x₁ + e^−x₂ = 1.0001. */
  function powell(x: Tensor<[2]>): Tensor<[2]> {
    const [a, b] = [x.at(0), x.at(1)];
    return add(
      mul(tensor([1, 0]), sub(mul(1e4, mul(a, b)), 1)),
      mul(tensor([0, 1]), sub(add(exp(mul(a, -1)), exp(mul(b, -1))), 1.0001)),
    );
  }

  it("that does not exist is not converged, and says why", () => {
    const none = root((x: Scalar) => add(mul(x, x), 1), 3);
    expect([none.converged, none.reason]).toEqual([false, "stuck"]);
    expect(none.message).toMatch(/a minimum here that is no root, and the largest residual is 1/);
    expect(root((x: Scalar) => mul(x, x), 3, { maxIterations: 2 }).reason).toBe("maxIterations");
    expect(root((x: Scalar) => mul(x, x), 3, { residualTolerance: 1e-3 }).reason).toBe("gradient");
    expect(root((x: Scalar) => sub(x, 3), 3).iterations).toBe(0);
    expect(root((x: Scalar) => sub(x, 3), 0, { callback: () => true }).reason).toBe("callback");
    expect(root(() => [] as const, []).converged).toBe(true);
  });

  it("is refused by name where the equations do not fit", () => {
    expect(
      refusalOf(() => root(({ x }: { x: Tensor<[2]> }) => ({ x: sum(x) }) as never, { x: tensor([1, 2]) })).message,
    ).toMatch(/^root: what the function gives\.x has shape \[\] where the start has \[2\]/);
    expect(refusalOf(() => root((x: Scalar) => log(x), -1)).message).toMatch(
      /^root: the function gives NaN at the start, in the place of x/,
    );
    const captured = compile((a: Scalar) => root((x: Scalar) => sub(mul(x, x), a), 1).parameters);
    expect(refusalOf(() => captured(2)).message).toMatch(
      /^root: the function uses what is not known while .* is compiled/,
    );
  });

  it("has the derivatives of the closed form, to third order, and refuses what has none", () => {
    const cube = (a: Scalar): Scalar => root((x: Scalar) => sub(pow(x, 3), a), 1).parameters as Scalar;
    const found = [cube(tensor(8)), grad(cube)(8), grad(grad(cube))(8), grad(grad(grad(cube)))(8)].map((x) => x.item());
    [2, 1 / 12, -1 / 144, 5 / 3456].forEach((wanted, k) => expect(Math.abs(found[k]! - wanted)).toBeLessThan(1e-15));
    expect(hessian(cube)(8).item()).toBeCloseTo(-1 / 144, 15);
    // x² − y = a, y³ = b: y = b^⅓, x = √(a + b^⅓)
    const both = (ab: Tensor<[2]>): Tensor<[2]> =>
      root(
        (x: Tensor<[2]>) =>
          add(
            mul(tensor([1, 0]), sub(sub(pow(x.at(0), 2), x.at(1)), ab.at(0))),
            mul(tensor([0, 1]), sub(pow(x.at(1), 3), ab.at(1))),
          ),
        tensor([1, 1]),
      ).parameters;
    for (const mode of ["forward", "reverse"] as const) {
      expect((jacobian(both, { mode })(tensor([2, 8])).toArray() as number[][]).flat()).toEqual(
        [1 / 4, 1 / 48, 0, 1 / 12].map((x) => expect.closeTo(x, 14) as number),
      );
    }
    const double = (a: Scalar): Scalar => root((x: Scalar) => mul(pow(sub(x, 1), 2), a), 1).parameters;
    expect(refusalOf(() => grad(double)(3)).code).toBe("SINGULAR");
    const none = (a: Scalar): Scalar => root((x: Scalar) => add(mul(x, x), a), 3).parameters;
    expect(refusalOf(() => grad(none)(1)).code).toBe("NOT_CONVERGED");
  });
});

describe("a fixed point", () => {
  it("is found where iterating is quick, slow, and leads away", () => {
    expect(fixedPoint((x: Scalar) => cos(x), 1).parameters.item()).toBeCloseTo(0.7390851332151607, 15);
    const slow = fixedPoint((x: Scalar) => sub(x, mul(1e-4, sub(mul(x, x), 2))), 1);
    expect([slow.converged, slow.parameters.item()]).toEqual([true, expect.closeTo(Math.SQRT2, 12)]);
    expect(slow.evaluations).toBeLessThan(60);
    const away = fixedPoint((x: Scalar) => mul(2, sin(add(x, 1))).add(mul(x, 3)), 0.5);
    expect(away.converged, away.message).toBe(true);
  });

  it("is the one that iterating leads to, where that comes nearer", () => {
    // √x has the fixed points 0 and 1, and leads to 1.
    expect(fixedPoint((x: Scalar) => sqrt(x), 0.01).parameters.item()).toBeCloseTo(1, 14);
  });

  it("has the derivatives of its equation", () => {
    const point = (a: Scalar): Scalar => fixedPoint((x: Scalar) => mul(a, cos(x)), 0.5).parameters;
    const h = 1e-5;
    const at = (a: number): number => point(tensor(a)).item();
    const x = at(0.8);
    expect(grad(point)(0.8).item()).toBeCloseTo(Math.cos(x) / (1 + 0.8 * Math.sin(x)), 14);
    expect(grad(point)(0.8).item()).toBeCloseTo((at(0.8 + h) - at(0.8 - h)) / (2 * h), 9);
    expect(grad(grad(point))(0.8).item()).toBeCloseTo(
      (grad(point)(0.8 + h).item() - grad(point)(0.8 - h).item()) / (2 * h),
      8,
    );
  });
});
