// 1d convolution (valid), stride 1
export const op = {
  name: "conv1d", shapes: [[8], [3]], names: ["x", "w"],
  forward: (x: number[], w: number[]) => Array.from({ length: x.length - w.length + 1 }, (_, i) => w.reduce((s, v, k) => s + v * x[i + k]!, 0)),
  backward: (g: number[], x: number[], w: number[]) => {
    const dx = x.map(() => 0), dw = w.map(() => 0);
    g.forEach((gi, i) => w.forEach((v, k) => { dx[i + k]! += gi * w[w.length - 1 - k]!; dw[k]! += gi * x[i + k]!; }));
    return { dx, dw };
  },
} as const;
