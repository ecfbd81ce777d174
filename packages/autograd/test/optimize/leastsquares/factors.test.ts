/** The factors of a matrix, the damped step and singular values, against their definitions written out. */

import { describe, expect, it } from "vitest";
import { dampedStep, linearOf } from "../../../src/optimize/leastsquares/damped.ts";
import { factor, lengthOf, rotate, solveTriangle, triangle } from "../../../src/optimize/leastsquares/qr.ts";
import { singularValues } from "../../../src/optimize/leastsquares/singular.ts";
import { seed, sized } from "../../size.ts";

const random =
  (state: number): (() => number) =>
  () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };

const drawn = (next: () => number, count: number): Float64Array => Float64Array.from({ length: count }, next);

/** Aᵀ B, both column by column with the same rows. */
const crossed = (a: Float64Array, b: Float64Array, rows: number): number[][] => {
  const [n, m] = [a.length / rows, b.length / rows];
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: m }, (__, j) => {
      let sum = 0;
      for (let k = 0; k < rows; k++) sum += a[i * rows + k]! * b[j * rows + k]!;
      return sum;
    }),
  );
};

/** Elimination with exchanged rows: the slow definition of a solution. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const a = matrix.map((row, i) => [...row, right[i]!]);
  const n = a.length;
  for (let j = 0; j < n; j++) {
    const best = a.slice(j).reduce((at, row, i) => (Math.abs(row[j]!) > Math.abs(a[at]![j]!) ? i + j : at), j);
    [a[j], a[best]] = [a[best]!, a[j]!];
    for (let i = j + 1; i < n; i++) {
      const part = a[i]![j]! / a[j]![j]!;
      for (let k = j; k <= n; k++) a[i]![k]! -= part * a[j]![k]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--)
    x[i] = (a[i]![n]! - a[i]!.slice(i + 1, n).reduce((sum, one, k) => sum + one * x[i + 1 + k]!, 0)) / a[i]![i]!;
  return x;
};

describe("a factored matrix", () => {
  it("keeps products of columns, and rotates as it was rotated", () => {
    const next = random(seed);
    for (let turn = 0; turn < sized(30, 1000); turn++) {
      const [rows, columns] = [1 + (turn % 9), 1 + ((turn * 7) % 5)];
      const a = drawn(next, rows * columns);
      const factors = factor(a, rows, columns);
      const ordered = Float64Array.from(
        { length: rows * columns },
        (_, k) => a[factors.order[Math.floor(k / rows)]! * rows + (k % rows)]!,
      );
      const [products, expected] = [
        crossed(triangle(factors), triangle(factors), columns),
        crossed(ordered, ordered, rows),
      ];
      products.forEach((row, i) =>
        row.forEach((value, j) => expect(value, `${rows}×${columns}`).toBeCloseTo(expected[i]![j]!, 12)),
      );
      const b = drawn(next, rows);
      expect(lengthOf(rotate(factors, b), 0, Math.max(rows, columns))).toBeCloseTo(lengthOf(b, 0, rows), 12);
      expect(factors.rank).toBe(Math.min(rows, columns));
    }
  });

  it("solves least squares as the normal equations do", () => {
    const next = random(seed + 1);
    const [rows, columns] = [8, 3];
    const [a, b] = [drawn(next, rows * columns), drawn(next, rows)];
    const factors = factor(a, rows, columns);
    const z = solveTriangle(triangle(factors), columns, columns, rotate(factors, b));
    const expected = solve(
      crossed(a, a, rows),
      crossed(a, b, rows).map((row) => row[0]!),
    );
    factors.order.forEach((column, place) => expect(z[place]!).toBeCloseTo(expected[column]!, 10));
  });

  it("counts independent columns whatever their units", () => {
    const columns = [
      [1, 2, 3, 4],
      [1e-30, -1e-30, 2e-30, 0],
      [2, 4, 6, 8],
      [0, 0, 0, 0],
    ];
    expect(factor(Float64Array.from(columns.flat()), 4, 4).rank).toBe(2);
    expect(factor(new Float64Array(0), 0, 2).rank).toBe(0);
    expect(factor(Float64Array.of(1, 2), 1, 2).rank).toBe(1);
  });

  it("has lengths that neither overflow nor vanish", () => {
    expect(lengthOf(Float64Array.of(3e200, 4e200), 0, 2) / 1e200).toBeCloseTo(5, 14);
    expect(lengthOf(Float64Array.of(3e-200, 4e-200), 0, 2) / 1e-200).toBeCloseTo(5, 14);
    expect(lengthOf(Float64Array.of(NaN, 1), 0, 2)).toBeNaN();
  });
});

describe("a damped step", () => {
  it("solves the damped equations, and is as long as the radius allows", () => {
    const next = random(seed + 2);
    for (let turn = 0; turn < sized(30, 1000); turn++) {
      const [rows, columns] = [6, 4];
      const [a, r] = [drawn(next, rows * columns), drawn(next, rows)];
      const linear = linearOf(factor(a, rows, columns), r);
      const radius = 10 ** (2 * next() - 1);
      const { step, damping, length } = dampedStep(linear, radius, Math.abs(next()));
      expect(length).toBeLessThanOrEqual(1.1 * radius * (1 + 1e-12));
      if (damping > 0) expect(length).toBeGreaterThanOrEqual(0.9 * radius);
      const normal = crossed(a, a, rows).map((row, i) => row.map((one, j) => one + (i === j ? damping : 0)));
      const expected = solve(
        normal,
        crossed(a, r, rows).map((row) => -row[0]!),
      );
      expected.forEach((one, j) => expect(step[j]!).toBeCloseTo(one, 8));
    }
  });

  it("leaves columns that depend on others where they are, if nothing holds it back", () => {
    const a = Float64Array.of(1, 2, 2, 2, 4, 4);
    const { step, damping } = dampedStep(linearOf(factor(a, 3, 2), Float64Array.of(9, 18, 18)), 100, 0);
    expect(damping).toBe(0);
    expect(step[0]! + 2 * step[1]!).toBeCloseTo(-9, 12);
    const short = dampedStep(linearOf(factor(a, 3, 2), Float64Array.of(9, 18, 18)), 1, 0);
    expect(short.damping).toBeGreaterThan(0);
    expect(short.step[1]! / short.step[0]!).toBeCloseTo(2, 10);
  });
});

describe("singular values", () => {
  it("have the squares, and the product, of the matrix", () => {
    const next = random(seed + 3);
    for (let turn = 0; turn < sized(20, 500); turn++) {
      const a = drawn(next, 9);
      const values = singularValues(a, 3);
      expect(values.reduce((sum, s) => sum + s * s, 0)).toBeCloseTo(
        a.reduce((sum, one) => sum + one * one, 0),
        12,
      );
      const [p, q, r, s, t, u, v, w, x] = a as unknown as readonly [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      expect(values.reduce((product, one) => product * one, 1)).toBeCloseTo(
        Math.abs(p * (t * x - u * w) - s * (q * x - r * w) + v * (q * u - r * t)),
        12,
      );
      expect([...values]).toEqual([...values].sort((one, other) => other - one));
    }
  });

  it("keep the digits of small ones", () => {
    const [large, small] = singularValues(Float64Array.of(1, 0, 1, 1e-12), 2);
    expect(large! * small!).toBeCloseTo(1e-12, 26);
  });
});
