/** sparseJacobian: the entries of the Jacobian, from a pattern that covers every one that may be other than 0. */

import { describe, expect, it } from "vitest";
import {
  add,
  at,
  cast,
  checkpoint,
  compile,
  concat,
  cond,
  customGradient,
  flip,
  gather,
  grad,
  greater,
  jacobian,
  logSumExp,
  matmul,
  max,
  maximum,
  mul,
  pad,
  relu,
  reshape,
  scan,
  scatterAdd,
  sin,
  slice,
  softmax,
  sqrt,
  stack,
  stopGradient,
  sub,
  sum,
  tensor,
  transpose,
  where,
  type Tensor,
} from "../../src/index.ts";
import { colorColumns } from "../../src/vmap/coloring.ts";
import { sparseJacobian, vmap, type SparseMatrix } from "../../src/vmap/index.ts";
import { refusalOf } from "../refusal.ts";
import { seed, sized } from "../size.ts";

type F = (x: Tensor) => Tensor;
const x = tensor([0.5, -1, 2, 3, 0.25, -2]) as Tensor;
const band = tensor([
  [2, 1, 0, 0, 0, 0],
  [1, 2, 1, 0, 0, 0],
  [0, 1, 2, 1, 0, 0],
  [0, 0, 1, 2, 1, 0],
  [0, 0, 0, 1, 2, 1],
  [0, 0, 0, 0, 1, 2],
]) as Tensor;
const byHand = customGradient({ name: "double", forward: (y) => mul(y, 2) as Tensor, vjp: (g) => mul(g, 2) as Tensor });

/** A function, and how many entries its pattern has where it is as small as it can be. */
const functions: Readonly<Record<string, readonly [f: F, entries: number]>> = {
  "entry by entry": [(y) => sin(mul(y, y)), 6],
  differences: [(y) => mul(sub(slice(y, [1]), slice(y, [0], [-1])), slice(y, [1])) as Tensor, 10],
  "a constant banded matrix": [(y) => sin(matmul(band, y)), 16],
  "the same, transposed": [(y) => matmul(reshape(y, [1, 6]), band, { transposeB: true }), 16],
  "a sum": [(y) => sum(mul(y, y)) as Tensor, 6],
  "a softmax of rows": [(y) => softmax(reshape(y, [2, 3])), 18],
  "largest of columns": [(y) => max(reshape(y, [3, 2]), 0), 6],
  "log of sums": [(y) => logSumExp(reshape(y, [3, 2]), 1), 6],
  "a broadcast": [(y) => mul(reshape(y, [6, 1]), slice(y, [0], [2])) as Tensor, 22],
  "picked and scattered": [(y) => scatterAdd(sin(y), [0, 0, 5], gather(y, [1, 2, 3])), 9],
  "put together": [(y) => concat([flip(y, 0), pad(slice(y, [2], [4]), [1], [1])] as never) as Tensor, 8],
  chosen: [(y) => where(greater(y, 0), mul(y, y), flip(y, 0)) as Tensor, 12],
  "what is held constant": [(y) => mul(y, stopGradient(sum(y))) as Tensor, 36],
  "whole numbers": [(y) => mul(sqrt(mul(y, y)), cast(cast(y, "int32"), "float64")) as Tensor, 6],
  "transposed and cut": [(y) => slice(transpose(reshape(y, [2, 3])), [1]), 4],
  "products of parts": [(y) => matmul(reshape(y, [2, 3]), reshape(y, [3, 2])), 18],
  constant: [() => tensor([1, 2]) as Tensor, 0],
  kinks: [(y) => maximum(relu(y), flip(y, 0)) as Tensor, 12],
  "a rule by hand": [(y) => byHand(y), 36],
  "a loop": [(y) => scan((c: Tensor, row: Tensor) => [add(c, row), c] as const, at(y, 0), y as never).ys as Tensor, 36],
  "a branch": [
    (y) =>
      cond(
        greater(at(y, 0), 0),
        (z: Tensor) => sin(z),
        (z: Tensor) => mul(z, 2) as Tensor,
        y,
      ) as Tensor,
    36,
  ],
  "a checkpoint": [(y) => checkpoint((z: Tensor) => mul(z, flip(z, 0)) as Tensor)(y), 12],
  "a gradient": [
    (y) =>
      grad((z: Tensor) => sum(mul(mul(slice(z, [1]), slice(z, [0], [-1])), slice(z, [1]))) as Tensor<[]>)(y) as Tensor,
    15,
  ],
  "a batch": [
    (y) => vmap((z: Tensor) => mul(z, sum(z)) as Tensor)(reshape(y, [3, 2]) as never) as unknown as Tensor,
    12,
  ],
  "a scalar": [(y) => mul(at(y, 2), at(y, 4)) as Tensor, 2],
};

const dense = (f: F, y = x): number[] => {
  const full = jacobian(f as never)(y as never) as Tensor;
  return Array.from(full.toTypedArray());
};

describe.each(Object.entries(functions))("%s", (_, [f, entries]) => {
  it.each([{}, { mode: "forward" }, { mode: "reverse" }] as const)("has the entries of jacobian: %o", (options) => {
    const found = sparseJacobian(f, options)(x);
    const expected = dense(f);
    Array.from(found.toDense().toTypedArray()).forEach((y, k) =>
      expect(Math.abs(y - expected[k]!)).toBeLessThan(1e-14 * (1 + Math.abs(expected[k]!))),
    );
    expect(found.columns.length).toBe(entries);
    const again = sparseJacobian(f, { ...options, pattern: found })(x);
    expect(again.values.toArray()).toEqual(found.values.toArray());
  });
});

describe("a sparse Jacobian", () => {
  const curve: F = (y) => {
    const padded = pad(y, [1], [1]);
    return mul(sub(mul(y, 2), add(slice(padded, [2]), slice(padded, [0], [-2]))), sin(y)) as Tensor;
  };

  it("of a band takes as many directions as the band is wide", () => {
    const n = 2000;
    const y = tensor(Float64Array.from({ length: n }, (_, k) => Math.sin(k))) as Tensor;
    const found = sparseJacobian(curve)(y);
    expect([found.colors, found.columns.length, ...found.shape]).toEqual([3, 3 * n - 2, n, n]);
    const [sines, column] = [y.toTypedArray(), 700];
    const row = found.columns.indexOf(column - 1, found.rows[column]);
    expect(found.values.toTypedArray()[row]).toBe(-Math.sin(sines[column]!) + 0);
  });

  it("goes the way that has fewer colors", () => {
    const rows: F = (y) => stack([sum(y), sum(mul(y, y))] as never) as Tensor;
    expect(sparseJacobian(rows)(x).colors).toBe(2);
    expect(sparseJacobian(rows, { mode: "forward" })(x).colors).toBe(6);
    expect(sparseJacobian((y: Tensor) => mul(at(y, 0), x) as Tensor)(x).colors).toBe(1);
  });

  it("stands in programs and under derivatives, by its values", () => {
    const squares = (y: Tensor): Tensor =>
      sum(mul(sparseJacobian(curve)(y).values, sparseJacobian(curve)(y).values)) as Tensor;
    const plain = (y: Tensor): Tensor =>
      sum(
        mul(jacobian(curve as never)(y as never) as Tensor, jacobian(curve as never)(y as never) as Tensor),
      ) as Tensor;
    const [found, expected] = [squares, plain].map(
      (f) => (grad(f as never)(x as never) as Tensor).toArray() as number[],
    );
    expected!.forEach((y, k) => expect(found![k]).toBeCloseTo(y, 10));
    const program = compile((y: Tensor) => sparseJacobian(curve)(y).values);
    expect(program(x).toArray()).toEqual(sparseJacobian(curve)(x).values.toArray());
  });

  it("holds what stands behind the argument constant, and is one of float32 too", () => {
    const scaled = sparseJacobian((y: Tensor, factor: number, w: Tensor) => mul(mul(y, factor), w) as Tensor);
    expect(scaled(x, 3, x).values.toArray()).toEqual(mul(x, 3).toArray());
    expect(sparseJacobian(curve)(x.cast("float32")).toDense().dtype).toBe("float32");
  });

  it("goes one by one where a rule by hand reads numbers", () => {
    let runs = 0;
    const read = customGradient({
      name: "read",
      forward: (y) => mul(y, y) as Tensor,
      vjp(g, { inputs: [y] }) {
        runs++;
        return g.mul(tensor(g.toTypedArray()).sign()).mul(2 * y!.toTypedArray()[0]!) as Tensor;
      },
    });
    const parts = (y: Tensor): Tensor =>
      concat(Array.from({ length: 6 }, (_, k) => read(slice(y, [k], [k + 1]))) as never) as Tensor;
    const found = sparseJacobian(parts, { pattern: sparseJacobian((y: Tensor) => sin(y))(x), mode: "reverse" })(x);
    expect(found.values.toArray()).toEqual(mul(x, 2).toArray());
    expect(runs).toBeGreaterThan(0);
  });

  it("is refused by name where the pattern misses an entry, or does not fit", () => {
    const whole = sparseJacobian(curve)(x);
    const without = (row: number): SparseMatrix["shape"] | object => {
      const columns = Array.from(whole.columns);
      columns.splice(whole.rows[row]!, 1);
      return { rows: Array.from(whole.rows, (begin, k) => (k > row ? begin - 1 : begin)), columns };
    };
    for (let row = 0; row < 6; row++) {
      const error = refusalOf(() => sparseJacobian(curve, { pattern: without(row) as never })(x));
      expect(error.code).toBe("PATTERN");
      expect(error.message).toMatch(/^sparseJacobian: the pattern misses an entry of (row|column) \d/);
    }
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ rows: [0, 1], columns: [0, 1] }, /^sparseJacobian: the pattern begins with 0 and ends with 1 for 2 columns/],
      [{ rows: [0, 2, 1, 2], columns: [0, 1] }, /the pattern has row 1 end before it begins/],
      [{ rows: [0, 1], columns: [6] }, /the pattern has column 6 in row 0, and the argument has 6 entries/],
      [{ rows: [0, 2], columns: [3, 3] }, /the pattern has a column twice in row 0/],
      [{ rows: [0, 1], columns: [3] }, /the pattern has 1 rows, and the function gives 6 entries/],
    ];
    for (const [pattern, message] of wrong)
      expect(refusalOf(() => sparseJacobian(curve, { pattern: pattern as never })(x)).message).toMatch(message);
    expect(refusalOf(() => sparseJacobian(curve, { pattern: 3 as never })).message).toMatch(
      /^sparseJacobian: pattern is 3: give rows and columns/,
    );
    expect(refusalOf(() => sparseJacobian(curve, { mode: "back" as never })).message).toMatch(
      /^sparseJacobian: mode is/,
    );
    expect(refusalOf(() => sparseJacobian(curve)(tensor([1], { dtype: "int32" }) as never)).code).toBe("DTYPE");
    expect(refusalOf(() => sparseJacobian((() => 3) as never)(x)).message).toMatch(
      /^sparseJacobian: the function gives 3/,
    );
    expect(refusalOf(() => sparseJacobian((y: Tensor) => (at(y, 0).item() > 0 ? y : sin(y)))(x)).code).toBe("TRACED");
  });
});

describe("a coloring", () => {
  it("gives columns of one color no row in common, and never more colors than columns", () => {
    let state = seed;
    const draw = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    for (let round = 0; round < sized(50, 2000); round++) {
      const [m, n] = [1 + Math.floor(draw() * 12), 1 + Math.floor(draw() * 12)];
      const rows = Array.from({ length: m }, () => Array.from({ length: n }, (_, k) => k).filter(() => draw() < 0.25));
      const starts = Int32Array.from([0, ...rows.map((_, r) => rows.slice(0, r + 1).flat().length)]);
      const { colors, count } = colorColumns({ starts, items: Int32Array.from(rows.flat()) }, n);
      expect(count).toBeLessThanOrEqual(n);
      for (const row of rows) expect(new Set(row.map((k) => colors[k])).size).toBe(row.length);
      expect(count).toBeGreaterThanOrEqual(Math.max(...rows.map((row) => row.length)));
    }
  });
});
