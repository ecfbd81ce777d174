/** Long, wide and braided graphs: no recursion, every node visited once, in both modes. */

import { describe, expect, it } from "vitest";
import { sized } from "../size.ts";
import { add, grad, jvp, mul, sin, stack, sub, sum, tensor, vjp, type Tensor } from "../../src/index.ts";

type Scalar = Tensor<[]>;

const chain =
  (length: number, step: (x: Tensor) => Tensor) =>
  (x: Scalar): Scalar => {
    let y: Tensor = x;
    for (let i = 0; i < length; i++) y = step(y);
    return y as Scalar;
  };

describe("a chain of a million ops", () => {
  const factor = 1.0000001;
  // A fifth of it where other modes go the same way.
  const length = sized(2e5, 1e6);
  const power = factor ** length;
  const f = chain(length, (y) => mul(y, factor));

  it("differentiates in reverse mode", () => {
    expect(grad(chain(1e6, (y) => mul(y, factor)))(2).item() / factor ** 1e6).toBeCloseTo(1, 9);
  });

  it("differentiates in forward mode", () => {
    const { value, tangent } = jvp(f, [2], [1]);
    expect(tangent.item() / power).toBeCloseTo(1, 9);
    expect(value.item() / (2 * power)).toBeCloseTo(1, 9);
  });

  it("is recorded on the tape, swept and freed", () => {
    const x = tensor(2, { requiresGrad: true });
    const y = f(x);
    y.backward();
    expect(x.grad!.item() / power).toBeCloseTo(1, 9);
    expect(y.node!.inputs).toEqual([]);
  });
});

describe("a chain of tensors", () => {
  it("differentiates at a length that recursion would not survive, in both modes", () => {
    const f = (x: Tensor<[4]>): Tensor => {
      let y: Tensor = x;
      for (let i = 0; i < 20_000; i++) y = add(mul(y, 0.9999), 0.0001);
      return sum(y);
    };
    const x = tensor([1, 2, 3, 4]);
    const slope = 0.9999 ** 20_000;
    for (const g of grad(f)(x).toTypedArray()) expect(g).toBeCloseTo(slope, 12);
    expect(jvp(f, [x], [tensor([1, 1, 0, 0])]).tangent.item()).toBeCloseTo(2 * slope, 12);
  });
});

describe("second order", () => {
  it("goes through a chain of tens of thousands of ops in every composition of modes", () => {
    const f = chain(sized(4e4, 1e5), (y) => sub(y, mul(1e-6, mul(y, y))));
    const reference = grad((x: Scalar) => grad(f)(x))(1).item();
    expect(Number.isFinite(reference) && reference !== 0).toBe(true);
    const forwardOverReverse = jvp((x: Scalar) => grad(f)(x), [1], [1]).tangent.item();
    expect(forwardOverReverse / reference).toBeCloseTo(1, 9);
  });
});

describe("a ladder of 2⁶⁰ paths", () => {
  const f = chain(60, (y) => add(y, y));

  it("visits each of its sixty nodes once, in both modes", () => {
    expect(grad(f)(1).item()).toBe(2 ** 60);
    expect(jvp(f, [1], [1]).tangent.item()).toBe(2 ** 60);
    expect(vjp(f, 1).pullback(tensor(3))[0].item()).toBe(3 * 2 ** 60);
  });

  it("stays short when it is differentiated again", () => {
    const g = chain(60, (y) => mul(add(y, y), 0.5));
    expect(grad((x: Scalar) => grad((y: Scalar) => sin(g(y)))(x))(0.5).item()).toBeCloseTo(-Math.sin(0.5), 14);
  });
});

describe("a fan of a hundred thousand", () => {
  const count = 1e5;

  it("gathers the cotangents of all uses of one value", () => {
    const f = (x: Scalar): Tensor => {
      let total: Tensor = tensor(0);
      for (let i = 0; i < count; i++) total = add(total, mul(x, i % 7));
      return total;
    };
    const slope = Array.from({ length: count }, (_, i) => i % 7).reduce((a, b) => a + b);
    expect(grad(f)(2).item()).toBe(slope);
    expect(jvp(f, [2], [1]).tangent.item()).toBe(slope);
  });

  it("joins as many values in one op", () => {
    const f = (x: Scalar): Tensor => sum(stack(Array.from({ length: count }, () => x as Tensor)) as Tensor);
    expect(grad(f)(2).item()).toBe(count);
    expect(jvp(f, [2], [1]).tangent.item()).toBe(count);
  });

  it("takes as many parameters", () => {
    const f = (parameters: Scalar[]): Tensor =>
      parameters.reduce((total: Tensor, p, i) => add(total, mul(p, i)), tensor(0));
    const gradients = grad(f)(Array.from({ length: count }, () => 1) as unknown as Scalar[]);
    expect(gradients.length).toBe(count);
    expect(gradients.at(-1)!.item()).toBe(count - 1);
  });
});
