type M = number[][];
const eps = 1e-5;
export const op = {
  name: "layer norm", family: "layerNorm",
  forward: (x: M, g: number[], b: number[]) => x.map((r) => { const m = r.reduce((a, c) => a + c, 0) / r.length; const v = r.reduce((a, c) => a + (c - m) ** 2, 0) / r.length; const s = Math.sqrt(v + eps); return r.map((c, j) => g[j]! * (c - m) / s + b[j]!); }),
  backward: (dy: M, x: M, g: number[]) => {
    const D = g.length, dg = g.map(() => 0), db = g.map(() => 0);
    const dx = x.map((r, n) => {
      const m = r.reduce((a, c) => a + c, 0) / D; const v = r.reduce((a, c) => a + (c - m) ** 2, 0) / D; const s = 1 / Math.sqrt(v + eps);
      const xh = r.map((c) => (c - m) * s); const dxh = r.map((_, j) => dy[n]![j]! * g[j]!);
      dy[n]!.forEach((d, j) => { dg[j]! = d * xh[j]!; db[j]! += d; });
      const m1 = dxh.reduce((a, c) => a + c, 0) / D, m2 = dxh.reduce((a, c, j) => a + c * xh[j]!, 0) / D;
      return r.map((_, j) => s * (dxh[j]! - m1 - xh[j]! * m2));
    });
    return { dx, dgamma: dg, dbeta: db };
  },
} as const;
