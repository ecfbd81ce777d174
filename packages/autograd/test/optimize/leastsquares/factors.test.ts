/** The factors of a matrix, the damped step and singular values, against their definitions written out. */

import { describe, expect, it } from "vitest";
import { dampedStep } from "../../../src/optimize/leastsquares/damped.ts";
import { factor, lengthOf, rotate, solveTriangle, triangle } from "../../../src/optimize/leastsquares/qr.ts";
import { singularValues } from "../../../src/optimize/leastsquares/singular.ts";
import { factored, isTall, quickLength, triangleOf } from "../../../src/optimize/leastsquares/tall.ts";
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

  it.each([lengthOf, quickLength])("has lengths that neither overflow nor vanish, by %o", (length) => {
    for (const unit of [1, 1e200, 1e-200, 1e-310])
      expect(length(Float64Array.of(7, 3 * unit, 4 * unit), 1, 3) / unit).toBeCloseTo(5, unit < 1e-300 ? 9 : 14);
    expect(length(Float64Array.of(NaN, 1), 0, 2)).toBeNaN();
    expect(length(Float64Array.of(-Infinity, 1), 0, 2)).toBe(Infinity);
    expect(length(new Float64Array(3), 0, 3)).toBe(0);
  });
});

describe("a tall matrix", () => {
  /** Factors whose rows have a positive diagonal: the signs of reflections are nobody's. */
  const signless = ({ r, rotated, columns }: ReturnType<typeof factored>): number[][] =>
    Array.from({ length: columns }, (_, i) => {
      const sign = r[i * columns + i]! < 0 ? -1 : 1;
      return [...Array.from({ length: columns }, (__, j) => sign * r[j * columns + i]!), sign * rotated[i]!];
    });
  const straight = (a: Float64Array, rows: number, columns: number, right: Float64Array) => {
    const factors = factor(a, rows, columns);
    return { ...factors, r: triangle(factors), rotated: rotate(factors, right) };
  };

  it("has the factors that it has without a way over its triangle", () => {
    const next = random(seed + 4);
    for (let turn = 0; turn < sized(10, 300); turn++) {
      const columns = 1 + ((turn * 4) % 13);
      const rows = Math.ceil(4096 / columns) + ((turn * 37) % 150);
      expect(isTall(rows, columns)).toBe(true);
      const unit = 10 ** (turn % 3 === 0 ? 150 * next() : 0);
      const [a, right] = [drawn(next, rows * columns).map((one) => one * unit), drawn(next, rows)];
      const [over, plain] = [factored(a, rows, columns, right), straight(a, rows, columns, right)];
      expect([over.order, over.rank]).toEqual([plain.order, columns]);
      const expected = signless(plain);
      signless(over).forEach((row, i) =>
        row.forEach((value, j) => {
          const size = j < columns ? unit : 1;
          expect(value / size, `${rows}×${columns}`).toBeCloseTo(expected[i]![j]! / size, 11);
        }),
      );
    }
  });

  it("goes over its triangle, a flat one does not", () => {
    const next = random(seed + 5);
    const [rows, columns] = [1024, 4];
    const [a, right] = [drawn(next, rows * columns), drawn(next, rows)];
    const { square, rotated } = triangleOf(a, rows, columns, right);
    const factors = factor(square, columns, columns, rows);
    expect(factored(a, rows, columns, right)).toMatchObject({
      r: triangle(factors),
      rotated: rotate(factors, rotated),
    });
    for (const [height, width] of [
      [1023, 4],
      [64, 64],
    ] as const)
      expect(factored(a, height, width, right).r).toEqual(triangle(factor(a, height, width)));
  });

  it("says which columns depend on others, whatever their units", () => {
    const next = random(seed + 6);
    const rows = 2000;
    const [one, other] = [drawn(next, rows), drawn(next, rows)];
    const sum = one.map((value, i) => 1e-40 * (value + 3 * other[i]!));
    const a = Float64Array.from([...one, ...other, ...sum, ...new Float64Array(rows)]);
    const { rank, order } = factored(a, rows, 4, one);
    expect([rank, order[3]]).toEqual([2, 3]);
    const none = factored(new Float64Array(4 * rows), rows, 4, one);
    expect(none).toMatchObject({ rank: 0, rotated: new Float64Array(4) });
  });
});

describe("a damped step", () => {
  it("solves the damped equations, and is as long as the radius allows", () => {
    const next = random(seed + 2);
    for (let turn = 0; turn < sized(30, 1000); turn++) {
      const [rows, columns] = [6, 4];
      const [a, r] = [drawn(next, rows * columns), drawn(next, rows)];
      const linear = factored(a, rows, columns, r);
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
    const { step, damping } = dampedStep(factored(a, 3, 2, Float64Array.of(9, 18, 18)), 100, 0);
    expect(damping).toBe(0);
    expect(step[0]! + 2 * step[1]!).toBeCloseTo(-9, 12);
    const short = dampedStep(factored(a, 3, 2, Float64Array.of(9, 18, 18)), 1, 0);
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
