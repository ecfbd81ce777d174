type M = number[][];
const eps = 1e-5, N = (x: M) => x.length;
const col = (x: M, j: number) => x.map((r) => r[j]!);
const mu = (c: number[]) => c.reduce((a, b) => a + b, 0) / c.length;
const va = (c: number[]) => { const m = mu(c); return mu(c.map((v) => (v - m) ** 2)); };
export const op = {
  name: "batchnorm_backward (cs231n staged)", family: "batchNorm",
  forward: (x: M, gamma: number[], beta: number[]) => x.map((r) => r.map((v, j) => gamma[j]! * (v - mu(col(x, j))) / Math.sqrt(va(col(x, j)) + eps) + beta[j]!)),
  backward: (dout: M, x: M, gamma: number[]) => {
    const n = N(x), D = gamma.length;
    const dx = x.map((r) => r.map(() => 0)), dgamma = gamma.map(() => 0), dbeta = gamma.map(() => 0);
    for (let j = 0; j < D; j++) {
      const c = col(x, j), m = mu(c), v = va(c), sq = Math.sqrt(v + eps), iv = 1 / sq, xmu = c.map((q) => q - m), xhat = xmu.map((q) => q * iv), d = col(dout, j);
      dbeta[j] = d.reduce((a, b) => a + b, 0);
      dgamma[j] = d.reduce((a, b, i) => a + b * xhat[i]!, 0);
      const dxhat = d.map((q) => q * gamma[j]!);
      const divar = dxhat.reduce((a, b, i) => a + b * xmu[i]!, 0);
      const dsq = -1 / (sq * sq) * divar;
      const dvar = 1 / sq * dsq;
      const dxmu = dxhat.map((q, i) => q * iv + 2 * xmu[i]! * dvar / n);
      const dmu = -dxmu.reduce((a, b) => a + b, 0);
      dxmu.forEach((q, i) => { dx[i]![j] = q + dmu / n; });
    }
    return { dx, dgamma, dbeta };
  },
} as const;
