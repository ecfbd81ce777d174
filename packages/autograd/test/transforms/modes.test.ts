/**
 * Reverse and forward mode compose in every way: all of them give the derivatives of the closed form, to order four.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  ConfigError,
  div,
  exp,
  grad,
  GraphError,
  hessian,
  hvp,
  isAutogradError,
  jacobian,
  jvp,
  log,
  matmul,
  mul,
  norm,
  pow,
  ShapeError,
  sigmoid,
  sin,
  softmax,
  sum,
  tanh,
  tensor,
  transpose,
  vjp,
  type Tensor,
} from "../../src/index.ts";

type Scalar = Tensor<[]>;
type Curve = (x: Scalar) => Scalar;

const byReverse =
  (f: Curve): Curve =>
  (x) =>
    grad(f)(x);
const byForward =
  (f: Curve): Curve =>
  (x) =>
    jvp(f, [x], [tensor(1)]).tangent;
const byPullback =
  (f: Curve): Curve =>
  (x) =>
    vjp(f, x).pullback(tensor(1))[0];
const modes = { reverse: byReverse, forward: byForward, pullback: byPullback };
type Mode = keyof typeof modes;

/** Every sequence of modes of a length. */
const nestings = (order: number): Mode[][] =>
  order === 0
    ? [[]]
    : nestings(order - 1).flatMap((inner) => (Object.keys(modes) as Mode[]).map((mode) => [...inner, mode]));

/** Functions with their first four derivatives at a point. */
const curves: Readonly<
  Record<string, { readonly f: Curve; readonly at: number; readonly derivatives: readonly number[] }>
> = {
  "sin eˣ": {
    f: (x) => sin(exp(x)),
    at: 0.5,
    derivatives: (() => {
      const u = Math.exp(0.5);
      const [s, c] = [Math.sin(u), Math.cos(u)];
      return [
        u * c,
        u * c - u ** 2 * s,
        u * c - 3 * u ** 2 * s - u ** 3 * c,
        u * c - 7 * u ** 2 * s - 6 * u ** 3 * c + u ** 4 * s,
      ];
    })(),
  },
  "x⁵": { f: (x) => pow(x, 5), at: 1.5, derivatives: [5 * 1.5 ** 4, 20 * 1.5 ** 3, 60 * 1.5 ** 2, 120 * 1.5] },
  "1 / x": { f: (x) => div(1, x), at: 2, derivatives: [-1 / 4, 2 / 8, -6 / 16, 24 / 32] },
  "ln x": { f: log, at: 2, derivatives: [1 / 2, -1 / 4, 2 / 8, -6 / 16] },
  "σ(x)": {
    f: sigmoid,
    at: 0.3,
    derivatives: (() => {
      const y = 1 / (1 + Math.exp(-0.3));
      const d = y * (1 - y);
      return [d, d * (1 - 2 * y), d * (1 - 6 * y + 6 * y * y), d * (1 - 2 * y) * (1 - 12 * y + 12 * y * y)];
    })(),
  },
  "tanh x": {
    f: tanh,
    at: 0.4,
    derivatives: (() => {
      const t = Math.tanh(0.4);
      const d = 1 - t * t;
      return [d, -2 * t * d, d * (6 * t * t - 2), d * t * (16 - 24 * t * t)];
    })(),
  },
};

describe("every nesting of modes", () => {
  for (const [name, { f, at, derivatives }] of Object.entries(curves)) {
    it(`gives the derivatives of ${name} to order four`, () => {
      for (let order = 1; order <= 4; order++) {
        for (const nesting of nestings(order)) {
          const derived = nesting.reduce((inner, mode) => modes[mode](inner), f);
          const expected = derivatives[order - 1]!;
          const error = Math.abs(derived(tensor(at)).item() - expected);
          expect(error, nesting.join(" of ")).toBeLessThan(2e-14 * Math.max(1, Math.abs(expected)));
        }
      }
    });
  }

  it("gives one Hessian of a function of tensors, symmetric", () => {
    const f = (x: Tensor<[3]>): Tensor => sum(mul(sin(x), exp(mul(x, tensor([0.5, -1, 2])))), 0).mul(norm(x));
    const x = tensor([0.3, -0.7, 1.1]);
    const reference = hessian(f)(x).toTypedArray();
    const gradient = (v: Tensor<[3]>): Tensor => grad(f)(v);
    for (const mode of ["forward", "reverse"] as const) {
      const other = jacobian(gradient, { mode })(x).toTypedArray();
      other.forEach((h, i) => expect(h).toBeCloseTo(reference[i]!, 13));
    }
    const overForward = jacobian((v: Tensor<[3]>) => jacobian(f, { mode: "forward" })(v), { mode: "reverse" })(
      x,
    ).toTypedArray();
    overForward.forEach((h, i) => expect(h).toBeCloseTo(reference[i]!, 13));
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) expect(reference[3 * i + j]).toBeCloseTo(reference[3 * j + i]!, 13);
  });
});

describe("vjp", () => {
  it("runs the function once and pulls back any number of cotangents", () => {
    let calls = 0;
    const f = (x: Tensor<[2]>): Tensor<[2]> => {
      calls++;
      return mul(x, x);
    };
    const { value, pullback } = vjp(f, tensor([2, 3]));
    expect(value.toArray()).toEqual([4, 9]);
    expect(pullback(tensor([1, 0]))[0].toArray()).toEqual([4, 0]);
    expect(pullback(tensor([0, 1]))[0].toArray()).toEqual([0, 6]);
    expect(calls).toBe(1);
  });

  it("is linear in the cotangent, and exactly zero for a zero one", () => {
    const { pullback } = vjp((x: Tensor<[2]>) => softmax(mul(x, x)), tensor([0.3, 1.2]));
    const [u, v] = [pullback(tensor([1, 0]))[0].toTypedArray(), pullback(tensor([0, 1]))[0].toTypedArray()];
    const both = pullback(tensor([2, -3]))[0].toTypedArray();
    both.forEach((g, i) => expect(g).toBeCloseTo(2 * u[i]! - 3 * v[i]!, 15));
    expect(pullback(tensor([0, 0]))[0].toArray()).toEqual([0, 0]);
  });

  it("takes and gives trees, one cotangent for each argument", () => {
    const f = (p: { a: Scalar; b: Scalar }, c: Scalar): { product: Scalar; sums: Scalar[] } => ({
      product: mul(p.a, mul(p.b, c)),
      sums: [add(p.a, c)],
    });
    const { value, pullback } = vjp(f, { a: 2, b: 3 }, 5);
    expect([value.product.item(), value.sums[0]!.item()]).toEqual([30, 7]);
    const [p, c] = pullback({ product: tensor(1), sums: [tensor(10)] });
    expect([p.a.item(), p.b.item(), c.item()]).toEqual([25, 10, 16]);
  });

  it("lets its pullback be differentiated, by the cotangent and by an outer variable", () => {
    expect(grad((x: Scalar) => vjp((y: Scalar) => mul(y, mul(x, x)), tensor(1)).pullback(tensor(1))[0])(3).item()).toBe(
      6,
    );
    const { pullback } = vjp((y: Scalar) => mul(y, 5), 2);
    expect(grad((g: Scalar) => pullback(mul(g, g))[0])(3).item()).toBe(30);
  });

  it("treats its own function as constant once it has returned", () => {
    const { pullback } = vjp((y: Scalar) => pow(y, 3), 2);
    // Called inside another gradient, the pullback of a closed function depends on its cotangent alone.
    expect(grad((x: Scalar) => mul(x, pullback(tensor(1))[0]))(7).item()).toBe(12);
  });

  it("refuses a cotangent of another shape, type or structure", () => {
    const { pullback } = vjp((x: Tensor<[2]>) => mul(x, 2), tensor([1, 2]));
    expect(() => pullback(tensor([1, 2, 3]) as Tensor as Tensor<[2]>)).toThrow(
      /vjp: the cotangent has shape \[3\] where \[2\] is needed/,
    );
    expect(() => pullback([tensor([1, 2])] as never)).toThrow(ShapeError);
    expect(() => pullback(tensor([1, 2], { dtype: "float32" }))).toThrow(/float32 where float64/);
  });
});

describe("jvp", () => {
  it("gives the value and the derivative along the direction, over trees", () => {
    const f = (p: { w: Tensor<[2]>; s: Scalar }): Tensor => mul(sum(mul(p.w, p.w)), p.s);
    const { value, tangent } = jvp(f, [{ w: tensor([1, 2]), s: 3 }], [{ w: tensor([1, -1]), s: 10 }]);
    expect(value.item()).toBe(15);
    expect(tangent.item()).toBe(3 * (2 - 4) + 10 * 5);
  });

  it("gives a zero tangent where the value does not depend on the input", () => {
    expect(jvp((_: Scalar) => tensor([1, 2]), [3], [1]).tangent.toArray()).toEqual([0, 0]);
  });

  it("agrees with the pullback: ⟨u, J v⟩ = ⟨Jᵀ u, v⟩", () => {
    const w = tensor([
      [0.3, -1.2],
      [0.8, 0.5],
      [-0.4, 1.1],
    ]);
    const f = (x: Tensor<[3]>): Tensor => tanh(matmul(softmax(mul(x, x)), w));
    const [x, v, u] = [tensor([0.2, -0.9, 1.4]), tensor([1, -2, 0.5]), tensor([0.7, -0.3])];
    const left = sum(mul(u, jvp(f, [x], [v]).tangent)).item();
    const right = sum(mul(vjp(f, x).pullback(u)[0], v)).item();
    expect(left).toBeCloseTo(right, 14);
  });

  it("refuses tangents that do not fit", () => {
    expect(() => jvp((x: Scalar) => x, [1], [] as never)).toThrow(GraphError);
    expect(() => jvp((x: Tensor<[2]>) => x, [tensor([1, 2])], [tensor([1]) as Tensor as Tensor<[2]>])).toThrow(
      /tangent 0 has shape \[1\]/,
    );
  });
});

describe("jacobian, hessian and hvp", () => {
  const w = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  it("lay entries out as [output, input], alike in both modes", () => {
    const f = (x: Tensor<[3]>): Tensor => matmul(w, x);
    expect(jacobian(f)(tensor([1, 1, 1])).toArray()).toEqual(w.toArray());
    const g = (x: Tensor<[2, 2]>): Tensor => mul(transpose(x), sum(x));
    const [reverse, forward] = (["reverse", "forward"] as const).map((mode) =>
      jacobian(g, { mode })(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ),
    );
    expect(reverse!.shape).toEqual([2, 2, 2, 2]);
    expect(forward!.toArray()).toEqual(reverse!.toArray());
  });

  it("take the argument that is named", () => {
    const f = (x: Tensor<[2]>, y: Tensor<[2]>): Tensor => mul(x, mul(y, y));
    expect(jacobian(f, { argnums: 1 })(tensor([1, 2]), tensor([3, 4])).toArray()).toEqual([
      [6, 0],
      [0, 16],
    ]);
    expect(hessian((x: Scalar, y: Scalar) => mul(x, pow(y, 3)), { argnums: 1 })(2, 5).item()).toBe(60);
  });

  it("give empty arrays for empty tensors", () => {
    expect(jacobian((x: Tensor<[0]>) => mul(x, 2))(tensor([])).shape).toEqual([0, 0]);
    expect(jacobian((x: Tensor<[0]>) => sum(x))(tensor([])).shape).toEqual([0]);
  });

  it("give the Hessian of a quadratic form as A + Aᵀ, and its products", () => {
    const a = tensor([
      [1, 2],
      [3, 4],
    ]);
    const f = (x: Tensor<[2]>): Tensor => sum(mul(x, matmul(a, x)));
    expect(hessian(f)(tensor([0.5, -1])).toArray()).toEqual([
      [2, 5],
      [5, 8],
    ]);
    expect(hvp(f)(tensor([0.5, -1]), tensor([1, -1])).toArray()).toEqual([-3, -3]);
  });

  it("give products with the Hessian over trees of parameters", () => {
    const f = (p: { a: Scalar; b: Tensor<[2]> }): Tensor => mul(mul(p.a, p.a), sum(mul(p.b, p.b)));
    const product = hvp(f)({ a: 2, b: tensor([1, 3]) }, { a: 1, b: tensor([0, 0]) });
    expect(product.a.item()).toBe(20);
    expect(product.b.toArray()).toEqual([8, 24]);
  });

  it("are recorded themselves: the gradient of a sum of Hessian entries", () => {
    const f = (x: Tensor<[2]>): Tensor => sum(pow(x, 4));
    expect(grad((x: Tensor<[2]>) => sum(hessian(f)(x)))(tensor([1, 2])).toArray()).toEqual([24, 48]);
  });

  it("refuse an unknown mode and more than one tensor", () => {
    expect(() => jacobian((x: Scalar) => x, { mode: "sideways" as "forward" })).toThrow(ConfigError);
    try {
      jacobian((p: { a: Tensor; b: Tensor }) => p.a)({ a: tensor(1), b: tensor(2) });
      expect.unreachable();
    } catch (error) {
      expect(isAutogradError(error) && error.op).toBe("jacobian");
    }
  });
});
