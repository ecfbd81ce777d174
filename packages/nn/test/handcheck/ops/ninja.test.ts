// "Becoming a backprop ninja", part 4 of makemore: all 26 gradients of exercise 1 by hand in plain loops, one wrong
// line at a time; then the fused forms of exercises 2 and 3.
import { gather, log, max, neg, pow, sum, sub, tensor, type Tensor } from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import { handcheckGraph } from "../../../src/handcheck/index.ts";
import type { Graph } from "../../../src/handcheck/ops/graph/flows.ts";
import { Random } from "../../../src/random.ts";

type M = number[][];

const [n, BLOCK, EMB, HID, VOCAB] = [7, 3, 2, 4, 5];
const random = new Random("ninja");
const draw = (rows: number, cols: number, scale = 1, shift = 0): M =>
  Array.from({ length: rows }, () => Array.from(random.normalArray(cols), (v) => scale * v + shift));
const inputs = {
  C: draw(VOCAB, EMB),
  W1: draw(BLOCK * EMB, HID, 0.6),
  b1: draw(1, HID, 0.1),
  bngain: draw(1, HID, 0.1, 1),
  bnbias: draw(1, HID, 0.1),
  W2: draw(HID, VOCAB, 0.5),
  b2: draw(1, VOCAB, 0.1),
};
const Xb = Array.from({ length: n }, () => Array.from({ length: BLOCK }, () => random.integer(VOCAB)));
const Yb = Array.from({ length: n }, () => random.integer(VOCAB));
const onehot = tensor(Yb.map((y) => Array.from({ length: VOCAB }, (_, j) => (y === j ? 1 : 0))));

const T = (x: unknown): Tensor => x as Tensor;
const down0 = (x: Tensor): Tensor => T(x.sum(0, { keepDims: true }));
const row1 = (x: Tensor): Tensor => T(x.sum(1, { keepDims: true }));

/** The forward pass of the exercise, every line with its name. */
const graph: Graph = ({ C, W1, b1, bngain, bnbias, W2, b2 }, tap) => {
  const emb = tap("emb", gather(C!, Xb));
  const embcat = tap("embcat", T(emb.reshape([n, BLOCK * EMB])));
  const hprebn = tap("hprebn", T(embcat.matmul(W1!).add(b1!)));
  const bnmeani = tap("bnmeani", T(down0(hprebn).mul(1 / n)));
  const bndiff = tap("bndiff", T(hprebn.sub(bnmeani)));
  const bndiff2 = tap("bndiff2", T(pow(bndiff, 2)));
  const bnvar = tap("bnvar", T(down0(bndiff2).mul(1 / (n - 1))));
  const bnvar_inv = tap("bnvar_inv", T(pow(T(bnvar.add(1e-5)), -0.5)));
  const bnraw = tap("bnraw", T(bndiff.mul(bnvar_inv)));
  const hpreact = tap("hpreact", T(bngain!.mul(bnraw).add(bnbias!)));
  const h = tap("h", hpreact.tanh());
  const logits = tap("logits", T(h.matmul(W2!).add(b2!)));
  const logit_maxes = tap("logit_maxes", T(max(logits, 1, { keepDims: true })));
  const norm_logits = tap("norm_logits", T(sub(logits, logit_maxes)));
  const counts = tap("counts", norm_logits.exp());
  const counts_sum = tap("counts_sum", row1(counts));
  const counts_sum_inv = tap("counts_sum_inv", T(pow(counts_sum, -1)));
  const probs = tap("probs", T(counts.mul(counts_sum_inv)));
  const logprobs = tap("logprobs", T(log(probs)));
  return T(neg(T(sum(T(logprobs.mul(onehot)))).mul(1 / n)));
};

const t = (a: M): M => a[0]!.map((_, j) => a.map((row) => row[j]!));
const by = (a: M, b: M): M => a.map((row) => b[0]!.map((_, j) => row.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
const down = (a: M): M => [t(a).map((column) => column.reduce((s, v) => s + v, 0))];
const across = (a: M): M => a.map((row) => [row.reduce((s, v) => s + v, 0)]);

/** The values that the backward pass reads. */
function forward() {
  const { C, W1, b1, bngain, bnbias, W2, b2 } = inputs;
  const embcat = Xb.map((ids) => ids.flatMap((id) => C[id]!));
  const hprebn = each(by(embcat, W1), (v, _i, j) => v + b1[0]![j]!);
  const bnmeani = down(hprebn)[0]!.map((v) => v / n);
  const bndiff = each(hprebn, (v, _i, j) => v - bnmeani[j]!);
  const bnvar = down(each(bndiff, (v) => v * v))[0]!.map((v) => v / (n - 1));
  const bnvar_inv = bnvar.map((v) => (v + 1e-5) ** -0.5);
  const bnraw = each(bndiff, (v, _i, j) => v * bnvar_inv[j]!);
  const h = each(bnraw, (v, _i, j) => Math.tanh(bngain[0]![j]! * v + bnbias[0]![j]!));
  const logits = each(by(h, W2), (v, _i, j) => v + b2[0]![j]!);
  const counts = each(logits, (v, i) => Math.exp(v - Math.max(...logits[i]!)));
  const counts_sum = across(counts);
  const probs = each(counts, (v, i) => v / counts_sum[i]![0]!);
  return { embcat, bndiff, bnvar, bnvar_inv, bnraw, h, logits, counts, counts_sum, probs };
}

type Backward = Record<string, M>;

/** Exercise 1; `broken` is the one line that gives something else, `slip` what it gives. */
function exercise1(
  broken = "",
  slip: (right: M, v: ReturnType<typeof forward>, d: Backward) => M = (right) => each(right, (x) => 1.7 * x),
): Record<string, unknown> {
  const { W1, bngain, W2, C } = inputs;
  const v = forward();
  const d: Backward = {};
  const line = (name: string, value: M): M => (d[name] = name === broken ? slip(value, v, d) : value);
  const { embcat, bndiff, bnvar, bnvar_inv, bnraw, h, logits, counts, counts_sum, probs } = v;
  const dlogprobs = line(
    "logprobs",
    each(probs, (_, i, j) => (Yb[i] === j ? -1 / n : 0)),
  );
  const dprobs = line(
    "probs",
    each(dlogprobs, (g, i, j) => g / probs[i]![j]!),
  );
  const dcounts_sum_inv = line("counts_sum_inv", across(each(counts, (c, i, j) => c * dprobs[i]![j]!)));
  const dcounts_sum = line(
    "counts_sum",
    each(dcounts_sum_inv, (g, i) => -g * counts_sum[i]![0]! ** -2),
  );
  const dcounts = line(
    "counts",
    each(dprobs, (g, i) => g / counts_sum[i]![0]! + dcounts_sum[i]![0]!),
  );
  const dnorm_logits = line(
    "norm_logits",
    each(dcounts, (g, i, j) => g * counts[i]![j]!),
  );
  const dlogit_maxes = line(
    "logit_maxes",
    each(across(dnorm_logits), (g) => -g),
  );
  const dlogits = line(
    "logits",
    each(dnorm_logits, (g, i, j) => g + (logits[i]![j] === Math.max(...logits[i]!) ? dlogit_maxes[i]![0]! : 0)),
  );
  const dh = line("h", by(dlogits, t(W2)));
  line("W2", by(t(h), dlogits));
  line("b2", down(dlogits));
  const dhpreact = line(
    "hpreact",
    each(dh, (g, i, j) => (1 - h[i]![j]! ** 2) * g),
  );
  line("bngain", down(each(bnraw, (x, i, j) => x * dhpreact[i]![j]!)));
  line("bnbias", down(dhpreact));
  const dbnraw = line(
    "bnraw",
    each(dhpreact, (g, _i, j) => bngain[0]![j]! * g),
  );
  const dbnvar_inv = line("bnvar_inv", down(each(bndiff, (x, i, j) => x * dbnraw[i]![j]!)));
  const dbnvar = line(
    "bnvar",
    each(dbnvar_inv, (g, _i, j) => -0.5 * (bnvar[j]! + 1e-5) ** -1.5 * g),
  );
  const dbndiff2 = line(
    "bndiff2",
    each(bndiff, (_, _i, j) => dbnvar[0]![j]! / (n - 1)),
  );
  const dbndiff = line(
    "bndiff",
    each(bndiff, (x, i, j) => bnvar_inv[j]! * dbnraw[i]![j]! + 2 * x * dbndiff2[i]![j]!),
  );
  const dbnmeani = line(
    "bnmeani",
    each(down(dbndiff), (g) => -g),
  );
  const dhprebn = line(
    "hprebn",
    each(dbndiff, (g, _i, j) => g + dbnmeani[0]![j]! / n),
  );
  const dembcat = line("embcat", by(dhprebn, t(W1)));
  line("W1", by(t(embcat), dhprebn));
  line("b1", down(dhprebn));
  line("emb", dembcat);
  const demb = d.emb!.map((row) => Array.from({ length: BLOCK }, (_, k) => row.slice(k * EMB, (k + 1) * EMB)));
  const dC = each(C, () => 0);
  demb.forEach((rows, i) => rows.forEach((row, k) => row.forEach((g, j) => (dC[Xb[i]![k]!]![j]! += g))));
  line("C", dC);
  return { ...Object.fromEntries(Object.entries(d).map(([name, value]) => [`d${name}`, value])), demb };
}

const names = [
  "logprobs",
  "probs",
  "counts_sum_inv",
  "counts_sum",
  "counts",
  "norm_logits",
  "logits",
  "h",
  "W2",
  "b2",
  "hpreact",
  "bngain",
  "bnbias",
  "bnraw",
  "bnvar_inv",
  "bnvar",
  "bndiff2",
  "bndiff",
  "bnmeani",
  "hprebn",
  "embcat",
  "W1",
  "emb",
  "C",
];

const roots = (hand: Record<string, unknown>): (readonly [string, string])[] =>
  handcheckGraph(graph, inputs, hand).roots.map((root) => [root.of.join(), root.id] as const);

describe("exercise 1", () => {
  it("has 26 gradients, all right, one of which cancels", () => {
    const report = handcheckGraph(graph, inputs, exercise1());
    expect([report.verdict, report.lines.length, report.score.passed]).toEqual(["correct", 26, 26]);
    expect(report.notes.map(({ en }) => en).join()).toContain("dlogit_maxes cancels");
  });

  it.each(names)("blames d%s alone where its line is wrong", (name) => {
    const report = handcheckGraph(graph, inputs, exercise1(name));
    expect(report.roots.map((root) => root.of.join())).toEqual([`d${name}`]);
    expect(report.lines.filter(({ status }) => status === "root").length).toBe(1);
    expect(report.verdict).toBe("mistake");
  });

  it("knows that the gradient of the maxima is 0", () => {
    const wrong = { ...exercise1(), dlogit_maxes: Array.from({ length: n }, (_, i) => [0.1 * (i + 1)]) };
    expect(roots(wrong)).toContainEqual(["dlogit_maxes", "I4"]);
    expect(
      handcheckGraph(graph, inputs, { ...exercise1(), dlogit_maxes: Array.from({ length: n }, () => [0]) }).verdict,
    ).toBe("correct");
  });

  it("knows that the batch norm cancels the bias before it", () => {
    expect(roots({ ...exercise1(), db1: [[0.1, 0, 0.2, 0.3]] })).toEqual([["db1", "I4"]]);
  });

  it.each([
    ["probs", "B1", (_r, _v, d) => d.logprobs!],
    ["counts_sum_inv", "I3", (_r, v, d) => each(v.counts_sum, (_, i) => v.counts[i]!.at(-1)! * d.probs![i]!.at(-1)!)],
    ["counts_sum", "B9", (_r, v, d) => each(d.counts_sum_inv!, (g, i) => -g / v.counts_sum[i]![0]!)],
    ["counts", "B19", (_r, v, d) => each(d.probs!, (g, i) => g / v.counts_sum[i]![0]!)],
    ["counts", "B19", (_r, v, d) => each(v.counts, (_, i) => d.counts_sum![i]![0]!)],
    ["norm_logits", "B1", (_r, _v, d) => d.counts!],
    ["W2", "D2", (_r, v, d) => by(t(v.bnraw), d.logits!)],
    ["b2", "C1", (r) => each(r, (x) => x / n)],
    ["hpreact", "B9", (_r, v, d) => each(d.h!, (g, i, j) => g * (1 - v.h[i]![j]!))],
    ["bngain", "F8", (_r, _v, d) => down(d.hpreact!)],
    ["bnraw", "B1", (_r, _v, d) => d.hpreact!],
    ["bnvar", "F6", (_r, v, d) => each(d.bnvar_inv!, (g, _i, j) => -0.5 * v.bnvar[j]! ** -1.5 * g)],
    ["bnvar", "B9", (_r, v, d) => each(d.bnvar_inv!, (g, _i, j) => -((v.bnvar[j]! + 1e-5) ** -1.5) * g)],
    ["bndiff2", "C1", (r) => each(r, (x) => x / n)],
    ["bndiff", "B19", (_r, v, d) => each(v.bndiff, (x, i, j) => 2 * x * d.bndiff2![i]![j]!)],
    ["hprebn", "B19", (_r, _v, d) => d.bndiff!],
    [
      "C",
      "I2",
      (r, _v, d) =>
        each(r, (_, id, j) => {
          const last = Xb.flatMap((ids, i) =>
            ids.flatMap((one, k) => (one === id ? [d.emb![i]![k * EMB + j]!] : [])),
          ).at(-1);
          return last ?? 0;
        }),
    ],
  ] as readonly (readonly [string, string, Parameters<typeof exercise1>[1]])[])(
    "names the usual slip at d%s: %s",
    (name, id, slip) => {
      const found = handcheckGraph(graph, inputs, exercise1(name, slip)).roots;
      expect(found.map((root) => root.of.join())).toEqual([`d${name}`]);
      expect([found[0]!.id, ...found[0]!.alternatives.map((other) => other.id)]).toContain(id);
    },
  );
});

describe("exercises 2 and 3", () => {
  const all = exercise1() as Record<string, M>;
  const { probs, bnvar_inv, bnraw } = forward();
  const fused2 = each(probs, (p, i, j) => (p - (Yb[i] === j ? 1 : 0)) / n);
  const dxhat = each(all.dhpreact!, (g, _i, j) => g * inputs.bngain[0]![j]!);
  const corrected = (share: number): M =>
    each(
      dxhat,
      (g, i, j) =>
        (bnvar_inv[j]! / n) *
        (n * g -
          down(dxhat)[0]![j]! -
          share * bnraw[i]![j]! * down(each(dxhat, (u, k, l) => u * bnraw[k]![l]!))[0]![j]!),
    );

  it("are right in their fused forms, without anything in between", () => {
    expect(handcheckGraph(graph, inputs, { dlogits: fused2 }).verdict).toBe("correct");
    expect(handcheckGraph(graph, inputs, { dhpreact: all.dhpreact, dhprebn: corrected(n / (n - 1)) }).verdict).toBe(
      "correct",
    );
    // In float32 as well, as it was done.
    const single = (a: M): M => each(a, Math.fround);
    expect(
      handcheckGraph(graph, inputs, {
        dlogits: single(fused2),
        dhpreact: single(all.dhpreact!),
        dhprebn: single(corrected(n / (n - 1))),
      }).verdict,
    ).toBe("correct");
  });

  it("have their slips named", () => {
    expect(roots({ dlogits: each(probs, (p) => p / n) })).toEqual([["dlogits", "A11"]]);
    expect(roots({ dlogits: each(fused2, (v) => v * n) })).toEqual([["dlogits", "A6"]]);
    const batch = (dhprebn: M): (readonly [string, string])[] => roots({ dhpreact: all.dhpreact, dhprebn });
    expect(batch(corrected(1))).toEqual([["dhprebn", "F5"]]);
    expect(batch(each(dxhat, (g, _i, j) => g * bnvar_inv[j]!))).toEqual([["dhprebn", "F1"]]);
    expect(batch(each(dxhat, (g, _i, j) => bnvar_inv[j]! * (g - down(dxhat)[0]![j]! / n)))).toEqual([
      ["dhprebn", "F2"],
    ]);
    expect(batch(each(corrected(n / (n - 1)), (v, _i, j) => v + (bnvar_inv[j]! / n) * down(dxhat)[0]![j]!))).toEqual([
      ["dhprebn", "F3"],
    ]);
  });
});
