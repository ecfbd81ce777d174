// reuses one buffer for both layers
export const network = { sizes: [2, 2, 2], activations: ["sigmoid", "sigmoid"], cost: "quadratic" };
const s = (z) => 1 / (1 + Math.exp(-z));
export function backward({ W1, b1, W2, b2 }, x, t) {
  const h = x.map((r) => W1.map((w, j) => s(w[0] * r[0] + w[1] * r[1] + b1[j])));
  const o = h.map((r) => W2.map((w, j) => s(w[0] * r[0] + w[1] * r[1] + b2[j])));
  const d2 = o.map((r, n) => r.map((v, k) => (v - t[n][k]) * v * (1 - v)));
  const d1 = h.map((r, n) => r.map((v, j) => (d2[n][0] * W2[0][j] + d2[n][1] * W2[1][j]) * v * (1 - v)));
  const outer = (d, a) => d[0].map((_, i) => a[0].map((_, j) => d.reduce((acc, r, n) => acc + r[i] * a[n][j], 0) / x.length));
  return { gradW: { 1: outer(d1, x), 2: outer(d2, h) } };
}
