// x / ||x||
export const op = {
  name: "l2 normalize", shapes: [[6]],
  forward: (x: number[]) => { const n = Math.sqrt(x.reduce((s, v) => s + v * v, 0)); return x.map((v) => v / n); },
  backward: (g: number[], x: number[]) => { const n = Math.sqrt(x.reduce((s, v) => s + v * v, 0)); const d = x.reduce((s, v, i) => s + v * g[i]!, 0); return x.map((v, i) => g[i]! / n - v * d / n ** 3); },
} as const;
