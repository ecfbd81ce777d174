type M = number[][];
const P = (a: M, b: M): M => a.map((r) => b[0]!.map((_, j) => r.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const T = (a: M): M => a[0]!.map((_, j) => a.map((r) => r[j]!));
const soft = (a: M): M => a.map((r) => { const m = Math.max(...r), e = r.map((v) => Math.exp(v - m)), s = e.reduce((x, y) => x + y, 0); return e.map((v) => v / s); });
export const op = {
  name: "attention", family: "attention",
  forward: (q: M, k: M, v: M) => { const d = q[0]!.length; return P(soft(P(q, T(k)).map((r) => r.map((x) => x / Math.sqrt(d)))), v); },
  backward: (g: M, q: M, k: M, v: M) => {
    const d = q[0]!.length, sc = 1 / Math.sqrt(d);
    const a = soft(P(q, T(k)).map((r) => r.map((x) => x * sc)));
    const dv = P(T(a), g), da = P(g, T(v));
    const ds = a.map((r, i) => { const w = r.reduce((s, p, j) => s + p * da[i]![j]!, 0); return r.map((p, j) => p * (da[i]![j]! - w) * sc); });
    return { dq: P(ds, k), dk: P(T(ds), q), dv };
  },
} as const;
