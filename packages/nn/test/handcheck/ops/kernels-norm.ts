/** Batch and layer normalization in plain loops, with the mistakes that people make in them. */

import type { Kernel } from "../../../src/handcheck/index.ts";

type M = number[][];
type Round = (x: number) => number;

const exact: Round = (x) => x;
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const columns = (x: M): M => x[0]!.map((_, j) => x.map((row) => row[j]!));

/** One line: its x̂ and 1/√(σ² + ε). */
function normalize(
  x: readonly number[],
  eps: number,
  divisor: number,
  r: Round,
): { xhat: number[]; istd: number; centered: number[]; variance: number } {
  const mu = r(sum(x) / x.length);
  const centered = x.map((v) => r(v - mu));
  const variance = r(sum(centered.map((v) => r(v * v))) / divisor);
  const istd = r(1 / Math.sqrt(variance + eps));
  return { xhat: centered.map((v) => r(v * istd)), istd, centered, variance };
}

/** Batch normalization with one mistake. */
export function batchNorm(
  mistake = "",
  { eps = 1e-5, bessel = 0, round: r = exact }: { eps?: number; bessel?: number; round?: Round } = {},
): Kernel {
  return {
    name: "my batch norm",
    forward: (x: M, gamma: number[], beta: number[]): M =>
      columns(
        columns(x).map((col, j) =>
          normalize(col, eps, col.length - bessel, r).xhat.map((v) => r(r(v * gamma[j]!) + beta[j]!)),
        ),
      ),
    backward: (g: M, x: M, gamma: number[]) => {
      const n = x.length;
      const used = mistake === "F5" ? 1 - bessel : bessel;
      const parts = columns(x).map((col) => normalize(col, eps, n - bessel, r));
      const rowMeans = (scale: (j: number, i: number) => number): number[] =>
        g.map((row, i) => sum(row.map((v, j) => v * gamma[j]! * scale(j, i))) / row.length);
      const dx = columns(
        columns(g).map((col, j) => {
          const { xhat: hat, istd: scale, variance, centered } = parts[j]!;
          let [istd, xhat] = [scale, hat];
          if (mistake === "F6") istd = 1 / Math.sqrt(variance);
          if (mistake === "F6 inside") xhat = centered.map((v) => v / Math.sqrt(variance));
          if (mistake === "F7") {
            const running = 0.9 + (0.1 * variance * n) / (n - 1);
            return col.map((v) => (v * gamma[j]!) / Math.sqrt(running + eps));
          }
          if (mistake === "F7 odd") return col.map((v) => (v * gamma[j]!) / Math.sqrt(0.37 + j + eps));
          const d = col.map((v) => (mistake === "F4 gamma" ? v : r(v * gamma[j]!)));
          const one = mistake === "F4 sums" ? 1 : n;
          const first = r(sum(d) / one);
          const second = r(sum(d.map((v, i) => r(v * xhat[i]!))) / (mistake === "F4 sums" ? 1 : n - used));
          if (mistake === "F1") return d.map((v) => istd * v);
          if (mistake === "F2") return d.map((v) => istd * (v - first));
          if (mistake === "F3") return d.map((v, i) => istd * (v - xhat[i]! * second));
          if (mistake === "F4 axis") {
            const [plain, weighted] = [rowMeans(() => 1), rowMeans((k, i) => parts[k]!.xhat[i]!)];
            return d.map((v, i) => istd * (v - plain[i]! - xhat[i]! * weighted[i]!));
          }
          return d.map((v, i) => r(istd * r(r(v - first) - r(xhat[i]! * second))));
        }),
      );
      const over = (f: (i: number, j: number) => number): number[] =>
        gamma.map((_, j) => r(sum(x.map((_row, i) => r(f(i, j))))));
      let dgamma = over((i, j) => g[i]![j]! * parts[j]!.xhat[i]!);
      let dbeta = over((i, j) => g[i]![j]!);
      if (mistake === "F8 x") dgamma = over((i, j) => g[i]![j]! * x[i]![j]!);
      if (mistake === "F8 centered") dgamma = over((i, j) => g[i]![j]! * parts[j]!.centered[i]!);
      if (mistake === "F8 swapped") [dgamma, dbeta] = [dbeta, dgamma];
      if (mistake === "F8 mean") [dgamma, dbeta] = [dgamma.map((v) => v / n), dbeta.map((v) => v / n)];
      if (mistake === "F8 unsummed") return [dx, dgamma, g];
      return [dx, dgamma, dbeta];
    },
  };
}

/** Layer normalization with one mistake. */
export function layerNorm(mistake = "", eps = 1e-5, round: Round = exact): Kernel {
  return {
    name: "my layer norm",
    forward: (x: M, gamma: number[], beta: number[]): M =>
      x.map((row) => normalize(row, eps, row.length, exact).xhat.map((v, j) => round(v * gamma[j]! + beta[j]!))),
    backward: (g: M, x: M, gamma: number[]) => {
      const parts = x.map((row) => normalize(row, eps, row.length, exact));
      const [n, m] = [x.length, gamma.length];
      const d = g.map((row) => row.map((v, j) => v * gamma[j]!));
      const dx = x
        .map((_, i) => {
          const { xhat, istd } = parts[i]!;
          const own = mistake === "after" ? g[i]! : d[i]!;
          const first = sum(own) / m;
          const second = sum(own.map((v, j) => v * xhat[j]!)) / m;
          if (mistake === "constants") return own.map((v) => istd * v);
          if (mistake === "rms") return own.map((v, j) => istd * (v - xhat[j]! * second));
          if (mistake === "mean twice") return own.map((v, j) => istd * (v - 2 * first - xhat[j]! * second));
          if (mistake === "averaged twice") return own.map((v, j) => istd * (v - first / m - (xhat[j]! * second) / m));
          if (mistake === "one averaged twice") return own.map((v, j) => istd * (v - first - (xhat[j]! * second) / m));
          if (mistake === "sums") return own.map((v, j) => istd * (v - first * m - xhat[j]! * second * m));
          if (mistake === "batch") {
            return own.map(
              (v, j) =>
                istd *
                (v -
                  sum(d.map((row) => row[j]!)) / n -
                  (xhat[j]! * sum(d.map((row, k) => row[j]! * parts[k]!.xhat[j]!))) / n),
            );
          }
          return own.map((v, j) => istd * (v - first - xhat[j]! * second) * (mistake === "after" ? gamma[j]! : 1));
        })
        .map((row) => row.map(round));
      return {
        dx,
        dgamma: gamma.map((_, j) => round(sum(g.map((row, i) => row[j]! * parts[i]!.xhat[j]!)))),
        dbeta: gamma.map((_, j) => round(sum(g.map((row) => row[j]!)))),
      };
    },
  };
}

/** RMS normalization with one mistake. */
export function rmsNorm(mistake = "", { eps = 1e-5, round: r = exact }: { eps?: number; round?: Round } = {}): Kernel {
  const root = (row: readonly number[], e = eps): number => 1 / Math.sqrt(sum(row.map((v) => v * v)) / row.length + e);
  return {
    name: "my RMS norm",
    forward: (x: M, gamma: number[]): M => x.map((row) => row.map((v, j) => r(v * root(row) * gamma[j]!))),
    backward: (g: M, x: M, gamma: number[]) => {
      const hats = x.map((row) => row.map((v) => v * root(row)));
      const scaled = g.map((row) => row.map((v, j) => v * gamma[j]!));
      const overBatch = gamma.map((_, j) => sum(scaled.map((row, i) => row[j]! * hats[i]![j]!)) / x.length);
      const dx = x.map((row, i) => {
        const s = mistake === "eps" ? root(row, 0) : root(row);
        const hat = row.map((v) => v * s);
        const own = mistake === "after" || mistake === "gamma" ? g[i]! : scaled[i]!;
        const share =
          sum(own.map((v, j) => v * (mistake === "x twice" ? row[j]! : hat[j]!))) /
          (mistake === "sum" ? 1 : row.length);
        return own.map((v, j) => {
          switch (mistake) {
            case "constants":
              return r(s * v);
            case "layer norm":
              return r(s * (v - sum(own) / row.length - hat[j]! * share));
            case "after":
              return r(gamma[j]! * s * (v - hat[j]! * share));
            case "sign":
              return r(s * (v + hat[j]! * share));
            case "x":
            case "x twice":
              return r(s * (v - row[j]! * share));
            case "half":
              return r(s * (v - 0.5 * hat[j]! * share));
            case "batch":
              return r(s * (v - hat[j]! * overBatch[j]!));
            default:
              return r(s * (v - hat[j]! * share));
          }
        });
      });
      const dgamma = gamma.map((_, j) =>
        r(
          sum(g.map((row, i) => row[j]! * (mistake === "dgamma x" ? x : hats)[i]![j]!)) /
            (mistake === "dgamma mean" ? x.length : 1),
        ),
      );
      return { dx, dgamma };
    },
  };
}
