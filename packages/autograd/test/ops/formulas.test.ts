/** The functions of an op on plain numbers, and its loops, are its formula over lanes, in every type that it takes. */

import { describe, expect, it } from "vitest";
import type { ElementwiseOp } from "../../src/graph/op.ts";
import { readForms, type LaneOperand } from "../../src/kernels/lanes/forms.ts";
import type { LaneType } from "../../src/kernels/lanes/lanes.ts";
import { numberLanes } from "../../src/kernels/lanes/number-lanes.ts";
import type { DType } from "../../src/graph/dtype.ts";
import { ElementwiseLoop, setWasmLoops } from "../../src/kernels/elementwise.ts";
import { makeLoop, setGeneratedLoops, type Entry } from "../../src/kernels/loops.ts";
import { externals } from "../../src/kernels/special.ts";
import "../../src/backends/wasm/eager/load.ts";
import { wasmBlocks } from "../../src/backends/wasm/eager/loops.ts";
import * as arithmetic from "../../src/ops/arithmetic.ts";
import * as comparison from "../../src/ops/comparison.ts";
import * as transcendental from "../../src/ops/transcendental.ts";

const ops: readonly ElementwiseOp[] = Object.values({ ...arithmetic, ...comparison, ...transcendental }).map(
  ({ op }) => op,
);

const floats = [
  0,
  -0,
  1,
  -1,
  2,
  0.5,
  -0.5,
  0.1,
  3,
  -2.5,
  1e-3,
  20,
  -20,
  700,
  -745,
  1e30,
  -1e-30,
  1e-310,
  1e300,
  Infinity,
  -Infinity,
  NaN,
];
const whole = [0, 1, -1, 2, -7, 65537, 46341, 2 ** 31 - 1, -(2 ** 31)];
const numbersOf: Readonly<Record<LaneType, readonly number[]>> = {
  f64: floats,
  f32: floats.map(Math.fround),
  i32: whole,
};

/** The operands of an op, conditions as 0 and 1. */
function kindsOf(op: ElementwiseOp, conditions: boolean): Entry["operands"] {
  const count = op.partials.length;
  return Array.from({ length: count }, (_, k) =>
    conditions || (k === 0 && op.lanes.choose !== undefined) ? "condition" : "number",
  );
}

const pointsOf = (type: LaneType, kinds: Entry["operands"]): number[][] =>
  kinds.reduce<number[][]>(
    (points, kind) =>
      points.flatMap((point) => (kind === "condition" ? [0, 1] : numbersOf[type]).map((x) => [...point, x])),
    [[]],
  );

/** The formula read with plain numbers. */
function defined(op: ElementwiseOp, type: LaneType, kinds: Entry["operands"], point: readonly number[]): number {
  const operands = point.map((x, k): LaneOperand<number, boolean> =>
    kinds[k] === "number" ? { value: x } : { mask: x !== 0 },
  );
  const answer = readForms(op.lanes, numberLanes(type, externals), operands);
  return "value" in answer ? answer.value : answer.mask ? 1 : 0;
}

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array } as const;
const dtypes = { f32: "float32", f64: "float64", i32: "int32" } as const;

/** What a loop makes of the points, in order and in steps. */
function looped(
  op: ElementwiseOp,
  type: LaneType,
  kinds: Entry["operands"],
  points: readonly (readonly number[])[],
  step: number,
): number[] {
  const loop = makeLoop({ type, operands: kinds, read: (l, inputs) => readForms(op.lanes, l, inputs) });
  const columns = kinds.map((kind, k) => {
    const column = new (kind === "condition" ? Uint8Array : arrays[type])(points.length * step);
    points.forEach((point, i) => (column[i * step] = point[k]!));
    return column;
  });
  const out = new arrays[type](points.length + 1);
  loop(out, 1, points.length, ...columns.flatMap((column) => [column, 0, step]));
  return [...out.subarray(1)];
}

/** What vectors make of the points, and proof that they ran where a formula has some. */
function inBlocks(
  op: ElementwiseOp,
  type: LaneType,
  kinds: Entry["operands"],
  points: readonly (readonly number[])[],
): number[] {
  const result: DType = op.result === "bool" || kinds.every((kind) => kind === "condition") ? "bool" : dtypes[type];
  const loop = new ElementwiseLoop(
    { type, operands: kinds, read: (l, inputs) => readForms(op.lanes, l, inputs) },
    result,
  );
  const columns = kinds.map(
    (kind, k) => new (kind === "condition" ? Uint8Array : arrays[type])(points.map((point) => point[k]!)),
  );
  const out = new (result === "bool" ? Uint8Array : arrays[type])(points.length);
  const [former, before] = [setWasmLoops("always"), wasmBlocks()];
  try {
    loop.dense(out, ...columns);
  } finally {
    setWasmLoops(former);
  }
  expect(wasmBlocks() > before, "computed in blocks").toBe(op.name !== "pow");
  return [...out];
}

const typesOf = (op: ElementwiseOp): readonly LaneType[] =>
  op.takes === "float" ? ["f64", "f32"] : ["f64", "f32", "i32"];

describe.each(ops.map((op) => [op.name, op] as const))("%s", (_, op) => {
  it("has a value in float64 and in float32 that is its formula's", () => {
    for (const [type, value] of [
      ["f64", "value"],
      ["f32", "narrow"],
    ] as const) {
      const kinds = kindsOf(op, false);
      for (const point of pointsOf(type, kinds)) {
        const got = op[value](...point);
        expect(
          Object.is(got, defined(op, type, kinds, point)),
          `${value}(${point.join(", ")}) is ${got}, not ${defined(op, type, kinds, point)}`,
        ).toBe(true);
      }
    }
  });

  it("has loops that are its formula, generated or not, in order or in steps, and in vectors", () => {
    for (const type of typesOf(op)) {
      const kinds = kindsOf(op, false);
      const points = pointsOf(type, kinds);
      const expected = points.map((point) => defined(op, type, kinds, point));
      for (const step of [1, 2]) expect(looped(op, type, kinds, points, step), type).toEqual(expected);
      expect(inBlocks(op, type, kinds, points), `${type}, in vectors`).toEqual(expected);
      const former = setGeneratedLoops(false);
      try {
        expect(looped(op, type, kinds, points, 1), `${type}, interpreted`).toEqual(expected);
      } finally {
        setGeneratedLoops(former);
      }
    }
  });
});

describe("an op that takes bool", () => {
  const logical = ops.filter((op) => op.takes === "any");

  it.each(logical.map((op) => [op.name, op] as const))("says the same of conditions as of 0 and 1: %s", (_, op) => {
    const kinds = kindsOf(op, true);
    const points = pointsOf("i32", kinds);
    const expected = points.map((point) => op.value(...point));
    expect(points.map((point) => defined(op, "i32", kinds, point))).toEqual(expected);
    expect(looped(op, "i32", kinds, points, 1)).toEqual(expected);
    expect(inBlocks(op, "i32", kinds, points)).toEqual(expected);
  });

  it("is every op of logic, equality and choice", () => {
    expect(logical.map(({ name }) => name).sort()).toEqual([
      "equal",
      "logicalAnd",
      "logicalNot",
      "logicalOr",
      "notEqual",
      "where",
    ]);
  });

  it("has no form for operands that make no sense together", () => {
    const l = numberLanes("f64", externals);
    expect(() => readForms(arithmetic.add.op.lanes, l, [{ mask: true }, { value: 1 }])).toThrow(
      "no form for 1 conditions and 1 numbers",
    );
    expect(() => readForms(comparison.where.op.lanes, l, [{ value: 1 }, { value: 1 }, { value: 1 }])).toThrow(
      "no form for 0 conditions and 3 numbers",
    );
  });
});
