/** Tensors from numbers: shapes, types, copies, and what is refused rather than changed in silence. */

import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  arange,
  DTypeError,
  eye,
  full,
  ones,
  pad,
  prod,
  ShapeError,
  SizeError,
  stack,
  tensor,
  zeros,
  type Tensor,
} from "../../src/index.ts";

describe("tensor", () => {
  it("takes numbers, nested arrays and typed arrays", () => {
    expect(tensor(2).shape).toEqual([]);
    expect(
      tensor([
        [1, 2],
        [3, 4],
      ]).toArray(),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor(new Float32Array([1, 2])).dtype).toBe("float32");
    expect(tensor(new Float64Array(6), { shape: [2, 3] }).shape).toEqual([2, 3]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([true, false]).dtype).toBe("bool");
  });

  it("copies what it is given, and what it hands out", () => {
    const numbers = new Float64Array([1, 2]);
    const x = tensor(numbers);
    numbers[0] = 9;
    x.toTypedArray()[1] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  it("refuses data that no tensor can hold", () => {
    const loose = tensor as (value: unknown, options?: unknown) => Tensor;
    for (const value of [
      [[1, 2], [3]],
      [1, [2]],
      [[1], 2],
    ])
      expect(() => loose(value)).toThrow(ShapeError);
    for (const value of ["1", null, undefined, [1, "2"], [1, null], [1n], {}])
      expect(() => loose(value)).toThrow(ArgumentError);
    expect(() => loose([1, 2], { shape: [3] })).toThrow(/2 numbers do not fill the shape \[3\]/);
    expect(() => loose([1, 2], { dtype: "float16" })).toThrow(/dtype is "float16"/);
    expect(() => loose(tensor(1))).toThrow(/is a tensor already/);
  });

  it("refuses to make another number of one that int32 cannot hold", () => {
    for (const value of [1.7, 1e200, NaN, 2 ** 31]) {
      expect(() => tensor([1, value], { dtype: "int32" })).toThrow(DTypeError);
      expect(() => tensor(value, { dtype: "int32" })).toThrow(/entry 0 is no int32/);
    }
    expect(tensor([-(2 ** 31), 2 ** 31 - 1], { dtype: "int32" }).toArray()).toEqual([-(2 ** 31), 2 ** 31 - 1]);
  });

  it("makes constants, ranges and identities", () => {
    expect(zeros([2, 0]).size).toBe(0);
    expect(ones([2], { dtype: "int32" }).dtype).toBe("int32");
    expect(full([], 7).item()).toBe(7);
    expect(arange(2, 2).shape).toEqual([0]);
    expect(eye(3).sum().item()).toBe(3);
    for (const shape of [[-1], [1.5], [NaN], [2 ** 53], [2 ** 31, 2 ** 31, 2 ** 31]])
      expect(() => zeros(shape)).toThrow(SizeError);
  });
});

describe("what is put together", () => {
  it("keeps the sign of a zero inside a border", () => {
    expect(Object.is(pad(tensor([-0]), [1], [1], 7).toTypedArray()[1], -0)).toBe(true);
    expect(pad(tensor([true]), [1], [0], 1).toArray()).toEqual([true, true]);
  });

  it("refuses a list that is none, and a product of bools", () => {
    expect(() => stack(null as unknown as [Tensor])).toThrow(ArgumentError);
    expect(() => prod(tensor([true, true]))).toThrow(/prod: is not defined for bool/);
  });
});
