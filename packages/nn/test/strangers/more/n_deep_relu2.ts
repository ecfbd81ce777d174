type M = number[][];
export const network = { sizes: [3, 5, 4, 2], activations: ["relu", "tanh", "linear"], cost: "quadratic" } as const;
const P = (a: M, b: M): M => a.map((r) => b[0]!.map((_, j) => r.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const T = (a: M): M => a[0]!.map((_, j) => a.map((r) => r[j]!));
export const backward = ({ W1, b1, W2, b2, W3, b3 }: any, x: M, t: M) => {
  const lin = (a: M, W: M, b: number[]) => P(a, T(W)).map((r) => r.map((v, j) => v + b[j]!));
  const z1 = lin(x, W1, b1), a1 = z1.map((r) => r.map((v) => Math.max(0, v)));
  const z2 = lin(a1, W2, b2), a2 = z2.map((r) => r.map(Math.tanh));
  const y = lin(a2, W3, b3);
  const N = x.length;
  const d3 = y.map((r, n) => r.map((v, k) => (v - t[n]![k]!) / N));
  const d2 = P(d3, W3).map((r, n) => r.map((v, j) => v * (1 - a2[n]![j]! ** 2)));
  const d1 = P(d2, W2).map((r, n) => r.map((v, j) => (v > 0 ? v : 0)));
  const col = (d: M) => d[0]!.map((_, j) => d.reduce((s, r) => s + r[j]!, 0));
  return { gradW: { 1: P(T(d1), x), 2: P(T(d2), a1), 3: P(T(d3), a2) }, gradB: { 1: col(d1), 2: col(d2), 3: col(d3) } };
};
