/** Kernels with slips that no family knows, in plain loops, and the sentence that should be said of each. */

import type { CheckOpOptions, Kernel } from "../../../src/handcheck/index.ts";

type V = number[];
type M = number[][];

const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const t = (a: M): M => a[0]!.map((_, j) => a.map((row) => row[j]!));
const by = (a: M, b: M): M => a.map((row) => b[0]!.map((_, j) => row.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((v, i) => v * b[i]!));
const sig = (x: number): number => 1 / (1 + Math.exp(-x));
const soft = (row: readonly number[]): V => {
  const e = row.map((v) => Math.exp(v - Math.max(...row)));
  return e.map((v) => v / sum(e));
};

/** A kernel that is wrong, and what is to be said of its gradients. */
export interface Spoken {
  readonly title: string;
  readonly kernel: Kernel;
  readonly options: CheckOpOptions;
  /** By gradient; nothing may be said of the others. */
  readonly says: Readonly<Record<string, RegExp>>;
}

const table = { shapes: [[4, 5]] } as const;

/** A function of one number, with its derivative as somebody believes it to be. */
const unary = (title: string, f: (x: number) => number, d: (g: number, x: number) => number, says: RegExp): Spoken => ({
  title,
  options: table,
  says: { dx1: says },
  kernel: {
    name: title,
    forward: (x: M) => each(x, f),
    backward: (g: M, x: M) => each(g, (v, i, j) => d(v, x[i]![j]!)),
  },
});

type Back = (g: number, a: number, b: number) => number;

/** A function of two numbers. */
const pair = (
  title: string,
  f: (a: number, b: number) => number,
  da: Back,
  db: Back,
  says: Spoken["says"],
): Spoken => ({
  title,
  says,
  options: {
    shapes: [
      [4, 5],
      [4, 5],
    ],
    names: ["a", "b"],
  },
  kernel: {
    name: title,
    forward: (a: M, b: M) => each(a, (v, i, j) => f(v, b[i]![j]!)),
    backward: (g: M, a: M, b: M) => ({
      da: each(g, (v, i, j) => da(v, a[i]![j]!, b[i]![j]!)),
      db: each(g, (v, i, j) => db(v, a[i]![j]!, b[i]![j]!)),
    }),
  },
});

const other = (
  title: string,
  forward: Kernel["forward"],
  backward: Kernel["backward"],
  shapes: CheckOpOptions["shapes"],
  names: readonly string[],
  says: Spoken["says"],
): Spoken => ({
  title,
  kernel: { name: title, forward, backward },
  options: { ...(shapes === undefined ? {} : { shapes }), names },
  says,
});

/** Functions of the entries, and losses of them. */
export const entrywise: readonly Spoken[] = [
  unary(
    "silu, the second term forgotten",
    (x) => x * sig(x),
    (g, x) => g * sig(x),
    /yours − correct is −g x1 σ′\(x1\)/,
  ),
  unary(
    "softplus by the sigmoid's derivative",
    (x) => Math.log1p(Math.exp(x)),
    (g, x) => g * sig(x) * (1 - sig(x)),
    /the factor exp\(y\) is missing/,
  ),
  unary(
    "elu by its value",
    (x) => (x > 0 ? x : Math.exp(x) - 1),
    (g, x) => g * (x > 0 ? 1 : Math.exp(x) - 1),
    /where x1 < 0, yours − correct is −g \(g is/,
  ),
  unary(
    "leaky relu, the slope turned",
    (x) => (x > 0 ? x : 0.1 * x),
    (g, x) => g * (x > 0 ? 1 : -0.1),
    /where x1 < 0, yours \/ correct is −1; elsewhere it is right/,
  ),
  unary(
    "huber, not clipped",
    (x) => (Math.abs(x) < 1 ? 0.5 * x * x : Math.abs(x) - 0.5),
    (g, x) => g * x,
    /yours \/ correct is \|x1\|; elsewhere it is right/,
  ),
  unary(
    "the root dropped",
    (x) => Math.sqrt(1 + x * x),
    (g, x) => g * x,
    /yours \/ correct is y in every entry/,
  ),
  unary(
    "atan with a root too many",
    Math.atan,
    (g, x) => g / Math.sqrt(1 + x * x),
    /1\/√\(1 \+ x1²\) stands where 1\/\(1 \+ x1²\) belongs/,
  ),
  unary("sine for cosine", Math.sin, (g, x) => g * Math.sin(x), /y stands where cos x1 belongs/),
  unary(
    "the derivative at the output",
    (x) => x ** 3 + x,
    (g, x) => g * (3 * (x ** 3 + x) ** 2 + 1),
    /at the output where x1 belongs/,
  ),
  unary(
    "an entropy without its 1",
    (x) => -x * Math.log(x),
    (g, x) => -g * Math.log(x),
    /yours − correct is g in every entry/,
  ),
  unary("g x for g/x", Math.log, (g, x) => g * x, /yours \/ correct is x1²/),
  unary(
    "xᵉ for eˣ",
    (x) => 3 ** x,
    (g, x) => g * 3 * x ** 2,
    /the rule of a power, x1\^3, stands where that of 3\^x1 belongs/,
  ),
  pair(
    "a product by its own factor",
    (a, b) => a * b + a,
    (g, a) => g * a + g,
    (g, a) => g * a,
    { da: /^1 \+ a stands where 1 \+ b belongs$/ },
  ),
  pair(
    "a quotient without its square",
    (a, b) => a / b,
    (g, _a, b) => g / b,
    (g, a, b) => (-g * a) / b,
    { db: /yours \/ correct is b in every entry/ },
  ),
  pair(
    "a hinge without its gate",
    (a, b) => Math.max(0, 1 - a * b),
    (g, _a, b) => -g * b,
    (g, a) => -g * a,
    { da: /must be 0 where y < 0: a gate is missing/, db: /must be 0 where y < 0: a gate is missing/ },
  ),
  pair(
    "a divergence without its 1",
    (p, q) => p * Math.log(p / q),
    (g, p, q) => g * Math.log(p / q),
    (g, p, q) => (-g * p) / q,
    { da: /yours − correct is −g in every entry/ },
  ),
  pair(
    "gradients exchanged",
    (a, b) => a * b * b,
    (g, a, b) => 2 * g * a * b,
    (g, _a, b) => g * b * b,
    { da: /^it is the right db$/, db: /^it is the right da$/ },
  ),
  pair(
    "a cross-entropy without its target",
    (a, b) => Math.log1p(Math.exp(a)) - a * b,
    (g, a) => g * sig(a),
    (g, a) => -g * a,
    { da: /^the term −g b is missing$/ },
  ),
  pair(
    "a gate forgotten",
    (a, b) => Math.tanh(a) * sig(b),
    (g, a) => g * (1 - Math.tanh(a) ** 2),
    (g, a, b) => g * Math.tanh(a) * sig(b) * (1 - sig(b)),
    { da: /the factor σ\(b\) is missing/ },
  ),
  pair(
    "the larger of two, ungated",
    Math.max,
    (g, a, b) => (a > b ? g : 0),
    (g) => g,
    { db: /must be 0 where a − b > 0: a gate is missing/ },
  ),
];

const residual = (x: M, w: M): M => each(by(x, w), (v, i, j) => v + x[i]![j]!);
const bilinear = (u: V, w: M, v: V): number =>
  dot(
    u,
    w.map((row) => dot(row, v)),
  );
const scores = (q: M, k: M): M => each(by(q, t(k)), (v) => v / 2);

/** Products, reductions, cells of recurrent networks. */
export const arrays: readonly Spoken[] = [
  other(
    "W not transposed",
    by,
    (g: M, x: M, w: M) => [by(g, w), by(t(x), g)],
    [
      [3, 4],
      [4, 4],
    ],
    ["x", "W"],
    { dx: /g W stands where g Wᵀ belongs/ },
  ),
  other(
    "dW transposed",
    by,
    (g: M, x: M, w: M) => [by(g, t(w)), by(t(g), x)],
    [
      [3, 4],
      [4, 4],
    ],
    ["x", "W"],
    { dW: /the correct one transposed/ },
  ),
  other(
    "a residual without its skip",
    residual,
    (g: M, x: M, w: M) => [by(g, t(w)), by(t(x), g)],
    [
      [3, 4],
      [4, 4],
    ],
    ["x", "W"],
    { dx: /^the term g is missing$/ },
  ),
  other(
    "the other way through a bilinear form",
    bilinear,
    (g: number, u: V, w: M, v: V) => ({
      du: w.map((row) => g * dot(row, v)),
      dW: u.map((a) => v.map((b) => g * a * b)),
      dv: w.map((row) => g * dot(row, u)),
    }),
    [[3], [3, 3], [3]],
    ["u", "W", "v"],
    { dv: /W u stands where .* belongs/ },
  ),
  other(
    "scores without their scale",
    scores,
    (g: M, q: M, k: M) => [by(g, k), each(by(t(g), q), (v) => v / 2)],
    [
      [3, 4],
      [3, 4],
    ],
    ["q", "k"],
    { dq: /yours \/ correct is 2 in every entry/ },
  ),
  other(
    "queries for keys",
    scores,
    (g: M, q: M) => [each(by(g, q), (v) => v / 2), each(by(t(g), q), (v) => v / 2)],
    [
      [3, 4],
      [3, 4],
    ],
    ["q", "k"],
    { dq: /g q stands where g k belongs/ },
  ),
  other(
    "a mean without 1/n",
    (a: M) => a.map((row) => sum(row) / row.length),
    (g: V, a: M) => [each(a, (_, i) => g[i]!)],
    [[4, 5]],
    ["x"],
    { dx: /yours \/ correct is 5 in every entry/ },
  ),
  other(
    "centering, one path",
    (a: M) => each(a, (v, i) => v - sum(a[i]!) / 5),
    (g: M) => [g],
    [[4, 5]],
    ["x"],
    { dx: /^the term −mean₁\(g\) is missing$/ },
  ),
  other(
    "a norm that is not divided by",
    (a: V) => Math.sqrt(dot(a, a)),
    (g: number, a: V) => [a.map((v) => g * v)],
    [[6]],
    ["x"],
    { dx: /yours \/ correct is y in every entry/ },
  ),
  other(
    "a softmax, the diagonal alone",
    (a: M) => a.map(soft),
    (g: M, a: M) => [each(g, (v, i, j) => v * soft(a[i]!)[j]! * (1 - soft(a[i]!)[j]!))],
    [[4, 5]],
    ["x"],
    { dx: /follow another formula/ },
  ),
  other(
    "a variance with its sign turned",
    (m: V, l: V) => -0.5 * sum(m.map((v, i) => 1 + l[i]! - v * v - Math.exp(l[i]!))),
    (g: number, m: V, l: V) => [m.map((v) => g * v), l.map((v) => 0.5 * g * (Math.exp(v) + 1))],
    [[4], [4]],
    ["m", "l"],
    { dl: /yours − correct is g in every entry/ },
  ),
  other(
    "an average pool that copies",
    (x: M) =>
      [0, 1, 2].map((i) =>
        [0, 1].map(
          (j) => (x[2 * i]![2 * j]! + x[2 * i]![2 * j + 1]! + x[2 * i + 1]![2 * j]! + x[2 * i + 1]![2 * j + 1]!) / 4,
        ),
      ),
    (g: M, x: M) => [each(x, (_, i, j) => g[i >> 1]![j >> 1]!)],
    [[6, 4]],
    ["x"],
    { dx: /yours \/ correct is 4 in every entry/ },
  ),
  other(
    "the gates of a GRU exchanged",
    (z: M, h: M, n: M) => each(z, (v, i, j) => (1 - v) * n[i]![j]! + v * h[i]![j]!),
    (g: M, z: M, h: M, n: M) => [
      each(g, (v, i, j) => v * (h[i]![j]! - n[i]![j]!)),
      each(g, (v, i, j) => v * (1 - z[i]![j]!)),
      each(g, (v, i, j) => v * z[i]![j]!),
    ],
    [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
    ["z", "h", "n"],
    { dh: /^it is the right dn$/, dn: /^it is the right dh$/ },
  ),
  other(
    "a forget gate lost",
    (f: M, c: M, u: M) => each(f, (v, i, j) => sig(v) * c[i]![j]! + Math.tanh(u[i]![j]!)),
    (g: M, f: M, c: M, u: M) => [
      each(g, (v, i, j) => v * c[i]![j]! * sig(f[i]![j]!) * (1 - sig(f[i]![j]!))),
      g,
      each(g, (v, i, j) => v * (1 - Math.tanh(u[i]![j]!))),
    ],
    [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
    ["f", "c", "u"],
    {
      dc: /the factor σ\(f\) is missing/,
      du: /1 − tanh u stands where 1 − tanh² u belongs|correct \/ yours is 1 \+ tanh u/,
    },
  ),
  other(
    "a triplet without its negative",
    (a: V, p: V, n: V) =>
      Math.max(
        0,
        dot(
          a.map((v, i) => v - p[i]!),
          a.map((v, i) => v - p[i]!),
        ) -
          dot(
            a.map((v, i) => v - n[i]!),
            a.map((v, i) => v - n[i]!),
          ) +
          50,
      ),
    (g: number, a: V, p: V, n: V) => [
      a.map((v, i) => 2 * g * (v - p[i]!)),
      a.map((v, i) => -2 * g * (v - p[i]!)),
      a.map((v, i) => 2 * g * (v - n[i]!)),
    ],
    [[4], [4], [4]],
    ["a", "p", "n"],
    { da: /yours − correct is the right dn/ },
  ),
];
