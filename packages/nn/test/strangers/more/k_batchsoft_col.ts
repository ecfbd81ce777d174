// softmax over rows, Jacobian-vector by loops
type M = number[][];
export const op = {
  name: "softmax rows", shapes: [[3, 5]],
  forward: (x: M) => x.map((r) => { const e = r.map(Math.exp); const s = e.reduce((a, b) => a + b, 0); return e.map((v) => v / s); }),
  backward: (g: M, x: M) => x.map((r, n) => { const e = r.map(Math.exp); const s = e.reduce((a, b) => a + b, 0); const p = e.map((v) => v / s); return p.map((pi, i) => p.reduce((acc, pj, j) => acc + g[(n + 1) % 3]![j]! * ((i === j ? pi : 0) - pi * pj), 0)); }),
} as const;
