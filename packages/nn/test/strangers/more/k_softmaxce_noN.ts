type M = number[][];
// mean cross-entropy over a batch of logits, labels one-hot
export const op = {
  name: "softmax cross-entropy", shapes: [[5, 4], [5, 4]],
  names: ["logits", "labels"],
  forward: (z: M, y: M) => z.reduce((s, r, n) => { const m = Math.max(...r); const l = Math.log(r.reduce((a, v) => a + Math.exp(v - m), 0)) + m; return s - r.reduce((a, v, k) => a + y[n]![k]! * (v - l), 0); }, 0) / z.length,
  backward: (g: number, z: M, y: M) => z.map((r, n) => { const m = Math.max(...r); const e = r.map((v) => Math.exp(v - m)); const s = e.reduce((a, b) => a + b, 0); const Y = y[n]!.reduce((a, b) => a + b, 0); return e.map((v, k) => g * (v / s * Y - y[n]![k]!)); }),
} as const;
