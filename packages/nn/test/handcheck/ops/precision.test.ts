// Kernels in narrow types by FlashAttention's rule: no more than three times the error of the straightforward
// computation; planted mistakes are caught, right kernels pass.
import { describe, expect, it } from "vitest";
import { checkOp, type CheckOpOptions, type Kernel, type KernelType } from "../../../src/handcheck/index.ts";
import { roundTo } from "../../../src/handcheck/bounds/precision.ts";
import { layerNorm, rmsNorm } from "./kernels-norm.ts";

type M = number[][];
type Round = (x: number) => number;

const T = (a: M): M => a[0]!.map((_, j) => a.map((row) => row[j]!));
const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));

/** Sums in the type itself, one term at a time: the straightforward way. */
const total = (xs: readonly number[], r: Round): number => xs.reduce((s, x) => r(s + x), 0);
const by = (a: M, b: M, r: Round): M =>
  a.map((row) =>
    b[0]!.map((_, j) =>
      total(
        row.map((v, k) => r(v * b[k]![j]!)),
        r,
      ),
    ),
  );
const soft = (a: M, r: Round): M =>
  a.map((row) => {
    const e = row.map((v) => r(Math.exp(r(v - Math.max(...row)))));
    const sum = total(e, r);
    return e.map((v) => r(v / sum));
  });

/** Attention with every operation rounded; one mistake. */
const attention = (r: Round, mistake = ""): Kernel => {
  const weights = (q: M, k: M): M =>
    soft(
      each(by(q, T(k), r), (v) => r(v / Math.sqrt(q[0]!.length))),
      r,
    );
  return {
    name: "attention in a narrow type",
    forward: (q: M, k: M, v: M): M => by(weights(q, k), v, r),
    backward: (g: M, q: M, k: M, v: M) => {
      const p = weights(q, k);
      const dp = by(g, T(v), r);
      const sums = p.map((row, i) =>
        total(
          row.map((x, j) => r(x * dp[i]![j]!)),
          r,
        ),
      );
      const ds = each(dp, (x, i, j) => r(p[i]![j]! * r(x - (mistake === "H2" ? 0 : sums[i]!))));
      const scaled = each(ds, (x) => r(x / (mistake === "H1" ? 1 : Math.sqrt(q[0]!.length))));
      return [by(scaled, k, r), by(T(scaled), q, r), by(mistake === "H3" ? p : T(p), g, r)];
    },
  };
};

const softmax = (r: Round, mistake = ""): Kernel => ({
  name: "softmax in a narrow type",
  forward: (x: M): M => soft(x, r),
  backward: (g: M, x: M) =>
    soft(x, r).map((row, i) => {
      const sum = total(
        row.map((v, j) => r(v * g[i]![j]!)),
        r,
      );
      return row.map((v, j) => r(v * r(g[i]![j]! - (mistake === "H2" ? 0 : sum))));
    }),
});

const types: readonly (readonly [KernelType, Round])[] = (["float32", "float16", "bfloat16"] as const).map((type) => [
  type,
  (x) => roundTo(type, x),
]);
const seeds = [1, 2, 3, 4, 5];

type Make = (r: Round, mistake?: string) => Kernel;

const kernels: readonly (readonly [name: string, make: Make, options: CheckOpOptions, mistakes: readonly string[]])[] =
  [
    ["softmax", softmax, { family: "softmax" }, ["H2"]],
    ["attention", attention, { family: "attention" }, ["H1", "H2", "H3"]],
    [
      "layer norm, summed in float64",
      (r, m) => layerNorm(m === "F9" ? "constants" : "", 1e-5, r),
      { family: "layerNorm" },
      ["F9"],
    ],
    [
      "RMS norm, summed in float64",
      (r, m) => rmsNorm(m === "F9" ? "constants" : "", { round: r }),
      { family: "rmsNorm" },
      ["F9"],
    ],
  ];

describe.each(types)("in %s", (dtype, r) => {
  it.each(kernels)("a right %s passes, whatever the numbers", (_, make, options) => {
    for (const seed of seeds) {
      const report = checkOp(make(r), { ...options, dtype, seed });
      expect([seed, report.verdict, report.roots.map(({ id }) => id)]).toEqual([seed, "correct", []]);
    }
  });

  it.each(kernels)("a wrong %s is named, whatever the numbers", (_, make, options, mistakes) => {
    for (const mistake of mistakes) {
      for (const seed of seeds) {
        const report = checkOp(make(r, mistake), { ...options, dtype, seed });
        expect([mistake, seed, report.verdict, [...new Set(report.roots.map(({ id }) => id))]]).toEqual([
          mistake,
          seed,
          "mistake",
          [mistake],
        ]);
      }
    }
  });

  it("a kernel of a narrower type than it says does not pass", () => {
    const narrower: Partial<Record<KernelType, KernelType>> = { float32: "float16", float16: "bfloat16" };
    const type = narrower[dtype];
    if (type === undefined) return;
    for (const seed of seeds)
      expect(
        checkOp(
          softmax((x) => roundTo(type, x)),
          { family: "softmax", dtype, seed },
        ).verdict,
      ).not.toBe("correct");
  });
});

describe("what is allowed", () => {
  it("catches a gradient that is off by ten times the straightforward error, and lets one of twice it pass", () => {
    for (const [dtype, r] of types) {
      const unit = 2 ** -{ float64: 53, float32: 24, float16: 11, bfloat16: 8 }[dtype];
      const off = (units: number): Kernel => {
        const right = softmax(r);
        return {
          ...right,
          backward: (g: M, x: M) =>
            each((right.backward as unknown as (g: M, x: M) => M)(g, x), (v, i, j) =>
              i === 1 && j === 2 ? v + units * unit : v,
            ),
        };
      };
      expect([dtype, checkOp(off(1), { family: "softmax", dtype }).verdict]).toEqual([dtype, "correct"]);
      expect([dtype, checkOp(off(40), { family: "softmax", dtype }).verdict]).toEqual([dtype, "mistake"]);
    }
  });
});
