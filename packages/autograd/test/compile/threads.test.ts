/**
 * Programs on several threads: the same bits with one, two, three and eight, whatever the kernels and the sizes, and
 * all of them at work.
 */

import { beforeAll, describe, expect, it } from "vitest";
import {
  abs,
  add,
  cast,
  compile,
  concat,
  exp,
  flip,
  gather,
  grad,
  greater,
  matmul,
  max,
  mean,
  min,
  mul,
  pad,
  pow,
  scatterAdd,
  sigmoid,
  sin,
  slice,
  softmax,
  sub,
  sum,
  tan,
  tensor,
  transpose,
  valueAndGrad,
  variable,
  where,
  type DType,
  type Tensor,
} from "../../src/index.ts";
import { isTried, sized } from "../size.ts";
import { differenceOf } from "./bits.ts";
import { compileDivided } from "./divided.ts";
import { filled } from "./operands.ts";
import { poolOf, settled } from "./pool.ts";

const counts = [1, 2, 3, 8] as const;

beforeAll(() => settled(8));

/**
 * The bits of every number of threads are the engine's, and none of the threads that a kernel says it runs on was idle.
 */
function check(what: string, f: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): void {
  const tried = counts.filter((threads) =>
    isTried(
      10,
      `${what} ${threads} ${inputs.map(({ shape, dtype }) => `${shape.join("×")} ${dtype}`).join()} ${f.toString()}`,
    ),
  );
  if (tried.length === 0) return;
  const expected = f(...inputs);
  for (const threads of tried) {
    const before = poolOf().begun();
    const program = compileDivided(f, { threads });
    const found = program(...inputs);
    expect(differenceOf(`${what} on ${threads}`, found, expected) ?? "the same bits").toBe("the same bits");
    const used = Math.max(1, ...program.explain().kernels.map((kernel) => kernel.threads));
    expect(
      poolOf()
        .begun()
        .filter((jobs, k) => jobs > before[k]!).length,
      `${what} on ${threads}`,
    ).toBe(used - 1);
  }
}

const borders = [1, 2, 3, 5, 8, 9, 31, 33, 511, 513, 1025, 1537, 5000];
const floats: readonly DType[] = ["float64", "float32"];

describe.each(floats)("%s", (dtype) => {
  it.each(borders)("entry by entry and summed: %i", (n) => {
    const [x, y] = [filled([n], dtype, 1), filled([n], dtype, 2)];
    check("map", (a, b) => mul(sigmoid(a), add(b, a)), x, y);
    check("sum", (a, b) => sum(mul(a, b)), x, y);
    check("map and sum", (a, b) => mul(exp(a), sum(mul(a, b))), x, y);
    check("two sums", (a, b) => add(sum(a), sum(mul(a, b))), x, y);
    check("max and sum", (a, b) => add(max(a), add(sum(b), min(mul(a, b)))), x, y);
    check("count", (a, b) => sum(greater(a, b)), x, y);
    check("choice", (a, b) => where(greater(a, b), a, mul(b, 2)), x, y);
    check("condition", (a, b) => greater(a, b), x, y);
    check("softmax", (a) => softmax(a), x);
    check("functions of the host", (a, b) => add(add(sin(mul(a, 1e9)), tan(mul(b, 1e9))), pow(abs(a), b)), x, y);
  });

  it("powers where the library and the host differ, in every thread", () => {
    const special = [
      [1, NaN],
      [-1, Infinity],
      [1, -Infinity],
      [2, 0.5],
      [3, 2],
      [-8, 3],
    ] as const;
    const column = (k: 0 | 1): Tensor =>
      tensor(
        Float64Array.from({ length: 999 }, (_, i) => special[i % special.length]![k]),
        { shape: [999], dtype },
      ) as Tensor;
    check("power", (a, b) => pow(a, b), column(0), column(1));
  });

  it.each([1, 2, 3, 8, 13, 64, 513])("rows and columns: %i", (n) => {
    for (const rows of [1, 2, 9, 70]) {
      const [x, row, column] = [filled([rows, n], dtype, 1), filled([n], dtype, 2), filled([rows, 1], dtype, 3)];
      check("rows", (a, b) => add(a, b), x, row);
      check("both", (a, b, c) => sigmoid(add(mul(a, b), c)), x, row, column);
      check("row sums", (a, b) => sum(mul(a, b), 1), x, row);
      check("column sums", (a, b) => sum(mul(a, b), 0), x, row);
      check("row extremes", (a, b) => add(max(a, 1), min(add(a, b), 1)), x, row);
      check("column extremes", (a) => max(a, 0), x);
      check("softmax of rows", (a) => softmax(a, 1), x);
      check("transpose", (a) => add(transpose(a), 1), x);
      check("flip", (a) => add(flip(a, 1), mul(flip(a, 0), 2)), x);
      check("parts", (a) => concat([slice(a, [0, 0], [rows, Math.ceil(n / 2)]), a, pad(a, [0, 1])], 1), x);
      check("rows of parts", (a) => concat([a, pad(a, [1, 0])], 0), x);
      check("picked", (a) => gather(a, [0, n - 1, 0], 1), x);
      check("rows picked", (a) => gather(a, [0, rows - 1, 0, 0], 0), x);
      check(
        "added",
        (a) => scatterAdd(a, [0, n - 1], concat([slice(a, [0, 0], [rows, 1]), slice(a, [0, n - 1])], 1), 1),
        x,
      );
      check(
        "rows added",
        (a) =>
          scatterAdd(
            a,
            [0, rows - 1, 0],
            concat([slice(a, [0, 0], [1, n]), slice(a, [rows - 1, 0]), slice(a, [0, 0], [1, n])], 0),
            0,
          ),
        x,
      );
      check("rows of a view", (a) => sum(a.reshape([1, 5, n]).broadcastTo([rows, 5, n]), 2), filled([5, n], dtype, 4));
      check("three axes", (a, b) => sum(add(a.reshape([rows, n, 1]), b.reshape([1, 1, n])), 1), x, row);
    }
  });

  it.each([600, 1025])("long columns and long rows: %i", (size) => {
    for (const n of [1, 2, 3, 5, 135]) {
      check("column sums", (a) => sum(a, 0), filled([size, n], dtype));
      check("row sums", (a) => add(sum(a, 1), sum(mul(a, a), 1)), filled([n, size], dtype));
    }
  });

  it("products of matrices, transposed or not, in batches, and with zeros that absorb", () => {
    for (const [m, k, n] of [
      [1, 1, 1],
      [5, 7, 3],
      [25, 300, 9],
      [97, 16, 33],
    ] as const) {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const a = filled(transposeA ? [k, m] : [m, k], dtype, 1);
          const b = filled(transposeB ? [n, k] : [k, n], dtype, 2);
          check("product", (x, y) => matmul(x, y, { transposeA, transposeB }), a, b);
        }
      }
      check("batch", (x, y) => matmul(x, y), filled([9, m, k], dtype, 1), filled([k, n], dtype, 2));
      check("small batch", (x, y) => matmul(x, y), filled([2, 2, m, k], dtype, 1), filled([2, k, n], dtype, 2));
      const hole = filled([k, n], dtype, 3);
      const holed = tensor(
        Float64Array.from(hole.toTypedArray(), (x, i) => (i % 7 === 3 ? Infinity : x)),
        { shape: [k, n], dtype },
      ) as Tensor;
      check(
        "gradient through a hole",
        (x, y) => grad((z: Tensor) => sum(where(greater(z, 0), matmul(z, y).sum(1).reshape([m, 1]), 0)))(x),
        filled([m, k], dtype, 1),
        holed,
      );
    }
  });
});

it("whole numbers", () => {
  for (const n of borders) {
    const [x, y] = [filled([n], "int32", 1), filled([n], "int32", 2)];
    check("sum", (a, b) => sum(mul(a, b)), x, y);
    check("extremes", (a, b) => add(max(a), min(b)), x, y);
    check("types", (a, b) => cast(cast(greater(a, b), "float32"), "float64").add(cast(a, "float64")), x, y);
    check("column sums", (a) => sum(a.reshape([1, n, 1]).broadcastTo([2, n, 3]), 1), x);
    check(
      "added",
      (a) => scatterAdd(a, a.toTypedArray === undefined ? [] : [0, n - 1, 0], a.slice([0], [1]).broadcastTo([3]), 0),
      x,
    );
  }
});

it.each(floats)("scratch of its own for each thread, over and over: %s", (dtype) => {
  const [rows, columns] = [filled([16, 5000], dtype), filled([5000, 16], dtype)];
  const [a, b] = [filled([150, 300], dtype), filled([300, 260], dtype)];
  const works: readonly ((x: Tensor, y: Tensor) => Tensor)[] = [
    (x) => sum(mul(x, x), 1),
    (x) => sum(x, 0),
    (x, y) => matmul(x, y),
    (x, y) => matmul(y, x, { transposeA: true, transposeB: true }),
  ];
  works.forEach((work, at) => {
    const inputs = [
      [rows, rows],
      [columns, columns],
      [a, b],
      [a, b],
    ][at] as [Tensor, Tensor];
    const expected = work(...inputs);
    const program = compileDivided(work, { threads: 2 });
    for (let k = 0; k < 60; k++) expect(differenceOf(`work ${at}, run ${k}`, program(...inputs), expected)).toBeNull();
  });
});

it("several programs in turns, with variables that they share", () => {
  const run = (threads: number | null): readonly Tensor[] => {
    const w = variable(filled([33, 70], "float64", 4));
    const made = <P extends readonly unknown[], R>(f: (...args: P) => R): ((...args: P) => R) =>
      threads === null ? f : (compileDivided(f, { threads }) as unknown as (...args: P) => R);
    const step = made((x: Tensor) => {
      const { value, gradient } = valueAndGrad((v: Tensor) => mean(sigmoid(matmul(x, v))))(w.read() as Tensor);
      w.assign(sub(w.read(), mul(gradient, 0.5)));
      return value;
    });
    const other = made((x: Tensor) => sum(mul(exp(x), matmul(x, w.read()).sum(1).reshape([9, 1]))));
    const costs: Tensor[] = [];
    for (let k = 0; k < 20; k++)
      costs.push(step(filled([9, 33], "float64", k)), other(filled([9, 33], "float64", k + 1)));
    return [...costs, w.read()];
  };
  const expected = run(null);
  for (const threads of counts)
    run(threads).forEach((x, k) => expect(differenceOf(`${k} on ${threads}`, x, expected[k]!)).toBeNull());
});

it("thousands of short runs", () => {
  const RUNS = sized(3000, 100_000);
  const f = (x: Tensor): Tensor => mul(sum(mul(exp(x), add(x, 1))), x);
  const g = compileDivided(f, { threads: 3 });
  const inputs = [700, 1300].map((n) => filled([n]));
  const expected = inputs.map(f);
  const before = poolOf().begun();
  for (let k = 0; k < RUNS; k++) {
    const found = g(inputs[k % 2]!);
    if (k % 500 < 2) expect(differenceOf(`run ${k}`, found, expected[k % 2]!)).toBeNull();
  }
  poolOf()
    .begun()
    .slice(0, 2)
    .forEach((jobs, k) => expect(jobs - before[k]!).toBe(RUNS));
});

it("small kernels stay on one thread, and a program of them asks for none", () => {
  const before = poolOf().begun();
  const small = compile((x: Tensor) => sum(mul(x, x)), { threads: 8 });
  small(filled([1000]));
  expect(small.explain().kernels.map(({ threads }) => threads)).toEqual([1]);
  expect(poolOf().begun()).toEqual(before);
  const large = compile((x: Tensor) => sum(exp(mul(x, x))), { threads: 8 });
  large(filled([200_000]));
  expect(large.explain().kernels[0]!.threads).toBe(8);
  expect(String(large.explain())).toContain("8 threads");
  expect(poolOf().begun()).toEqual(before.map((jobs, k) => (k < 7 ? jobs + 1 : jobs)));
});

it.each([0, 1.5, -1, 17, NaN])("refuses %d threads", (threads) => {
  expect(() => compile((x: Tensor) => x, { threads })).toThrow(/compile: threads: .*a whole number from 1 to 16/);
});
