/** Sums of columns, some rows or some columns at a time: the bits of the sum of each column by itself. */

import { describe, expect, it } from "vitest";
import { take } from "../../src/kernels/movement.ts";
import { sum, sumRun } from "../../src/kernels/reduce.ts";
import { random } from "../ops/sampling.ts";

const special = [NaN, Infinity, -Infinity, -0, 1e308, -1e308];

describe("the sum of columns", () => {
  it.each([Float64Array, Float32Array, Int32Array])("%o: has the bits of the sum of each", (Numbers) => {
    const next = random(7);
    for (const [size, inner] of [
      [2, 3],
      [31, 600],
      [32, 7],
      [33, 7],
      [40, 511],
      [41, 512],
      [39, 513],
      [511, 3],
      [513, 17],
      [1030, 2],
      [600, 1100],
      [1, 5],
      [0, 4],
    ] as const) {
      const from = new Numbers(
        Array.from({ length: 2 * size * inner }, () =>
          next() < 0.003 ? special[Math.floor(6 * next())]! : 2000 * next() - 1000,
        ),
      );
      const out = new Float64Array(2 * inner);
      sum(out, from, 2, size, inner, 4);
      const expected = out.map(
        (_, at) => sumRun(from, (at < inner ? 0 : size * inner) + (at % inner), inner, size) / 4,
      );
      expect(
        out.findIndex((x, at) => !Object.is(x, expected[at])),
        `${size} × ${inner}`,
      ).toBe(-1);
    }
  });
});

describe("rows that are picked", () => {
  it("are those that the indices name, single numbers and longer ones", () => {
    for (const [outer, size, inner] of [
      [1, 5, 1],
      [3, 5, 1],
      [2, 4, 3],
    ] as const) {
      const from = Float64Array.from({ length: outer * size * inner }, (_, k) => k);
      const indices = Int32Array.of(3, 0, 3, 1);
      const out = new Float64Array(outer * 4 * inner);
      take(out, from, indices, outer, size, inner);
      const expected = Array.from({ length: outer }, (_, o) =>
        Array.from(indices, (index) => Array.from({ length: inner }, (__, i) => (o * size + index) * inner + i)),
      ).flat(3);
      expect(Array.from(out)).toEqual(expected);
    }
  });
});
