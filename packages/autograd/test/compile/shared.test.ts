/**
 * Loops that are alike but for their addresses share a function: the same bits, each with numbers of its own, and
 * little code.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  compile,
  flip,
  greater,
  maximum,
  mul,
  sigmoid,
  slice,
  sub,
  sum,
  tensor,
  transpose,
  valueAndGrad,
  where,
  type DType,
  type Tensor,
} from "../../src/index.ts";
import type { ProgramReport } from "../../src/compile/explain.ts";
import { expectBits } from "./bits.ts";

type OfMany = (xs: readonly Tensor[]) => Tensor[];

const COUNT = 7;

/** Tensors of which none has the numbers of another. */
const tensors = (shape: readonly number[], dtype: DType, count = COUNT): Tensor[] =>
  Array.from({ length: count }, (_, n) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const numbers = Float64Array.from(
      { length: size },
      (_, k) => (((k + 1) * (n + 3) * 37) % 101) / (dtype === "int32" ? 1 : 8) - 5,
    );
    return cast(tensor(dtype === "int32" ? numbers.map(Math.trunc) : numbers, { shape }), dtype) as Tensor;
  });

const cases: Readonly<Record<string, readonly [OfMany, readonly Tensor[]]>> = {
  "vectors by a number": [(xs) => xs.map((x) => mul(x, 2) as Tensor), tensors([3], "float64")],
  scalars: [(xs) => xs.map((x) => sigmoid(x)), tensors([], "float64")],
  float32: [(xs) => xs.map((x) => sigmoid(mul(x, 3)) as Tensor), tensors([33], "float32")],
  "whole numbers": [(xs) => xs.map((x) => add(x, mul(x, 3)) as Tensor), tensors([5], "int32")],
  conditions: [(xs) => xs.map((x) => where(greater(x, 1), x, mul(x, -1)) as Tensor), tensors([6], "float64")],
  "conditions that are results": [(xs) => xs.map((x) => greater(x, 1) as Tensor), tensors([6], "float32")],
  "other types": [(xs) => xs.map((x) => cast(x, "float32")), tensors([9], "float64")],
  "0 and -0 by turns": [
    (xs) => xs.map((x, k) => mul(maximum(x, k % 2 === 0 ? 0 : -0), -1) as Tensor),
    tensors([3], "float64", 12).map((x) => mul(x, 0) as Tensor),
  ],
  "two numbers by turns": [(xs) => xs.map((x, k) => mul(x, k % 2) as Tensor), tensors([3], "float64", 12)],
  "numbers of their own, float64": [
    (xs) => xs.map((x, k) => add(mul(x, k - 3), k / 7) as Tensor),
    tensors([3], "float64", 20),
  ],
  "numbers of their own, float32": [
    (xs) => xs.map((x, k) => sub(k / 3, mul(x, k)) as Tensor),
    tensors([5], "float32", 20),
  ],
  "numbers of their own, whole": [
    (xs) => xs.map((x, k) => mul(maximum(x, k - 9), 2) as Tensor),
    tensors([6], "int32", 20),
  ],
  "numbers of their own, some scalars": [
    (xs) => xs.map((x, k) => where(greater(x, k), x, k % 2 === 0 ? 0 : -0) as Tensor),
    tensors([], "float64", 40),
  ],
  "two shapes by turns": [
    (xs) => xs.map((x) => mul(x, 2) as Tensor),
    [...tensors([4, 3], "float64"), ...tensors([3, 4], "float64"), ...tensors([5], "float64")],
  ],
  transposed: [(xs) => xs.map((x) => mul(transpose(x), 2) as Tensor), tensors([4, 3], "float64")],
  "walked down": [(xs) => xs.map((x) => add(flip(x, 0), x) as Tensor), tensors([5], "float32")],
  "parts of one": [
    (xs) => Array.from({ length: 8 }, (_, k) => mul(slice(xs[0]!, { 0: [3 * k, 3 * k + 3] }), 2) as Tensor),
    tensors([24], "float64", 1),
  ],
  "rows with a row": [
    (xs) => xs.slice(1).map((x) => add(x, slice(xs[0]!, { 0: [0, 1] })) as Tensor),
    tensors([4, 3], "float64"),
  ],
  "one behind another": [
    (xs) => xs.map((x) => mul(transpose(mul(transpose(mul(x, 2)), x)), x) as Tensor),
    tensors([3, 3], "float64"),
  ],
  "operands by turns": [
    (xs) => xs.map((x, k) => (k % 2 === 0 ? sub(x, xs[0]!) : sub(xs[0]!, x)) as Tensor),
    tensors([3], "float64", 12),
  ],
  "long ones": [(xs) => xs.map((x) => sigmoid(mul(x, 2)) as Tensor), tensors([300], "float64")],
  "a step of many parameters": [
    (xs) => {
      const { gradient } = valueAndGrad((all: readonly Tensor[]) =>
        all.map((x) => sum(mul(sigmoid(x), x))).reduce((a, b) => add(a, b)),
      )(xs);
      return xs.map((x, k) => sub(x, mul((gradient as readonly Tensor[])[k]!, 0.1)) as Tensor);
    },
    tensors([4, 3], "float32"),
  ],
};

describe("loops that are alike", () => {
  for (const [name, [f, xs]] of Object.entries(cases)) {
    it(`give the bits of the function itself: ${name}`, () => {
      const program = compile(f, { threads: 1 });
      expectBits(name, program(xs), f(xs));
      const others = xs.map((x) => sub(x, cast(tensor(1), x.dtype)) as Tensor);
      expectBits(`${name}, other numbers`, program(others), f(others));
    });
  }

  it("take a call each, and can be timed one by one", () => {
    const programOf = (count: number, size: number): ProgramReport => {
      const f = compile((xs: readonly Tensor[]) => xs.map((x) => sigmoid(mul(x, 2)) as Tensor), { threads: 1 });
      f(tensors([size], "float64", count));
      return f.explain({ runs: 1 });
    };
    const bytesOfEach = (size: number): number => (programOf(60, size).codeBytes - programOf(20, size).codeBytes) / 40;
    const { kernels } = programOf(20, 3);
    expect(kernels).toHaveLength(20);
    expect(kernels.every(({ milliseconds }) => milliseconds !== null)).toBe(true);
    expect(bytesOfEach(3)).toBeLessThan(12);
    expect(bytesOfEach(300)).toBeGreaterThan(300);
  });

  it("run beside what several threads do", () => {
    const f: OfMany = (xs) => xs.map((x) => sigmoid(mul(x, 2)) as Tensor);
    const xs = [...tensors([3], "float64"), tensors([200_000], "float64", 1)[0]!, ...tensors([3], "float64")];
    const program = compile(f);
    expectBits("beside", program(xs), f(xs));
    expectBits("beside, again", program(xs), f(xs));
  });

  it("refuse what is refused in one of them", () => {
    const f = compile((xs: readonly Tensor[]) => xs.map((x) => cast(x, "int32")), { threads: 1 });
    const xs = tensors([3], "float64");
    f(xs);
    xs[4] = tensor([1, 3e9, 2]) as Tensor;
    expect(() => f(xs)).toThrow(/3000000000.*entry 1|entry 1.*3000000000/s);
  });
});
