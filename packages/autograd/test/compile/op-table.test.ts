/**
 * Every row of the op table once more as a compiled program: value, gradient, both modes and second order, bit for bit.
 */

import { afterAll, describe, expect, it } from "vitest";
import { compile, grad, jvp, mul, sum, Tensor, tensor, type DType } from "../../src/index.ts";
import { report } from "../report.ts";
import { isTried } from "../size.ts";
import { differenceOf } from "./bits.ts";
import { applyTo, casesOf, random, type Case } from "../ops/sampling.ts";
import { families } from "../ops/table/index.ts";

let programs = 0;

afterAll(() =>
  report(
    "compiled",
    programs,
    `op table, compiled: ${programs.toLocaleString("en-US")} programs with the bits of the engine`,
  ),
);

const isFloat = (dtype: DType): boolean => dtype === "float64" || dtype === "float32";

/** Runs a function of tensors as a program, twice, and shows that its own code ran once: to be traced. */
function asProgram(f: (...leaves: Tensor[]) => Tensor, leaves: readonly Tensor[]): Tensor {
  let runs = 0;
  const compiled = compile((...given: Tensor[]) => {
    runs++;
    return f(...given);
  });
  compiled(...leaves);
  const second = compiled(...leaves);
  expect(runs, "the function was traced once, and the program ran").toBe(1);
  expect(compiled.programs()).toBe(1);
  programs++;
  return second;
}

function expectSameBits(found: Tensor, expected: Tensor, label: string): void {
  const difference = differenceOf(label, found, expected);
  if (difference !== null) throw new Error(difference);
}

/** The leaves that have a derivative. */
const smooth = (one: Case): number[] =>
  one.leaves.flatMap((leaf, k) => (leaf.differentiable && isFloat(leaf.tensor.dtype) ? [k] : []));

/** Weights of the shape of `x`, so that no sum hides an entry. */
function weightsLike(x: Tensor): Tensor {
  const next = random(5);
  const numbers = Float64Array.from({ length: x.shape.reduce((n, size) => n * size, 1) }, () => 0.5 + next());
  return tensor(isFloat(x.dtype) ? numbers : numbers.map(Math.round), { shape: x.shape, dtype: x.dtype });
}

describe.each(Object.entries(families))("%s", (_, rows) => {
  describe.each(rows.map((row) => [row.name, row] as const))("%s", (_, row) => {
    it.each(row.dtypes)("has the value of the engine in %s", (dtype) => {
      for (const one of casesOf(row, dtype)) {
        if (one.leaves.length === 0 || !isTried(10, `${row.name} ${dtype} ${one.label}`)) continue;
        const leaves = one.leaves.map((leaf) => leaf.tensor);
        expectSameBits(
          asProgram((...given) => applyTo(one, given), leaves),
          applyTo(one, leaves),
          one.label,
        );
      }
    });

    it.each(row.dtypes.filter(isFloat))("has the gradient of the engine in %s", (dtype) => {
      for (const one of casesOf(row, dtype)) {
        const leaves = one.leaves.map((leaf) => leaf.tensor);
        const value = applyTo(one, leaves);
        if (!isFloat(value.dtype)) continue;
        for (const k of smooth(one)) {
          if (!isTried(10, `${row.name} ${dtype} ${one.label} gradient ${k}`)) continue;
          const weights = weightsLike(value);
          const gradient = (...given: Tensor[]): Tensor =>
            grad((...x: Tensor[]) => sum(mul(weights, applyTo(one, x))) as Tensor<[]>, { argnums: k })(
              ...given,
            ) as Tensor;
          expectSameBits(asProgram(gradient, leaves), gradient(...leaves), `${one.label}, gradient ${k}`);
        }
      }
    });

    if (row.order === 2)
      it("has the tangent and the second derivative of the engine", () => {
        for (const one of casesOf(row, "float64")) {
          const leaves = one.leaves.map((leaf) => leaf.tensor);
          const value = applyTo(one, leaves);
          if (!isFloat(value.dtype)) continue;
          for (const k of smooth(one)) {
            if (!isTried(10, `${row.name} ${one.label} second ${k}`)) continue;
            const direction = weightsLike(leaves[k]!);
            const along = (f: (x: Tensor) => Tensor, x: Tensor): Tensor => jvp(f, [x], [direction]).tangent;
            const at =
              (given: readonly Tensor[]) =>
              (x: Tensor): Tensor =>
                applyTo(
                  one,
                  given.map((leaf, place) => (place === k ? x : leaf)),
                );
            const tangent = (...given: Tensor[]): Tensor => along(at(given), given[k]!);
            expectSameBits(asProgram(tangent, leaves), tangent(...leaves), `${one.label}, tangent ${k}`);
            const weights = weightsLike(value);
            const second = (...given: Tensor[]): Tensor =>
              along((x) => grad((y: Tensor) => sum(mul(weights, at(given)(y))) as Tensor<[]>)(x) as Tensor, given[k]!);
            expectSameBits(asProgram(second, leaves), second(...leaves), `${one.label}, second derivative ${k}`);
          }
        }
      });
  });
});
