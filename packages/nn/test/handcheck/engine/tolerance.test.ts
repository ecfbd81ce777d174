// Rounding bounds hold, and the precision of numbers is read off them.
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/index.ts";
import { Arithmetic, fromRows } from "../../../src/handcheck/bounds/tracked.ts";
import { overTolerance, withUnits } from "../../../src/handcheck/bounds/tolerance.ts";

const random = new Random("tolerance");
const draw = (rows: number, cols: number): number[][] => Array.from({ length: rows }, () => Array.from(random.normalArray(cols)));

describe("the running error bound", () => {
  it("covers what float32 loses in a product, and not much more", () => {
    const by = new Arithmetic(2 ** -23);
    for (let trial = 0; trial < 50; trial++) {
      const [a, b] = [draw(4, 30), draw(30, 5)].map((rows) => rows.map((row) => row.map(Math.fround))) as [number[][], number[][]];
      const exactly = by.matmul(fromRows(a), fromRows(b));
      const single = a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => Math.fround(sum + Math.fround(x * b[k]![j]!)), 0)));
      const ratio = overTolerance(fromRows(single), exactly);
      expect(ratio).toBeLessThanOrEqual(1);
      expect(overTolerance(fromRows(single.map((row) => row.map((x) => x * 1.001 + 0.001))), exactly)).toBeGreaterThan(10);
    }
  });

  it("lets an error of an input through by the slope", () => {
    const by = new Arithmetic(0);
    const x = { ...fromRows([[2, 3]]), error: Float64Array.of(0.1, 0) };
    expect(Array.from(by.map(x, (v) => v * v, (v) => 2 * v).error!)).toEqual([0.4, 0]);
    expect(Array.from(by.mul(x, fromRows([[10, 10]])).error!)).toEqual([1, 0]);
  });
});

describe("what a handed number may be off", () => {
  it("is half a unit of the last digit of the largest, or a whole one where it may have been cut off", () => {
    const printed = Float64Array.of(0.138498562, -0.038098236, 0);
    for (const unit of withUnits(printed, { by: "largest", count: 9, unit: 0.5 }, 0)) expect(unit).toBeCloseTo(0.5e-9, 20);
    for (const unit of withUnits(printed, { by: "decimals", count: 9, unit: 1 }, 0)) expect(unit).toBeCloseTo(1e-9, 20);
  });

  it("is half a unit of its own last digit, where each has so many", () => {
    expect(Array.from(withUnits(Float64Array.of(1.23, 0.0456, 0), { by: "digits", count: 3, unit: 0.5 }, 0))).toEqual([0.005, expect.closeTo(0.00005, 12), 0]);
  });
});
