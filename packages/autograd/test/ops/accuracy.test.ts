/**
 * The elementary functions against 320-bit references, range by range: within 2 units in the last place, eagerly and in
 * vectors, fused or not.
 */

import { afterAll, describe, expect, it } from "vitest";
import type { DType, Tensor, Unary } from "../../src/index.ts";
import * as arithmetic from "../../src/ops/arithmetic.ts";
import * as transcendental from "../../src/ops/transcendental.ts";
import { fusedVector, readings } from "../kernels/readings.ts";
import { report } from "../report.ts";
import { precise, ulpDistance, ulpDistance32 } from "../oracles/precise.ts";
import { random, tensorOf } from "./sampling.ts";

/** Numbers between two bounds; with `log` spread evenly over the exponents, and `signed` over both signs. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly log?: true;
  readonly signed?: true;
}

/** Where the numbers of float32 end. */
const narrow: Range = { from: 1e-45, to: 1e-37, log: true, signed: true };
const tiny: Range = { from: 5e-324, to: 1e-300, log: true, signed: true };
const small: Range = { from: 1e-300, to: 1e-3, log: true, signed: true };
const middle: Range = { from: 1e-3, to: 1, log: true, signed: true };
const huge: Range = { from: 1e3, to: 1.7e308, log: true, signed: true };
const positive = ({ from, to }: Range): Range => ({ from, to, log: true });
const around = (center: number, width: number): Range => ({ from: center - width, to: center + width });

/** The arguments of each function where it has something to get wrong. */
const ranges: Readonly<Partial<Record<keyof typeof precise, readonly Range[]>>> = {
  exp: [
    tiny,
    small,
    middle,
    { from: 1, to: 709.7, signed: true },
    { from: -745.2, to: -708 },
    { from: -104, to: -87 },
    around(709.78, 0.01),
    around(88.72, 0.01),
  ],
  log: [
    positive(tiny),
    positive(small),
    positive(narrow),
    positive(middle),
    around(1, 0.5),
    around(1, 1e-3),
    around(1, 1e-12),
    positive(huge),
  ],
  sqrt: [positive(tiny), positive(middle), positive(huge)],
  sin: [
    tiny,
    small,
    narrow,
    middle,
    { from: 1, to: 1e3, signed: true },
    huge,
    around(Math.PI, 1e-6),
    around(1e5 * Math.PI, 1e-6),
  ],
  cos: [
    tiny,
    small,
    middle,
    { from: 1, to: 1e3, signed: true },
    huge,
    around(Math.PI / 2, 1e-6),
    around(1e5 * Math.PI, 1e-6),
  ],
  tan: [
    tiny,
    small,
    middle,
    { from: 1, to: 1e3, signed: true },
    huge,
    around(Math.PI / 2, 1e-6),
    around(Math.PI, 1e-6),
  ],
  tanh: [tiny, small, narrow, middle, { from: 1, to: 25, signed: true }, around(0.55, 0.05), huge],
  sigmoid: [
    tiny,
    small,
    middle,
    { from: 1, to: 745, signed: true },
    { from: -745.2, to: -700 },
    { from: -104, to: -85 },
    huge,
  ],
  softplus: [
    tiny,
    small,
    middle,
    { from: 1, to: 745, signed: true },
    { from: -745.2, to: -700 },
    { from: -104, to: -85 },
    huge,
  ],
  logSigmoid: [
    tiny,
    small,
    middle,
    { from: 1, to: 745, signed: true },
    { from: 700, to: 745.2 },
    { from: 85, to: 104 },
    huge,
  ],
  gaussian: [tiny, small, middle, { from: 1, to: 5, signed: true }, { from: 5, to: 27.4 }, { from: 5, to: 10.3 }, huge],
  erf: [
    tiny,
    small,
    narrow,
    middle,
    { from: 1, to: 3, signed: true },
    { from: 3, to: 6, signed: true },
    around(1, 0.01),
    around(3, 0.01),
    huge,
  ],
};

/** Bases and exponents of the power. */
const powers: readonly (readonly [Range, Range])[] = [
  [
    { from: 0.01, to: 100, log: true },
    { from: 0, to: 20, signed: true },
  ],
  [around(1, 1e-3), { from: 1, to: 1e5, signed: true }],
  [
    { from: 1e-300, to: 1e300, log: true },
    { from: 0, to: 1, signed: true },
  ],
  [
    { from: 5e-324, to: 1e-308, log: true },
    { from: 0, to: 0.95 },
  ],
  [
    { from: 1, to: 10 },
    { from: 250, to: 308, signed: true },
  ],
];

const POINTS = 400;

function pointsOf({ from, to, log, signed }: Range, next: () => number): number[] {
  return Array.from({ length: POINTS }, () => {
    const at = next();
    const size =
      log === true ? Math.exp(Math.log(from) + at * (Math.log(to) - Math.log(from))) : from + at * (to - from);
    return signed === true && next() < 0.5 ? -size : size;
  });
}

interface Worst {
  ulp: number;
  at: string;
}

const found: string[] = [];
let points = 0;

const functions: Readonly<Record<string, { readonly op: Unary["op"] }>> = { ...transcendental, pow: arithmetic.pow };

/** The function of a name as it is called, and as programs compute it, which may fuse products and sums. */
const ways: Readonly<
  Record<string, (name: string, operands: readonly (readonly number[])[], dtype: DType) => ArrayLike<number>>
> = {
  eager(name, operands, dtype) {
    const call = functions[name] as unknown as (...x: readonly Tensor[]) => Tensor;
    return call(...operands.map((numbers) => tensorOf([numbers.length], numbers, dtype))).toTypedArray();
  },
  vectors(name, operands, dtype) {
    return readings.vector(functions[name]!.op.lanes.value!, dtype === "float32" ? "f32" : "f64", operands);
  },
  "fused vectors"(name, operands, dtype) {
    return fusedVector(functions[name]!.op.lanes.value!, dtype === "float32" ? "f32" : "f64", operands);
  },
};

/** The largest distance of a function from its reference over points given operand by operand, in every way. */
function worstOf(
  name: string,
  operands: readonly (readonly number[])[],
  of: (...x: number[]) => number,
  dtype: DType,
): Worst {
  const held = operands.map((numbers) => numbers.map((x) => (dtype === "float32" ? Math.fround(x) : x)));
  const worst = { ulp: 0, at: "" };
  const expected = held[0]!.map((_, i) => of(...held.map((numbers) => numbers[i]!)));
  for (const [way, compute] of Object.entries(ways)) {
    const found = worstIn(`${way} ${name}`, compute(name, held, dtype), held, expected, dtype);
    if (found.ulp > worst.ulp) Object.assign(worst, found);
  }
  return worst;
}

function worstIn(
  name: string,
  got: ArrayLike<number>,
  held: readonly (readonly number[])[],
  right: readonly number[],
  dtype: DType,
): Worst {
  const distance = dtype === "float32" ? ulpDistance32 : ulpDistance;
  const worst = { ulp: 0, at: "" };
  points += got.length;
  right.forEach((expected, i) => {
    const value = got[i]!;
    const point = held.map((numbers) => numbers[i]!);
    const ulp = value === expected ? 0 : distance(value, expected);
    if (ulp > worst.ulp)
      Object.assign(worst, { ulp, at: `${name}(${point.join(", ")}) is ${value} where ${expected} is right` });
  });
  return worst;
}

function expectWithinTwo(name: string, narrow: Worst, wide: Worst): void {
  found.push(`${name} ${wide.ulp}/${narrow.ulp}`);
  expect(wide.ulp, `float64: ${wide.at}`).toBeLessThanOrEqual(2);
  expect(narrow.ulp, `float32: ${narrow.at}`).toBeLessThanOrEqual(2);
}

afterAll(() => {
  report(
    "checks",
    2 * found.length,
    `accuracy: ${points.toLocaleString("en-US")} points, worst ulp in float64/float32, eager and in vectors, fused or not: ${found.join(", ")}`,
  );
});

describe("the elementary functions", () => {
  it.each(Object.entries(ranges))("are within 2 ulp of the right number: %s", (name, list) => {
    const next = random(name.length);
    const drawn = list.flatMap((range) => pointsOf(range, next));
    const of = precise[name as keyof typeof precise] as (x: number) => number;
    expectWithinTwo(name, worstOf(name, [drawn], of, "float32"), worstOf(name, [drawn], of, "float64"));
  });

  it.each(["sin", "cos", "tan"] as const)(
    "are within 2 ulp beside the multiples of π/2, where a reduction loses its digits: %s",
    (name) => {
      const beside = (count: number, step: number, ulp: number): number[] =>
        Array.from({ length: count }, (_, k) =>
          [-1, 0, 1].map((j) => (k + 1) * step * (Math.PI / 2) * (1 + j * ulp)),
        ).flat();
      const narrow = worstOf(name, [beside(652, 1, 2 ** -23)], precise[name], "float32");
      const wide = worstOf(
        name,
        [[...beside(300, 1, 2 ** -52), ...beside(300, 2221, 2 ** -52)]],
        precise[name],
        "float64",
      );
      expectWithinTwo(`${name} beside nπ/2`, narrow, wide);
    },
  );

  it("are within 2 ulp of the right number: pow", () => {
    const next = random(3);
    const pairs = powers.map((pair) => pair.map((range) => pointsOf(range, next)));
    const operands = [0, 1].map((k) => pairs.flatMap((pair) => pair[k]!));
    const of = (x: number, y: number): number =>
      x === 0
        ? y > 0
          ? 0
          : y < 0
            ? Infinity
            : 1
        : x === Infinity
          ? y > 0
            ? Infinity
            : y < 0
              ? 0
              : 1
          : precise.pow(x, y);
    expectWithinTwo("pow", worstOf("pow", operands, of, "float32"), worstOf("pow", operands, of, "float64"));
  });
});
