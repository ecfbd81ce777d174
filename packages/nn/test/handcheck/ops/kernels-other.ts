/** Attention, dropout, embedding and the others in plain loops, with the mistakes that people make in them. */

import type { Kernel } from "../../../src/handcheck/index.ts";

type M = number[][];

const T = (a: M): M => a[0]!.map((_, j) => a.map((row) => row[j]!));
const by = (a: M, b: M): M => a.map((row) => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const soft = (a: M): M =>
  a.map((row) => {
    const top = Math.max(...row);
    const e = row.map((v) => Math.exp(v - top));
    return e.map((v) => v / sum(e));
  });

/** Attention with one mistake. */
export function attention(mistake = "", causal = false): Kernel {
  const weights = (q: M, k: M, masked: boolean): M =>
    soft(each(by(q, T(k)), (v, i, j) => (masked && j > i ? -Infinity : v / Math.sqrt(q[0]!.length))));
  return {
    name: "my attention",
    forward: (q: M, k: M, v: M): M => by(weights(q, k, causal), v),
    backward: (g: M, q: M, k: M, v: M) => {
      const p = weights(q, k, causal && mistake !== "H4");
      const dp = by(g, T(v));
      const inner = p.map((row, i) => sum(row.map((x, j) => x * dp[i]![j]!)));
      const down = T(p).map((col, j) => sum(col.map((x, i) => x * dp[i]![j]!)));
      const ds = each(dp, (x, i, j) => {
        const w = p[i]![j]!;
        switch (mistake) {
          case "H2 forgotten":
            return x;
          case "H2 diagonal":
            return w * (1 - w) * x;
          case "H2 row sum":
            return w * x;
          case "H2 axis":
            return w * (x - down[j]!);
          case "H2 plain":
            return w * (x - sum(dp[i]!));
          default:
            return w * (x - inner[i]!);
        }
      });
      const d = mistake === "H1" ? 1 : mistake === "H1 d" ? q[0]!.length : Math.sqrt(q[0]!.length);
      const scaled = each(ds, (x) => x / d);
      const dq = by(scaled, mistake === "H3 qk" ? q : k);
      const dk = by(mistake === "H3 ds" ? scaled : T(scaled), q);
      const dv = by(mistake === "H3 dv" ? p : T(p), g);
      if (mistake === "H5") return [dq, by(T(scaled.slice(-2)), q.slice(-2)), dv];
      return [dq, dk, dv];
    },
  };
}

/** Dropout with one mistake. */
export function dropout(mistake = "", p = 0.3): Kernel {
  return {
    name: "my dropout",
    forward: (x: M, mask: M): M => each(x, (v, i, j) => (v * mask[i]![j]!) / (1 - p)),
    backward: (g: M, _x: M, mask: M) => [
      each(g, (v, i, j) =>
        mistake === "mask"
          ? v / (1 - p)
          : mistake === "twice"
            ? (v * mask[i]![j]!) / (1 - p) ** 2
            : mistake === "p"
              ? (v * mask[i]![j]!) / p
              : mistake === "scale"
                ? v * mask[i]![j]!
                : (v * mask[i]![j]!) / (1 - p),
      ),
    ],
  };
}

/** An embedding with one mistake. */
export function embedding(mistake = ""): Kernel {
  return {
    name: "my embedding",
    forward: (table: M, ids: number[]): M => ids.map((id) => [...table[id]!]),
    backward: (g: M, table: M, ids: number[]) => {
      const out = each(table, () => 0);
      ids.forEach((id, n) => g[n]!.forEach((v, j) => (out[id]![j] = mistake === "overwrite" ? v : out[id]![j]! + v)));
      return { dtable: out };
    },
  };
}

/** x + b with one mistake. */
export function bias(mistake = ""): Kernel {
  return {
    name: "my bias",
    forward: (x: M, b: number[]): M => each(x, (v, _i, j) => v + b[j]!),
    backward: (g: M) => [
      g.map((row) => [...row]),
      mistake === "unsummed" ? g : T(g).map((col) => sum(col) / (mistake === "mean" ? col.length : 1)),
    ],
  };
}

/** x s with a column s, as 1/Σ counts in makemore, with one mistake. */
export function columnScale(mistake = ""): Kernel {
  return {
    name: "my scale",
    forward: (x: M, s: M): M => each(x, (v, i) => v * s[i]![0]!),
    backward: (g: M, x: M, s: M) => {
      const ds = each(g, (v, i, j) => v * x[i]![j]!);
      return [each(g, (v, i) => v * s[i]![0]!), mistake === "unsummed" ? ds : ds.map((row) => [sum(row)])];
    },
  };
}

/** ln Σ exp with one mistake. */
export function logSumExp(mistake = ""): Kernel {
  return {
    name: "my log-sum-exp",
    forward: (x: M): number[] =>
      x.map((row) => Math.max(...row) + Math.log(sum(row.map((v) => Math.exp(v - Math.max(...row)))))),
    backward: (g: number[], x: M) =>
      each(soft(x), (p, i, j) => g[i]! * (p - (mistake === "half" && x[i]![j] === Math.max(...x[i]!) ? 1 : 0))),
  };
}

/** relu with one mistake, or with a slope of one's own at 0. */
export function relu(mistake = "", atZero = 0): Kernel {
  return {
    name: "my relu",
    forward: (x: M): M => each(x, (v) => Math.max(0, v)),
    backward: (g: M, x: M) =>
      each(g, (v, i, j) => (mistake === "gate" ? Math.max(0, v) : x[i]![j]! > 0 ? v : x[i]![j] === 0 ? atZero * v : 0)),
  };
}

/** The Huber loss whose author clips the value. */
export function huber(mistake = ""): Kernel {
  return {
    name: "my huber loss",
    forward: (x: M): M => each(x, (v) => (Math.abs(v) <= 1 ? 0.5 * v * v : Math.abs(v) - 0.5)),
    backward: (g: M, x: M) =>
      each(g, (v, i, j) => v * (Math.abs(x[i]![j]!) <= 1 ? x[i]![j]! : mistake === "value" ? 0 : Math.sign(x[i]![j]!))),
  };
}

/** Clipping with one mistake. */
export function clip(mistake = ""): Kernel {
  return {
    name: "my clip",
    forward: (x: M): M => each(x, (v) => Math.min(Math.max(v, -0.5), 0.5)),
    backward: (g: M, x: M) => each(g, (v, i, j) => (mistake === "through" || Math.abs(x[i]![j]!) <= 0.5 ? v : 0)),
  };
}

/** Softmax and cross-entropy in one, with one mistake. */
export function softmaxLoss(mistake = ""): Kernel {
  return {
    name: "my loss",
    forward: (x: M, t: M): number =>
      -sum(soft(x).map((row, i) => sum(row.map((p, j) => t[i]![j]! * Math.log(p))))) / x.length,
    backward: (g: number, x: M, t: M) => [
      each(soft(x), (p, i, j) => (g * (mistake === "diagonal" ? -t[i]![j]! * (1 - p) : p - t[i]![j]!)) / x.length),
    ],
  };
}

/** Softmax with one mistake. */
export function softmax(mistake = ""): Kernel {
  return {
    name: "my softmax",
    forward: soft,
    backward: (g: M, _x: M, p: M) =>
      p.map((row, i) => {
        const total = sum(row.map((v, j) => v * g[i]![j]!));
        return row.map((v, j) =>
          mistake === "diagonal"
            ? v * (1 - v) * g[i]![j]!
            : mistake === "one"
              ? (1 - v) * g[i]![j]!
              : v * (g[i]![j]! - total),
        );
      }),
  };
}
