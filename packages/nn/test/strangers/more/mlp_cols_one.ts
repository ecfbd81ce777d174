// samples as columns, Coursera in TypeScript
type M = number[][];
export const network = { sizes: [3, 4, 1], activations: ["tanh", "sigmoid"], cost: "crossEntropy" } as const;
const dot = (a: M, b: M): M => a.map((r) => b[0]!.map((_, j) => r.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const T = (a: M): M => a[0]!.map((_, j) => a.map((r) => r[j]!));
const map = (a: M, f: (v: number, i: number, j: number) => number): M => a.map((r, i) => r.map((v, j) => f(v, i, j)));
export function backward({ W1, b1, W2, b2 }: Record<string, any>, x: M, t: M) {
  const X = T(x), Y = T(t), m = x.length;
  const Z1 = map(dot(W1, X), (v, i) => v + b1[i]);
  const A1 = map(Z1, Math.tanh);
  const Z2 = map(dot(W2, A1), (v, i) => v + b2[i]);
  const A2 = map(Z2, (z) => 1 / (1 + Math.exp(-z)));
  const dZ2 = map(A2, (a, i, j) => a - Y[i]![j]!);
  const dW2 = map(dot(dZ2, T(A1)), (v) => v / m);
  const db2 = dZ2.map((r) => r.reduce((a, b) => a + b, 0) / m);
  const dZ1 = map(dot(T(W2), dZ2), (v, i, j) => v * (1 - A1[i]![j]!));
  const dW1 = map(dot(dZ1, T(X)), (v) => v / m);
  const db1 = dZ1.map((r) => r.reduce((a, b) => a + b, 0) / m);
  return { dW1, db1, dW2, db2 };
}
