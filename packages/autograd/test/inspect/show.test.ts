/** A tensor as text, from a scalar to long axes, empty ones and numbers that are none. */

import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { arange, full, greater, mul, ones, reshape, sin, tensor, zeros, type Tensor } from "@chainrule/autograd";
import { showTensor } from "../../src/inspect/show.ts";

describe("The text of a tensor", () => {
  it.each<[string, Tensor]>([
    ["tensor float64 [] 3", tensor(3)],
    ["tensor float64 [] -0", tensor(-0)],
    ["tensor float64 [] NaN", tensor(NaN)],
    ["tensor float64 [] 0.333333", tensor(1 / 3)],
    ["tensor float64 [] 1e-10", tensor(1e-10)],
    ["tensor float32 [1] [1.5]", tensor([1.5], { dtype: "float32" })],
    ["tensor int32 [2] [1, -2]", tensor([1, -2], { dtype: "int32" })],
    ["tensor bool [] true", tensor(true)],
    ["tensor bool [2] [true, false]", tensor([true, false])],
    ["tensor float64 [3] [-Infinity, NaN, -0]", tensor([-Infinity, NaN, -0])],
    [
      "tensor float64 [2, 2] [[1, 2], [3, 4]]",
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ],
    ["tensor float64 [0] []", zeros([0])],
    ["tensor float64 [0, 3] []", zeros([0, 3])],
    ["tensor float64 [2, 0] [[], []]", zeros([2, 0])],
    ["tensor float64 [2, 0, 3] [[], []]", zeros([2, 0, 3])],
    ["tensor float64 [1, 1, 1] [[[1]]]", ones([1, 1, 1])],
    ["tensor float64 [1000, 0] [[], [], [], …, [], [], []]", zeros([1000, 0])],
  ])("is %s", (text, x) => {
    expect(showTensor(x)).toBe(text);
  });

  it("shortens a long vector to what fits in a line", () => {
    const text = showTensor(arange(0, 30_000));
    expect(text).toBe("tensor float64 [30000] [0, 1, 2, 3, 4, …, 29995, 29996, 29997, 29998, 29999]");
    expect(text.length).toBeLessThanOrEqual(80);
  });

  it("keeps a vector whole that fits", () => {
    expect(showTensor(arange(0, 17) as Tensor)).toBe(
      "tensor float64 [17] [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]",
    );
  });

  it("writes a matrix in rows with the decimal points in one column", () => {
    expect(showTensor(reshape(sin(mul(arange(0, 12) as Tensor, 10)), [4, 3]) as Tensor)).toMatchInlineSnapshot(`
      "tensor float64 [4, 3]
      [[ 0,         -0.544021,   0.912945],
       [-0.988032,   0.745113,  -0.262375],
       [-0.304811,   0.773891,  -0.993889],
       [ 0.893997,  -0.506366,  -0.0442427]]"
    `);
  });

  it("aligns numbers of all sizes, zeros with a sign, and what is no number", () => {
    const rows = [
      [1e-10, 1, -0, NaN],
      [Infinity, -2.5, 100_000, 1e21],
      [1, 2, 3, 4.25],
      [0, 0, 0, 0],
    ];
    expect(showTensor(tensor(rows) as Tensor)).toMatchInlineSnapshot(`
      "tensor float64 [4, 4]
      [[   1e-10,           1,          -0,         NaN],
       [Infinity,          -2.5,    100000,       1e+21],
       [       1,           2,           3,           4.25],
       [       0,           0,           0,           0]]"
    `);
  });

  it("aligns true and false", () => {
    expect(showTensor(greater(reshape(sin(arange(0, 24) as Tensor), [8, 3]), 0) as Tensor)).toMatchInlineSnapshot(`
      "tensor bool [8, 3]
      [[false,  true,  true],
       [ true, false, false],
       [false,  true,  true],
       [ true, false, false],
       [false,  true,  true],
       [ true, false, false],
       [false,  true,  true],
       [ true, false, false]]"
    `);
  });

  it("parts blocks of higher rank by empty lines", () => {
    expect(showTensor(reshape(arange(0, 16) as Tensor, [2, 2, 2, 2]) as Tensor)).toMatchInlineSnapshot(`
      "tensor float64 [2, 2, 2, 2]
      [[[[ 0,  1],
         [ 2,  3]],

        [[ 4,  5],
         [ 6,  7]]],


       [[[ 8,  9],
         [10, 11]],

        [[12, 13],
         [14, 15]]]]"
    `);
  });

  it("shortens both axes of a large matrix, within 80 columns", () => {
    const text = showTensor(full([300, 400], 1 / 3));
    expect(text).toMatchInlineSnapshot(`
      "tensor float64 [300, 400]
      [[0.333333, 0.333333, 0.333333, …, 0.333333, 0.333333, 0.333333],
       [0.333333, 0.333333, 0.333333, …, 0.333333, 0.333333, 0.333333],
       [0.333333, 0.333333, 0.333333, …, 0.333333, 0.333333, 0.333333],
       …,
       [0.333333, 0.333333, 0.333333, …, 0.333333, 0.333333, 0.333333],
       [0.333333, 0.333333, 0.333333, …, 0.333333, 0.333333, 0.333333],
       [0.333333, 0.333333, 0.333333, …, 0.333333, 0.333333, 0.333333]]"
    `);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("shows 20 rows whole and shortens 21", () => {
    expect(showTensor(full([20, 9], 0.125) as Tensor).split("\n")).toHaveLength(21);
    expect(showTensor(full([21, 9], 0.125) as Tensor).split("\n")).toHaveLength(8);
  });

  it("never writes a line of more than 80 characters", () => {
    for (let size = 1; size < 60; size++) {
      for (const x of [
        sin(arange(0, size) as Tensor),
        reshape(mul(sin(arange(0, 4 * size) as Tensor), 1e7), [4, size]),
      ] as Tensor[]) {
        for (const line of showTensor(x).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
      }
    }
  });

  it("is what Node's console prints", () => {
    expect(inspect(tensor([1, 2]))).toBe("tensor float64 [2] [1, 2]");
  });
});
