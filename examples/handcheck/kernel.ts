/**
 * One kernel with its backward by hand, and the slip that most people make first: `npx pnpm@10 --silent chainrule check
 * examples/handcheck/kernel.ts`.
 */

import type { Kernel } from "@chainrule/nn/handcheck";

type Rows = number[][];

const eps = 1e-5;

/** μ and 1/√(σ² + ε) of each column. */
const statistics = (x: Rows) =>
  x[0]!.map((_, j) => {
    const mean = x.reduce((sum, row) => sum + row[j]!, 0) / x.length;
    const variance = x.reduce((sum, row) => sum + (row[j]! - mean) ** 2, 0) / x.length;
    return { mean, istd: 1 / Math.sqrt(variance + eps) };
  });

const kernel: Kernel = {
  name: "batch norm by hand",
  forward: (x: Rows, gamma: number[], beta: number[]) => {
    const columns = statistics(x);
    return x.map((row) => row.map((v, j) => gamma[j]! * (v - columns[j]!.mean) * columns[j]!.istd + beta[j]!));
  },
  backward: (g: Rows, x: Rows, gamma: number[]) => {
    const columns = statistics(x);
    const xhat = x.map((row) => row.map((v, j) => (v - columns[j]!.mean) * columns[j]!.istd));
    const down = (entry: (n: number, j: number) => number) =>
      gamma.map((_, j) => x.reduce((sum, __, n) => sum + entry(n, j), 0));
    // The mean of the batch depends on every entry of x, too: its path is missing here.
    const along = down((n, j) => (gamma[j]! * g[n]![j]! * xhat[n]![j]!) / x.length);
    return {
      dx: g.map((row, n) => row.map((v, j) => columns[j]!.istd * (gamma[j]! * v - xhat[n]![j]! * along[j]!))),
      dgamma: down((n, j) => g[n]![j]! * xhat[n]![j]!),
      dbeta: down((n, j) => g[n]![j]!),
    };
  },
};

/** What it is checked as; `like: (x, w) => …` or `shapes` would do for an operation that has no name here. */
export const op = { ...kernel, family: "batchNorm" } as const;
