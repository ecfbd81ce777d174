// A wrong gradient of a named value is named as in a kernel: fused normalization, softmax, attention, dropout,
// embedding, products, functions.
import {
  gather,
  logSoftmax,
  matmul,
  max,
  mean,
  mul,
  neg,
  pow,
  sub,
  sum,
  tensor,
  transpose,
  type Tensor,
} from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import { handcheckGraph } from "../../../src/handcheck/index.ts";
import { trueGradients, valuesOf, type Graph, type Values } from "../../../src/handcheck/ops/graph/flows.ts";
import { nested, read } from "../../../src/handcheck/bounds/numbers.ts";
import { Random } from "../../../src/random.ts";

type M = number[][];

const T = (x: unknown): Tensor => x as Tensor;
const draw = (rows: number, cols: number, key: string): M => {
  const random = new Random("names").split(key);
  return Array.from({ length: rows }, () => Array.from(random.normalArray(cols)));
};
const t = (a: M): M => a[0]!.map((_, j) => a.map((row) => row[j]!));
const by = (a: M, b: M): M => a.map((row) => b[0]!.map((_, j) => row.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, v, k) => s + v * b[k]!, 0);
const average = (a: readonly number[]): number => a.reduce((s, v) => s + v, 0) / a.length;

/** A loss of every entry, so that what comes back is generic. */
const closing = (y: Tensor): Tensor => T(sum(T(mul(mul(y, y), tensor(draw(y.shape[0]!, y.shape[1]!, "weights"))))));

interface Case {
  readonly title: string;
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, M>>;
  /** The name whose gradient is wrong, and how. */
  readonly of: string;
  readonly wrong: (value: Readonly<Record<string, M>>, gradient: Readonly<Record<string, M>>) => unknown;
  readonly id: string;
}

const normalized =
  (axis: 0 | 1, rms = false, bessel = 0): Graph =>
  ({ z, gain, bias }, tap) => {
    const x = tap("x", T(mul(z!, 1)));
    const centered = rms ? x : T(sub(x, mean(x, axis, { keepDims: true })));
    const variance = T(mul(sum(T(mul(centered, centered)), axis, { keepDims: true }), 1 / (x.shape[axis]! - bessel)));
    const scaled = T(mul(T(mul(centered, T(pow(T(variance.add(1e-5)), -0.5)))), gain!));
    return closing(tap("y", rms ? scaled : T(scaled.add(bias!))));
  };
const normInputs = { z: draw(6, 4, "z"), gain: draw(1, 4, "gain"), bias: draw(1, 4, "bias") };

/** istd, x̂ and γ g, along columns (0) or rows (1). */
function normParts(
  value: Readonly<Record<string, M>>,
  gradient: Readonly<Record<string, M>>,
  axis: 0 | 1,
  { rms = false, bessel = 0 } = {},
) {
  const lines = axis === 0 ? t(value.x!) : value.x!;
  const stats = lines.map((line) => {
    const mu = rms ? 0 : average(line);
    const istd = 1 / Math.sqrt(line.reduce((s, v) => s + (v - mu) ** 2, 0) / (line.length - bessel) + 1e-5);
    return { mu, istd, xhat: line.map((v) => (v - mu) * istd) };
  });
  const d = each(gradient.y!, (v, _i, j) => v * value.gain![0]![j]!);
  const own = axis === 0 ? t(d) : d;
  const back = (f: (line: readonly number[], s: (typeof stats)[number]) => number[]): M => {
    const made = own.map((line, k) => f(line, stats[k]!));
    return axis === 0 ? t(made) : made;
  };
  return { back };
}

const attention: Graph = ({ Q, K, V }, tap) => {
  const S = tap(
    "S",
    T(mul(T(matmul(tap("q", T(mul(Q!, 1))), T(transpose(tap("k", T(mul(K!, 1))))))), 1 / Math.sqrt(3))),
  );
  const P = tap("P", T(S.softmax()));
  return closing(tap("O", T(matmul(P, tap("v", T(mul(V!, 1)))))));
};
const attentionInputs = { Q: draw(4, 3, "Q"), K: draw(4, 3, "K"), V: draw(4, 2, "V") };
const hidden = tensor(
  Float64Array.from({ length: 16 }, (_, i) => (i % 4 > Math.floor(i / 4) ? -1e9 : 0)),
  { shape: [4, 4] },
);
const causal: Graph = ({ Q, K, V }, tap) => {
  const S = tap("S", T(matmul(Q!, T(transpose(K!)))));
  return closing(tap("O", T(matmul(tap("P", T(T(S.add(hidden)).softmax())), V!))));
};
const soft = (a: M): M =>
  a.map((row) => {
    const e = row.map((v) => Math.exp(v - Math.max(...row)));
    return e.map((v) => v / e.reduce((s, u) => s + u, 0));
  });

const mask = [
  [1, 0, 1, 1],
  [0, 1, 1, 0],
  [1, 1, 0, 1],
];
// What comes back must not be 0 where something was dropped: there it would hide the mask.
const dropout: Graph = ({ X }, tap) =>
  T(
    sum(
      T(mul(tap("y", T(mul(T(mul(tap("x", T(mul(X!, 1))), tensor(mask))), 1 / 0.7))), tensor(draw(3, 4, "weights")))),
    ),
  );
const ids = [2, 0, 2, 1, 2, 3];
const targets = [
  [1, 0, 0],
  [0, 0, 1],
  [0, 1, 0],
  [0, 0, 1],
  [1, 0, 0],
];
const loss: Graph = ({ X }, tap) =>
  T(mul(T(neg(sum(T(mul(logSoftmax(tap("x", T(mul(X!, 1)))), tensor(targets)))))), 1 / 5));
const one =
  (f: (x: Tensor) => unknown): Graph =>
  ({ X }, tap) =>
    closing(tap("y", T(f(tap("x", T(mul(X!, 1)))))));
const product: Graph = ({ X, W, R }, tap) =>
  closing(tap("y", T(matmul(tap("x", T(mul(X!, 1))), W!).add(mul(sum(R!), 0)))));
const square = { X: draw(4, 4, "X"), W: draw(4, 4, "W"), R: draw(4, 4, "R") };
const positive = { X: each(draw(3, 4, "p"), (v) => 0.5 + Math.abs(v)) };
const broadcast: Graph = ({ X, s }, tap) => closing(tap("y", T(mul(tap("x", T(mul(X!, 1))), s!))));

const cases: readonly Case[] = [
  {
    title: "batch norm as constants",
    graph: normalized(0),
    inputs: normInputs,
    of: "x",
    id: "F1",
    wrong: (v, d) => normParts(v, d, 0).back((g, { istd }) => g.map((u) => istd * u)),
  },
  {
    title: "batch norm without the variance path",
    graph: normalized(0),
    inputs: normInputs,
    of: "x",
    id: "F2",
    wrong: (v, d) => normParts(v, d, 0).back((g, { istd }) => g.map((u) => istd * (u - average(g)))),
  },
  {
    title: "batch norm without the mean path",
    graph: normalized(0),
    inputs: normInputs,
    of: "x",
    id: "F3",
    wrong: (v, d) =>
      normParts(v, d, 0).back((g, { istd, xhat }) => g.map((u, i) => istd * (u - (xhat[i]! * dot(g, xhat)) / 6))),
  },
  {
    title: "batch norm with n − 1, n in the backward",
    graph: normalized(0, false, 1),
    inputs: normInputs,
    of: "x",
    id: "F5",
    wrong: (v, d) =>
      normParts(v, d, 0, { bessel: 1 }).back((g, { istd, xhat }) =>
        g.map((u, i) => istd * (u - average(g) - (xhat[i]! * dot(g, xhat)) / 6)),
      ),
  },
  {
    title: "dγ with x in place of x̂",
    graph: normalized(0),
    inputs: normInputs,
    of: "gain",
    id: "F8",
    wrong: (v, d) => [v.gain![0]!.map((_, j) => dot(t(d.y!)[j]!, t(v.x!)[j]!))],
  },
  {
    title: "layer norm as constants",
    graph: normalized(1),
    inputs: normInputs,
    of: "x",
    id: "F9",
    wrong: (v, d) => normParts(v, d, 1).back((g, { istd }) => g.map((u) => istd * u)),
  },
  {
    title: "RMS norm by layer norm's rule",
    graph: normalized(1, true),
    inputs: normInputs,
    of: "x",
    id: "F9",
    wrong: (v, d) =>
      normParts(v, d, 1, { rms: true }).back((g, { istd, xhat }) =>
        g.map((u, i) => istd * (u - average(g) - (xhat[i]! * dot(g, xhat)) / 4)),
      ),
  },
  {
    title: "softmax without its row sum",
    graph: attention,
    inputs: attentionInputs,
    of: "S",
    id: "H2",
    wrong: (v, d) => each(d.P!, (u, i, j) => v.P![i]![j]! * u),
  },
  {
    title: "softmax, the diagonal alone",
    graph: attention,
    inputs: attentionInputs,
    of: "S",
    id: "H2",
    wrong: (v, d) => each(d.P!, (u, i, j) => v.P![i]![j]! * (1 - v.P![i]![j]!) * u),
  },
  {
    title: "1/√d forgotten",
    graph: attention,
    inputs: attentionInputs,
    of: "q",
    id: "H1",
    wrong: (v, d) => by(d.S!, v.k!),
  },
  {
    title: "1/d for 1/√d",
    graph: attention,
    inputs: attentionInputs,
    of: "k",
    id: "H1",
    wrong: (v, d) => each(by(t(d.S!), v.q!), (u) => u / 3),
  },
  {
    title: "Q for K",
    graph: attention,
    inputs: attentionInputs,
    of: "q",
    id: "H3",
    wrong: (v, d) => each(by(d.S!, v.q!), (u) => u / Math.sqrt(3)),
  },
  {
    title: "dS not transposed",
    graph: attention,
    inputs: attentionInputs,
    of: "k",
    id: "H3",
    wrong: (v, d) => each(by(d.S!, v.q!), (u) => u / Math.sqrt(3)),
  },
  {
    title: "P not transposed",
    graph: attention,
    inputs: attentionInputs,
    of: "v",
    id: "H3",
    wrong: (v, d) => by(v.P!, d.O!),
  },
  {
    title: "the mask forgotten",
    graph: causal,
    inputs: attentionInputs,
    of: "S",
    id: "H4",
    wrong: (v, d) => soft(v.S!).map((p, i) => p.map((w, j) => w * (d.P![i]![j]! - dot(p, d.P![i]!)))),
  },
  {
    title: "attention in one step, 1/√d forgotten",
    graph: ({ Q, K, V }, tap) =>
      closing(tap("O", T(matmul(T(T(mul(T(matmul(Q!, T(transpose(K!)))), 1 / Math.sqrt(3))).softmax()), V!)))),
    inputs: attentionInputs,
    of: "Q",
    id: "H1",
    wrong: (_, d) => each(d.Q!, (u) => u * Math.sqrt(3)),
  },
  {
    title: "dropout without its mask",
    graph: dropout,
    inputs: { X: draw(3, 4, "D") },
    of: "x",
    id: "I1",
    wrong: (_, d) => each(d.y!, (u) => u / 0.7),
  },
  {
    title: "dropout without 1/(1 − p)",
    graph: dropout,
    inputs: { X: draw(3, 4, "D") },
    of: "x",
    id: "I1",
    wrong: (_, d) => each(d.y!, (u, i, j) => u * mask[i]![j]!),
  },
  {
    title: "an embedding that overwrites",
    graph: ({ C }, tap) => closing(tap("emb", gather(C!, ids))),
    inputs: { C: draw(4, 3, "C") },
    of: "C",
    id: "I2",
    wrong: (v, d) => v.C!.map((row, id) => (ids.includes(id) ? d.emb![ids.lastIndexOf(id)]! : row.map(() => 0))),
  },
  {
    title: "a broadcast column, one line of it",
    graph: broadcast,
    inputs: { X: draw(3, 4, "B"), s: draw(3, 1, "s") },
    of: "s",
    id: "I3",
    wrong: (v, d) => v.X!.map((row, i) => [row.at(-1)! * d.y![i]!.at(-1)!]),
  },
  {
    title: "a broadcast row, not summed",
    graph: ({ X, b }, tap) => closing(tap("y", T(X!.add(b!)))),
    inputs: { X: draw(3, 4, "B"), b: draw(1, 4, "b") },
    of: "b",
    id: "I3",
    wrong: (_, d) => d.y!,
  },
  {
    title: "a fused cross-entropy without its target",
    graph: loss,
    inputs: { X: draw(5, 3, "L") },
    of: "x",
    id: "A11",
    wrong: (v) => each(soft(v.x!), (u) => u / 5),
  },
  {
    title: "a fused cross-entropy without 1/N",
    graph: loss,
    inputs: { X: draw(5, 3, "L") },
    of: "x",
    id: "A6",
    wrong: (v) => each(soft(v.x!), (u, i, j) => u - targets[i]![j]!),
  },
  {
    title: "tanh without its derivative",
    graph: one((x) => x.tanh()),
    inputs: { X: draw(3, 4, "f") },
    of: "x",
    id: "B1",
    wrong: (_, d) => d.y!,
  },
  {
    title: "the sigmoid with x(1 − x)",
    graph: one((x) => x.sigmoid()),
    inputs: { X: draw(3, 4, "f") },
    of: "x",
    id: "A9",
    wrong: (v, d) => each(d.y!, (u, i, j) => u * v.x![i]![j]! * (1 - v.x![i]![j]!)),
  },
  {
    title: "ReLU's gate on the gradient",
    graph: one((x) => x.relu()),
    inputs: { X: draw(3, 4, "f") },
    of: "x",
    id: "B12",
    wrong: (_, d) => each(d.y!, (u) => Math.max(0, u)),
  },
  {
    title: "1/x with −1/x",
    graph: one((x) => pow(x, -1)),
    inputs: positive,
    of: "x",
    id: "B9",
    wrong: (v, d) => each(d.y!, (u, i, j) => -u / v.x![i]![j]!),
  },
  {
    title: "1/√(x + ε) without its ½",
    graph: one((x) => pow(T(x.add(1e-3)), -0.5)),
    inputs: positive,
    of: "x",
    id: "B9",
    wrong: (v, d) => each(d.y!, (u, i, j) => -u * (v.x![i]![j]! + 1e-3) ** -1.5),
  },
  { title: "W not transposed", graph: product, inputs: square, of: "x", id: "B2", wrong: (v, d) => by(d.y!, v.W!) },
  {
    title: "the weights of another layer",
    graph: product,
    inputs: square,
    of: "x",
    id: "B3",
    wrong: (v, d) => by(d.y!, t(v.R!)),
  },
  { title: "dW transposed", graph: product, inputs: square, of: "W", id: "D1", wrong: (v, d) => t(by(t(v.x!), d.y!)) },
  {
    title: "the largest, copied to all",
    graph: ({ X }, tap) => closing(tap("y", T(max(tap("x", T(mul(X!, 1))), 1, { keepDims: true })))),
    inputs: { X: draw(3, 4, "m") },
    of: "x",
    id: "G6",
    wrong: (v, d) => each(v.x!, (_, i) => d.y![i]![0]!),
  },
  {
    title: "a mean that is not followed",
    graph: one((x) => sub(x, mean(x, 1, { keepDims: true }))),
    inputs: { X: draw(3, 4, "c") },
    of: "x",
    id: "F3",
    wrong: (_, d) => d.y!,
  },
];

const numbersOf = (values: Values): Record<string, M> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, nested(value) as M]));

describe("a graph", () => {
  it.each(cases.map((one_) => [one_.title, one_.id, one_] as const))(
    "%s is %s",
    (_, id, { graph, inputs, of, wrong }) => {
      const given = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, read(value)!]));
      const { taps } = valuesOf(graph, given);
      const right = numbersOf(trueGradients(graph, given, taps));
      const hand = Object.fromEntries(Object.entries(right).map(([name, value]) => [`d${name}`, value]));
      expect(handcheckGraph(graph, inputs, hand).verdict).toBe("correct");
      const made = wrong({ ...numbersOf(taps), ...inputs }, right);
      const report = handcheckGraph(graph, inputs, { ...hand, [`d${of}`]: made });
      expect(report.roots.map((root) => [root.of.join(), root.id, root.says.zh !== ""])).toEqual([
        [`d${of}`, id, true],
      ]);
      expect(report.roots[0]!.confidence).toBe(1);
      expect([report.verdict, report.exitCode]).toEqual(["mistake", 1]);
      // In float32 as well.
      const single = Object.fromEntries(
        Object.entries({ ...hand, [`d${of}`]: made as M }).map(([name, value]) => [name, each(value, Math.fround)]),
      );
      expect(handcheckGraph(graph, inputs, single).roots.map((root) => root.id)).toEqual([id]);
    },
  );

  it("is told apart from one whose numbers nothing explains", () => {
    const inputs = { X: draw(3, 4, "odd") };
    const report = handcheckGraph(
      one((x) => x.tanh()),
      inputs,
      { dx: draw(3, 4, "nothing"), dy: [[1]] },
    );
    expect(report.roots.map(({ id }) => id)).toContain("unknown");
  });
});
