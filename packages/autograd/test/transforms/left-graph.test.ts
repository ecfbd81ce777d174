/**
 * What is read as a number has left the graph: an error where the result depends on it, never a quiet 0; zeros where it
 * does not.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  grad,
  GraphError,
  hessian,
  hvp,
  isAutogradError,
  jacobian,
  jvp,
  mul,
  noGrad,
  stopGradient,
  tensor,
  valueAndGrad,
  vjp,
  type Tensor,
} from "../../src/index.ts";
import { gradientCheck } from "../../src/check/index.ts";

type Scalar = Tensor<[]>;

const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return isAutogradError(error) ? error.code : "raw";
  }
  return "nothing thrown";
};

const transforms: readonly ((loss: (x: Scalar) => Scalar) => (x: number) => unknown)[] = [grad, valueAndGrad, hessian];

const doubled = (x: Scalar): Scalar => tensor(x.item() * 2);
const listed = (x: Tensor<[2]>): Tensor<[2]> =>
  tensor((x.toArray() as [number, number]).map((v) => v * 2)) as Tensor<[2]>;

describe("a loss that left the graph", () => {
  it("is refused as a number, with what to do", () => {
    const loss = ((x: Scalar) => x.item() * 2) as never;
    for (const transform of transforms) expect(codeOf(() => transform(loss)(3))).toBe("LEFT_GRAPH");
    expect(codeOf(() => hvp(loss)(3, 1))).toBe("LEFT_GRAPH");
    expect(() => grad(loss)(3)).toThrow(
      /grad: the loss is the number 6, which has left the graph.*x\.mul\(2\), not with x\.item\(\) \* 2/,
    );
    expect(() => jacobian(loss)(3)).toThrow(/the number 6.*left the graph/);
  });

  it("is refused as a tensor made of what was read, in every transform", () => {
    for (const transform of [...transforms, jacobian as (typeof transforms)[0]])
      expect(
        codeOf(() => transform(doubled)(3)),
        transform.name,
      ).toBe("LEFT_GRAPH");
    expect(codeOf(() => hvp(doubled)(3, 1))).toBe("LEFT_GRAPH");
    expect(codeOf(() => jvp(doubled, [3], [1]))).toBe("LEFT_GRAPH");
    expect(codeOf(() => vjp(doubled, 3).pullback(1))).toBe("LEFT_GRAPH");
    expect(codeOf(() => jacobian(listed)(tensor([1, 2])))).toBe("LEFT_GRAPH");
    expect(codeOf(() => grad((x: Tensor<[2]>) => tensor(x.toTypedArray()).sum())(tensor([1, 2])))).toBe("LEFT_GRAPH");
    expect(codeOf(() => grad((x: Scalar) => [doubled(x), 1] as const, { aux: true })(3))).toBe("LEFT_GRAPH");
    expect(codeOf(() => gradientCheck(doubled, [3]))).toBe("LEFT_GRAPH");
  });

  it("names the argument and the entry of a tree, also where others stayed in", () => {
    const loss = (p: { w: Scalar; b: Scalar }, x: Scalar): Scalar => add(mul(p.w, x), p.b.item() ** 2);
    expect(() => grad(loss)({ w: tensor(1), b: tensor(2) }, 3)).toThrow(
      /argument 0\.b left the graph: read as numbers \(item, toArray\)/,
    );
    expect(() => grad(loss)({ w: tensor(1), b: tensor(2) }, 3)).toThrow(GraphError);
    expect(grad(loss, { argnums: 1 })({ w: tensor(7), b: tensor(2) }, 3).item()).toBe(7);
  });

  it("is found at a zero of what was read, and where a difference of entries was", () => {
    expect(codeOf(() => grad((x: Scalar) => tensor(x.item() ** 2))(0))).toBe("LEFT_GRAPH");
    expect(
      codeOf(() => grad((x: Tensor<[2]>) => tensor(x.toTypedArray()[0]! - x.toTypedArray()[1]!))(tensor([1, 1]))),
    ).toBe("LEFT_GRAPH");
    expect(codeOf(() => grad((x: Scalar) => tensor(mul(x, x).item()))(tensor(3, { dtype: "float32" })))).toBe(
      "LEFT_GRAPH",
    );
    expect(codeOf(() => grad((x: Scalar) => mul(x, grad(doubled)(x)))(3))).toBe("LEFT_GRAPH");
  });
});

describe("a constant loss", () => {
  it("gives zeros", () => {
    expect(grad((_: Scalar) => tensor(7))(3).item()).toBe(0);
    expect(jacobian((_: Scalar) => tensor([7, 8]))(3).toArray()).toEqual([0, 0]);
    expect(jvp((_: Scalar) => tensor(7), [3], [1]).tangent.item()).toBe(0);
  });

  it("gives zeros behind a branch on what was read, at a kink of it, and where it is rounded", () => {
    const relu = (x: Scalar): Tensor => (x.item() > 0 ? x : tensor(0));
    expect([-1, 0, 2].map((x) => grad(relu)(x).item())).toEqual([0, 0, 1]);
    expect(grad((x: Scalar) => tensor(x.item() > 0 ? 1 : 0))(0).item()).toBe(0);
    expect(grad((x: Scalar) => tensor(Math.round(x.item())))(3).item()).toBe(0);
  });

  it("gives zeros where a constant is said to be meant", () => {
    expect(grad((x: Scalar) => tensor(stopGradient(x).item() * 2))(3).item()).toBe(0);
    expect(grad((x: Scalar) => noGrad(() => doubled(x)))(3).item()).toBe(0);
    expect(jvp((x: Scalar, n: Scalar) => mul(x, n.item()), [3, 2], [1, 0]).tangent.item()).toBe(2);
    expect(
      vjp((x: Scalar, n: Scalar) => mul(x, n.item()), 3, 2)
        .pullback(1, { argnums: 0 })
        .item(),
    ).toBe(2);
  });

  it("is looked for only where it may be: a loss that is printed runs once", () => {
    let runs = 0;
    const loss = (x: Scalar, _: Scalar): Scalar => {
      runs++;
      const y = mul(x, x);
      y.item();
      return y;
    };
    grad(loss, { argnums: [0, 1] })(3, 4);
    expect(runs).toBe(1);
  });
});
