export const op = {
  name: "logsumexp", family: "logSumExp",
  forward: (x: number[][]) => x.map((r) => { const m = Math.max(...r); return m + Math.log(r.reduce((s, v) => s + Math.exp(v - m), 0)); }),
  backward: (g: number[], x: number[][]) => x.map((r, n) => { const m = Math.max(...r); const e = r.map((v) => Math.exp(v - m)); const s = e.reduce((a, b) => a + b, 0); return e.map((v) => g[n]! * v / s); }),
} as const;
