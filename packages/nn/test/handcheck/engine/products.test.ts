/** A product with its bound is computed in blocks, by the bits of its definition. */

import { describe, expect, it, vi } from "vitest";
import { Random } from "../../../src/index.ts";
import type * as tracked from "../../../src/handcheck/bounds/tracked.ts";
import { AT_ONCE, dot, dotOfSizes, dots } from "../../../src/handcheck/bounds/sums.ts";

vi.mock(import("../../../src/handcheck/bounds/sums.ts"), async (original) => {
  const all = await original();
  return { ...all, dots: vi.fn(all.dots) };
});

type Tracked = tracked.Tracked;

// Files share what they import, so one before may have brought the sums as they are: this copy asks for those here.
const copy = "../../../src/handcheck/bounds/tracked.ts?watched";
const { Arithmetic, exact } = (await import(copy)) as typeof tracked;

const random = new Random("products");

/** Numbers among which some are 0, of either sign, and which may have errors, some of them 0. */
function drawn(rows: number, cols: number, isExact: boolean): Tracked {
  const numbers = (): Float64Array =>
    random.normalArray(rows * cols).map((x, i) => (i % 5 === 3 ? 0 : i % 7 === 2 ? -0 : x));
  const one = exact(rows, cols, numbers());
  return isExact ? one : { ...one, error: numbers().map((x) => 1e-9 * Math.abs(x)) };
}

/** Σ_k a_ik b_kj, term by term, as the formula says; a term of a row of b is left out where it and its error are 0. */
function byDefinition(by: tracked.Arithmetic, a: Tracked, b: Tracked, turnA: boolean, turnB: boolean): Tracked {
  const [rows, inner] = turnA ? [a.cols, a.rows] : [a.rows, a.cols];
  const cols = turnB ? b.rows : b.cols;
  const placeA = (i: number, k: number): number => (turnA ? k * a.cols + i : i * a.cols + k);
  const placeB = (k: number, j: number): number => (turnB ? j * b.cols + k : k * b.cols + j);
  const rounding = (8 + Math.sqrt(inner)) * by.epsilon;
  const out = { rows, cols, value: new Float64Array(rows * cols), error: new Float64Array(rows * cols) };
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      const sum = (term: (x: number, dx: number, y: number, dy: number) => number): number => {
        let total = 0;
        for (let k = 0; k < inner; k++)
          total += term(
            a.value[placeA(i, k)]!,
            a.error?.[placeA(i, k)] ?? 0,
            b.value[placeB(k, j)]!,
            b.error?.[placeB(k, j)] ?? 0,
          );
        return total;
      };
      out.value[i * cols + j] = sum((x, _, y) => x * y);
      if (turnB) {
        let bound = rounding * sum((x, _, y) => Math.abs(x * y));
        if (a.error !== null) bound += sum((_, dx, y) => Math.abs(dx * y));
        if (b.error !== null) bound += sum((x, _, __, dy) => Math.abs(x * dy));
        if (a.error !== null && b.error !== null) bound += sum((_, dx, __, dy) => dx * dy);
        out.error[i * cols + j] = bound + inner * by.floor;
      } else {
        let bound = 0;
        for (let k = 0; k < inner; k++) {
          const [x, dx] = [Math.abs(a.value[placeA(i, k)]!), a.error?.[placeA(i, k)] ?? 0];
          if (dx + rounding * x === 0) continue;
          bound += (dx + rounding * x) * Math.abs(b.value[placeB(k, j)]!);
          if (b.error !== null) bound += (x + dx) * b.error[placeB(k, j)]!;
        }
        out.error[i * cols + j] = bound + inner * by.floor;
      }
    }
  return out;
}

describe("a product with its bound", () => {
  const sizes = [1, 2, 3, 4, 5, 9];
  const both = [false, true];

  it.each([2 ** -52, 2 ** -23])("has the bits of the definition, at every remainder of a block, with ε = %d", (ε) => {
    const by = new Arithmetic(ε);
    for (const rows of [1, 3])
      for (const inner of sizes)
        for (const cols of sizes)
          for (const [turnA, turnB] of both.flatMap((one) => both.map((other) => [one, other] as const)))
            for (const [exactA, exactB] of both.flatMap((one) => both.map((other) => [one, other] as const))) {
              const a = turnA ? drawn(inner, rows, exactA) : drawn(rows, inner, exactA);
              const b = turnB ? drawn(cols, inner, exactB) : drawn(inner, cols, exactB);
              const [got, wanted] = [by.matmul(a, b, turnA, turnB), byDefinition(by, a, b, turnA, turnB)];
              expect([got.rows, got.cols]).toEqual([rows, cols]);
              for (const part of ["value", "error"] as const)
                for (let i = 0; i < rows * cols; i++)
                  // A row that was left out is +0 where a term of −0 would be as well.
                  if (got[part]![i] !== wanted[part]![i]) expect(got[part]![i]).toBe(wanted[part]![i]);
            }
  });

  it("has them where it is large enough for several sums at once", () => {
    const by = new Arithmetic(2 ** -52);
    for (const isExact of both) {
      const [a, b] = [drawn(100, 150, isExact), drawn(70, 150, isExact)];
      vi.mocked(dots).mockClear();
      const [got, wanted] = [by.matmul(a, b, false, true), byDefinition(by, a, b, false, true)];
      expect(dots).toHaveBeenCalledTimes(100 * Math.floor(70 / AT_ONCE));
      expect(got.value).toEqual(wanted.value);
      expect(got.error).toEqual(wanted.error);
    }
  });

  it("sums rows at once as one by one, what is no number among them", () => {
    const [x, y] = [random.normalArray(60), random.normalArray(20 * AT_ONCE)];
    x[4] = Infinity;
    y[25] = NaN;
    const sums = new Float64Array(2 * AT_ONCE);
    for (const [from, step] of [
      [0, 1],
      [2, 2],
    ] as const) {
      dots(x, from, step, y, 0, 20, sums);
      for (let k = 0; k < AT_ONCE; k++) {
        expect(sums[k]).toBe(dot(x, from, step, y, 20 * k, 20));
        expect(sums[AT_ONCE + k]).toBe(dotOfSizes(x, from, step, y, 20 * k, 20));
      }
    }
  });
});
