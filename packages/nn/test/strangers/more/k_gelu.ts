const c = Math.sqrt(2 / Math.PI);
export const op = {
  name: "gelu tanh", shapes: [[7]],
  forward: (x: number[]) => x.map((v) => 0.5 * v * (1 + Math.tanh(c * (v + 0.044715 * v ** 3)))),
  backward: (g: number[], x: number[]) => x.map((v, i) => { const t = Math.tanh(c * (v + 0.044715 * v ** 3)); return g[i]! * (0.5 * (1 + t) + 0.5 * v * (1 - t * t) * c * (1 + 3 * 0.044715 * v * v)); }),
} as const;
