// Right kernels in unusual forms stay right: terms that cancel, explicit Jacobians, losses without upstream, restricted
// domains, typed arrays.
import { describe, expect, it } from "vitest";
import { checkOp, type CheckOpOptions, type Kernel } from "../../../src/handcheck/index.ts";

type V = number[];
type M = number[][];

const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((v, i) => v * b[i]!));
const sig = (x: number): number => 1 / (1 + Math.exp(-x));
const soft = (row: readonly number[]): V => {
  const e = row.map((v) => Math.exp(v - Math.max(...row)));
  return e.map((v) => v / sum(e));
};
/** x̂ and 1/σ of a row, without parameters. */
const normal = (row: readonly number[]): { readonly xhat: V; readonly istd: number } => {
  const mu = sum(row) / row.length;
  const istd = 1 / Math.sqrt(sum(row.map((v) => (v - mu) ** 2)) / row.length + 1e-5);
  return { xhat: row.map((v) => (v - mu) * istd), istd };
};

const table: CheckOpOptions = { shapes: [[4, 5]] };

const kernels: readonly (readonly [string, Kernel, CheckOpOptions])[] = [
  [
    "softmax by its whole Jacobian",
    {
      name: "softmax",
      forward: (x: M) => x.map(soft),
      backward: (g: M, x: M) => [
        x.map((row, n) => soft(row).map((p, j, ps) => sum(ps.map((q, i) => g[n]![i]! * q * ((i === j ? 1 : 0) - p))))),
      ],
    },
    { family: "softmax" },
  ],
  [
    "log-softmax",
    {
      name: "log-softmax",
      forward: (x: M) => x.map((row) => soft(row).map(Math.log)),
      backward: (g: M, x: M) => [each(g, (v, i, j) => v - soft(x[i]!)[j]! * sum(g[i]!))],
    },
    table,
  ],
  [
    "layer norm without parameters, by three paths",
    {
      name: "layer norm",
      forward: (x: M) => x.map((row) => normal(row).xhat),
      backward: (g: M, x: M) => [
        x.map((row, n) => {
          const { xhat, istd } = normal(row);
          const dvar = -0.5 * istd ** 2 * dot(g[n]!, xhat);
          // The deviations sum to 0: the last term cancels.
          const dmu = -istd * sum(g[n]!) - (2 * dvar * sum(xhat)) / istd / row.length;
          return row.map((_, j) => g[n]![j]! * istd + (2 * dvar * xhat[j]!) / istd / row.length + dmu / row.length);
        }),
      ],
    },
    { family: "layerNorm" },
  ],
  [
    "RMS norm without γ",
    {
      name: "rms",
      forward: (x: M) => x.map((row) => row.map((v) => v / Math.sqrt(dot(row, row) / row.length + 1e-5))),
      backward: (g: M, x: M) => ({
        dx: x.map((row, n) => {
          const r = 1 / Math.sqrt(dot(row, row) / row.length + 1e-5);
          return row.map((v, j) => r * g[n]![j]! - (r ** 3 * v * dot(g[n]!, row)) / row.length);
        }),
      }),
    },
    { family: "rmsNorm" },
  ],
  [
    "a divergence of probabilities of one's own",
    {
      name: "kl",
      forward: (p: V, q: V) => sum(p.map((v, i) => v * Math.log(v / q[i]!))),
      backward: (g: number, p: V, q: V) => ({
        dp: p.map((v, i) => g * (Math.log(v / q[i]!) + 1)),
        dq: p.map((v, i) => (-g * v) / q[i]!),
      }),
    },
    {
      inputs: [
        [0.2, 0.3, 0.5],
        [0.1, 0.6, 0.3],
      ],
      names: ["p", "q"],
    },
  ],
  [
    "a focal loss",
    {
      name: "focal",
      forward: (p: M, t: M) => each(p, (v, i, j) => -((1 - v) ** 2) * t[i]![j]! * Math.log(v)),
      backward: (g: M, p: M, t: M) => [
        each(
          g,
          (v, i, j) => v * t[i]![j]! * (2 * (1 - p[i]![j]!) * Math.log(p[i]![j]!) - (1 - p[i]![j]!) ** 2 / p[i]![j]!),
        ),
      ],
    },
    {
      shapes: [
        [3, 4],
        [3, 4],
      ],
      names: ["p", "t"],
      differentiable: [true, false],
    },
  ],
  [
    "a loss that takes no upstream gradient",
    {
      name: "bce",
      forward: (z: V, t: V) => sum(z.map((v, i) => Math.log1p(Math.exp(v)) - t[i]! * v)),
      backward: (z: V, t: V) => ({ dz: z.map((v, i) => sig(v) - t[i]!) }),
    },
    { shapes: [[5], [5]], names: ["z", "t"], differentiable: [true, false] },
  ],
  [
    "typed arrays",
    {
      name: "cube",
      layout: "flat",
      forward: ({ data, shape }: { data: Float64Array; shape: number[] }) => ({ data: data.map((v) => v ** 3), shape }),
      backward: (g: { data: Float64Array }, x: { data: Float64Array }) => [
        x.data.map((v, i) => 3 * v * v * g.data[i]!),
      ],
    },
    table,
  ],
  [
    "gradients in another order, with null where there is none",
    {
      name: "embedding",
      forward: (c: M, ids: V) => ids.map((id) => [...c[id]!]),
      backward: (g: M, c: M, ids: V) => {
        const out = each(c, () => 0);
        ids.forEach((id, n) => g[n]!.forEach((v, j) => (out[id]![j]! += v)));
        return { dids: null, dtable: out };
      },
    },
    { family: "embedding" },
  ],
  [
    "a margin that nothing reaches",
    { name: "hinge", forward: (x: M) => each(x, (v) => Math.max(0, v - 100)), backward: (g: M) => [each(g, () => 0)] },
    table,
  ],
  [
    "a convolution without bias",
    {
      name: "conv",
      forward: (x: number[][][][], w: number[][][][]) =>
        x.map((image) =>
          w.map((filter) => {
            const size = image[0]!.length - filter[0]!.length + 1;
            const wide = image[0]![0]!.length - filter[0]![0]!.length + 1;
            return Array.from({ length: size }, (_, i) =>
              Array.from({ length: wide }, (__, j) =>
                sum(
                  filter.flatMap((plane, c) =>
                    plane.flatMap((row, a) => row.map((v, b) => v * image[c]![i + a]![j + b]!)),
                  ),
                ),
              ),
            );
          }),
        ),
      backward: (g: number[][][][], x: number[][][][], w: number[][][][]) => {
        const dx = x.map((image) => image.map((plane) => plane.map((row) => row.map(() => 0))));
        const dw = w.map((filter) => filter.map((plane) => plane.map((row) => row.map(() => 0))));
        g.forEach((maps, n) =>
          maps.forEach((map, f) =>
            map.forEach((row, i) =>
              row.forEach((v, j) =>
                w[f]!.forEach((plane, c) =>
                  plane.forEach((line, a) =>
                    line.forEach((k, b) => {
                      dx[n]![c]![i + a]![j + b]! += v * k;
                      dw[f]![c]![a]![b]! += v * x[n]![c]![i + a]![j + b]!;
                    }),
                  ),
                ),
              ),
            ),
          ),
        );
        return { dx, dw };
      },
    },
    { family: "conv2d" },
  ],
];

describe("a right kernel in an unusual form", () => {
  it.each(kernels)("%s", (_, kernel, options) => {
    const report = checkOp(kernel, options);
    expect(report.roots).toEqual([]);
    expect([report.verdict, report.exitCode]).toEqual(["correct", 0]);
    expect(report.lines.every(({ status }) => status === "ok")).toBe(true);
  });
});
