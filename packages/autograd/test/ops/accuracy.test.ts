/** The elementary functions against 320-bit references, range by range: within 2 units in the last place. */

import { afterAll, describe, expect, it } from "vitest";
import type { DType, Tensor } from "../../src/index.ts";
import { report } from "../report.ts";
import { precise, ulpDistance, ulpDistance32 } from "../oracles/precise.ts";
import { random, tensorOf } from "./sampling.ts";
import { functionOf } from "./spec.ts";

/** Numbers between two bounds; with `log` spread evenly over the exponents, and `signed` over both signs. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly log?: true;
  readonly signed?: true;
}

const tiny: Range = { from: 5e-324, to: 1e-300, log: true, signed: true };
const small: Range = { from: 1e-300, to: 1e-3, log: true, signed: true };
const middle: Range = { from: 1e-3, to: 1, log: true, signed: true };
const huge: Range = { from: 1e3, to: 1.7e308, log: true, signed: true };
const positive = ({ from, to }: Range): Range => ({ from, to, log: true });
const around = (center: number, width: number): Range => ({ from: center - width, to: center + width });

/** The arguments of each function where it has something to get wrong. */
const ranges: Readonly<Partial<Record<keyof typeof precise, readonly Range[]>>> = {
  exp: [tiny, small, middle, { from: 1, to: 709.7, signed: true }, { from: -745.2, to: -708 }, around(709.78, 0.01)],
  log: [positive(tiny), positive(small), positive(middle), around(1, 0.5), around(1, 1e-3), around(1, 1e-12), positive(huge)],
  sqrt: [positive(tiny), positive(middle), positive(huge)],
  sin: [tiny, small, middle, { from: 1, to: 1e3, signed: true }, huge, around(Math.PI, 1e-6), around(1e5 * Math.PI, 1e-6)],
  cos: [tiny, small, middle, { from: 1, to: 1e3, signed: true }, huge, around(Math.PI / 2, 1e-6), around(1e5 * Math.PI, 1e-6)],
  tan: [tiny, small, middle, { from: 1, to: 1e3, signed: true }, huge, around(Math.PI / 2, 1e-6), around(Math.PI, 1e-6)],
  tanh: [tiny, small, middle, { from: 1, to: 25, signed: true }, around(0.55, 0.05), huge],
  sigmoid: [tiny, small, middle, { from: 1, to: 745, signed: true }, { from: -745.2, to: -700 }, huge],
  softplus: [tiny, small, middle, { from: 1, to: 745, signed: true }, { from: -745.2, to: -700 }, huge],
  logSigmoid: [tiny, small, middle, { from: 1, to: 745, signed: true }, { from: 700, to: 745.2 }, huge],
  erf: [tiny, small, middle, { from: 1, to: 3, signed: true }, { from: 3, to: 6, signed: true }, around(1, 0.01), around(3, 0.01), huge],
};

/** Bases and exponents of the power. */
const powers: readonly (readonly [Range, Range])[] = [
  [{ from: 0.01, to: 100, log: true }, { from: 0, to: 20, signed: true }],
  [around(1, 1e-3), { from: 1, to: 1e5, signed: true }],
  [{ from: 1e-300, to: 1e300, log: true }, { from: 0, to: 1, signed: true }],
  [{ from: 5e-324, to: 1e-308, log: true }, { from: 0, to: 0.95 }],
  [{ from: 1, to: 10 }, { from: 250, to: 308, signed: true }],
];

const POINTS = 400;

function pointsOf({ from, to, log, signed }: Range, next: () => number): number[] {
  return Array.from({ length: POINTS }, () => {
    const at = next();
    const size = log === true ? Math.exp(Math.log(from) + at * (Math.log(to) - Math.log(from))) : from + at * (to - from);
    return signed === true && next() < 0.5 ? -size : size;
  });
}

interface Worst {
  ulp: number;
  at: string;
}

const found: string[] = [];
let points = 0;

/** The largest distance of an op from its reference over points given operand by operand. */
function worstOf(name: string, operands: readonly (readonly number[])[], of: (...x: number[]) => number, dtype: DType): Worst {
  const held = operands.map((numbers) => numbers.map((x) => (dtype === "float32" ? Math.fround(x) : x)));
  const got = (functionOf(name)(...held.map((numbers) => tensorOf([numbers.length], numbers, dtype))) as Tensor).toTypedArray();
  const distance = dtype === "float32" ? ulpDistance32 : ulpDistance;
  const worst = { ulp: 0, at: "" };
  points += got.length;
  got.forEach((value, i) => {
    const point = held.map((numbers) => numbers[i]!);
    const expected = of(...point);
    const ulp = value === expected ? 0 : distance(value, expected);
    if (ulp > worst.ulp) Object.assign(worst, { ulp, at: `${name}(${point.join(", ")}) is ${value} where ${expected} is right` });
  });
  return worst;
}

function expectWithinTwo(name: string, narrow: Worst, wide: Worst): void {
  found.push(`${name} ${wide.ulp}/${narrow.ulp}`);
  expect(wide.ulp, `float64: ${wide.at}`).toBeLessThanOrEqual(2);
  expect(narrow.ulp, `float32: ${narrow.at}`).toBeLessThanOrEqual(2);
}

afterAll(() => {
  report("checks", 2 * found.length, `accuracy: ${points.toLocaleString("en-US")} points, worst ulp in float64/float32: ${found.join(", ")}`);
});

describe("the elementary functions", () => {
  it.each(Object.entries(ranges))("are within 2 ulp of the right number: %s", (name, list) => {
    const next = random(name.length);
    const drawn = list.flatMap((range) => pointsOf(range, next));
    const of = precise[name as keyof typeof precise] as (x: number) => number;
    expectWithinTwo(name, worstOf(name, [drawn], of, "float32"), worstOf(name, [drawn], of, "float64"));
  });

  it("are within 2 ulp of the right number: pow", () => {
    const next = random(3);
    const pairs = powers.map((pair) => pair.map((range) => pointsOf(range, next)));
    const operands = [0, 1].map((k) => pairs.flatMap((pair) => pair[k]!));
    const of = (x: number, y: number): number => (x === 0 ? (y > 0 ? 0 : y < 0 ? Infinity : 1) : x === Infinity ? (y > 0 ? Infinity : y < 0 ? 0 : 1) : precise.pow(x, y));
    expectWithinTwo("pow", worstOf("pow", operands, of, "float32"), worstOf("pow", operands, of, "float64"));
  });
});
