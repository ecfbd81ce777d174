/** The rows that are more than an expression at a point: sequences of calls, refusals, sizes, orders of derivatives. */

import { expect } from "vitest";
import {
  add,
  backward,
  DTypeError,
  dot,
  exp,
  full,
  grad,
  GraphError,
  greater,
  hessian,
  isAutogradError,
  matmul,
  max,
  mul,
  noGrad,
  ones,
  pow,
  reshape,
  ShapeError,
  sigmoid,
  softplus,
  stack,
  sub,
  sum,
  tanh,
  tensor,
  where,
  zeros,
  type Tensor,
} from "../../src/index.ts";
import { differs, flat, type Row } from "./rows.ts";

/** Checks one row, whose expectation it is handed. */
export type Procedure = (row: Row) => void;

const variable = (value: number): Tensor<[]> => tensor(value, { requiresGrad: true });
const pair = (): Tensor => tensor([1, 2], { requiresGrad: true });

/** The error of a call, which must have one of the library's. */
const refusal = (call: () => unknown): { name: string; code: string } => {
  try {
    call();
  } catch (error) {
    if (isAutogradError(error)) return { name: error.name, code: error.code };
    throw error;
  }
  throw new Error("the call was not refused");
};

const agree = (actual: readonly number[], expected: unknown, row: Row): void => {
  expect(differs(actual, flat(expected), row), row.name).toBeNull();
};

/** f(x), f′(x), f″(x), … as far as the row goes. */
const derivatives =
  (f: (x: Tensor<[]>) => Tensor, at: number): Procedure =>
  (row) => {
    const expected = flat(row.expected_gradient);
    agree([f(tensor(at)).item()], row.expected_value, row);
    let derived = f;
    agree(
      expected.map(() => {
        const outer = derived;
        derived = (x) => grad(outer)(x) as Tensor;
        return derived(tensor(at)).item();
      }),
      expected,
      row,
    );
  };

const fourth =
  (f: (x: Tensor<[]>) => Tensor) =>
  (x: Tensor<[]>): Tensor =>
    grad(grad(grad(grad(f))))(x);

/**
 * d⁴/dx⁴ xˣ = xˣ (L⁴ + 6L²/x − 4L/x² + 3/x² + 2/x³) with L = ln x + 1; the row has a figure by differences, good to six
 * digits.
 */
const fourthOfPower = (x: number): number => {
  const l = Math.log(x) + 1;
  return x ** x * (l ** 4 + (6 * l ** 2) / x - (4 * l) / x ** 2 + 3 / x ** 2 + 2 / x ** 3);
};

const rangeError =
  (call: () => unknown): Procedure =>
  (row) => {
    expect(String(row.expected_value)).toContain("RangeError");
    expect(call).toThrow(RangeError);
  };

/** A wrong count of a reshape is a mismatch of shapes here. */
const shapeError =
  (call: () => unknown): Procedure =>
  (row) => {
    expect(String(row.expected_value)).toContain("RangeError");
    expect(call).toThrow(ShapeError);
  };

/** Sizes that the compiler does not know. */
const open = (...sizes: number[]): number[] => sizes;

const refused =
  (name: string, code: string, call: () => unknown): Procedure =>
  () =>
    expect(refusal(call)).toEqual({ name, code });

export const procedures: Readonly<Record<string, Procedure>> = {
  backward_twice: () => {
    const x = variable(2);
    const y = mul(x, x);
    y.backward();
    expect(x.grad!.item()).toBe(4);
    expect(refusal(() => y.backward())).toEqual({ name: "GraphError", code: "GRAPH_FREED" });
    // Also where no rule kept a value.
    const z = add(x, 1);
    z.backward();
    expect(refusal(() => z.backward()).code).toBe("GRAPH_FREED");
  },
  backward_twice_retain: (row) => {
    const x = variable(2);
    const y = mul(x, x);
    y.backward({ retainGraph: true });
    y.backward();
    agree([x.grad!.item()], row.expected_gradient, row);
  },
  backward_nonscalar: refused("ShapeError", "NON_SCALAR", () => backward(mul(pair(), 2))),
  backward_seed_shape: refused("ShapeError", "SHAPE", () => backward(mul(pair(), 2), { seed: ones([3]) })),
  backward_seed_dtype: refused("DTypeError", "DTYPE", () =>
    backward(mul(pair(), 2), { seed: ones([2], { dtype: "float32" }) }),
  ),
  int_requires_grad: refused("DTypeError", "DTYPE", () => tensor([1, 2], { dtype: "int32", requiresGrad: true })),
  accumulate: (row) => {
    const x = variable(1);
    mul(2, x).backward();
    mul(3, x).backward();
    agree([x.grad!.item()], row.expected_gradient, row);
    x.zeroGrad();
    expect(x.grad).toBeNull();
  },
  inplace_raw_buffer: () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = mul(x, x);
    x.toTypedArray().fill(99);
    sum(y).backward();
    expect(x.grad!.toArray()).toEqual([2, 4]);
  },
  requires_grad_late: () => {
    const x = tensor(2);
    const y = mul(x, x);
    expect(Reflect.set(x, "requiresGrad", true)).toBe(false);
    expect(refusal(() => y.backward())).toEqual({ name: "GraphError", code: "NO_GRAD" });
  },
  nograd_block: (row) => {
    const x = variable(2);
    const y = noGrad(() => mul(x, x));
    expect(String(y.requiresGrad)).toBe(row.expected_value);
    expect(String(y.grad)).toBe(row.expected_gradient);
    expect(() => backward(y)).toThrow(GraphError);
  },
  hessian_symmetry: (row) => {
    const power = (x: Tensor): Tensor => pow(sum(mul(x, tensor([1, 0]))), sum(mul(x, tensor([0, 1]))));
    const at = tensor([2, 0]);
    agree([power(at).item()], row.expected_value, row);
    const [, xy, yx] = hessian(power)(at).toTypedArray();
    expect(row.expected_gradient).toEqual({ xy, yx });
    const backTwice = grad((x: Tensor) => sum(mul(grad(power)(x), tensor([1, 0]))))(at).toArray();
    expect(backTwice).toEqual([0, xy]);
  },
  "x^x_order4": (row) => {
    const power = (x: Tensor<[]>): Tensor => pow(x, x);
    agree([power(tensor(2)).item()], row.expected_value, row);
    agree([fourth(power)(tensor(2)).item()], fourthOfPower(2), row);
  },
  higher_poly: derivatives((x) => pow(x, 4), 1.5),
  higher_tanh: derivatives(tanh, 0),
  higher_sigmoid: derivatives(sigmoid, 0),
  higher_softplus25: derivatives(softplus, 25),
  higher_elu0: derivatives((x) => where(greater(x, 0), x, sub(exp(x), 1)), 0),
  mixed_dtype: () => expect(() => mul(ones([3], { dtype: "float32" }), ones([3]))).toThrow(DTypeError),
  sum_f32_const: (row) => {
    const x = full([1e7], 0.1, { dtype: "float32" });
    agree([sum(x).item()], row.expected_value, row);
    expect(
      grad((v: Tensor) => sum(v))(x)
        .toTypedArray()
        .every((g) => g === 1),
    ).toBe(true);
  },
  dot_f32_const: (row) => {
    agree(
      [dot(full([1e7], 0.1, { dtype: "float32" }), ones([1e7], { dtype: "float32" })).item()],
      row.expected_value,
      row,
    );
  },
  "sum_ones_2^24": (row) => {
    agree([sum(ones([2 ** 24 + 10], { dtype: "float32" })).item()], row.expected_value, row);
  },
  grad_accum_f32: (row) => {
    const x = tensor(1, { dtype: "float32", requiresGrad: true });
    for (let i = 0; i < 1e6; i++) mul(x, 0.1).backward();
    // What float32 additions give; exact would be 100000.0015.
    expect(row.expected_gradient).toContain(x.grad!.item().toFixed(2));
  },
  size_product_overflow: rangeError(() => zeros([2 ** 31, 2 ** 31, 2 ** 31])),
  size_wasm32: rangeError(() => zeros([2 ** 30 + 1], { dtype: "float32" })),
  size_zero_times_huge: rangeError(() => zeros([0, 2 ** 62])),
  shape_fraction: rangeError(() => zeros([1.5])),
  shape_nan: rangeError(() => zeros([NaN])),
  reshape_minus1_twice: shapeError(() => reshape(zeros([6]), open(-1, -1))),
  reshape_minus1_empty: shapeError(() => reshape(zeros([0]), open(-1, 0))),
  matmul_0_inf: (row) =>
    agree(flat(matmul(tensor([[0, 0]]), tensor([[Infinity], [1]])).toArray()), row.expected_value, row),
  js_pow: (row) => {
    expect(`${pow(1, NaN).item()}, ${pow(-1, Infinity).item()}`).toBe(row.expected_value);
    expect(pow(tensor([1, -1]), tensor([NaN, Infinity])).toArray()).toEqual([1, 1]);
  },
  js_spread: () => {
    const parts = Array.from({ length: 150_000 }, (_, i) => tensor(i));
    expect(max(stack(parts) as Tensor).item()).toBe(149_999);
  },
  js_recursion: () => {
    const deep = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < 8000; i++) y = add(y, 1);
      return y;
    };
    expect(grad(deep)(tensor(1)).item()).toBe(1);
    const v = variable(1);
    deep(v).backward();
    expect(v.grad!.item()).toBe(1);
  },
};
