// RMS norm without gamma
export const op = {
  name: "rmsnorm", shapes: [[3, 6]],
  forward: (x: number[][]) => x.map((r) => { const q = Math.sqrt(r.reduce((s, v) => s + v * v, 0) / r.length + 1e-6); return r.map((v) => v / q); }),
  backward: (g: number[][], x: number[][]) => x.map((r, n) => { const q2 = r.reduce((s, v) => s + v * v, 0) / r.length + 1e-6, q = Math.sqrt(q2); const d = r.reduce((s, v, i) => s + v * g[n]![i]!, 0) / r.length; return r.map((v, i) => g[n]![i]! / q - v * d / (q2 * q)); }),
} as const;
