/** The fast matrix products against the plain one that defines them, at sizes around their unrolled loops. */

import { afterAll, describe, expect, it } from "vitest";
import { grad, matmul as product, mul, sum, tensor, zeros, type Tensor } from "../../src/index.ts";
import type { Elements } from "../../src/graph/dtype.ts";
import { matmul, matmulPlain, type Absorbing } from "../../src/kernels/matmul.ts";
import { report } from "../report.ts";
import { random } from "./sampling.ts";

let compared = 0;

afterAll(() => {
  report("checks", compared);
});

const next = random(5);
const Types = { float64: Float64Array, float32: Float32Array } as const;

function numbers(dtype: keyof typeof Types, count: number): Elements {
  return new Types[dtype](count).map(() => 2 * next() - 1);
}

/** Both products of one size, the operands a little into their memory and the result too. */
function compare(dtype: keyof typeof Types, m: number, k: number, n: number, transposeA: boolean, transposeB: boolean): void {
  const a = { elements: numbers(dtype, m * k + 3), offset: 3 };
  const b = { elements: numbers(dtype, k * n + 2), offset: 2 };
  const [fast, plain] = [new Types[dtype](m * n + 5), new Types[dtype](m * n + 5)];
  matmul(fast, 5, a, b, m, k, n, transposeA, transposeB, null);
  matmulPlain(plain, 5, a, b, m, k, n, transposeA, transposeB, null);
  // Sums of k products of at most 1, each rounded in float64 and the result once in its own type.
  const unit = dtype === "float32" ? 2 ** -24 : 0;
  for (let i = 0; i < plain.length; i++) {
    const bound = 2 * k * 2 ** -53 * k + 2 * unit * Math.abs(plain[i]!);
    if (!(Math.abs(fast[i]! - plain[i]!) <= bound)) {
      throw new Error(`${dtype} ${m}×${k}×${n} ${transposeA}/${transposeB}: entry ${i} is ${fast[i]} where ${plain[i]} is expected`);
    }
  }
  compared++;
}

const flags = [false, true];

describe("the matrix product", () => {
  it.each(["float64", "float32"] as const)("agrees with the plain loops at every small size in %s", (dtype) => {
    for (let m = 0; m <= 9; m++) for (let k = 0; k <= 9; k++) for (let n = 0; n <= 9; n++) {
      for (const transposeA of flags) for (const transposeB of flags) compare(dtype, m, k, n, transposeA, transposeB);
    }
  });

  it.each(["float64", "float32"] as const)("agrees with the plain loops around 64 in %s", (dtype) => {
    for (let round = 0; round < 12; round++) {
      const [m, k, n] = [0, 1, 2].map(() => 60 + Math.floor(9 * next())) as [number, number, number];
      for (const transposeA of flags) for (const transposeB of flags) compare(dtype, m, k, n, transposeA, transposeB);
    }
  });

  it("drops the products of a zero of the absorbing operand with what is not finite, and nothing else", () => {
    for (const absorbing of ["left", "right", "both"] as const) for (const transposeA of flags) for (const transposeB of flags) for (const bad of [Infinity, -Infinity, NaN]) {
      for (let size = 1; size <= 6; size++) {
        const [a, b] = [numbers("float64", size * size), numbers("float64", size * size)];
        const [zero, other] = absorbing === "right" ? [b, a] : [a, b];
        zero.fill(0);
        other[size - 1] = bad;
        const run = (mode: Absorbing): Elements => {
          const out = new Float64Array(size * size);
          matmul(out, 0, { elements: a, offset: 0 }, { elements: b, offset: 0 }, size, size, size, transposeA, transposeB, mode);
          return out;
        };
        expect(run(absorbing)).toEqual(new Float64Array(size * size));
        expect(run(null).some((x: number) => Number.isNaN(x))).toBe(true);
        zero.fill(1);
        expect(run(absorbing).some((x: number) => !Number.isFinite(x))).toBe(true);
        compared += 3;
      }
    }
  });

  it("keeps the gradient of rows that a zero weight switches off finite", () => {
    const x = tensor([[1, 2], [Infinity, NaN]]) as Tensor;
    const keep = tensor([[1], [0]]) as Tensor;
    const gradient = grad((w: Tensor) => sum(mul(product(x, w), keep)) as Tensor<[]>)(zeros([2, 2]) as Tensor);
    expect(gradient.toArray()).toEqual([[1, 1], [2, 2]]);
    compared++;
  });
});
