type M = number[][];
const P = (a: M, b: M): M => a.map((r) => b[0]!.map((_, j) => r.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const T = (a: M): M => a[0]!.map((_, j) => a.map((r) => r[j]!));
// h' = tanh(x Wx + h Wh + b)
const f = (x: M, h: M, Wx: M, Wh: M, b: number[]): M => { const q = P(x, Wx), r = P(h, Wh); return q.map((row, i) => row.map((v, j) => Math.tanh(v + r[i]![j]! + b[j]!))); };
export const op = {
  name: "rnn step", shapes: [[4, 3], [4, 5], [3, 5], [5, 5], [5]], names: ["x", "h", "Wx", "Wh", "b"],
  forward: f,
  backward: (g: M, x: M, h: M, Wx: M, Wh: M, b: number[]) => {
    const y = f(x, h, Wx, Wh, b);
    const dz = g.map((r, i) => r.map((v, j) => v * (1 - y[i]![j]! ** 2)));
    return { dx: P(dz, T(Wx)), dh: P(dz, T(Wh)), dWx: P(T(x), dz), dWh: P(T(y), dz), db: dz[0]!.map((_, j) => dz.reduce((s, r) => s + r[j]!, 0)) };
  },
} as const;
