/** The op table is complete: every public op has a row, and every row checks something of everything. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as api from "../../src/index.ts";
import { Tensor } from "../../src/index.ts";
import { casesOf } from "./sampling.ts";
import { functionOf } from "./spec.ts";
import { table } from "./table/index.ts";

const source = readFileSync(new URL("../../src/index.ts", import.meta.url), "utf8");

/** The functions that `index.ts` exports from the folder of the ops. */
const ops = [...source.matchAll(/export \{([^}]*)\} from "\.\/ops\/[^"]+";/g)]
  .flatMap((match) => match[1]!.split(","))
  .map((name) => name.trim())
  .filter((name) => name !== "" && !name.startsWith("type "))
  .filter((name) => typeof (api as Record<string, unknown>)[name] === "function");

const rows = table.map((row) => [row.name, row] as const);

describe("the op table", () => {
  it("has one row for every public op", () => {
    const names = table.map((row) => row.name);
    expect(ops.length).toBeGreaterThan(50);
    expect(ops.filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it.each(rows)("names a function and a method that exist: %s", (name, row) => {
    expect(functionOf(name)).toBeTypeOf("function");
    expect(row.method === null ? name in Tensor.prototype : row.method in Tensor.prototype).toBe(row.method !== null);
  });

  it.each(rows)("has samples of several shapes, with an empty and a single one where they make sense: %s", (_, row) => {
    expect(row.samples.length).toBeGreaterThanOrEqual(5);
    expect(new Set(row.samples.map(({ shapes }) => JSON.stringify(shapes))).size).toBeGreaterThanOrEqual(4);
    expect(row.samples.some(({ shapes }) => shapes.some((shape) => shape !== "number" && shape.includes(0)))).toBe(
      true,
    );
    for (const { shapes, data, params } of row.samples) {
      expect(shapes.length, JSON.stringify(params)).toBeGreaterThan(0);
      if (data !== undefined) data.forEach((numbers, place) => expect(numbers.length).toBe(sizeOf(shapes[place]!)));
    }
  });

  it.each(rows)("differentiates every input that has a derivative: %s", (_, row) => {
    const regular = casesOf(row, row.dtypes[0]!).filter((one) => one.sample.valueOnly !== true);
    row.operands.forEach((operand, place) => {
      const checked = regular.some((one) =>
        one.leaves.some((leaf) => leaf.places.includes(place) && leaf.differentiable && leaf.array.data.length > 0),
      );
      expect(checked, `operand ${place}`).toBe(operand.differentiable);
    });
    if (row.operands.some((operand) => operand.differentiable)) expect(row.order).toBe(2);
  });

  it.each(rows)("is refused in at least three ways with at least two reasons: %s", (_, row) => {
    expect(row.errors.length).toBeGreaterThanOrEqual(3);
    expect(new Set(row.errors.map(({ says }) => says)).size).toBeGreaterThanOrEqual(2);
    for (const { says } of row.errors) expect(says.length).toBeGreaterThanOrEqual(3);
  });

  it.each(rows)("takes float64 and float32: %s", (_, row) => {
    expect(row.dtypes.slice(0, 2)).toEqual(["float64", "float32"]);
  });
});

function sizeOf(shape: readonly number[] | "number"): number {
  return shape === "number" ? 1 : shape.reduce((size, n) => size * n, 1);
}
