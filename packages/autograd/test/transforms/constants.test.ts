/**
 * What counts as constant: stopGradient, noGrad inside and outside of transforms, and what an exception leaves behind.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  exp,
  grad,
  jvp,
  mul,
  noGrad,
  stopGradient,
  tensor,
  valueAndGrad,
  vjp,
  type Tensor,
} from "../../src/index.ts";

type Scalar = Tensor<[]>;

describe("stopGradient", () => {
  it("keeps the value and drops the dependence, in both modes and at every order", () => {
    const f = (x: Scalar): Tensor => mul(x, stopGradient(mul(x, x)));
    expect(grad(f)(3).item()).toBe(9);
    expect(jvp(f, [3], [1]).tangent.item()).toBe(9);
    expect(grad(grad(f))(3).item()).toBe(0);
  });

  it("stops the outer variable inside an inner function as well", () => {
    expect(grad((x: Scalar) => grad((y: Scalar) => mul(mul(y, y), stopGradient(x)))(x))(3).item()).toBe(6);
  });

  it("holds for methods as for functions", () => {
    expect(grad((x: Scalar) => x.mul(x.stopGradient()))(3).item()).toBe(3);
  });
});

describe("noGrad", () => {
  it("makes constants of what is computed inside it, within a transform", () => {
    expect(
      grad((x: Scalar) =>
        mul(
          x,
          noGrad(() => mul(x, 2)),
        ),
      )(3).item(),
    ).toBe(6);
    expect(
      jvp(
        (x: Scalar) =>
          add(
            x,
            noGrad(() => exp(x)),
          ),
        [1],
        [1],
      ).tangent.item(),
    ).toBe(1);
  });

  it("does not hinder a transform that runs inside it", () => {
    expect(noGrad(() => grad((x: Scalar) => mul(x, x))(3).item())).toBe(6);
    expect(
      noGrad(() =>
        vjp((x: Scalar) => mul(x, x), 3)
          .pullback(1)[0]
          .item(),
      ),
    ).toBe(6);
    const { value, gradient } = noGrad(() => valueAndGrad((x: Scalar) => grad((y: Scalar) => mul(y, mul(y, x)))(x))(3));
    expect([value.item(), gradient.item()]).toEqual([18, 12]);
  });

  it("makes a transform inside it a constant for the transforms outside", () => {
    expect(
      grad((x: Scalar) =>
        mul(
          x,
          noGrad(() => grad((y: Scalar) => mul(mul(y, y), x))(x)),
        ),
      )(3).item(),
    ).toBe(18);
  });

  it("keeps computations with tape variables out of the tape", () => {
    const w = tensor(2, { requiresGrad: true });
    const y = noGrad(() => mul(w, w));
    expect(y.node).toBeNull();
    expect(() => y.backward()).toThrow(/noGrad|requires a gradient/);
  });

  it("gives what its body gives, and nests", () => {
    expect(noGrad(() => noGrad(() => "inner"))).toBe("inner");
    expect(
      grad((x: Scalar) =>
        add(
          noGrad(() => noGrad(() => mul(x, x))),
          x,
        ),
      )(3).item(),
    ).toBe(1);
  });
});

describe("after an exception", () => {
  const boom = (_?: Scalar): never => {
    throw new Error("boom");
  };
  const square = (x: Scalar): Tensor => mul(x, x);

  const transforms: Readonly<Record<string, () => unknown>> = {
    grad: () => grad((x: Scalar) => boom(x))(1),
    "a nested grad": () => grad((x: Scalar) => grad((_: Scalar) => boom())(x))(1),
    vjp: () => vjp((x: Scalar) => boom(x), 1),
    jvp: () => jvp((x: Scalar) => boom(x), [1], [1]),
    noGrad: () => noGrad(() => boom()),
    "noGrad within grad": () => grad((x: Scalar) => noGrad(() => boom(x)))(1),
    "grad within noGrad": () => noGrad(() => grad((x: Scalar) => boom(x))(1)),
    "an op within grad": () => grad((x: Scalar) => add(x, "1" as never))(1),
  };

  it.each(Object.keys(transforms))("inside %s, recording goes on as before", (name) => {
    expect(transforms[name]!).toThrow(name === "an op within grad" ? /not a tensor/ : "boom");
    expect(grad(square)(3).item()).toBe(6);
    expect(grad(grad(square))(3).item()).toBe(2);
    const w = tensor(2, { requiresGrad: true });
    const y = square(w);
    y.backward();
    expect(w.grad!.item()).toBe(4);
    expect(square(tensor(2)).node).toBeNull();
  });

  it("what the failed function had computed is a constant", () => {
    let leaked: Tensor = tensor(0);
    expect(() =>
      grad((x: Scalar) => {
        leaked = mul(x, 5);
        return boom();
      })(2),
    ).toThrow("boom");
    expect(grad((x: Scalar) => mul(x, leaked))(1).item()).toBe(10);
    expect(mul(leaked, 2).node).toBeNull();
  });
});
