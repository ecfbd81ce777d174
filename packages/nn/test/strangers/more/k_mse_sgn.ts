export const op = {
  name: "mse", shapes: [[6], [6]], names: ["pred", "target"],
  forward: (p: number[], t: number[]) => p.reduce((s, v, i) => s + (v - t[i]!) ** 2, 0) / p.length,
  backward: (g: number, p: number[], t: number[]) => ({ dpred: p.map((v, i) => g * 2 * (v - t[i]!) / p.length), dtarget: p.map((v, i) => g * 2 * (v - t[i]!) / p.length) }),
} as const;
