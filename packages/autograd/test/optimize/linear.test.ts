/** Eigenvalues and eliminations against what defines them. */

import { describe, expect, it } from "vitest";
import { eigenOf } from "../../src/optimize/linear/eigen.ts";
import { factor } from "../../src/optimize/linear/lu.ts";
import { dot, norm, times, transposedTimes } from "../../src/optimize/linear/vectors.ts";
import { sized } from "../size.ts";
import { apply, randomOf } from "./random.ts";

const cases = sized(40, 400);

describe("the eigenvectors of a symmetric matrix", () => {
  it.each(Array.from({ length: cases }, (_, k) => k))(
    "are mapped to multiples of themselves, and stand at right angles: %i",
    (k) => {
      const random = randomOf(k);
      const n = 1 + (k % 9);
      const wanted = Array.from(
        { length: n },
        (_, i) =>
          (k % 4 === 1 ? 0 : random.next() * (k % 3 === 0 ? 10 ** Math.round(8 * random.next()) : 1)) *
          (k % 5 === 2 && i % 2 === 0 ? 0 : 1),
      );
      const matrix = random.symmetric(wanted);
      const { values, vectors } = eigenOf(matrix, n);
      const most = Math.max(...wanted.map(Math.abs));
      const sorted = wanted.sort((a, b) => a - b);
      values.forEach((value, i) => expect(Math.abs(value - sorted[i]!)).toBeLessThanOrEqual(1e-14 * n * most));
      vectors.forEach((vector, i) => {
        apply(matrix, vector).forEach((entry, j) =>
          expect(Math.abs(entry - values[i]! * vector[j]!)).toBeLessThanOrEqual(1e-14 * n * most),
        );
        vectors.forEach((other, j) => expect(Math.abs(dot(vector, other) - (i === j ? 1 : 0))).toBeLessThan(1e-14 * n));
      });
    },
  );

  it("are found of small matrices with whole numbers, zeros among them", () => {
    for (let code = 0; code < 3 ** 6; code++) {
      const digit = (k: number): number => (Math.floor(code / 3 ** k) % 3) - 1;
      const matrix = Float64Array.of(
        digit(0),
        digit(1),
        digit(2),
        digit(1),
        digit(3),
        digit(4),
        digit(2),
        digit(4),
        digit(5),
      );
      const { values, vectors } = eigenOf(matrix, 3);
      vectors.forEach((vector, i) =>
        expect(norm(apply(matrix, vector).map((x, j) => x - values[i]! * vector[j]!))).toBeLessThan(1e-13),
      );
    }
    expect(eigenOf(new Float64Array(0), 0).values).toHaveLength(0);
  });
});

describe("an elimination", () => {
  it.each(Array.from({ length: cases }, (_, k) => k))("solves the system and the transposed one: %i", (k) => {
    const random = randomOf(k);
    const n = 1 + (k % 9);
    const weight = Array.from({ length: n }, () => 10 ** Math.round(10 * random.next()));
    const matrix = random.vector(n * n).map((x, at) => x * weight[Math.floor(at / n)]!);
    const x = random.vector(n);
    const factored = factor(matrix, n);
    expect(factored.isRegular).toBe(true);
    const near = (found: Float64Array, product: (v: Float64Array) => Float64Array): void => {
      const [given, again] = [product(x), product(found)];
      const most = Math.max(...matrix.map(Math.abs)) * Math.max(norm(found), 1);
      given.forEach((entry, i) => expect(Math.abs(entry - again[i]!)).toBeLessThanOrEqual(1e-12 * most));
    };
    near(factored.solve(times(matrix, x)), (v) => times(matrix, v));
    near(factored.solveTransposed(transposedTimes(matrix, x)), (v) => transposedTimes(matrix, v));
  });

  it("says of a singular matrix that it is one, and of rows that are merely small that they are not", () => {
    expect(factor(Float64Array.of(1, 2, 2, 4), 2).isRegular).toBe(false);
    expect(factor(Float64Array.of(0, 0, 0, 1), 2).isRegular).toBe(false);
    expect(factor(Float64Array.of(1, Number.NaN, 0, 1), 2).isRegular).toBe(false);
    expect(factor(Float64Array.of(1e-30, 0, 0, 1), 2).isRegular).toBe(true);
    expect([...factor(Float64Array.of(0, 1, 1, 0), 2).solve(Float64Array.of(3, 4))]).toEqual([4, 3]);
  });
});
