/** The parts of the methods against their definitions: line search, quasi-Newton updates, trust region. */

import { describe, expect, it } from "vitest";
import { lineSearch, meetsWolfe, trialOf, type Wolfe } from "../../src/optimize/line/search.ts";
import { eigenOf } from "../../src/optimize/linear/eigen.ts";
import { along, difference, dot, norm, scaled } from "../../src/optimize/linear/vectors.ts";
import { dense, lastStep, limitedMemory, type Curvature } from "../../src/optimize/methods/quasi-newton.ts";
import { exactStep, steihaug } from "../../src/optimize/methods/region.ts";
import type { Objective, Point } from "../../src/optimize/objective.ts";
import { sized } from "../size.ts";
import { apply, multiply, randomOf } from "./random.ts";

const cases = Array.from({ length: sized(60, 600) }, (_, k) => k);

/** An objective of one number, by its formula and that of its slope. */
function along1(f: (x: number) => number, slope: (x: number) => number): Objective & { readonly seen: number[] } {
  const seen: number[] = [];
  const at = (x: Float64Array): Point => {
    seen.push(x[0]!);
    return { x, value: f(x[0]!), gradient: Float64Array.of(slope(x[0]!)) };
  };
  return { seen, at } as unknown as Objective & { readonly seen: number[] };
}

describe("a line search", () => {
  const functions: readonly (readonly [string, (x: number) => number, (x: number) => number])[] = [
    ["x²", (x) => (x - 3) ** 2, (x) => 2 * (x - 3)],
    ["x⁴", (x) => (x - 3) ** 4, (x) => 4 * (x - 3) ** 3],
    ["Moré and Thuente's first", (x) => -x / (x * x + 2), (x) => (x * x - 2) / (x * x + 2) ** 2],
    ["cosh", (x) => Math.cosh(x - 2), (x) => Math.sinh(x - 2)],
    ["waves", (x) => 0.1 * (x - 2) ** 2 - Math.cos(5 * x), (x) => 0.2 * (x - 2) + 5 * Math.sin(5 * x)],
    ["a wall", (x) => -x - 0.1 * Math.log(4 - x), (x) => -1 + 0.1 / (4 - x)],
  ];
  const wolfes: readonly Wolfe[] = [
    { decrease: 1e-4, curvature: 0.9 },
    { decrease: 1e-3, curvature: 0.1 },
  ];
  const firsts = [1e-8, 1e-3, 1, 10, 1e3];

  it.each(
    functions.flatMap(([name, f, slope]) =>
      firsts.flatMap((first) => wolfes.map((wolfe) => [name, first, wolfe, f, slope] as const)),
    ),
  )("of %s from a first step of %f ends where Wolfe's conditions hold", (_, first, wolfe, f, slope) => {
    const from = { x: Float64Array.of(0.1), value: f(0.1), gradient: Float64Array.of(slope(0.1)) };
    const direction = Float64Array.of(-Math.sign(slope(0.1)));
    const objective = along1(f, slope);
    const { t, point, isWolfe } = lineSearch(objective, from, direction, first, wolfe);
    expect(isWolfe).toBe(true);
    const [x, start] = [0.1 + t * direction[0]!, slope(0.1) * direction[0]!];
    expect(point.x[0]).toBe(x);
    expect(f(x)).toBeLessThanOrEqual(f(0.1) + wolfe.decrease * t * start + 1e-9 * Math.abs(f(0.1)));
    expect(Math.abs(slope(x))).toBeLessThanOrEqual(wolfe.curvature * Math.abs(start));
    expect(objective.seen.length).toBeLessThanOrEqual(25);
  });

  it("takes shorter steps where the function is not finite, and says so", () => {
    const f = (x: number): number => (x > 1 ? Number.NaN : (x - 0.9) ** 2);
    const found = lineSearch(
      along1(f, (x) => 2 * (x - 0.9)),
      { x: Float64Array.of(0), value: f(0), gradient: Float64Array.of(-1.8) },
      Float64Array.of(1),
      1e4,
      wolfes[1]!,
    );
    expect(found.isWolfe).toBe(true);
    expect(found.wasInfinite).toBe(true);
    expect(Math.abs(found.t - 0.9)).toBeLessThan(0.09);
  });

  it("goes by slopes where values have no digits left", () => {
    const f = (x: number): number => 1e10 + (x - 1) ** 2;
    const from = { x: Float64Array.of(1.0001), value: f(1.0001), gradient: Float64Array.of(0.0002) };
    const found = lineSearch(
      along1(f, (x) => 2 * (x - 1)),
      from,
      Float64Array.of(-1),
      1e-6,
      wolfes[1]!,
    );
    expect(found.isWolfe).toBe(true);
    expect(Math.abs(found.point.x[0]! - 1)).toBeLessThan(1.1e-5);
  });

  it("does not go uphill, and gives the best that it has seen where there is no such step", () => {
    const from = { x: Float64Array.of(2), value: 4, gradient: Float64Array.of(4) };
    expect(
      lineSearch(
        along1(
          (x) => x * x,
          (x) => 2 * x,
        ),
        from,
        Float64Array.of(1),
        1,
        wolfes[0]!,
      ).t,
    ).toBe(0);
    // |x - 1/π| + x/10: the slope is never less steep than a half.
    const at = 1 / Math.PI;
    const slope = (x: number): number => (x > at ? 1 : -1) - 0.1;
    const kink = lineSearch(
      along1((x) => Math.abs(x - at) - 0.1 * x, slope),
      { x: Float64Array.of(1), value: 0.9 - at, gradient: Float64Array.of(0.9) },
      Float64Array.of(-1),
      0.3,
      wolfes[1]!,
    );
    expect(kink.isWolfe).toBe(false);
    expect(Math.abs(kink.point.x[0]! - at)).toBeLessThan(1e-9);
  });

  it("has conditions that refuse what does not fall, and what stays steep", () => {
    const start = { t: 0, value: 1, slope: -1 };
    expect(meetsWolfe(start, { t: 1, value: 0.5, slope: 0.5 }, wolfes[0]!)).toBe(true);
    expect(meetsWolfe(start, { t: 1, value: 1.01, slope: 0 }, wolfes[0]!)).toBe(false);
    expect(meetsWolfe(start, { t: 1, value: 0.5, slope: -0.95 }, wolfes[0]!)).toBe(false);
    expect(meetsWolfe(start, { t: 1, value: 0.5, slope: 0.95 }, wolfes[0]!)).toBe(false);
    expect(trialOf(start, 0.5, 1 + 1e-12, -0.5).value).toBe(1 - 0.375);
    expect(trialOf(start, 0.5, 0.9, -0.5).value).toBe(0.9);
  });
});

describe("a quasi-Newton update", () => {
  /** H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ */
  function bySlowFormula(h: Float64Array, s: Float64Array, y: Float64Array): Float64Array {
    const n = s.length;
    const rho = 1 / dot(s, y);
    const left = Float64Array.from(
      { length: n * n },
      (_, at) => (Math.floor(at / n) === at % n ? 1 : 0) - rho * s[Math.floor(at / n)]! * y[at % n]!,
    );
    const right = Float64Array.from({ length: n * n }, (_, at) => left[(at % n) * n + Math.floor(at / n)]!);
    return multiply(multiply(left, h, n), right, n).map((x, at) => x + rho * s[Math.floor(at / n)]! * s[at % n]!);
  }

  const pairsOf = (k: number, n: number, count: number): (readonly [Float64Array, Float64Array])[] => {
    const random = randomOf(k);
    const hessian = random.symmetric(Array.from({ length: n }, (_, i) => 1 + i));
    return Array.from({ length: count }, () => {
      const s = random.vector(n);
      return [s, apply(hessian, s)] as const;
    });
  };

  it.each(cases)("of the whole matrix, and of the last pairs, is the formula: %i", (k) => {
    const n = 2 + (k % 6);
    const pairs = pairsOf(k, n, 4);
    const [whole, last] = [dense(n), limitedMemory(3)];
    for (const [s, y] of pairs) for (const one of [whole, last]) one.learn(s, y);
    const g = randomOf(k + 1e6).vector(n);
    const expected = (from: number, initial: number): Float64Array => {
      let h: Float64Array = Float64Array.from({ length: n * n }, (_, at) =>
        Math.floor(at / n) === at % n ? initial : 0,
      );
      for (const [s, y] of pairs.slice(from)) h = bySlowFormula(h, s, y);
      return scaled(apply(h, g), -1);
    };
    const same = (found: Curvature, wanted: Float64Array): void =>
      found
        .direction(g)
        .forEach((x, i) => expect(Math.abs(x - wanted[i]!)).toBeLessThanOrEqual(1e-10 * Math.max(1, norm(wanted))));
    const [first, latest] = [pairs[0]!, pairs.at(-1)!];
    same(whole, expected(0, dot(first[0], first[1]) / dot(first[1], first[1])));
    same(last, expected(1, dot(latest[0], latest[1]) / dot(latest[1], latest[1])));
    whole.forget();
    last.forget();
    for (const one of [whole, last]) expect([one.isFresh, ...one.direction(g)]).toEqual([true, ...scaled(g, -1)]);
  });

  it("of the last step alone is a multiple of the gradient", () => {
    const one = lastStep();
    one.learn(Float64Array.of(1, 2), Float64Array.of(2, 4));
    expect([...one.direction(Float64Array.of(4, -2))]).toEqual([-2, 1]);
  });
});

describe("a step within a region", () => {
  const eigenvalues = (k: number, n: number): number[] => {
    const random = randomOf(k + 2e6);
    return Array.from({ length: n }, (_, i) =>
      k % 3 === 0 ? 1 + i : k % 3 === 1 ? random.next() : 10 ** (4 * random.next()) * (i === 0 ? -1 : 1),
    );
  };

  it.each(cases)("meets the conditions of Moré and Sorensen: %i", (k) => {
    const random = randomOf(k);
    const n = 1 + (k % 7);
    const hessian = random.symmetric(eigenvalues(k, n));
    const eigen = eigenOf(hessian, n);
    // Every eighth has no part along the least eigenvector.
    const g = k % 8 === 7 ? scaled(eigen.vectors.at(-1)!, random.next()) : random.vector(n);
    for (const radius of [1e-3, 0.3, 1, 30]) {
      const { step, decrease, isInside } = exactStep(eigen, g, radius);
      const size = norm(step);
      expect(size).toBeLessThanOrEqual(radius * 1.0011);
      // (H + μI) p = −g, so that μ is what p times both sides says.
      const residual = apply(hessian, step).map((x, i) => x + g[i]!);
      const mu = size === 0 ? 0 : -dot(residual, step) / (size * size);
      const scale = Math.max(norm(g), Math.abs(eigen.values[0]!) * size, Math.abs(eigen.values.at(-1)!) * size);
      residual.forEach((x, i) => expect(Math.abs(x + mu * step[i]!)).toBeLessThanOrEqual(1e-8 * scale));
      expect(mu).toBeGreaterThanOrEqual(-eigen.values[0]! - 1e-6 * Math.max(1, Math.abs(eigen.values[0]!)));
      if (!isInside) expect(size).toBeGreaterThan(0.99 * radius);
      expect(decrease).toBeCloseTo(-dot(g, step) - 0.5 * dot(step, apply(hessian, step)), 6);
    }
  });

  it("leaves a point without a gradient along the least eigenvector, where that is negative", () => {
    const { step, decrease } = exactStep(eigenOf(Float64Array.of(2, 0, 0, -1), 2), Float64Array.of(0, 0), 3);
    expect([...step].map(Math.abs)).toEqual([0, 3]);
    expect(decrease).toBeCloseTo(4.5, 12);
    // The hard case: a gradient, but none along that vector.
    const hard = exactStep(eigenOf(Float64Array.of(2, 0, 0, -1), 2), Float64Array.of(3, 0), 3);
    expect(hard.step[0]).toBeCloseTo(-1, 12);
    expect(Math.abs(hard.step[1]!)).toBeCloseTo(Math.sqrt(8), 12);
  });

  it.each(cases)(
    "by conjugate gradients is the exact one inside, and between the best and the steepest outside: %i",
    (k) => {
      const random = randomOf(k);
      const n = 1 + (k % 7);
      const hessian = random.symmetric(eigenvalues(k, n));
      const eigen = eigenOf(hessian, n);
      const g = random.vector(n);
      for (const radius of [0.1, 1, 1e5]) {
        const exact = exactStep(eigen, g, radius);
        const near = steihaug((v) => apply(hessian, v), g, radius, 1e-12);
        expect(norm(near.step)).toBeLessThanOrEqual(radius * (1 + 1e-9));
        if (near.isInside)
          expect(norm(difference(near.step, exact.step))).toBeLessThanOrEqual(1e-5 * Math.max(1, norm(exact.step)));
        // Cauchy's step: the best along the gradient.
        const curvature = dot(g, apply(hessian, g));
        const most = radius / norm(g);
        const t = curvature > 0 ? Math.min(most, dot(g, g) / curvature) : most;
        const cauchy = along(new Float64Array(n), -t, g);
        const steepest = -dot(g, cauchy) - 0.5 * dot(cauchy, apply(hessian, cauchy));
        expect(near.decrease).toBeGreaterThanOrEqual(steepest - 1e-9 * Math.abs(steepest));
        expect(near.decrease).toBeLessThanOrEqual(exact.decrease + 1e-2 * Math.abs(exact.decrease));
      }
    },
  );
});
