/** grad and valueAndGrad: what may be differentiated, by which arguments, and in which structure the gradient comes. */

import { describe, expect, it } from "vitest";
import {
  add,
  ArgumentError,
  DTypeError,
  exp,
  grad,
  greater,
  IndexRangeError,
  isAutogradError,
  log,
  matmul,
  mul,
  pow,
  sin,
  sub,
  sum,
  tanh,
  tensor,
  valueAndGrad,
  where,
  zeros,
  type Tensor,
} from "../../src/index.ts";

type Scalar = Tensor<[]>;

const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (isAutogradError(error)) return error.code;
    throw error;
  }
  return "none";
};

describe("the gradient", () => {
  it("is taken by the first argument where nothing is said", () => {
    const f = (x: Scalar, y: Scalar): Tensor => mul(x, mul(y, y));
    expect(grad(f)(3, 5).item()).toBe(25);
  });

  it("is taken by the argument named, or by several at once in a list", () => {
    const f = (x: Scalar, y: Scalar, z: Scalar): Tensor => add(mul(x, y), z);
    expect(grad(f, { argnums: 1 })(3, 5, 7).item()).toBe(3);
    const [dz, dx] = grad(f, { argnums: [2, 0] })(3, 5, 7);
    expect([dz.item(), dx.item()]).toEqual([1, 5]);
    expect(grad(f, { argnums: [1] })(3, 5, 7).map((g) => g.item())).toEqual([3]);
  });

  it("has the nested structure of its argument, numbers lifted to scalars", () => {
    const model = {
      layers: [
        {
          w: tensor([
            [1, 2],
            [3, 4],
          ]),
          b: tensor([1, 1]),
        },
        {
          w: tensor([
            [1, 0],
            [0, 1],
          ]),
          b: tensor([0, 0]),
        },
      ],
      scale: 2,
    };
    const loss = (m: { layers: { w: Tensor<[2, 2]>; b: Tensor<[2]> }[]; scale: Scalar }, x: Tensor<[2]>): Tensor => {
      let a: Tensor = x;
      for (const { w, b } of m.layers) a = add(matmul(a, w as Tensor), b as Tensor);
      return mul(sum(a), m.scale);
    };
    const g = grad(loss)(model, tensor([1, 2]));
    expect(g.layers.map((layer) => layer.b.toArray())).toEqual([
      [2, 2],
      [2, 2],
    ]);
    expect(g.layers[0]!.w.toArray()).toEqual([
      [2, 2],
      [4, 4],
    ]);
    expect(g.layers[1]!.w.toArray()).toEqual([
      [16, 16],
      [22, 22],
    ]);
    expect(g.scale.item()).toBe(19);
    expect(Object.keys(g)).toEqual(["layers", "scale"]);
  });

  it("has zeros of shape and type for what the loss does not use", () => {
    const f = (p: { used: Scalar; spare: Tensor<[2, 3]> }): Tensor => mul(p.used, 2);
    const g = grad(f)({ used: tensor(1), spare: zeros([2, 3], { dtype: "float32" }) });
    expect(g.spare.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(g.spare.dtype).toBe("float32");
    expect(grad((_: Scalar) => tensor(7))(1).item()).toBe(0);
  });

  it("has the type of its argument, float32 as float64", () => {
    const x = tensor([0.1, 0.2], { dtype: "float32" });
    const { value, gradient } = valueAndGrad((v: Tensor<[2]>) => sum(mul(v, v)))(x);
    expect([value.dtype, gradient.dtype]).toEqual(["float32", "float32"]);
    expect([...gradient.toTypedArray()]).toEqual([
      Math.fround(2 * Math.fround(0.1)),
      Math.fround(2 * Math.fround(0.2)),
    ]);
  });

  it("comes with the value in one pass", () => {
    let calls = 0;
    const { value, gradient } = valueAndGrad((x: Scalar) => {
      calls++;
      return pow(x, 3);
    })(2);
    expect([value.item(), gradient.item(), calls]).toEqual([8, 12, 1]);
  });

  it("comes with what else the function gives, held constant", () => {
    const f = (x: Scalar): [Tensor, { twice: Tensor; note: string }] => [mul(x, x), { twice: mul(x, 2), note: "kept" }];
    const { value, gradient, aux } = valueAndGrad(f, { aux: true })(3);
    expect([value.item(), gradient.item(), aux.twice.item(), aux.note]).toEqual([9, 6, 6, "kept"]);
    expect(grad(f, { aux: true })(3).aux.note).toBe("kept");
    expect(aux.twice.node).toBeNull();
    expect(codeOf(() => grad((x: Scalar) => mul(x, x) as unknown as [Tensor, 1], { aux: true })(3))).toBe("ARGUMENT");
  });

  it("leaves its arguments as they were", () => {
    const x = tensor([1, 2]);
    grad((v: Tensor<[2]>) => sum(exp(v)))(x);
    expect(x.node).toBeNull();
    expect(x.toArray()).toEqual([1, 2]);
  });

  it("passes other arguments through untouched", () => {
    const g = grad((x: Scalar, options: { readonly power: string }) => pow(x, Number(options.power)))(2, {
      power: "3",
    });
    expect(g.item()).toBe(12);
  });
});

describe("control flow", () => {
  it("follows the branch that a number read from the tensor takes", () => {
    const f = (x: Scalar): Tensor => (x.item() > 0 ? mul(x, 2) : mul(x, -3));
    expect([grad(f)(1).item(), grad(f)(-1).item()]).toEqual([2, -3]);
  });

  it("follows loops whose length depends on the value", () => {
    const f = (x: Scalar): Tensor => {
      let y: Tensor = x;
      while (y.item() < 100) y = mul(y, y);
      return y;
    };
    // 3 → 9 → 81 → 6561 = x⁸
    expect(grad(f)(3).item()).toBe(8 * 3 ** 7);
    expect(grad(grad(f))(3).item()).toBe(56 * 3 ** 6);
  });

  it("selects by tensors as it does by numbers", () => {
    const f = (x: Tensor<[3]>): Tensor => sum(where(greater(x, 0), log(x), 0));
    const x = tensor([-1, 0, 4]);
    // Adding 0 makes -0 a 0.
    expect(add(grad(f)(x), 0).toArray()).toEqual([0, 0, 0.25]);
    expect(add(grad((v: Tensor<[3]>) => sum(grad(f)(v)))(x), 0).toArray()).toEqual([0, 0, -0.0625]);
  });

  it("refuses a tensor where JavaScript wants a number", () => {
    expect(() => grad((x: Scalar) => ((x as unknown as number) > 0 ? x : mul(x, 2)))(1)).toThrow(ArgumentError);
  });
});

describe("nested gradients", () => {
  it("do not confuse the perturbations of an inner and an outer function", () => {
    // d/dx (x · d/dy (x + y)) = 1, and 2 where the two perturbations are taken for one.
    const f = (x: Scalar): Tensor => mul(x, grad((y: Scalar) => add(x, y))(1));
    expect(grad(f)(1).item()).toBe(1);
  });

  it("differentiate through a closure over the outer variable", () => {
    // d/dx [d/dy (x y²) at y = 3] = d/dx 6x = 6
    expect(grad((x: Scalar) => grad((y: Scalar) => mul(x, mul(y, y)))(3))(5).item()).toBe(6);
    // d/dx [x · d/dy (x y) at y = x] = d/dx x² = 2x
    expect(grad((x: Scalar) => mul(x, grad((y: Scalar) => mul(x, y))(x)))(5).item()).toBe(10);
  });

  it("count the outer variable once where it is also the point of the inner gradient", () => {
    // d/dx [d/dy sin(x y) at y = x] = d/dx [x cos x²] = cos x² − 2x² sin x²
    const f = (x: Scalar): Tensor => grad((y: Scalar) => sin(mul(x, y)))(x);
    const x = 0.7;
    expect(grad(f)(x).item()).toBeCloseTo(Math.cos(x * x) - 2 * x * x * Math.sin(x * x), 14);
  });

  it("treat what leaks out of an inner function as a constant", () => {
    let leaked: Tensor = tensor(0);
    const f = (x: Scalar): Tensor => {
      grad((y: Scalar) => {
        leaked = mul(y, y);
        return leaked;
      })(3);
      return mul(x, leaked);
    };
    expect(grad(f)(2).item()).toBe(9);
    expect(grad((x: Scalar) => mul(x, leaked))(2).item()).toBe(9);
  });

  it("stay connected to the outer variable through an inner point that depends on it", () => {
    // y = x³, d/dy y² = 2y = 2x³, d/dx 2x³ = 6x²
    expect(grad((x: Scalar) => grad((y: Scalar) => mul(y, y))(pow(x, 3) as Scalar))(2).item()).toBe(24);
  });

  it("survive three levels, each closing over the ones around it", () => {
    const f = (x: Scalar): Tensor =>
      grad((y: Scalar) => grad((z: Scalar) => mul(mul(pow(x, 2), pow(y, 3)), pow(z, 2)))(y))(x);
    // z: 2 x² y³ z at z = y → 2 x² y⁴ with x² held; d/dy of 2 x² y³ z at z(y) = y: 8 x² y³; at y = x: 8 x⁵; d/dx: 40 x⁴
    expect(grad(f)(2).item()).toBe(640);
  });
});

describe("a refusal", () => {
  it("names the function that gave no scalar, no tensor, a promise", () => {
    expect(codeOf(() => grad((x: Tensor<[2]>) => mul(x, 2) as Tensor)(tensor([1, 2])))).toBe("NON_SCALAR");
    expect(() => grad((_: Scalar): unknown => "no")(1)).toThrow(/grad: the function gives "no"/);
    expect(() => grad((_: Scalar): unknown => undefined)(1)).toThrow(/nothing, not a tensor.*return the loss/);
    expect(() => grad((x: Scalar): unknown => Promise.resolve(mul(x, x)))(1)).toThrow(/async/);
  });

  it("names an argument that has no derivative, by position and path", () => {
    expect(() => grad((p: { n: Tensor }) => sum(p.n))({ n: tensor([1, 2], { dtype: "int32" }) })).toThrow(
      /argument 0\.n is int32/,
    );
    expect(() => grad((p: { n: Tensor }) => sum(p.n))({ n: tensor([1, 2], { dtype: "int32" }) })).toThrow(DTypeError);
    expect(() => grad((_: { a: string }) => tensor(1))({ a: "text" })).toThrow(/argument 0\.a is "text"/);
    expect(() => grad((x: Scalar) => x, { argnums: 1 })(1)).toThrow(IndexRangeError);
    expect(() => grad(3 as never)).toThrow(/grad: the first argument is 3, not a function/);
  });

  it("keeps the closed forms right afterwards", () => {
    const f = (x: Scalar): Tensor => tanh(sub(mul(x, 2), 1));
    const slope = 2 * (1 - Math.tanh(0.4) ** 2);
    expect(grad(f)(0.7).item()).toBeCloseTo(slope, 14);
  });
});
