/**
 * Sizes around every border that the emitted loops have: vectors, chunks, chunks of chunks, rows of odd length,
 * strides.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  broadcastTo,
  cast,
  compile,
  concat,
  exp,
  flip,
  gather,
  greater,
  matmul,
  max,
  mean,
  min,
  mul,
  pad,
  scatterAdd,
  sigmoid,
  slice,
  softmax,
  sum,
  transpose,
  where,
  type DType,
  type Tensor,
} from "../../src/index.ts";
import { pairsAtOnce } from "../../src/compile/schedule/partitioning.ts";
import { isTried } from "../size.ts";
import { differenceOf } from "./bits.ts";
import { filled } from "./operands.ts";

/** Runs as a program and compares with the engine. */
function check(what: string, f: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): void {
  if (!isTried(3, `${what} ${inputs.map(({ shape, dtype }) => `${shape.join("×")} ${dtype}`).join()} ${f.toString()}`))
    return;
  expect(differenceOf(what, compile(f)(...inputs), f(...inputs)) ?? "the same bits").toBe("the same bits");
}

const borders = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 511, 512, 513, 520, 1023, 1024, 1025, 1537];
const floats: readonly DType[] = ["float64", "float32"];

describe.each(floats)("%s", (dtype) => {
  it.each(borders)("entry by entry and summed: %i", (n) => {
    const [x, y] = [filled([n], dtype, 1), filled([n], dtype, 2)];
    check("map", (a, b) => mul(sigmoid(a), add(b, a)), x, y);
    check("sum", (a, b) => sum(mul(a, b)), x, y);
    check("map and sum", (a, b) => mul(exp(a), sum(mul(a, b))), x, y);
    check("two sums", (a, b) => add(sum(a), sum(mul(a, b))), x, y);
    check("max and sum", (a, b) => add(max(a), add(sum(b), min(mul(a, b)))), x, y);
    check("mean", (a) => mean(a), x);
    check("count", (a, b) => sum(greater(a, b)), x, y);
    check("choice", (a, b) => where(greater(a, b), a, mul(b, 2)), x, y);
    check("softmax", (a) => softmax(a), x);
  });

  it.each([1, 2, 3, 5, 8, 13, 30, 513])("rows and columns of odd lengths: %i", (n) => {
    for (const rows of [1, 2, 3, 9, 10]) {
      const [x, row, column] = [filled([rows, n], dtype, 1), filled([n], dtype, 2), filled([rows, 1], dtype, 3)];
      check("rows", (a, b) => add(a, b), x, row);
      check("columns", (a, b) => mul(a, b), x, column);
      check("both", (a, b, c) => sigmoid(add(mul(a, b), c)), x, row, column);
      check("row sums", (a, b) => sum(mul(a, b), 1), x, row);
      check("column sums", (a, b) => sum(mul(a, b), 0), x, row);
      check("row extremes", (a, b) => add(max(a, 1), min(add(a, b), 1)), x, row);
      check("column extremes", (a) => max(a, 0), x);
      check("softmax of rows", (a) => softmax(a, 1), x);
      check("softmax of columns", (a) => softmax(a, 0), x);
      check("transpose", (a) => add(transpose(a), 1), x);
      check("transpose beside", (a, b) => mul(transpose(a), transpose(b)), x, x);
      check("flip", (a) => add(flip(a), a), x);
      check("flip of an axis", (a) => add(flip(a, 1), mul(flip(a, 0), 2)), x);
      check("broadcast", (a) => sum(broadcastTo(a, [4, rows, n]), 0), x);
      check("comparison of rows", (a, b) => where(greater(a, b), cast(greater(b, a), dtype), a), x, row);
      check("parts", (a) => concat([slice(a, [0, 0], [rows, Math.ceil(n / 2)]), a, pad(a, [0, 1])], 1), x);
      check("every second", (a) => mul(slice(a, [0, 0], undefined, [1, 2]), 3), x);
      check("picked", (a) => gather(a, [0, n - 1, 0], 1), x);
      check(
        "added",
        (a) => scatterAdd(a, [0, n - 1], concat([slice(a, [0, 0], [rows, 1]), slice(a, [0, n - 1])], 1), 1),
        x,
      );
      check("three axes", (a, b) => sum(add(a.reshape([rows, n, 1]), b.reshape([1, 1, n])), 1), x, row);
      check("outer axes", (a, b) => sum(add(a.reshape([rows, n, 1]), b.reshape([1, 1, n])), [0, 2]), x, row);
    }
  });

  it.each([600, 1025])("long columns: %i", (rows) => {
    for (const n of [1, 2, 3, 5, 40, 150]) check("column sums", (a) => sum(a, 0), filled([rows, n], dtype));
  });

  it.each([31, 32, 33, 63, 64, 69, 127, 128, 130, 135, 137, 139, 141, 143, 160])("columns side by side: %i", (n) => {
    for (const rows of [1, 2, 7, 8, 9, 21]) {
      const x = filled([rows, n], dtype);
      check("column sums", (a) => sum(a, 0), x);
      check("column extremes", (a) => add(max(a, 0), mul(min(a, 0), 2)), x);
      check("columns of blocks", (a) => sum(a, 1), filled([3, rows, n], dtype));
    }
  });

  it("products of matrices of every small size, transposed or not, in batches", () => {
    for (const [m, k, n] of [
      [1, 1, 1],
      [2, 3, 4],
      [5, 7, 3],
      [10, 30, 10],
      [8, 300, 9],
      [17, 16, 33],
    ] as const) {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const a = filled(transposeA ? [k, m] : [m, k], dtype, 1);
          const b = filled(transposeB ? [n, k] : [k, n], dtype, 2);
          check("product", (x, y) => matmul(x, y, { transposeA, transposeB }), a, b);
          check("product of sums", (x, y) => sigmoid(matmul(add(x, 1), mul(y, 2), { transposeA, transposeB })), a, b);
        }
      }
      check(
        "product of a transpose",
        (x, y) => matmul(transpose(x), y),
        filled([k, m], dtype, 1),
        filled([k, n], dtype, 2),
      );
      check("batch", (x, y) => matmul(x, y), filled([3, m, k], dtype, 1), filled([k, n], dtype, 2));
      check("batch of batches", (x, y) => matmul(x, y), filled([2, 1, m, k], dtype, 1), filled([3, k, n], dtype, 2));
    }
  });
});

it("walks a line of the cache of columns at once where there are many", () => {
  expect([1, 16, 32, 64, 127, 128, 512].map(pairsAtOnce)).toEqual([1, 1, 2, 4, 4, 8, 8]);
  const program = compile((a: Tensor) => sum(a, 0));
  program(filled([9, 130], "float32"));
  expect(program.explain().kernels.map(({ kind }) => kind)).toContain("columns");
});

it("whole numbers and conditions", () => {
  for (const n of borders) {
    const [x, y] = [filled([n], "int32", 1), filled([n], "int32", 2)];
    check("arithmetic", (a, b) => add(mul(a, b), a), x, y);
    check("sum", (a, b) => sum(mul(a, b)), x, y);
    check("extremes", (a, b) => add(max(a), min(b)), x, y);
    check("count", (a, b) => sum(greater(a, b)), x, y);
    check("column sums", (a) => sum(a.reshape([1, n, 1]).broadcastTo([2, n, 3]), 1), x);
    check(
      "wide column sums and extremes",
      (a, b) => add(sum(concat([a, b, a]).reshape([3, n]), 0), max(concat([a, b]).reshape([2, n]), 0)),
      x,
      y,
    );
    check("comparison", (a, b) => greater(a, b), x, y);
    check("types", (a, b) => cast(cast(greater(a, b), "float32"), "float64").add(cast(a, "float64")), x, y);
  }
});
