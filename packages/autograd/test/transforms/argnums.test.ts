/** `argnums` in every transform: a number or a list, from either end; and the type of a Jacobian, whatever its mode. */

import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  cast,
  DTypeError,
  grad,
  hessian,
  hvp,
  IndexRangeError,
  jacobian,
  jvp,
  mul,
  pow,
  sum,
  tensor,
  valueAndGrad,
  vjp,
  type Tensor,
} from "../../src/index.ts";
import { complexJacobian, gradientCheck, numericJacobian } from "../../src/check/index.ts";

type Scalar = Tensor<[]>;

// f = x² y³: ∂x = 2 x y³, ∂y = 3 x² y², ∂xx = 2 y³, ∂xy = 6 x y², ∂yy = 6 x² y; at x = 2, y = 3
const f = (x: Scalar, y: Scalar): Scalar => mul(pow(x, 2), pow(y, 3));
const numbers = (list: readonly Tensor[]): number[] => list.map((x) => x.item());

describe("argnums", () => {
  it("are a number or a list, counted from either end, in grad and valueAndGrad", () => {
    expect(grad(f)(2, 3).item()).toBe(108);
    expect(grad(f, { argnums: 1 })(2, 3).item()).toBe(108);
    expect(grad(f, { argnums: -2 })(2, 4).item()).toBe(256);
    expect(numbers(grad(f, { argnums: [-1, 0] })(2, 4))).toEqual([192, 256]);
    expect(numbers(valueAndGrad(f, { argnums: [0, -1] })(2, 4).gradient)).toEqual([256, 192]);
    expect(grad(f, { argnums: [] })(2, 3)).toEqual([]);
  });

  it("give one Jacobian or a list of them, in both modes", () => {
    const g = (x: Tensor<[2]>, y: Scalar): Tensor<[2]> => mul(pow(x, 2), y);
    for (const mode of ["forward", "reverse"] as const) {
      expect(jacobian(g, { mode, argnums: -1 })(tensor([1, 2]), 3).toArray()).toEqual([1, 4]);
      const [x, y] = jacobian(g, { mode, argnums: [0, 1] })(tensor([1, 2]), 3);
      expect([x.toArray(), y.toArray()]).toEqual([
        [
          [6, 0],
          [0, 12],
        ],
        [1, 4],
      ]);
    }
  });

  it("give one Hessian or all blocks of it", () => {
    expect(hessian(f, { argnums: -1 })(2, 3).item()).toBe(72);
    const blocks = hessian(f, { argnums: [0, 1] })(2, 3);
    expect(blocks.map(numbers)).toEqual([
      [54, 108],
      [108, 72],
    ]);
    const [[xx, xw], [wx]] = hessian((x: Tensor<[2]>, w: Scalar) => sum(mul(pow(x, 2), w)), { argnums: [0, -1] })(
      tensor([1, 2]),
      3,
    );
    expect([xx.toArray(), xw.toArray(), wx.toArray()]).toEqual([
      [
        [6, 0],
        [0, 6],
      ],
      [2, 4],
      [2, 4],
    ]);
  });

  it("say whose direction a Hessian is multiplied with", () => {
    expect(hvp(f, { argnums: 1 })(2, 3, 2).item()).toBe(144);
    // [∂xx ∂xy; ∂yx ∂yy] [1; 2]
    expect(numbers(hvp(f, { argnums: [0, 1] })(2, 3, [1, 2]))).toEqual([270, 252]);
    expect(hvp(f)(2, 3, 1).item()).toBe(54);
    expect(() => hvp(f, { argnums: [0, 1] })(2, 3, 1 as never)).toThrow(/one direction for each of 2 arguments/);
  });

  it("choose the cotangents of a pullback, and let an argument without derivative through", () => {
    const { pullback } = vjp(f, 2, 3);
    expect(numbers(pullback(1))).toEqual([108, 108]);
    expect(pullback(1, { argnums: -1 }).item()).toBe(108);
    expect(numbers(pullback(2, { argnums: [1] }))).toEqual([216]);
    const labels = tensor([0, 1], { dtype: "int32" });
    const picked = vjp((x: Tensor<[2]>, k: Tensor<[2]>) => x.gather(k).mul(2), tensor([1, 2]), labels);
    expect(picked.pullback(tensor([1, 1]), { argnums: 0 }).toArray()).toEqual([2, 2]);
    expect(() => picked.pullback(tensor([1, 1]))).toThrow(/argument 1 is int32.*leave the argument out of argnums/);
    expect(() => vjp((k: Tensor<[2]>) => k, labels)).toThrow(DTypeError);
    expect(() => pullback(1, { argnum: 0 } as never)).toThrow(/there is no option argnum: did you mean argnums\?/);
  });

  it("choose the arguments that have a tangent", () => {
    expect(jvp(f, [2, 3], [1, 2]).tangent.item()).toBe(324);
    expect(jvp(f, [2, 3], 1, { argnums: 1 }).tangent.item()).toBe(108);
    expect(jvp(f, [2, 3], [1], { argnums: [-2] }).tangent.item()).toBe(108);
    expect(
      jvp((x: Scalar, name: string) => (name === "double" ? mul(x, 2) : x), [2, "double"], 1, {
        argnums: 0,
      }).tangent.item(),
    ).toBe(2);
    expect(() => jvp(f, [2, 3], [1, 2], { argnums: [0] } as never)).toThrow(/not one tangent for each argument/);
  });

  it("are the same in the checks of derivatives", () => {
    expect(gradientCheck(f, [2, 3], { argnums: -1 }).ok).toBe(true);
    expect(gradientCheck(f, [2, 3], { argnums: [0, 1], order: 1 }).ok).toBe(true);
    expect(numericJacobian(f, [2, 3], { argnums: 1 }).jacobian.shape).toEqual([1, 1]);
    expect(complexJacobian(f, [2, 3], { argnums: -1 }).jacobian?.toArray()).toEqual([[108]]);
  });

  it.each([
    ["too far", 2, /there is no argument 2 among 2: use -2 to 1/],
    ["too far back", -3, /no argument -3/],
    ["a fraction", 0.5, /argnums is 0\.5: give a whole number/],
    ["a text", "0", /argnums is "0"/],
    ["null", null, /argnums is null/],
    ["NaN", NaN, /argnums is NaN/],
    ["one twice", [0, -2], /\[0, -2\] name argument 0 twice/],
    ["a text in a list", [0, "1"], /argnums is an array/],
  ])("are refused where they are %s", (_, argnums, says) => {
    const transforms: readonly ((g: typeof f, options: { argnums: 0 }) => (x: number, y: number) => unknown)[] = [
      grad,
      valueAndGrad,
      jacobian,
      hessian,
    ];
    for (const transform of transforms)
      expect(() => transform(f, { argnums: argnums as 0 })(2, 3), transform.name).toThrow(says);
    expect(() => hvp(f, { argnums: argnums as 0 })(2, 3, 1)).toThrow(says);
    expect(() => vjp(f, 2, 3).pullback(1, { argnums: argnums as 0 })).toThrow(says);
    expect(() => jvp(f, [2, 3], (Array.isArray(argnums) ? [1, 1] : 1) as 1, { argnums: argnums as 0 })).toThrow(says);
  });

  it("are out of range in a call without arguments", () => {
    expect(() => (grad(f) as unknown as () => Tensor)()).toThrow(IndexRangeError);
    expect(() => (hvp(f) as unknown as () => Tensor)()).toThrow(/no argument 0 among 0: call it with the arguments/);
  });
});

describe("the type of a Jacobian", () => {
  const narrow = tensor([1, 2, 3], { dtype: "float32" });
  const shapes = [
    ["wide to tall", (x: Tensor): Tensor => x.slice([0], [1])],
    ["tall to wide", (x: Tensor): Tensor => mul(x, tensor([[1], [2]], { dtype: x.dtype }))],
    ["empty", (x: Tensor): Tensor => x.slice([0], [0])],
  ] as const;

  it.each(shapes)("is that of the argument, in both modes, from %s", (_, shaped) => {
    for (const mode of ["forward", "reverse", undefined] as const) {
      const options = mode === undefined ? {} : { mode };
      expect(jacobian((x: Tensor) => shaped(cast(x, "float64")).mul(2), options)(narrow).dtype).toBe("float32");
      expect(jacobian((x: Tensor) => cast(shaped(x), "float32"), options)(tensor([1, 2, 3])).dtype).toBe("float64");
    }
  });

  it("is that of grad and hessian too, and the numbers are the same in both modes", () => {
    const square = (x: Tensor): Tensor => pow(cast(x, "float64"), 2);
    const [forward, reverse] = (["forward", "reverse"] as const).map((mode) =>
      jacobian(square, { mode })(narrow).toArray(),
    );
    expect(forward).toEqual([
      [2, 0, 0],
      [0, 4, 0],
      [0, 0, 6],
    ]);
    expect(reverse).toEqual(forward);
    expect(grad((x: Tensor) => sum(square(x)))(narrow).dtype).toBe("float32");
    expect(hessian((x: Tensor) => sum(square(x)))(narrow).dtype).toBe("float32");
    const [[xx, xy], [yx, yy]] = hessian((x: Scalar, y: Scalar) => mul(cast(x, "float64"), mul(y, y)), {
      argnums: [0, 1],
    })(tensor(2, { dtype: "float32" }), 3);
    expect([xx, xy, yx, yy].map((block) => block.dtype)).toEqual(["float32", "float64", "float32", "float64"]);
  });

  it("exists for floats alone", () => {
    const whole = tensor([1, 2], { dtype: "int32" });
    expect(() => jacobian((x: Tensor) => cast(x, "int32"))(tensor([1.5]))).toThrow(
      /jacobian: the function gives int32, which has no derivative/,
    );
    expect(() => jacobian((x: Tensor) => x.greater(0))(tensor([1.5]))).toThrow(/gives bool/);
    expect(() => jacobian((x: Tensor) => x)(whole)).toThrow(/argument 0 is int32/);
    expect(() => hessian((x: Tensor) => sum(cast(x, "int32")))(tensor([1.5]))).toThrow(
      /hessian: the function gives int32/,
    );
    expect(() => hessian((x: Tensor) => sum(x))(whole)).toThrow(DTypeError);
    expect(() => hvp((x: Tensor) => sum(cast(x, "int32")))(tensor([1.5]), tensor([1]))).toThrow(DTypeError);
    expect(() => jacobian((p: { w: Scalar }) => p.w)({ w: tensor(1) })).toThrow(ArgumentError);
  });
});
