type M = number[][];
const P = (a: M, b: M): M => a.map((r) => b[0]!.map((_, j) => r.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const T = (a: M): M => a[0]!.map((_, j) => a.map((r) => r[j]!));
// linear layer y = x W^T + b as in PyTorch
export const op = {
  name: "linear", shapes: [[4, 3], [2, 3], [2]], names: ["x", "W", "b"],
  forward: (x: M, W: M, b: number[]) => P(x, T(W)).map((r) => r.map((v, j) => v + b[j]!)),
  backward: (g: M, x: M, W: M) => ({ dx: P(g, W), dW: P(T(g), x), db: g[0]!.map((_, j) => g[0]![j]!) }),
} as const;
