/** A zero cotangent has no influence, to any order and in every mix of modes: what a branch not taken cannot do. */

import { describe, expect, it } from "vitest";
import {
  exp,
  grad,
  greater,
  hessian,
  jacobian,
  log,
  matmul,
  mul,
  sqrt,
  sum,
  tensor,
  where,
  zeros,
  type Tensor,
} from "../../src/index.ts";

type Scalar = (x: Tensor<[]>) => Tensor<[]>;

const silent: readonly (readonly [string, Scalar])[] = [
  ["where(x > 0, log x, 0)", (x) => where(greater(x, 0), log(x), 0)],
  ["where(x > 0, √x, 0)", (x) => where(greater(x, 0), sqrt(x), 0)],
  ["where(x > 0, e^√x, 0)", (x) => where(greater(x, 0), exp(sqrt(x)), 0)],
  ["where(x > 0, 1/x, 0)", (x) => where(greater(x, 0), x.pow(-1), 0)],
  ["0 · √x", (x) => mul(0, sqrt(x))],
];

describe("a branch that is not taken", () => {
  it.each(silent)("leaves %s with derivatives of 0 at 0, to third order", (_, f) => {
    expect(grad(f)(0).item()).toBe(0);
    expect(grad(grad(f))(0).item()).toBe(0);
    expect(hessian(f)(0).item()).toBe(0);
    expect(jacobian(grad(f), { mode: "reverse" })(0).item()).toBe(0);
    expect(grad(grad(grad(f)))(0).item()).toBe(0);
    expect(hessian(grad(f) as Scalar)(0).item()).toBe(0);
  });

  it("does not take the curvature from what was taken", () => {
    const half = (x: Tensor<[]>): Tensor<[]> => log(x).mul(log(x)).mul(0.5);
    // The cotangent of log is 0 at 1, and the second derivative is 1 all the same.
    expect(grad(grad(half))(1).item()).toBe(1);
    expect(hessian(half)(1).item()).toBe(1);
  });

  it("is silent inside matrix products too", () => {
    const b = tensor([
      [Infinity, 1],
      [2, 3],
    ]);
    // Only the second column is used, so that the first one's infinity meets cotangents of 0 alone.
    const f = (a: Tensor<[2, 2]>): Tensor<[]> =>
      sum(
        where(
          tensor([
            [false, true],
            [false, true],
          ]),
          matmul(a, b),
          zeros([2, 2]),
        ),
      );
    const a = tensor([
      [1, 1],
      [1, 1],
    ]);
    expect(grad(f)(a).toArray()).toEqual([
      [1, 3],
      [1, 3],
    ]);
    expect(hessian(f)(a).sum().item()).toBe(0);
    const g = (w: Tensor<[2, 2]>): Tensor<[]> =>
      sum(
        where(
          tensor([
            [true, true],
            [false, false],
          ]),
          matmul(
            tensor([
              [1, 2],
              [Infinity, NaN],
            ]),
            w,
          ),
          0,
        ),
      );
    expect(grad(g)(a).toArray()).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it("lets a cotangent that is not 0 meet an infinite derivative", () => {
    expect(grad((x: Tensor<[]>) => sqrt(x))(0).item()).toBe(Infinity);
    expect(grad((x: Tensor<[]>) => log(x))(0).item()).toBe(Infinity);
  });
});
