/** Every operation of lanes, and every formula made of them, has the same bits in all four readings. */

import { describe, expect, it } from "vitest";
import * as circular from "../../src/kernels/lanes/circular.ts";
import * as elementary from "../../src/kernels/lanes/elementary.ts";
import type { LaneType } from "../../src/kernels/lanes/lanes.ts";
import { numberLanes } from "../../src/kernels/lanes/number-lanes.ts";
import { SourceLanes } from "../../src/kernels/lanes/source-lanes.ts";
import { wasmLanes } from "../../src/backends/wasm/lanes/wasm-lanes.ts";
import { setGeneratedLoops } from "../../src/kernels/loops.ts";
import { externals } from "../../src/kernels/special.ts";
import { Body } from "../../src/backends/wasm/assembler/body.ts";
import { random } from "../ops/sampling.ts";
import { readings, type Subject } from "./readings.ts";

const floatTypes: readonly LaneType[] = ["f32", "f64"];

/** Numbers at which something can go wrong. */
const special: Readonly<Record<LaneType, readonly number[]>> = {
  f64: [
    0,
    1,
    1.5,
    2,
    0.5,
    2.5,
    3.5,
    0.49999999999999994,
    0.1,
    1 / 3,
    255,
    1e10,
    4503599627370495.5,
    4503599627370497,
    2 ** 53,
    1e300,
    Number.MAX_VALUE,
    Infinity,
    2 ** -1022,
    2 ** -1022 - 2 ** -1074,
    2 ** -1074,
    1e-310,
    1e-300,
    1 + 2 ** -52,
    1 - 2 ** -53,
    Math.PI,
    28.24,
    709.78,
    745.13,
    760,
    797.9,
    1417.9,
    1419,
    1.0000000447034836,
  ]
    .flatMap((x) => [x, -x])
    .concat(NaN),
  f32: [
    0,
    1,
    1.5,
    2,
    0.5,
    2.5,
    3.5,
    0.49999997,
    0.1,
    1 / 3,
    255,
    1e10,
    4194303.5,
    4194304.5,
    8388609,
    2 ** 24,
    1e30,
    3.4028234663852886e38,
    Infinity,
    2 ** -126,
    2 ** -126 - 2 ** -149,
    2 ** -149,
    1e-40,
    1e-30,
    1 + 2 ** -23,
    1 - 2 ** -24,
    3.1415927,
    11.5,
    88.72,
    103.9,
    120,
    132.3,
    175.9,
    177,
  ]
    .map(Math.fround)
    .flatMap((x) => [x, -x])
    .concat(NaN),
  i32: [0, 1, 2, 3, 7, 46341, 65536, 123456789, 2 ** 31 - 1]
    .flatMap((x) => [x, -x])
    .map((x) => x | 0)
    .concat(-(2 ** 31)),
};

const normal = (type: LaneType): ((x: number) => boolean) => {
  const least = type === "f32" ? 2 ** -126 : 2 ** -1022;
  return (x) => x >= least && x < Infinity;
};

interface Operation {
  readonly subject: Subject;
  readonly arity: 1 | 2 | 3;
  /** Where it is defined, if not everywhere. */
  readonly where?: (type: LaneType) => (x: number) => boolean;
  readonly whole?: true;
}

const exponents = (type: LaneType): number[] =>
  type === "f32" ? [-126, -125, -64, -1, 0, 1, 2, 63, 126, 127] : [-1022, -1021, -512, -1, 0, 1, 2, 511, 1022, 1023];

const operations: Readonly<Record<string, Operation>> = {
  constant: { subject: (l, x) => l.add(x, l.constant(0.1)), arity: 1, whole: true },
  "constant -0": { subject: (l, x) => l.mul(l.abs(x), l.constant(-0)), arity: 1, whole: true },
  share: { subject: (l, x) => l.add(l.share(l.add(x, x)), x), arity: 1, whole: true },
  add: { subject: (l, a, b) => l.add(a, b), arity: 2, whole: true },
  sub: { subject: (l, a, b) => l.sub(a, b), arity: 2, whole: true },
  mul: { subject: (l, a, b) => l.mul(a, b), arity: 2, whole: true },
  div: { subject: (l, a, b) => l.div(a, b), arity: 2 },
  neg: { subject: (l, x) => l.neg(x), arity: 1, whole: true },
  abs: { subject: (l, x) => l.abs(x), arity: 1, whole: true },
  min: { subject: (l, a, b) => l.min(a, b), arity: 2, whole: true },
  max: { subject: (l, a, b) => l.max(a, b), arity: 2, whole: true },
  atMost: { subject: (l, a, b) => l.atMost(a, b), arity: 2, whole: true },
  atLeast: { subject: (l, a, b) => l.atLeast(a, b), arity: 2, whole: true },
  eq: { subject: (l, a, b) => l.fromMask(l.eq(a, b)), arity: 2, whole: true },
  ne: { subject: (l, a, b) => l.fromMask(l.ne(a, b)), arity: 2, whole: true },
  lt: { subject: (l, a, b) => l.fromMask(l.lt(a, b)), arity: 2, whole: true },
  le: { subject: (l, a, b) => l.fromMask(l.le(a, b)), arity: 2, whole: true },
  gt: { subject: (l, a, b) => l.fromMask(l.gt(a, b)), arity: 2, whole: true },
  ge: { subject: (l, a, b) => l.fromMask(l.ge(a, b)), arity: 2, whole: true },
  and: { subject: (l, a, b) => l.fromMask(l.and(l.lt(a, b), l.gt(a, l.constant(0)))), arity: 2, whole: true },
  or: { subject: (l, a, b) => l.fromMask(l.or(l.lt(a, b), l.gt(a, l.constant(0)))), arity: 2, whole: true },
  not: { subject: (l, a, b) => l.fromMask(l.not(l.shareMask(l.lt(a, b)))), arity: 2, whole: true },
  select: { subject: (l, a, b) => l.select(l.lt(a, b), l.add(a, a), b), arity: 2, whole: true },
  "select of 0": { subject: (l, a, b) => l.select(l.lt(a, b), l.constant(0), a), arity: 2, whole: true },
  "select of -0": { subject: (l, a, b) => l.select(l.lt(a, b), l.constant(-0), a), arity: 2, whole: true },
  "select or 0": { subject: (l, a, b) => l.select(l.lt(a, b), a, l.constant(0)), arity: 2, whole: true },
  sqrt: { subject: (l, x) => l.sqrt(x), arity: 1 },
  floor: { subject: (l, x) => l.floor(x), arity: 1 },
  trunc: { subject: (l, x) => l.trunc(x), arity: 1 },
  nearest: { subject: (l, x) => l.nearest(x), arity: 1 },
  copySign: { subject: (l, a, b) => l.copySign(a, l.select(l.eq(b, b), b, l.constant(1))), arity: 2 },
  isMark: { subject: (l, x) => l.fromMask(l.isMark(x)), arity: 1 },
  multiplyAdd: { subject: (l, a, b, c) => l.multiplyAdd(a, b, c), arity: 3 },
  exponent: { subject: (l, x) => l.exponent(x), arity: 1, where: normal },
  significand: { subject: (l, x) => l.significand(x), arity: 1, where: normal },
  upper: { subject: (l, x) => l.upper(x), arity: 1 },
  "sin of the host": { subject: (l, x) => l.external("sin", l.gt(x, l.constant(1)), x, l.neg(x)), arity: 1 },
  "cos of the host": { subject: (l, x) => l.external("cos", l.gt(x, l.constant(1)), x, l.neg(x)), arity: 1 },
  "tan of the host": { subject: (l, x) => l.external("tan", l.gt(x, l.constant(1)), x, l.neg(x)), arity: 1 },
  "pow of the host": { subject: (l, a, b) => l.external2("pow", a, b), arity: 2 },
};

/** All tuples of the numbers. */
function tuples(numbers: readonly number[], arity: number): number[][] {
  if (arity === 1) return [[...numbers]];
  const rest = tuples(arity === 3 ? numbers.filter((_, k) => k % 3 === 0) : numbers, arity - 1);
  return [numbers.flatMap((x) => rest[0]!.map(() => x)), ...rest.map((column) => numbers.flatMap(() => column))];
}

/** Where a reading differs from the definition, in words; NaN is NaN whatever its bits. */
function differences(subject: Subject, type: LaneType, operands: readonly (readonly number[])[]): string[] {
  const expected = readings.number(subject, type, operands);
  return (["source", "scalar", "vector"] as const).flatMap((name) => {
    const got = readings[name](subject, type, operands);
    const at = got.findIndex((value, i) => !Object.is(value, expected[i]));
    return at < 0 && got.length === expected.length
      ? []
      : [`${name}: ${got[at]} instead of ${expected[at]} at ${operands.map((numbers) => numbers[at]).join(", ")}`];
  });
}

/** Turns of the bits by as many as a word has, and by none. */
it.each([0, 1, 13, 31])("turn by %i has the same bits in every reading", (n) => {
  const subject: Subject = (l, a, b) => l.turn(a!, n, b!);
  expect(differences(subject, "i32", tuples(special.i32, 2))).toEqual([]);
});

describe.each(["f32", "f64", "i32"] as const)("an operation of %s", (type) => {
  const defined = Object.entries(operations).filter(([, { whole }]) => type !== "i32" || whole === true);
  it.each(defined)("has the same bits in every reading: %s", (_, { subject, arity, where }) => {
    const numbers = where === undefined ? special[type] : special[type].filter(where(type));
    expect(differences(subject, type, tuples(numbers, arity))).toEqual([]);
  });
});

describe.each(floatTypes)("for %s", (type) => {
  it("scale has the same bits in every reading", () => {
    const [x, n] = [
      special[type].flatMap((value) => exponents(type).map(() => value)),
      special[type].flatMap(() => exponents(type)),
    ];
    expect(differences((l, a, b) => l.scale(a, b), type, [x, n])).toEqual([]);
  });

  it("exponent and significand take a number apart", () => {
    const numbers = special[type].filter(normal(type));
    const l = numberLanes(type, externals);
    for (const x of numbers) {
      const [e, m] = [l.exponent(x), l.significand(x)];
      expect(m >= 1 && m < 2, String(x)).toBe(true);
      expect(m * 2 ** e, String(x)).toBe(x);
    }
  });

  it("upper leaves a number whose square is exact, and what is left is smaller", () => {
    const l = numberLanes(type, externals);
    for (const x of special[type].filter((value) => Math.abs(value) > 1e-15 && Math.abs(value) < 1e15)) {
      const upper = l.upper(x);
      expect(Math.abs(x - upper)).toBeLessThanOrEqual(Math.abs(x) * (type === "f32" ? 2 ** -11 : 2 ** -25));
      if (type === "f32") expect(Math.fround(upper * upper)).toBe(upper * upper);
    }
  });

  it.each(["source", "scalar", "vector", "number"] as const)(
    "nearest goes to the even one of two in the reading by %s",
    (name) => {
      const halves = [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5];
      expect(readings[name]((l, x) => l.nearest(x), type, [halves])).toEqual([-4, -2, -2, -0, 0, 2, 2, 4]);
    },
  );
});

const formulas: Readonly<Record<string, Subject>> = {
  exp: elementary.exp,
  log: elementary.log,
  sigmoid: elementary.sigmoid,
  tanh: elementary.tanh,
  softplus: elementary.softplus,
  logSigmoid: elementary.logSigmoid,
  gaussian: elementary.gaussian,
  erf: elementary.erf,
  sin: circular.sin,
  cos: circular.cos,
  tan: circular.tan,
};

/** Numbers of every size and sign, most of them between 1e-3 and 1e3. */
function spread(type: LaneType, count: number): number[] {
  const next = random(17);
  const widest = type === "f32" ? 38 : 307;
  const drawn = Array.from(
    { length: count },
    (_, k) => (next() < 0.5 ? -1 : 1) * 10 ** ((k % 4 === 0 ? widest : 3) * (2 * next() - 1)),
  );
  return [...special[type], ...drawn.map((x) => (type === "f32" ? Math.fround(x) : x))];
}

describe.each(floatTypes)("a formula in %s", (type) => {
  it.each(Object.entries(formulas))("has the same bits in every reading: %s", (_, subject) => {
    expect(differences(subject, type, [spread(type, 4000)])).toEqual([]);
  });

  it.each(Object.entries(formulas))("has the same bits where no code may be generated: %s", (_, subject) => {
    const operands = [spread(type, 200)];
    const expected = readings.source(subject, type, operands);
    const former = setGeneratedLoops(false);
    try {
      expect(readings.source(subject, type, operands)).toEqual(expected);
    } finally {
      setGeneratedLoops(former);
    }
  });
});

describe("the values at the ends", () => {
  const ends: Readonly<Record<string, readonly (readonly [x: number, y: number])[]>> = {
    exp: [
      [0, 1],
      [-0, 1],
      [Infinity, Infinity],
      [-Infinity, 0],
      [1000, Infinity],
      [-1000, 0],
    ],
    log: [
      [0, -Infinity],
      [-0, -Infinity],
      [1, 0],
      [Infinity, Infinity],
      [-1, NaN],
      [-Infinity, NaN],
    ],
    sigmoid: [
      [0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [1000, 1],
      [-1000, 0],
    ],
    tanh: [
      [0, 0],
      [-0, -0],
      [Infinity, 1],
      [-Infinity, -1],
      [1000, 1],
    ],
    softplus: [
      [Infinity, Infinity],
      [-Infinity, 0],
      [1000, 1000],
      [-1000, 0],
    ],
    logSigmoid: [
      [Infinity, 0],
      [-Infinity, -Infinity],
      [-1000, -1000],
      [1000, 0],
    ],
    gaussian: [
      [0, 1],
      [-0, 1],
      [Infinity, 0],
      [-Infinity, 0],
      [100, 0],
    ],
    erf: [
      [0, 0],
      [-0, -0],
      [Infinity, 1],
      [-Infinity, -1],
      [100, 1],
      [-100, -1],
    ],
    sin: [
      [0, 0],
      [-0, -0],
      [Infinity, NaN],
      [-Infinity, NaN],
    ],
    cos: [
      [0, 1],
      [-0, 1],
      [Infinity, NaN],
      [-Infinity, NaN],
    ],
    tan: [
      [0, 0],
      [-0, -0],
      [Infinity, NaN],
      [-Infinity, NaN],
    ],
  };

  it.each(Object.entries(ends))("are the limits: %s", (name, pairs) => {
    const all = [...pairs, [NaN, NaN] as const];
    for (const type of floatTypes) {
      const got = readings.vector(formulas[name]!, type, [all.map(([x]) => x)]);
      got.forEach((value, k) => expect(value, `${name}(${all[k]![0]}) in ${type}`).toBe(all[k]![1]));
    }
  });

  it("of the exponential at 1 is the number e", () => {
    expect(readings.source(elementary.exp, "f64", [[1]])).toEqual([Math.E]);
    expect(readings.source(elementary.exp, "f32", [[1]])).toEqual([Math.fround(Math.E)]);
  });
});

describe("whole numbers", () => {
  const floatOnly: readonly Subject[] = [
    (l, x) => l.div(x, x),
    (l, x) => l.sqrt(x),
    (l, x) => l.floor(x),
    (l, x) => l.trunc(x),
    (l, x) => l.nearest(x),
  ];

  it("have no operations of fractions", () => {
    for (const subject of floatOnly) {
      const source = new SourceLanes("i32");
      expect(() => subject(source, source.variable("a"))).toThrow("not defined for i32");
      for (const vector of [true, false]) {
        const body = new Body([vector ? "v128" : "i32"]);
        const lanes = wasmLanes({
          body,
          type: "i32",
          vector,
          fused: false,
          external: () => ({ name: "none", index: 0, takes: [], gives: null }),
        });
        expect(() => subject(lanes, body.parameter(0))).toThrow("not defined for i32");
      }
    }
  });
});
