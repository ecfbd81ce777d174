// Rounding bounds hold, and the precision of numbers is read off them.
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/index.ts";
import { Arithmetic, fromRows, type Tracked } from "../../../src/handcheck/bounds/tracked.ts";
import { output, slopeOf } from "../../../src/handcheck/claims/sigma.ts";
import { neuron } from "../../../src/handcheck/equations/index.ts";
import { everyActivation, neuronOf, type ElementwiseName } from "../../../src/network/activation.ts";
import { overTolerance, withUnits } from "../../../src/handcheck/bounds/tolerance.ts";

const random = new Random("tolerance");
const draw = (rows: number, cols: number): number[][] =>
  Array.from({ length: rows }, () => Array.from(random.normalArray(cols)));

describe("the running error bound", () => {
  it("covers what float32 loses in a product, and not much more", () => {
    const by = new Arithmetic(2 ** -23);
    for (let trial = 0; trial < 50; trial++) {
      const [a, b] = [draw(4, 30), draw(30, 5)].map((rows) => rows.map((row) => row.map(Math.fround))) as [
        number[][],
        number[][],
      ];
      const exactly = by.matmul(fromRows(a), fromRows(b));
      const single = a.map((row) =>
        b[0]!.map((_, j) => row.reduce((sum, x, k) => Math.fround(sum + Math.fround(x * b[k]![j]!)), 0)),
      );
      const ratio = overTolerance(fromRows(single), exactly);
      expect(ratio).toBeLessThanOrEqual(1);
      expect(overTolerance(fromRows(single.map((row) => row.map((x) => x * 1.001 + 0.001))), exactly)).toBeGreaterThan(
        10,
      );
    }
  });

  it("lets an error of an input through by the slope", () => {
    const by = new Arithmetic(0);
    const x = { ...fromRows([[2, 3]]), error: Float64Array.of(0.1, 0) };
    expect(
      Array.from(
        by.map(
          x,
          (v) => v * v,
          (v) => 2 * v,
        ).error!,
      ),
    ).toEqual([0.4, 0]);
    expect(Array.from(by.mul(x, fromRows([[10, 10]])).error!)).toEqual([1, 0]);
  });
});

/** A row of numbers with what each may be off. */
const row = (value: number[], error: number[]): Tracked => ({ ...fromRows([value]), error: Float64Array.from(error) });

describe("what an interval of u leaves open", () => {
  const by = new Arithmetic(Number.EPSILON);
  const steps = Array.from({ length: 401 }, (_, k) => k / 200 - 1);
  const drawn = [-14, -6, -2.5, -1.4, -0.7, -0.2, 0, 0.3, 1.5, 3, 9, 20].flatMap((u) =>
    [1e-9, 0.01, 0.4, 2].map((du) => [u + 0.05 * random.normal(), du] as const),
  );

  it.each(everyActivation.filter((name): name is ElementwiseName => name !== "softmax"))(
    "of σ and σ′ of %s is covered, and hardly more",
    (name) => {
      const { value, slope } = neuron(name);
      for (const [u, du] of drawn)
        for (const [what, f, found] of [
          ["σ", value, output(by, name, row([u], [du]))],
          ["σ′", slope, slopeOf(by, name, row([u], [du]))],
        ] as const) {
          // At a corner σ′ is what the equations take on the side where u stands.
          const inside = steps
            .map((step) => u + step * du)
            .filter(
              (at) =>
                what === "σ" || (neuronOf(name).corners ?? []).every((corner) => at > corner.at === u > corner.at),
            );
          const strayed = Math.max(...inside.map((at) => Math.abs(f(at) - f(u))));
          expect(found.error![0], `${what}(${u} ± ${du})`).toBeGreaterThanOrEqual(strayed);
          expect(found.error![0], `${what}(${u} ± ${du})`).toBeLessThanOrEqual(1.02 * strayed + 1e-13 * (1 + u ** 4));
        }
    },
  );

  it("of a softmax is covered, and reached", () => {
    for (let trial = 0; trial < 40; trial++) {
      const u = Array.from(random.normalArray(4), (x) => (1 + trial) * x);
      const du = u.map(() => 2 * random.uniform() ** 3);
      const { value, error } = output(by, "softmax", row(u, du));
      const strayed = value.map(() => 0);
      // The extremes stand at corners of the box.
      for (let corner = 0; corner < 16; corner++) {
        const there = output(
          by,
          "softmax",
          fromRows([u.map((x, j) => x + ((corner >> j) % 2 === 0 ? -1 : 1) * du[j]!)]),
        ).value;
        there.forEach((p, j) => (strayed[j] = Math.max(strayed[j]!, Math.abs(p - value[j]!))));
      }
      error!.forEach((bound, j) => {
        expect(bound + 1e-12 * value[j]!).toBeGreaterThanOrEqual(strayed[j]!);
        expect(bound).toBeLessThanOrEqual(1.001 * strayed[j]! + 1e-14);
      });
    }
  });
});

describe("what a handed number may be off", () => {
  it("is half a unit of the last digit of the largest, or a whole one where it may have been cut off", () => {
    const printed = Float64Array.of(0.138498562, -0.038098236, 0);
    for (const unit of withUnits(printed, { by: "largest", count: 9, unit: 0.5 }, 0))
      expect(unit).toBeCloseTo(0.5e-9, 20);
    for (const unit of withUnits(printed, { by: "decimals", count: 9, unit: 1 }, 0)) expect(unit).toBeCloseTo(1e-9, 20);
  });

  it("is half a unit of its own last digit, where each has so many", () => {
    expect(Array.from(withUnits(Float64Array.of(1.23, 0.0456, 0), { by: "digits", count: 3, unit: 0.5 }, 0))).toEqual([
      0.005,
      expect.closeTo(0.00005, 12),
      0,
    ]);
  });
});
